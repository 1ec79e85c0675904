/* SPDX-License-Identifier: Apache-2.0 */
/* See provider.h; the functions of flyte_ctx.h that a runtime registers with. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>

#include "hook_way.h"
#include "provider.h"
#include "real.h"
#include "scope_enter.h"
#include "state.h"
#include "sys.h"

_Atomic(const struct flyte_provider *) provider_set;

/* The process that has set it: not a child that shares our memory, nor a fork of it. */
static atomic_int owner;

static int this_process(void)
{
	return (int)sys_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

/*
 * In a signal handler the runtime may be in the middle of anything. There the signal is blocked;
 * a thread that blocks some of its own accord is not asked either.
 */
static bool is_signal_blocked(void)
{
	uint64_t mask = 0;

	sys_call(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&mask, sizeof(mask), 0, 0);
	return mask;
}

static bool may_ask(const struct flyte_provider *provider)
{
	void *running;

	if (this_process() != atomic_load_explicit(&owner, memory_order_relaxed) ||
	    is_signal_blocked())
		return false;
	running = provider->running();
	return running && running == provider->own() &&
	       (!provider->instance || provider->instance() == provider->of_instance) &&
	       (!provider->pending || !provider->pending());
}

/* An answer in memory, not a result: where a runtime's function fails, that may be anything. */
static const struct flyte_task_context *ask(const struct flyte_provider *provider)
{
	int error = real_errno();
	void *result;

	*provider->answer = NULL;
	result = provider->ask(provider->argument);
	if (provider->finish)
		provider->finish(result);
	if (provider->recover)
		provider->recover();
	real_set_errno(error);
	return *provider->answer;
}

struct scope *provider_ask(void)
{
	const struct flyte_provider *provider = atomic_load(&provider_set);
	const struct flyte_task_context *answer;

	if (!provider || !may_ask(provider) || !scope_asking_begins())
		return NULL;
	answer = ask(provider);
	scope_asking_ends();
	if (!answer || answer == flyte_ctx())
		return NULL;
	return scope_swap(scope_retain(scope_of(answer)));
}

void provider_restore(struct scope *before)
{
	scope_release(scope_swap(before), false);
}

void provider_forked(struct scope *before)
{
	if (before)
		scope_release(before, false);
}

static int refuse(int error)
{
	real_set_errno(error);
	return -1;
}

EXPORT int flytectx_provider_set(const struct flyte_provider *given)
{
	if (given && (given->size < sizeof(*given) || !given->ask || !given->answer ||
		      !given->running || !given->own))
		return refuse(EINVAL);
	if (state()->inert)
		return refuse(ENOSYS);
	atomic_store(&owner, this_process());
	atomic_store(&provider_set, given);
	hook_ways_wake();
	return 0;
}

EXPORT void *flytectx_provider_enter(void)
{
	return provider_enter();
}

EXPORT void flytectx_provider_leave(void *before)
{
	provider_leave(before);
}

EXPORT const struct flyte_task_context *flytectx_ctx_new(const struct flyte_task_context *given)
{
	return scope_new_task(given);
}

/* What flytectx_ctx_new() does too slowly for each scope of Python's. */
EXPORT const struct flyte_task_context *flytectx_ctx_new_pairs(const struct flyte_pair *pairs,
							       size_t count);

EXPORT const struct flyte_task_context *flytectx_ctx_new_pairs(const struct flyte_pair *pairs,
							       size_t count)
{
	return scope_new_pairs(pairs, count);
}
