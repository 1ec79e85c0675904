/* SPDX-License-Identifier: Apache-2.0 */
/*
 * env_test - what the tests of environments share. A new environment is written to memory of
 * exactly the size that was planned, so that a sanitizer sees a byte too many.
 */
#ifndef FLYTECTX_ENV_TEST_H
#define FLYTECTX_ENV_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "context/env.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define CARRIER     "FLYTE_CTX=1.5.an-a."
#define OTHER       "FLYTE_CTX=1.5.an-b."
#define OURS        "/opt/flyte/libflytectx.so"
#define PRELOAD     "LD_PRELOAD=" OURS

/* Up to eleven entries and the NULL: what the rows of this file need. */
typedef const char *entries[12];

static const struct env_wish wish = { .carrier = CARRIER, .library = OURS };
static const struct env_wish strip = { .carrier = CARRIER, .library = OURS, .strip = true };

/* execve's own type; nothing is written through it. */
static inline char *const *as_envp(const char *const *list)
{
	return (char *const *)(uintptr_t)list;
}

static inline size_t count_of(char *const *envp)
{
	size_t count = 0;

	while (envp[count])
		count++;
	return count;
}

static inline struct env_plan plan_of(const char *const *envp, const struct env_wish *wished)
{
	struct env_plan plan;

	env_plan(as_envp(envp), wished, &plan);
	return plan;
}

/* The environment that is handed on: `envp` itself where it is right. Free it with given_free(). */
static inline char *const *given(const char *const *envp, const struct env_wish *wished)
{
	struct env_plan plan = plan_of(envp, wished);
	void *memory;
	char **filled;

	if (plan.right)
		return as_envp(envp);
	memory = malloc(plan.memory);
	assert_non_null(memory);
	filled = env_fill(as_envp(envp), wished, &plan, memory);
	assert_ptr_equal(filled, memory);
	return filled;
}

static inline void given_free(char *const *result, const char *const *envp)
{
	if (result != as_envp(envp))
		free((void *)(uintptr_t)result);
}

/* Asserts what `envp` becomes, and that it is right from then on. */
static inline void assert_given(const char *const *envp, const struct env_wish *wished,
				const char *const *expected)
{
	char *const *result = given(envp, wished);
	struct env_plan again = plan_of((const char *const *)(uintptr_t)result, wished);

	assert_int_equal(count_of(result), count_of(as_envp(expected)));
	for (size_t i = 0; expected[i]; i++)
		assert_string_equal(result[i], expected[i]);
	assert_true(again.right);
	given_free(result, envp);
}

static inline void assert_right(const char *const *envp, const struct env_wish *wished)
{
	assert_true(plan_of(envp, wished).right);
}

#endif
