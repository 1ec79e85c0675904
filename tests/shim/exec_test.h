/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec_test - what the tests of starts share.
 */
#ifndef FLYTECTX_EXEC_TEST_H
#define FLYTECTX_EXEC_TEST_H

#include "shim_test.h"

static char *const env_argv[] = { "env", NULL };
static char *const true_argv[] = { "true", NULL };

static inline int count_of(const char *text, const char *part)
{
	int count = 0;

	while ((text = strstr(text, part))) {
		count++;
		text++;
	}
	return count;
}

/* `count` variables, more than fit the stack buffer. */
static inline char **many_variables(size_t count)
{
	static char *envp[5001];

	for (size_t i = 0; i < count; i++) {
		if (!envp[i])
			assert_true(asprintf(&envp[i], "VARIABLE_%zu=%zu", i, i) > 0);
	}
	return envp;
}

#endif
