/* SPDX-License-Identifier: Apache-2.0 */
/*
 * action_names - the sub-actions of a run, by calls of flyte_action_new_sub_action_from() in the
 * order in which they arrive. Which call of its kind each is, its caller counts: here, as the
 * SDK's controllers do, by task, inputs and group.
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

static inline bool is_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static inline bool is_same_call(const struct call *a, const struct call *b)
{
	return is_same_text(a->task_hash, b->task_hash) &&
	       is_same_text(a->input_hash, b->input_hash) && is_same_text(a->group, b->group);
}

static inline void name_call(const char *parent, const struct call *call, uint64_t sequence,
			     char name[FLYTE_ACTION_NAME_SIZE])
{
	struct flyte_action_id action = { .name = parent, .run_name = "run1", .project = "p" };
	struct flyte_action_id sub_action;

	assert_int_equal(flyte_action_new_sub_action_from(&action, sequence, call->task_hash,
							  call->input_hash, call->group, name,
							  &sub_action),
			 0);
	assert_ptr_equal(sub_action.name, name);
	assert_string_equal(sub_action.run_name, "run1");
	assert_string_equal(sub_action.project, "p");
	assert_null(sub_action.domain);
}

static inline struct names simulate_run(const char *parent, const struct call *calls, size_t count)
{
	struct names names = { .count = count };

	assert_true(count <= CALLS_MAX);
	for (size_t i = 0; i < count; i++) {
		uint64_t sequence = 1;

		for (size_t before = 0; before < i; before++)
			sequence += is_same_call(&calls[before], &calls[i]);
		name_call(parent, &calls[i], sequence, names.name[i]);
	}
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
