/* SPDX-License-Identifier: Apache-2.0 */
/* leaf [VARIABLE] - a native program at the end of all that Python starts: "scope" as it sees it.
 */
#include <stdio.h>

#include "flyte_ctx.h"

int main(int argc, char **argv)
{
	const struct flyte_task_context *context = flyte_ctx_get();
	const char *value = flyte_custom_context_get(argc > 1 ? argv[1] : "scope");

	puts(value ? value : context ? "-" : "none");
	return 0;
}
