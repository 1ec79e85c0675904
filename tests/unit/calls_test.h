/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls_test - what the tests of counted calls share.
 */
#ifndef FLYTECTX_CALLS_TEST_H
#define FLYTECTX_CALLS_TEST_H

#include "checkpoint_test.h"

#include "local/call_count.h"

static const struct flyte_task_context parent = { .action = { .name = "a0", .run_name = "r" } };
static const struct call call = { "th", "ih", NULL };

static inline int64_t next(const struct flyte_task_context *of, long long attempt,
			   const struct call *one)
{
	struct error error;
	int64_t number = call_count_next(of, attempt, one, &error);

	if (number < 0)
		fail_msg("%s", error.text);
	return number;
}

/* Each test has a workspace of its own. */
static inline int new_workspace(void **state)
{
	static int number;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/workspace%d", scratch, number++);
	return setenv("FLYTECTX_WORKSPACE", path, 1);
}

#endif
