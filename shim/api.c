/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api - the functions behind flyte_ctx.h, which documents them; flyte_ctx() itself is in scope.c,
 * beside the variable that it reads.
 */
#include "real.h"
#include "scope.h"
#include "scope_enter.h"

EXPORT const char *__asan_default_options(void);

EXPORT flyte_token flytectx_custom_context_enter(const struct flyte_pair *pairs, size_t count)
{
	return scope_enter_pairs(pairs, count);
}

EXPORT flyte_token flytectx_replace_task_context(const struct flyte_task_context *context)
{
	return scope_enter_context(context);
}

EXPORT int flytectx_context_exit(flyte_token token)
{
	return scope_exit(token);
}

EXPORT const char *flytectx_custom_context_get(const char *key)
{
	const struct context *context = scope_context();

	return context && key ? context_lookup(context, key) : NULL;
}

/*
 * gcc's AddressSanitizer refuses to start where another library comes before it; this is its own
 * hook for a library that knows that it may. A program that has its own keeps it.
 */
EXPORT const char *__asan_default_options(void)
{
	return "verify_asan_link_order=0";
}
