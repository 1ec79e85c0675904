/* SPDX-License-Identifier: Apache-2.0 */
/* See hook_way.h. */
#include <stdint.h>

#include "environ_lock.h"
#include "hook_way.h"
#include "objects.h"
#include "own_path.h"
#include "state.h"

_Atomic(real_function *) hook_ways[REAL_BEHIND_HOOKS];

/* A context was made outside of all tasks. */
static atomic_bool awake;

static real_function *body_of(enum real_index index)
{
	return (real_function *)((uintptr_t)hook_bodies + (uintptr_t)(long)hook_bodies[index]);
}

/*
 * What is noted for the whole life of the process: that libraries were closed, for OpenMP's
 * functions, and that there is a filter for system calls. The bodies of the latter two end in a
 * jump themselves.
 */
static bool is_always_followed(enum real_index index)
{
#ifdef PART_openmp
	if (index == REAL_dlclose)
		return true;
#endif
	return !state()->inert && (index == REAL_prctl || index == REAL_syscall);
}

static bool is_a_jump(enum real_index index)
{
	bool outside = !state()->carrier && !atomic_load(&awake);

	return (state()->inert || (state_is_known() && outside)) && !is_always_followed(index);
}

static bool starts_threads(enum real_index index)
{
	return index == REAL_pthread_create || index == REAL_thrd_create ||
	       index == REAL_timer_create || index == REAL_mq_notify;
}

/* What is only so for now is not kept: libc not ready, a function that no library has. */
static real_function *find_way(enum real_index index)
{
	bool was_awake = atomic_load(&awake), jump = is_a_jump(index);
	real_function *way = jump ? real(index) : body_of(index);

	if (!state_is_known() || (jump && !real_is_found(index)))
		return way;
	atomic_store(&hook_ways[index], way);
	if (atomic_load(&awake) != was_awake)
		atomic_store(&hook_ways[index], NULL);
	return way;
}

/*
 * Where the loader has not relocated us, the thread's variables can't be read: all are jumps.
 */
__attribute__((used)) real_function *hook_route(int number, void **registers, void **stack)
{
	enum real_index index = (enum real_index)number;

	(void)registers, (void)stack;
	if (!objects_are_known())
		return real(index);
	if (starts_threads(index)) {
		real_resolve_all();
		library_path();
		environ_has_threads();
	}
	if (index == REAL_fork || index == REAL__Fork)
		hook_ways_of_exec();
	return find_way(index);
}

void hook_ways_wake(void)
{
	if (state()->carrier || atomic_exchange(&awake, true))
		return;
	for (int i = 0; i < REAL_BEHIND_HOOKS; i++)
		atomic_store(&hook_ways[i], NULL);
}

void hook_ways_of_exec(void)
{
	real_resolve_exec();
	for (int i = REAL_execve; i <= REAL_execvpe; i++)
		if (!atomic_load_explicit(&hook_ways[i], memory_order_relaxed))
			find_way((enum real_index)i);
}
