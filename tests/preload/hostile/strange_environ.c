/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An environ that is replaced, cleared, NULL, holds what is no text and no variable, and names
 * twice. tests/preload/hostile/test_hostile also builds this so that environ is a copy relocation.
 */
#include "hostile.h"

static char *const strange[] = { (char *)(uintptr_t) "noequals",
				 (char *)(uintptr_t) "",
				 (char *)(uintptr_t) "=",
				 (char *)(uintptr_t) "=x",
				 (char *)(uintptr_t) "BAD=\xff\xfe\x80",
				 (char *)(uintptr_t) "\xc3\x28=\xf0\x28\x8c\x28",
				 (char *)(uintptr_t) "TWICE=1",
				 (char *)(uintptr_t) "TWICE=2",
				 (char *)(uintptr_t) "FLYTE_CTX",
				 (char *)(uintptr_t) "FLYTE_CTX=1.9.an-stale.",
				 (char *)(uintptr_t) "LD_PRELOAD",
				 (char *)(uintptr_t) "FLYTE_CTX=again",
				 (char *)(uintptr_t) "FLYTE_CT",
				 (char *)(uintptr_t) "LD_PRELOAD=",
				 NULL };

static void in_every(const char *scope)
{
	char *nothing[] = { NULL };
	char **before = environ, **own = (char **)calloc(16, sizeof(*own));

	expect_every_way(scope, environ);
	environ = (char **)(uintptr_t)strange;
	expect_every_way(scope, environ);
	environ = nothing;
	expect_every_way(scope, environ);
	environ = NULL;
	expect_every_way(scope, nothing); /* glibc's fexecve refuses NULL */
	/* One of its own, which setenv() then may not free. */
	environ = own;
	expect(setenv("NAME", "value", 1) == 0);
	expect_every_way(scope, environ);
	expect(clearenv() == 0);
	expect_every_way(scope, nothing);
	environ = before;
	*environ = NULL;
	expect_every_way(scope, environ);
	free(own);
}

int main(int argc, char **argv)
{
	size_t count = 0;
	char **kept;
	flyte_token token;

	hostile_begin(argc, argv);
	while (environ[count])
		count++;
	kept = (char **)calloc(count + 1, sizeof(*kept));
	memcpy(kept, environ, count * sizeof(*kept));
	token = enter("scope", "inner");
	in_every("inner");
	environ = kept;
	flyte_context_exit(token);
	in_every("-");
	return hostile_end();
}
