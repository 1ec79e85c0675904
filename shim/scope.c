/* SPDX-License-Identifier: Apache-2.0 */
/* See scope.h. The memory of scopes: scope_memory.c. */
#include <errno.h>

#include "permanent.h"
#include "real.h"
#include "scope.h"
#include "scope_memory.h"
#include "state.h"
#include "sys.h"
#include "thread_end.h"

/* The root's view before anybody asked: no process pays for decoding what it never looks at. */
#define UNDECODED ((const struct flyte_task_context *)1)

static struct scope root = { .view = UNDECODED };

/* What a program that has no task installs with flyte_ctx_swap(NULL). Never counted either. */
static const struct context no_context = { .task.size = sizeof(struct flyte_task_context) };
static struct scope outside;

/*
 * All that a thread has here, 16 bytes of static TLS. The image of `current` is the root: threads
 * of SIGEV_THREAD, of raw clone, of other libraries' constructors are right without our help.
 */
static __thread struct scope *current = &root;
static __thread struct {
	uint32_t thread; /* which one, from 1; 0: it never entered anything */
	uint32_t scopes; /* that it entered */
} serial;

static const struct context *make_root_context(void)
{
	const struct state_carrier *carrier = state_carrier();
	struct context *context = NULL;

	if (carrier->text)
		context = permanent(sizeof(*context) + carrier->size.memory);
	if (!context)
		return &no_context;
	wire_decode(carrier->text + sizeof(WIRE_PREFIX) - 1, &carrier->size, context + 1, context);
	return context;
}

static const struct flyte_task_context *view_of(const struct context *context)
{
	return context_has_task(context) ? &context->task : NULL;
}

/*
 * Two that decode at once come to the same; the second throws its own away. Kept out of
 * flyte_ctx(), which would have to save registers for it.
 */
__attribute__((noinline, cold)) static const struct flyte_task_context *decode_root(void)
{
	const struct context *known = NULL, *made = make_root_context();

	/* Whoever comes second writes the same again. */
	if (!atomic_compare_exchange_strong(&root.context, &known, made))
		made = known;
	atomic_store_explicit(&root.body_length, wire_body_length(made), memory_order_relaxed);
	atomic_store_explicit(&root.view, view_of(made), memory_order_release);
	return view_of(made);
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

static bool is_counted(const struct scope *scope)
{
	return scope != &root && scope != &outside;
}

const struct context *scope_context(void)
{
	const struct context *context;

	flyte_ctx();
	context = atomic_load_explicit(&current->context, memory_order_acquire);
	return context ? context : &no_context;
}

size_t scope_body_length(void)
{
	flyte_ctx();
	return atomic_load_explicit(&current->body_length, memory_order_relaxed);
}

/* True once somebody else has written the carrier. Who does is done in a microsecond. */
static bool wait_for_carrier(struct scope *scope)
{
	for (int i = 0; i < 100; i++) {
		if (atomic_load_explicit(&scope->encoded, memory_order_acquire) == SCOPE_ENCODED)
			return true;
		sys_yield();
	}
	return false;
}

/*
 * Written at the first start of a program, into the room that the scope has for it: entering is
 * for loops, starting is not. Who has waited in vain (in a signal handler that interrupted the
 * writing, in a fork of it) writes the same characters once more.
 */
static void write_carrier(struct scope *scope)
{
	unsigned state = SCOPE_NOT_ENCODED;

	if (!atomic_compare_exchange_strong(&scope->encoded, &state, SCOPE_BEING_ENCODED) &&
	    wait_for_carrier(scope))
		return;
	wire_encode(scope_context(), wire_length_of(scope->body_length),
		    text_copy(scope->carrier, WIRE_PREFIX, sizeof(WIRE_PREFIX) - 1));
	atomic_store_explicit(&scope->encoded, SCOPE_ENCODED, memory_order_release);
}

const char *scope_carrier(void)
{
	struct scope *scope = current;

	if (scope == &root)
		return state()->carrier;
	if (scope->carrier &&
	    atomic_load_explicit(&scope->encoded, memory_order_acquire) != SCOPE_ENCODED)
		write_carrier(scope);
	return scope->carrier;
}

const char *scope_sound_carrier(void)
{
	return current == &root ? state_carrier()->text : scope_carrier();
}

bool scope_is_outside(void)
{
	return current != &root && !current->carrier && state()->carrier;
}

const void *scope_thread(void)
{
	return &current;
}

/* --- references --- */

struct scope *scope_retain(struct scope *scope)
{
	if (is_counted(scope))
		atomic_fetch_add_explicit(&scope->references, 1, memory_order_relaxed);
	return scope;
}

void scope_release(struct scope *scope)
{
	while (is_counted(scope) &&
	       atomic_fetch_sub_explicit(&scope->references, 1, memory_order_acq_rel) == 1) {
		struct scope *outer = scope->outer;

		scope_memory_put_aside(scope);
		scope = outer;
	}
}

struct scope *scope_swap(struct scope *scope)
{
	struct scope *old = current;

	if (is_counted(scope))
		thread_end_arm();
	current = scope;
	return old;
}

struct scope *scope_of(const struct flyte_task_context *view)
{
	const struct flyte_task_context *first = atomic_load(&root.view);

	if (view == first)
		return &root;
	if (!view)
		return first == UNDECODED && !decode_root() ? &root : &outside;
	return (struct scope *)(uintptr_t)((const char *)view -
					   offsetof(struct scope_entered, context));
}

void scope_adopt(struct scope *scope)
{
	scope_swap(scope);
}

void scope_thread_ends(void)
{
	scope_release(scope_swap(&root)); /* first, for the destructors that run after us */
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
	/* A thread that is in a scope has armed its end already. */
	if (!is_counted(current))
		thread_end_arm();
	atomic_signal_fence(
		memory_order_seq_cst); /* a handler sees the scope whole or not at all */
	current = scope;
	return scope->token;
}

static int refuse(flyte_token token)
{
	flyte_token thread = token >> TOKEN_HALF;

	real_set_errno(thread && thread != serial.thread ? EPERM : EINVAL);
	return -1;
}

int scope_exit(flyte_token token)
{
	struct scope *scope = current, *left = current;

	if (token == FLYTE_TOKEN_NONE)
		return 0;
	if (token >> TOKEN_HALF != serial.thread)
		return refuse(token);
	while (is_counted(scope) && scope->token != token)
		scope = scope->outer;
	if (!is_counted(scope))
		return refuse(token);
	current = scope_retain(scope->outer);
	scope_release(left);
	return 0;
}
