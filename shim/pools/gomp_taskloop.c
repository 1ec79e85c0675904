/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gomp_taskloop - GOMP_taskloop: the tasks that a loop is cut into run in the context of the
 * thread that came to the loop.
 *
 * The runtime writes each task's share of the loop over the first words of its arguments: of ours
 * then, from where they go over the caller's. The tasks share one reference to the scope. They are
 * done when the call returns, unless the loop has a nogroup clause: then the task that does the
 * last iteration drops it.
 */
#include "pools/pool.h"
#include "context/text.h"

/* What all tasks of a loop have in common. */
struct loop {
	work *fn;
	struct scope *scope; /* holds a reference */
	size_t room;         /* from the start of our record to the caller's arguments */
	unsigned long step;
	bool up;
	bool nogroup;
	atomic_ulong left; /* iterations, with nogroup */
};

struct task {
	struct pool_share share;
	struct loop *loop;
};

struct call {
	struct task task;
	void *data;
	copy_work *copy;
};

static void copy_task(void *to, void *from)
{
	const struct call *call = from;

	*(struct task *)to = call->task;
	call->copy((char *)to + call->task.loop->room, call->data);
}

static unsigned long iterations(const struct loop *loop, unsigned long from, unsigned long to)
{
	unsigned long distance = loop->up ? to - from : from - to;
	unsigned long step = loop->up ? loop->step : -loop->step;

	return (distance - 1) / step + 1;
}

static void run_task(void *given)
{
	struct task *task = given;
	struct loop *loop = task->loop;
	struct pool_share *share = (struct pool_share *)((char *)given + loop->room);
	unsigned long done = loop->nogroup ? iterations(loop, task->share.from, task->share.to) : 0;

	share->from = task->share.from;
	share->to = task->share.to;
	pool_run(scope_retain(loop->scope), loop->fn, share);
	if (!loop->nogroup || atomic_fetch_sub(&loop->left, done) != done)
		return;
	scope_release(loop->scope, true);
	REAL(free)(loop);
}

/* A call as it came; both functions take the same arguments. */
struct given {
	work *fn;
	void *data;
	copy_work *copy;
	long size, align;
	unsigned flags;
	unsigned long tasks;
	int priority;
	unsigned long from, to, step;
	real_GOMP_taskloop *runtime;
};

static void submit_as_given(const struct given *given)
{
	given->runtime(given->fn, given->data, given->copy, given->size, given->align, given->flags,
		       given->tasks, given->priority, (long)given->from, (long)given->to,
		       (long)given->step);
}

/* With our record before the arguments. */
static void submit(const struct given *given, void *data, copy_work *copy, size_t size)
{
	struct given ours = *given;

	ours.fn = run_task;
	ours.data = data;
	ours.copy = copy;
	ours.size = (long)size;
	ours.align = pool_align(given->align);
	submit_as_given(&ours);
}

/* For the runtime to copy as it is; `memory` has room for aligning it. */
static void submit_copied(const struct given *given, const struct task *task, void *memory)
{
	char *record = (char *)pool_round((uintptr_t)memory, pool_align(given->align));
	size_t room = task->loop->room, size = (size_t)given->size;

	*(struct task *)record = *task;
	text_copy(record + room, given->data, size);
	submit(given, record, NULL, room + size);
}

static void submit_uncopied(const struct given *given, const struct task *task)
{
	size_t size = task->loop->room + (size_t)(given->size + pool_align(given->align));
	void *block = size > POOL_STACK_MAX ? REAL(malloc)(size) : NULL;
	char on_stack[block ? 1 : size];

	submit_copied(given, task, block ? block : on_stack);
	if (block)
		REAL(free)(block);
}

static void submit_in(const struct given *given, struct loop *loop)
{
	struct call call = { { { 0 }, loop }, given->data, given->copy };

	loop->scope = scope_retain_current();
	if (given->flags & POOL_REDUCTION)
		call.task.share.reductions = ((struct pool_share *)given->data)->reductions;
	if (given->copy)
		submit(given, &call, copy_task, loop->room + (size_t)given->size);
	else
		submit_uncopied(given, &call.task);
}

/* Where tasks may be dropped, nobody would know when the last is done. */
static void submit_nogroup(const struct given *given, const struct loop *loop)
{
	struct loop *shared = pool_may_cancel(given->fn) ? NULL : REAL(malloc)(sizeof(*shared));

	if (!shared) {
		submit_as_given(given);
		return;
	}
	*shared = *loop;
	shared->nogroup = true;
	atomic_init(&shared->left, iterations(loop, given->from, given->to));
	submit_in(given, shared);
}

static void start(struct given *given, bool up, bool is_empty, enum pool_index index)
{
	struct loop loop = { .fn = given->fn, .step = given->step, .up = up };
	struct pool_share all = { given->from, given->to, NULL };

	given->runtime = (real_GOMP_taskloop *)pool_function(index, (real_function *)given->fn);
	loop.room = pool_round(sizeof(struct task), pool_align(given->align));
	if (!given->runtime) {
		pool_run_alone(given->fn, given->data, given->copy, given->size, given->align,
			       is_empty ? NULL : &all);
	} else if (!scope_root_was_left() || is_empty) {
		submit_as_given(given);
	} else if (given->flags & POOL_NOGROUP) {
		submit_nogroup(given, &loop);
	} else {
		submit_in(given, &loop);
		scope_release(loop.scope, false);
	}
}

/* The arguments of both. */
#define GIVEN                                                                                      \
	{                                                                                          \
		.fn = fn, .data = data, .copy = copy, .size = size, .align = align,                \
		.flags = flags, .tasks = tasks, .priority = priority, .from = (unsigned long)from, \
		.to = (unsigned long)to, .step = (unsigned long)step                               \
	}

void GOMP_taskloop(work *fn, void *data, copy_work *copy, long size, long align, unsigned flags,
		   unsigned long tasks, int priority, long from, long to, long step)
{
	struct given given = GIVEN;
	bool up = step > 0;

	start(&given, up, up ? from >= to : from <= to, POOL_GOMP_taskloop);
}

void GOMP_taskloop_ull(work *fn, void *data, copy_work *copy, long size, long align, unsigned flags,
		       unsigned long tasks, int priority, unsigned long long from,
		       unsigned long long to, unsigned long long step)
{
	real_GOMP_taskloop_ull *runtime = POOL_REAL(GOMP_taskloop_ull, fn);
	struct given given = GIVEN;
	bool up = flags & POOL_UP;

	/* Where a long is too short for its numbers, the loop is not followed. */
	if (sizeof(long) < sizeof(from) && runtime)
		runtime(fn, data, copy, size, align, flags, tasks, priority, from, to, step);
	else
		start(&given, up, up ? from >= to : from <= to, POOL_GOMP_taskloop_ull);
}
