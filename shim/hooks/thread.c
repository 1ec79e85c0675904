/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread - pthread_create and thrd_create: a thread starts with its creator's context (SPEC 3.2).
 *
 * Outside every scope there is nothing to carry, since a new thread's variable is the root by its
 * image: the call is handed on as it is. Inside one, the start routine is wrapped. What the
 * wrapper needs comes from a small lock-free pool (measured at 1.00 to 1.03 of native), from
 * malloc when that is full; where neither has memory the thread starts without context.
 */
#include <stdatomic.h>
#include <stdint.h>

#include "arena.h"
#include "provider.h"
#include "real.h"
#include "scope.h"

/*
 * What a thread is to run, and in which scope. Another thread may have had the same memory before:
 * pool_free orders the two, which valgrind's drd does not see. It takes plain stores for a race, so
 * each member is set by a sequentially consistent one, which it does not.
 */
struct start {
	union {
		void *(*pthread)(void *);
		int (*c11)(void *);
	} routine;
	void *argument;
	struct scope *scope; /* holds a reference */
};

#define POOL_SIZE 32

/* A bit for each start that is free. Bits, not a list: nothing to go wrong by ABA. */
static atomic_uint pool_free = UINT32_MAX;
static _Atomic(struct start *) pool;

static struct start *pool_memory(void)
{
	struct start *known = atomic_load(&pool), *made;

	if (known)
		return known;
	made = arena_take(POOL_SIZE * sizeof(*made));
	return made && !atomic_compare_exchange_strong(&pool, &known, made) ? known : made;
}

static struct start *take_start(void)
{
	struct start *starts = pool_memory();
	unsigned free_ones = atomic_load(&pool_free);

	while (starts && free_ones)
		if (atomic_compare_exchange_weak(&pool_free, &free_ones,
						 free_ones & (free_ones - 1)))
			return starts + __builtin_ctz(free_ones);
	return REAL(malloc)(sizeof(*starts));
}

static void give_back(struct start *start)
{
	struct start *starts = atomic_load(&pool);

	if (starts && start >= starts && start < starts + POOL_SIZE)
		atomic_fetch_or(&pool_free, 1U << (start - starts));
	else
		REAL(free)(start);
}

/* On the new thread: no cancellation point before the start is given back. */
static struct start begin(void *argument)
{
	struct start start = *(struct start *)argument;

	give_back(argument);
	scope_swap(start.scope); /* instead of the root */
	return start;
}

static void *run_pthread(void *argument)
{
	struct start start = begin(argument);

	return start.routine.pthread(start.argument);
}

static int run_c11(void *argument)
{
	struct start start = begin(argument);

	return start.routine.c11(start.argument);
}

/* NULL where there is nothing to carry, or no memory. */
static inline struct start *prepare(void *argument)
{
	struct scope *before = provider_enter();
	struct start *start = scope_is_root(scope_current()) ? NULL : take_start();

	if (start) {
		__atomic_store_n(&start->argument, argument, __ATOMIC_SEQ_CST);
		__atomic_store_n(&start->scope, scope_retain_current(), __ATOMIC_SEQ_CST);
	}
	provider_leave(before);
	return start;
}

/* The thread was not made. */
static void undo(struct start *start)
{
	scope_release(start->scope, false);
	give_back(start);
}

int pthread_create(void *thread, const void *attributes, void *(*routine)(void *), void *argument)
{
	struct start *start = prepare(argument);
	int error;

	if (!start)
		return REAL(pthread_create)(thread, attributes, routine, argument);
	__atomic_store_n(&start->routine.pthread, routine, __ATOMIC_SEQ_CST);
	error = REAL(pthread_create)(thread, attributes, run_pthread, start);
	if (error)
		undo(start);
	return error;
}

/* Another library's may have any result for success, and calls pthread_create(). */
int thrd_create(void *thread, int (*routine)(void *), void *argument)
{
	struct start *start;
	int result;

	start = real_is_of_libc(REAL_thrd_create) ? prepare(argument) : NULL;
	if (!start)
		return REAL(thrd_create)(thread, routine, argument);
	__atomic_store_n(&start->routine.c11, routine, __ATOMIC_SEQ_CST);
	result = REAL(thrd_create)(thread, run_c11, start);
	if (result) /* thrd_success is 0 in both libcs */
		undo(start);
	return result;
}
