/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api - the functions behind flyte_ctx.h, which documents them. flyte_ctx() itself is in scope.c,
 * beside the variable that it reads; those about the environment are in properties.c, those about
 * raw data in raw_data_api.c.
 */
#include "context/action_name.h"
#include "real.h"
#include "scope.h"
#include "scope_enter.h"
#include "sys.h"

EXPORT flyte_token flytectx_custom_context_enter(const struct flyte_pair *pairs, size_t count)
{
	return scope_enter_pairs(pairs, count);
}

EXPORT flyte_token flytectx_group_enter(const char *name)
{
	return scope_enter_group(name);
}

EXPORT flyte_token flytectx_new_raw_data_path(const struct flyte_raw_data_path *raw_data)
{
	return scope_enter_raw_data(raw_data);
}

EXPORT flyte_token flytectx_new_metadata(const struct flyte_pair *pairs, size_t count)
{
	return scope_enter_metadata(pairs, count);
}

EXPORT flyte_token flytectx_trace_enter(const struct flyte_action_id *action)
{
	return scope_enter_trace(action);
}

EXPORT flyte_token flytectx_replace_task_context(const struct flyte_task_context *context)
{
	return scope_enter_task(context);
}

EXPORT int flytectx_context_exit(flyte_token token)
{
	return scope_exit(token);
}

EXPORT const char *flytectx_custom_context_get(const char *key)
{
	const struct context *context = scope_context();

	return key ? context_lookup(context, key) : NULL;
}

EXPORT const struct flyte_pair_list *flytectx_metadata(void)
{
	return &scope_context()->metadata;
}

EXPORT const struct flyte_task_context *
flytectx_ctx_retain(const struct flyte_task_context *context)
{
	if (context)
		scope_retain(scope_of(context));
	return context;
}

EXPORT void flytectx_ctx_release(const struct flyte_task_context *context)
{
	if (context)
		scope_release(scope_of(context), true);
}

EXPORT const struct flyte_task_context *flytectx_ctx_swap(const struct flyte_task_context *context)
{
	const struct flyte_task_context *old = flyte_ctx();
	struct scope *left = scope_swap(scope_of(context));

	/* Nobody can hold by its context what has none. */
	if (!old)
		scope_release(left, false);
	return old;
}

EXPORT size_t flytectx_action_sub_name(const struct flyte_action_id *action, uint64_t sequence,
				       const char *task_hash, const char *input_hash,
				       const char *group, char *name)
{
	return action_name_derive(action->name, sequence, task_hash, input_hash, group, name);
}

/* False where the kernel has no randomness to give. */
EXPORT bool flytectx_action_random_name(char *name)
{
	unsigned char random[ACTION_NAME_RANDOM];

	if (!sys_random(random, sizeof(random)))
		return false;
	action_name_random(random, name);
	return true;
}

EXPORT size_t flytectx_action_unique_id(const struct flyte_action_id *action, const char *salt,
					char *to, size_t size)
{
	return action_name_unique_id(action, salt, to, size);
}

EXPORT void *flytectx_context_save(void)
{
	return scope_retain_current();
}

EXPORT void flytectx_context_restore(void *saved)
{
	scope_release(scope_swap(saved), false);
}

EXPORT bool flytectx_loader(struct flyte_loader_ *loader)
{
	if (!real_is_found(REAL_dlopen) || !real_is_found(REAL_dlsym) ||
	    !real_is_found(REAL_dladdr))
		return false;
	*loader = (struct flyte_loader_) { REAL(dlopen), REAL(dlsym), REAL(dladdr) };
	return true;
}

/*
 * gcc's AddressSanitizer refuses to start where another library comes before it; this is its own
 * hook for a library that knows that it may. A program that has its own keeps it.
 */
EXPORT const char *__asan_default_options(void);

EXPORT const char *__asan_default_options(void)
{
	return "verify_asan_link_order=0";
}
