/* SPDX-License-Identifier: Apache-2.0 */
/*
 * starter - who starts all worlds: `starter MODE COMMAND...` does before what MODE says (see
 * tests/routes/matrix.list) and becomes COMMAND.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flyte_ctx.h"

int main(int argc, char **argv)
{
	static const struct flyte_pair inner = { "scope", "inner" };

	if (argc < 3) {
		fprintf(stderr, "usage: starter inherit|clean|scope COMMAND...\n");
		return 2;
	}
	if (!strcmp(argv[1], "clean"))
		clearenv();
	else if (!strcmp(argv[1], "scope") && !flyte_custom_context_enter(&inner, 1))
		return 1;
	execv(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
