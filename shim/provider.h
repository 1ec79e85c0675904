/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider - a runtime with contexts of its own (CPython's contextvars) is asked for that of the
 * calling thread when a hook is about to start something; flyte_ctx.h says when,
 * flyte_provider_set. What it answers is current while the hook starts it, then what was before is
 * so again: so nothing that was asked for once stays on a thread that has gone on to something
 * else.
 */
#ifndef FLYTECTX_PROVIDER_H
#define FLYTECTX_PROVIDER_H

#include "scope.h"

extern _Atomic(const struct flyte_provider *) provider_set;

struct scope *provider_ask(void);

/* At the begin of a start: what provider_leave() is to be given. Leaves errno alone. */
static inline struct scope *provider_enter(void)
{
	return atomic_load_explicit(&provider_set, memory_order_relaxed) ? provider_ask() : NULL;
}

void provider_restore(struct scope *before);

static inline void provider_leave(struct scope *before)
{
	if (before)
		provider_restore(before);
}

/* In a fork child instead, whose thread goes on where it was forked: what was answered stays. */
void provider_forked(struct scope *before);

#endif
