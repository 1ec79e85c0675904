/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the plugin in a scope. */
#include <dlfcn.h>
#include <stdio.h>

#include "flyte_ctx.h"

int main(int count, char **arguments)
{
	struct flyte_pair pair = { "scope", "host" };
	flyte_token token = flyte_custom_context_enter(&pair, 1);

	if (count != 2 || !token || !dlopen(arguments[1], RTLD_NOW))
		return 1;
	puts("opened");
	return flyte_context_exit(token);
}
