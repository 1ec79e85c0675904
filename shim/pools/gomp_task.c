/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gomp_task - GOMP_task: a task runs in the context in which it was created, whichever thread runs
 * it, and whenever.
 *
 * The runtime copies a task's arguments, by a function of the caller's where they have
 * constructors. Our record goes before them, and the copying is always ours: that is called if and
 * only if there will be a task, so there the reference is taken that the task drops. But what has
 * a copying function is never dropped by a cancellation (its copy has to be destroyed); so where
 * the caller had none we ask at the start of the task, and drop it ourselves.
 */
#include "pools/pool.h"
#include "context/text.h"

struct task {
	void *event; /* first: the runtime puts that of a detach clause there */
	work *fn;
	void *arguments;     /* behind this record, or in a block of their own */
	void *block;         /* to be freed with the task, or NULL */
	struct scope *scope; /* with a reference; NULL where nothing was copied */
	bool may_be_dropped;
};

/* What GOMP_task() was given, for copy_task(). */
struct call {
	struct task task;
	void *data;
	copy_work *copy;
	size_t size;
	long align;
	bool detach;
};

static void copy_task(void *to, void *from)
{
	struct call *call = from;
	struct task *task = to;
	uintptr_t place = call->task.block ? (uintptr_t)call->task.block : (uintptr_t)(task + 1);

	*task = call->task;
	call->task.block = NULL;
	task->scope = scope_retain_current();
	task->arguments = (void *)pool_round(place, call->align);
	if (call->detach)
		*(void **)call->data = call->task.event;
	if (call->copy)
		call->copy(task->arguments, call->data);
	else
		text_copy(task->arguments, call->data, call->size);
}

/* Was its taskgroup or region cancelled before it began? */
static bool is_dropped(const struct task *task)
{
	enum { TASKGROUP = 8 };
	real_GOMP_cancellation_point *is_cancelled =
		task->may_be_dropped ? POOL_REAL(GOMP_cancellation_point, task->fn) : NULL;

	return is_cancelled && is_cancelled(TASKGROUP);
}

void pool_run(struct scope *scope, work *fn, void *data)
{
	struct scope *before = scope_swap(scope);

	fn(data);
	scope_release(scope_swap(before), true);
}

/* LLVM's GOMP_task() does not copy what it runs at once. */
static void run_task(void *given)
{
	struct task *task = given;
	struct scope *scope = task->scope ? task->scope : scope_retain_current();

	if (is_dropped(task))
		scope_release(scope, true);
	else
		pool_run(scope, task->fn, task->arguments);
	if (task->block)
		REAL(free)(task->block);
	task->block = NULL;
}

bool pool_may_cancel(work *fn)
{
	real_omp_get_cancellation *get = POOL_REAL(omp_get_cancellation, fn);

	return get && get();
}

void pool_run_alone(work *fn, void *data, copy_work *copy, long size, long align,
		    const struct pool_share *share)
{
	char room[copy ? size + align : 1];
	void *arguments = copy ? (void *)pool_round((uintptr_t)room, align) : data;

	if (copy)
		copy(arguments, data);
	if (share)
		text_copy(arguments, (const char *)share, offsetof(struct pool_share, reductions));
	fn(arguments);
}

void GOMP_task(work *fn, void *data, copy_work *copy, long size, long align, bool deferrable,
	       unsigned flags, void **depend, int priority, void *detach)
{
	real_GOMP_task *runtime = POOL_REAL(GOMP_task, fn);
	struct call call = { { .fn = fn, .arguments = data, .may_be_dropped = !copy },
			     data,
			     copy,
			     (size_t)size,
			     align,
			     flags & POOL_DETACH && data };
	long room = (long)sizeof(call.task) + size + align;

	if (!runtime) {
		pool_run_alone(fn, data, copy, size, align, NULL);
		return;
	}
	/* Where a detached task is dropped, nobody may ever fulfil its event: we could not wait. */
	if (!scope_root_was_left() || (call.detach && pool_may_cancel(fn))) {
		runtime(fn, data, copy, size, align, deferrable, flags, depend, priority, detach);
		return;
	}
	if (!copy && size > POOL_STACK_MAX)
		call.task.block = REAL(malloc)((size_t)(size + align));
	if (call.task.block)
		room = sizeof(call.task);
	runtime(run_task, &call, copy_task, room, 16, deferrable, flags, depend, priority, detach);
	if (call.task.block) /* cancelled at once */
		REAL(free)(call.task.block);
}
