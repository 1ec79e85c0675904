/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coroutine_test - what the tests of coroutines share: a coroutine over swapcontext().
 */
#ifndef FLYTECTX_COROUTINE_TEST_H
#define FLYTECTX_COROUTINE_TEST_H

#include <ucontext.h>

#include "shim_test.h"

#ifdef __SANITIZE_THREAD__
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
#endif

#define STACK 65536

struct coroutine {
	ucontext_t self, caller;
	void (*body)(struct coroutine *self);
	void *argument;
	char *stack;
	bool ended;
	void *fiber, *caller_fiber; /* for ThreadSanitizer, which has to be told */
};

/* ThreadSanitizer would take the end of it for that of the caller, whose fiber goes on here. */
__attribute__((no_sanitize("thread"))) static void begin(unsigned low, unsigned high)
{
	struct coroutine *self = (void *)((uintptr_t)high << 32 | low);

	self->body(self);
	self->ended = true;
#ifdef __SANITIZE_THREAD__
	__tsan_switch_to_fiber(self->caller_fiber, 0);
#endif
}

static inline struct coroutine *make(void (*body)(struct coroutine *), void *argument)
{
	struct coroutine *made = calloc(1, sizeof(*made));
	uintptr_t address = (uintptr_t)made;

	made->body = body;
	made->argument = argument;
	made->stack = malloc(STACK);
	getcontext(&made->self);
	made->self.uc_stack.ss_sp = made->stack;
	made->self.uc_stack.ss_size = STACK;
	made->self.uc_link = &made->caller;
	makecontext(&made->self, (void (*)(void))begin, 2, (unsigned)address,
		    (unsigned)(address >> 32));
#ifdef __SANITIZE_THREAD__
	made->fiber = __tsan_create_fiber(0);
#endif
	return made;
}

static inline void destroy(struct coroutine *coroutine)
{
#ifdef __SANITIZE_THREAD__
	__tsan_destroy_fiber(coroutine->fiber);
#endif
	free(coroutine->stack);
	free(coroutine);
}

/* True until it has ended. */
static inline bool resume(struct coroutine *coroutine)
{
#ifdef __SANITIZE_THREAD__
	coroutine->caller_fiber = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(coroutine->fiber, 0);
#endif
	assert_int_equal(swapcontext(&coroutine->caller, &coroutine->self), 0);
	return !coroutine->ended;
}

static inline void yield(struct coroutine *self)
{
#ifdef __SANITIZE_THREAD__
	__tsan_switch_to_fiber(self->caller_fiber, 0);
#endif
	assert_int_equal(swapcontext(&self->self, &self->caller), 0);
}

static flyte_token of_coroutine;

enum { COROUTINES = 32, STEPS = 200, THREADS = 4 };

#endif
