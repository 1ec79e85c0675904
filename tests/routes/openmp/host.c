/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host ACTION...: a program without OpenMP opens libraries that use it. Actions, in order:
 *
 *	local=PATH, global=PATH  dlopen()
 *	run                      plugin_run() of all that have one, outside of scopes and in two
 *	close                    dlclose() of the one that was opened last
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "flyte_ctx.h"

static void *opened[20];
static int count;

static int run_in(const char *scope)
{
	struct flyte_pair pair = { "scope", scope };
	flyte_token token = flyte_custom_context_enter(&pair, 1);
	int mistakes = 0;

	for (int i = 0; i < count; i++) {
		int (*run)(const char *);

		*(void **)&run = dlsym(opened[i], "plugin_run");
		dlerror();
		if (run)
			mistakes += run(scope);
	}
	return mistakes + flyte_context_exit(token);
}

static void open_library(const char *path, int mode)
{
	opened[count] = dlopen(path, RTLD_NOW | mode);
	if (!opened[count++])
		printf("%s\n", dlerror());
}

int main(int argc, char **argv)
{
	int mistakes = 0;

	for (int i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "local=", 6))
			open_library(argv[i] + 6, RTLD_LOCAL);
		else if (!strncmp(argv[i], "global=", 7))
			open_library(argv[i] + 7, RTLD_GLOBAL);
		else if (!strcmp(argv[i], "close"))
			dlclose(opened[--count]);
		else
			mistakes += run_in("one") + run_in("two");
		if (dlerror())
			printf("dlerror() knows of what the program did not do\n");
	}
	printf("%d wrong\n", mistakes);
	return mistakes != 0;
}
