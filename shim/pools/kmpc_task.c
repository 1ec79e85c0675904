/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmpc_task - tasks of LLVM's OpenMP runtime run in the context in which they were submitted,
 * whichever thread runs them, and whenever.
 *
 * The compiler has the runtime allocate a task, fills in its arguments, and submits it. So we
 * allocate more: our record goes before what the task shares, and the task's entry is ours from
 * then on. The submission puts a reference to the scope there, and the entry takes it: the parts of
 * an untied task submit the next one themselves, in the context that it was suspended in. What is
 * left when the task ends, because it was cancelled or was a taskloop's pattern that is never
 * run, its destructor drops.
 */
#include "pools/kmpc_task.h"

typedef void task_copy(void *to, void *from, int is_last);

/* kmp_task_t, as far as the compiler and the runtime share it. */
struct task {
	char *shared;
	task_entry *entry;
	int part;
	task_entry *destructor; /* called if the flag said so */
	void *priority;
};

/* Bits of the flags of __kmpc_omp_task_alloc(). */
enum { DESTRUCTOR = 1 << 3, DETACHABLE = 1 << 6 };

/* Before what the task shares. */
struct record {
	task_entry *entry;
	task_entry *destructor;
	struct scope *scope; /* with a reference, from the submission to the start */
	union {
		task_copy *copy;       /* of a taskloop */
		struct scope *creator; /* of a task that is not deferred, with a reference */
	};
};

static struct record *record_of(const struct task *task)
{
	return (struct record *)(void *)task->shared - 1;
}

static int run_task(int thread, void *given)
{
	struct record *record = record_of(given);
	task_entry *entry = record->entry;
	struct scope *scope = record->scope, *before;
	int result;

	if (!scope) /* submitted by other ways */
		return entry(thread, given);
	record->scope = NULL;
	before = scope_swap(scope);
	result = entry(thread, given);
	scope_release(scope_swap(before), true);
	return result;
}

static struct record *followed(const struct task *task)
{
	return task->entry == run_task ? record_of(task) : NULL;
}

static int end_task(int thread, void *given)
{
	struct record *record = record_of(given);

	if (record->scope)
		scope_release(record->scope, true);
	return record->destructor ? record->destructor(thread, given) : 0;
}

static bool may_cancel(task_entry *entry)
{
	real_omp_get_cancellation_ *get = POOL_REAL(omp_get_cancellation_, entry);

	return get && get();
}

/*
 * The runtime's own tasks are smaller, and have no destructor. Nor can a detachable one have ours:
 * it may be freed before that is called.
 */
static bool is_followed(task_entry *entry, int flags, size_t size)
{
	return scope_root_was_left() && size >= sizeof(struct task) &&
	       !(flags & DETACHABLE && may_cancel(entry));
}

/* The runtime may call one of these hooks from the other: then this was done already. */
static void *follow(struct task *task, task_entry *entry)
{
	struct record *record;

	if (followed(task))
		return task;
	task->shared += sizeof(*record);
	record = record_of(task);
	*record = (struct record) { .entry = entry };
	task->entry = run_task;
	task->destructor = end_task;
	return task;
}

static int our_flags(int flags)
{
	return flags & DETACHABLE ? flags : flags | DESTRUCTOR;
}

void *__kmpc_omp_task_alloc(void *place, int thread, int flags, size_t size, size_t shared,
			    task_entry *entry)
{
	real___kmpc_omp_task_alloc *runtime = POOL_REAL(__kmpc_omp_task_alloc, entry);

	if (!is_followed(entry, flags, size))
		return runtime(place, thread, flags, size, shared, entry);
	return follow(runtime(place, thread, our_flags(flags), size, shared + sizeof(struct record),
			      entry),
		      entry);
}

void *__kmpc_omp_target_task_alloc(void *place, int thread, int flags, size_t size, size_t shared,
				   task_entry *entry, long long device)
{
	real___kmpc_omp_target_task_alloc *runtime = POOL_REAL(__kmpc_omp_target_task_alloc, entry);

	if (!is_followed(entry, flags, size))
		return runtime(place, thread, flags, size, shared, entry, device);
	return follow(runtime(place, thread, our_flags(flags), size, shared + sizeof(struct record),
			      entry, device),
		      entry);
}

/* The compiler sets a destructor of its own between the allocation and the submission. */
static void submit(struct task *task, struct record *record)
{
	record->scope = scope_retain_current();
	if (task->destructor == end_task)
		return;
	record->destructor = task->destructor;
	task->destructor = end_task;
}

/* It is not deferred: its creator calls the compiler's code between the two. */
static void begin_at_once(struct record *record)
{
	record->creator = scope_retain_current();
}

/* What it left entered is undone. */
static void complete_at_once(struct record *record)
{
	scope_release(scope_swap(record->creator), false);
}

/* The runtime has copied the pattern, our record too, but not the reference. */
static void copy_task(void *to, void *from, int is_last)
{
	struct record *record = record_of(to);

	if (record->scope)
		scope_retain(record->scope);
	if (record->copy)
		record->copy(to, from, is_last);
}

/* The function that is called for each copy of the pattern is the last argument. */
static void follow_copies(struct record *record, struct stub_call call, bool has_modifier)
{
	void **copy = stub_argument(call, 8 + 2 * STUB_SLOTS_OF_64_BITS + has_modifier);
	task_copy *ours = copy_task;

	*(void **)(void *)&record->copy = *copy;
	*copy = *(void **)(void *)&ours;
}

real_function *pool_kmpc_route_task(struct stub_call call, enum pool_index index)
{
	struct task *task = *stub_argument(call, 2);
	struct record *record = followed(task);

	if (!record)
		return pool_function(index, (real_function *)task->entry);
	if (index == POOL___kmpc_omp_task_begin_if0)
		begin_at_once(record);
	else if (index == POOL___kmpc_omp_task_complete_if0)
		complete_at_once(record);
	else
		submit(task, record);
	if (index == POOL___kmpc_taskloop || index == POOL___kmpc_taskloop_5)
		follow_copies(record, call, index == POOL___kmpc_taskloop_5);
	return pool_function(index, (real_function *)record->entry);
}
