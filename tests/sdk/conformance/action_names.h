/* SPDX-License-Identifier: Apache-2.0 */
/*
 * action_names - the sub-actions of a run, by calls of flyte_action_call_sequence() and
 * flyte_action_new_sub_action_from() in the order in which they arrive.
 */
#ifndef FLYTECTX_ACTION_NAMES_H
#define FLYTECTX_ACTION_NAMES_H

#include "conformance.h"

#define CALLS_MAX 8

struct call {
	const char *task_hash, *input_hash, *group;
};

struct names {
	size_t count;
	char name[CALLS_MAX][FLYTE_ACTION_NAME_SIZE];
};

static inline void name_call(const char *parent, const struct call *call, uint64_t sequence,
			     char name[FLYTE_ACTION_NAME_SIZE])
{
	struct flyte_action_id action = { .name = parent, .run_name = "run1", .project = "p" };
	struct flyte_action_id sub_action = { "", "", "", "", "" };

	assert_int_equal(flyte_action_new_sub_action_from(&action, sequence, call->task_hash,
							  call->input_hash, call->group, name,
							  &sub_action),
			 0);
	assert_ptr_equal(sub_action.name, name);
	assert_string_equal(sub_action.run_name, "run1");
	assert_string_equal(sub_action.project, "p");
	assert_null(sub_action.domain);
}

/* The base directory tells one run from another. */
static inline flyte_token enter_run(const char *parent, int number)
{
	struct flyte_task_context task = fixture();
	char base[64];

	snprintf(base, sizeof(base), "run-%ld-%d", (long)getpid(), number);
	task.action.name = parent;
	task.run_base_dir = base;
	return enter_task(task);
}

static inline int new_run(void)
{
	static int runs;

	return runs++;
}

static inline uint64_t count_call(const struct call *call)
{
	int64_t number = flyte_action_call_sequence(call->task_hash, call->input_hash, call->group);

	if (number < 1)
		fail_msg("%s", flyte_checkpoint_error());
	return (uint64_t)number;
}

static inline struct names simulate_run(const char *parent, const struct call *calls, size_t count)
{
	struct names names = { .count = count };
	flyte_token token = enter_run(parent, new_run());

	assert_true(count <= CALLS_MAX);
	for (size_t i = 0; i < count; i++)
		name_call(parent, &calls[i], count_call(&calls[i]), names.name[i]);
	leave(token);
	return names;
}

static inline bool has_name(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->name[i], name))
			return true;
	return false;
}

/* Are all of `a` in `b`, and no two of `a` the same? */
static inline bool is_subset(const struct names *a, const struct names *b)
{
	for (size_t i = 0; i < a->count; i++) {
		for (size_t other = 0; other < i; other++)
			if (!strcmp(a->name[i], a->name[other]))
				return false;
		if (!has_name(b, a->name[i]))
			return false;
	}
	return true;
}

static inline void assert_same_names(const struct call *calls, const struct call *other_calls,
				     size_t count)
{
	struct names names = simulate_run("parent", calls, count);
	struct names other_names = simulate_run("parent", other_calls, count);

	assert_true(is_subset(&names, &other_names));
	assert_true(is_subset(&other_names, &names));
}

#endif
