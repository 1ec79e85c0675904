/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check - ends with 0 where it sees the custom context k=1, by flyte_ctx() and in its environment;
 * with an argument it prints k, or `-` outside a task.
 */
#include "flyte_ctx.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	const char *value = flyte_custom_context_get("k");

	(void)argv;
	if (argc > 1)
		puts(value ? value : "-");
	return !(value && !strcmp(value, "1") && getenv("FLYTE_CTX") && getenv("LD_PRELOAD"));
}
