/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library that starts programs, loaded so that its symbols are its own (RTLD_LOCAL), that libc's
 * come before the preload's (RTLD_DEEPBIND), or into a namespace with a libc of its own (dlmopen).
 * The last two bypass every hook there is: what they start has what the environment says.
 * -DLIBRARY builds the library.
 */
#include <dlfcn.h>

#include "hostile.h"

#ifdef LIBRARY

int start(char *path, char *const argv[]);

int start(char *path, char *const argv[])
{
	pid_t pid;

	return posix_spawn(&pid, path, NULL, NULL, argv, environ) ? 126 : ended(pid);
}

#else

static void starts(void *library, const char *scope)
{
	int (*start)(char *, char *const *) = NULL;

	expect(library);
	if (library)
		*(void **)(void *)&start = dlsym(library, "start");
	expect(start && start(hostile_self, looking_for(scope)) == 0);
}

int main(int argc, char **argv)
{
	flyte_token token;

	hostile_begin(argc, argv);
	token = enter("scope", "inner");
	starts(dlopen(argv[1], RTLD_NOW | RTLD_LOCAL), "inner");
	dlclose(dlopen(argv[1], RTLD_NOW | RTLD_LOCAL));
#ifdef RTLD_DEEPBIND
	starts(dlmopen(LM_ID_NEWLM, argv[1], RTLD_NOW), "-");
	starts(dlopen(argv[2], RTLD_NOW | RTLD_DEEPBIND), "-");
#endif
	flyte_context_exit(token);
	return hostile_end();
}

#endif
