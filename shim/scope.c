/* SPDX-License-Identifier: Apache-2.0 */
/* See scope.h. */
#include <errno.h>

#include "permanent.h"
#include "real.h"
#include "scope.h"
#include "state.h"
#include "thread_end.h"

/* The root's view before anybody asked: no process pays for decoding what it never looks at. */
#define UNDECODED ((const struct flyte_task_context *)1)

static struct scope root = { .view = UNDECODED };

/*
 * All that a thread has, 16 bytes of static TLS. The image of `current` is the root: threads of
 * SIGEV_THREAD, of raw clone, of other libraries' constructors are right without our help.
 */
static __thread struct scope *current = &root;
static __thread struct {
	uint32_t thread; /* which one, from 1; 0: it never entered anything */
	uint32_t scopes; /* that it entered */
} serial;

static _Atomic(struct scope *) released;

static const struct flyte_task_context *decode_root(void)
{
	const struct flyte_task_context *view = UNDECODED, *made = NULL;
	const struct state *start = state();
	struct context *context;

	if (start->carrier) {
		context = permanent(sizeof(*context) + start->size.memory);
		if (!context)
			return NULL;
		wire_decode(start->carrier + sizeof(WIRE_PREFIX) - 1, &start->size, context + 1,
			    context);
		made = &context->task;
	}
	/* Two that decode at once come to the same; the second throws its own away. */
	return atomic_compare_exchange_strong(&root.view, &view, made) ? made : view;
}

EXPORT const struct flyte_task_context *flyte_ctx(void)
{
	const struct flyte_task_context *view =
		atomic_load_explicit(&current->view, memory_order_acquire);

	return view != UNDECODED ? view : decode_root();
}

struct scope *scope_current(void)
{
	return current;
}

bool scope_is_root(const struct scope *scope)
{
	return scope == &root;
}

const char *scope_carrier(void)
{
	return current == &root ? state()->carrier : current->carrier;
}

const struct context *scope_context(void)
{
	return (const struct context *)(const void *)flyte_ctx();
}

_Static_assert(offsetof(struct context, task) == 0, "a view is where its context starts");

const void *scope_thread(void)
{
	return &current;
}

/* --- references --- */

struct scope *scope_retain(struct scope *scope)
{
	if (scope != &root)
		atomic_fetch_add_explicit(&scope->references, 1, memory_order_relaxed);
	return scope;
}

/* Onto a list that only grows, or is taken whole: no ABA. */
static void put_aside(struct scope *scope)
{
	scope->outer = atomic_load(&released);
	while (!atomic_compare_exchange_weak(&released, &scope->outer, scope))
		;
}

void scope_release(struct scope *scope)
{
	while (scope != &root && atomic_fetch_sub(&scope->references, 1) == 1) {
		struct scope *outer = scope->outer;

		put_aside(scope);
		scope = outer;
	}
}

void scope_free_released(void)
{
	struct scope *scope = atomic_exchange(&released, NULL);

	while (scope) {
		struct scope *next = scope->outer;

		REAL(free)(scope->carrier);
		REAL(free)(scope);
		scope = next;
	}
}

void scope_adopt(struct scope *scope)
{
	current = scope;
	thread_end_arm();
}

void scope_thread_ends(void)
{
	struct scope *last = current;

	current = &root; /* first, for the destructors that run after us */
	scope_release(last);
	scope_free_released();
}

/* --- tokens: the thread's number in the upper half, the scope's in the lower --- */

#define TOKEN_HALF (sizeof(flyte_token) * 4)

static flyte_token next_token(void)
{
	static atomic_uint threads;
	flyte_token low = ((flyte_token)1 << TOKEN_HALF) - 1;

	if (!serial.thread)
		serial.thread = atomic_fetch_add(&threads, 1) + 1;
	return (flyte_token)serial.thread << TOKEN_HALF | (++serial.scopes & low);
}

flyte_token scope_push(struct scope *scope)
{
	scope->outer = current;
	scope->token = next_token();
	thread_end_arm();
	atomic_signal_fence(
		memory_order_seq_cst); /* a handler sees the scope whole or not at all */
	current = scope;
	return scope->token;
}

int scope_exit(flyte_token token)
{
	struct scope *scope = current, *left = current;

	if (token == FLYTE_TOKEN_NONE)
		return 0;
	while (scope != &root && scope->token != token)
		scope = scope->outer;
	if (scope == &root || token >> TOKEN_HALF != serial.thread) {
		real_set_errno(token >> TOKEN_HALF && token >> TOKEN_HALF != serial.thread
				       ? EPERM
				       : EINVAL);
		return -1;
	}
	current = scope_retain(scope->outer);
	scope_release(left);
	return 0;
}
