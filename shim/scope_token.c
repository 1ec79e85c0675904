/* SPDX-License-Identifier: Apache-2.0 */
/* The part of scope.h that enters and exits: tokens, and whose they are. */
#include <errno.h>
#include "arena.h"
#include "hook_way.h"
#include "real.h"
#include "scope.h"
#include "scope_memory.h"
#include "state.h"
#include "thread_end.h"

static _Thread_local struct {
	uint32_t thread : 31; /* which one, from 1; 0: it never entered anything */
	uint32_t asking : 1;  /* a provider */
	uint32_t scopes;      /* that it entered */
} serial;

/* --- tokens: the thread's number in the upper half, the scope's in the lower --- */

#define TOKEN_HALF (sizeof(flyte_token) * 4)

/*
 * In serial.scopes: coroutines have been here, and others may enter scopes under this thread's
 * number. Then those of all threads are counted together.
 */
#define SHARED ((uint32_t)1 << (TOKEN_HALF - 1))

/*
 * Both halves begin anew where they are full, on 32-bit machines after 65,535 threads and 32,767
 * scopes of one: a number is then that of what has long been exited.
 */
#define THREAD_MAX (sizeof(flyte_token) > 4 ? INT32_MAX : UINT16_MAX)

static flyte_token next_token(void)
{
	static atomic_uint threads, shared;
	uint32_t scope;

	while (!serial.thread)
		serial.thread = (atomic_fetch_add(&threads, 1) + 1) & THREAD_MAX;
	if (serial.scopes & SHARED)
		scope = SHARED | (atomic_fetch_add(&shared, 1) & (SHARED - 1));
	else
		scope = serial.scopes = (serial.scopes + 1) & (SHARED - 1);
	return (flyte_token)serial.thread << TOKEN_HALF | scope;
}

flyte_token scope_push(struct scope *scope, struct scope *outer)
{
	scope->outer = outer;
	scope->token = next_token();
	scope_note_leaving();
	/* A thread that is in a scope has armed its end already. */
	if (!scope_is_counted(outer))
		thread_end_arm();
	return atomic_compare_exchange_strong(&scope_of_thread, &outer, scope) ? scope->token : 0;
}

static int refuse(flyte_token token)
{
	flyte_token thread = token >> TOKEN_HALF;

	real_set_errno(thread && thread != serial.thread ? EPERM : EINVAL);
	return -1;
}

/* The scope of this token among those that are entered on this thread, or NULL. */
static struct scope *find(struct scope *from, flyte_token token)
{
	if (token >> TOKEN_HALF != serial.thread)
		return NULL;
	while (scope_is_counted(from) && from->token != token)
		from = from->outer;
	return scope_is_counted(from) ? from : NULL;
}

int scope_exit(flyte_token token)
{
	struct scope *left, *scope, *expected;

	if (token == FLYTE_TOKEN_NONE)
		return 0;
	for (;;) {
		expected = left = scope_current();
		scope = find(left, token);
		if (!scope)
			return refuse(token);
		if (!scope_retain_if_alive(scope->outer))
			continue;
		if (atomic_compare_exchange_strong(&scope_of_thread, &expected, scope->outer))
			break;
		scope_release(scope->outer, false);
	}
	/* Where coroutines enter on one thread and exit on another, that one may never enter. */
	scope_release(left, serial.scopes & SHARED);
	return 0;
}

/* --- providers --- */

bool scope_asking_begins(void)
{
	const struct scope *scope = scope_current();
	bool refused = serial.asking || (serial.thread && scope_is_counted(scope) &&
					 scope->token >> TOKEN_HALF == serial.thread);

	serial.asking |= !refused;
	return !refused;
}

void scope_asking_ends(void)
{
	serial.asking = false;
}

/* --- coroutines --- */

struct scope_kept scope_keep(void)
{
	return (struct scope_kept) { scope_retain_current(), serial.thread };
}

void scope_go_on(struct scope_kept kept)
{
	if (serial.thread != kept.thread) {
		serial.thread = kept.thread;
		serial.scopes = SHARED;
	}
	scope_release(scope_swap(kept.scope), true);
}
