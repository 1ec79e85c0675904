/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_test - what the tests of flyte_ctx.h share: raw data, and tasks that have some.
 */
#ifndef FLYTECTX_API_TEST_H
#define FLYTECTX_API_TEST_H

#include "shim_again.h"

static const struct flyte_pair two[] = { { "first", "1" }, { "second", "2" } };

static inline flyte_token enter_raw_data(const char *path)
{
	struct flyte_raw_data_path raw_data = { .path = path };

	return flyte_new_raw_data_path(&raw_data);
}

/* A task with a raw data path of its own. */
static inline flyte_token enter_task_with(const char *path)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "with" };

	task.raw_data_path.path = path;
	return flyte_replace_task_context(&task);
}

/* Is `path` PREFIX/32 hex digits, with `rest` behind? */
static inline void check_random_path(const char *path, const char *prefix, const char *rest)
{
	size_t length = strlen(prefix);

	assert_int_equal(strncmp(path, prefix, length), 0);
	path += length;
	assert_int_equal(*path++, '/');
	assert_int_equal(strspn(path, "0123456789abcdef"), 32);
	assert_string_equal(path + 32, rest);
}

/* Both groups of a test; it starts itself again for what is outside of a task. */
static inline int in_and_outside(int argc, int (*inside)(void), int (*outside)(void))
{
	int failed;

	if (argc == 2)
		return outside();
	failed = inside();
	return failed + again_in(NULL, "outside");
}

#endif
