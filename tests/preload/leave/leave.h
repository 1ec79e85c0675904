/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leave - what the programs of this folder share. Each leaves scopes in some way and looks what
 * is current then; it runs inside the task `a0` with increment=1 under the preload, or without
 * the preload, where everything is a no-op. C and C++, glibc and musl. Exit status 0: all was
 * right; else stderr says what was not.
 */
#ifndef FLYTECTX_LEAVE_H
#define FLYTECTX_LEAVE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flyte_ctx.h"

static int leave_failures;

static inline bool preloaded(void)
{
	const struct flyte_task_context *(*function)(void);

	FLYTE_ADDRESS(flyte_ctx, function);
	return function != NULL;
}

/* The value of `key` in the current context is `expected`; "-": unset, as without the preload. */
static inline void expect_at(int line, const char *key, const char *expected)
{
	const char *value = flyte_custom_context_get(key);

	if (!value)
		value = "-";
	if (!preloaded())
		expected = "-";
	if (strcmp(value, expected) != 0) {
		fprintf(stderr, "line %d: %s is %s, not %s\n", line, key, value, expected);
		leave_failures++;
	}
}

static inline void expect_true_at(int line, bool right, const char *what)
{
	if (!right) {
		fprintf(stderr, "line %d: not so: %s\n", line, what);
		leave_failures++;
	}
}

#define expect(key, value) expect_at(__LINE__, key, value)
#define expect_true(what)  expect_true_at(__LINE__, what, #what)

static inline flyte_token enter(const char *key, const char *value)
{
	struct flyte_pair pair = { key, value };

	return flyte_custom_context_enter(&pair, 1);
}

/* What main() returns. */
static inline int leave_end(void)
{
	expect("scope", "-");
	expect("increment", "1");
	return leave_failures != 0;
}

#endif
