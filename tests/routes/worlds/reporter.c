/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reporter - what has come with it: "carried", where flyte_ctx() knows the context; "by environment
 * only", where FLYTE_CTX is there and the preload is not, or does nothing; or "not carried". Behind
 * it, what it knows. The words are those of `flytectx doctor`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flyte_ctx.h"

int main(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();
	const char *increment = flyte_custom_context_get("increment");
	const char *scope = flyte_custom_context_get("scope");
	const char *carrier = getenv("FLYTE_CTX");

	if (context)
		printf("carried: %s %s %s\n", context->action.name, increment ? increment : "-",
		       scope ? scope : "-");
	else if (carrier)
		printf("by environment only: %s %s %s\n", strstr(carrier, "an-a0.") ? "a0" : "-",
		       strstr(carrier, "kv-increment~-1.") ? "1" : "-",
		       strstr(carrier, "kv-scope~-inner.") ? "inner" : "-");
	else
		puts("not carried");
	return 0;
}
