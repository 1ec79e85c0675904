/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The groups, traces, tasks and metadata of flyte_ctx.h, as scopes (SPEC 2.3), inside a task and
 * outside one.
 */
#include "api_test.h"

/* --- group --- */

static void a_group_is_shown_until_it_is_left(void **state)
{
	flyte_token outer, inner;

	(void)state;
	assert_null(flyte_ctx_get()->group);
	outer = flyte_group_enter("fan out");
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_ctx_get()->group, "fan out");
	assert_string_equal(custom("increment"), "1");
	inner = flyte_group_enter("fan in");
	assert_string_equal(flyte_ctx_get()->group, "fan in");
	assert_int_equal(flyte_context_exit(inner), 0);
	assert_string_equal(flyte_ctx_get()->group, "fan out");
	assert_int_equal(flyte_context_exit(outer), 0);
	assert_null(flyte_ctx_get()->group);
}

static void group_is_refused(const char *name)
{
	flyte_token token;

	errno = 0;
	token = flyte_group_enter(name);
	if (token)
		flyte_context_exit(token);
	assert_int_equal(token, 0);
	assert_int_equal(errno, EINVAL);
}

/* flyte_ctx.h: EINVAL for a name or key that is NULL or empty. */
static void a_group_needs_a_name(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	group_is_refused(NULL);
	group_is_refused("");
	assert_ptr_equal(flyte_ctx_get(), before);
}

/* --- trace and task --- */

static void a_trace_replaces_the_action_alone(void **state)
{
	const struct flyte_action_id action = { .name = "trace-1", .org = "acme" };
	flyte_token token = flyte_trace_enter(&action), inner;
	const struct flyte_task_context *context = flyte_ctx_get();

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_true(context->in_trace);
	assert_string_equal(context->action.name, "trace-1");
	assert_string_equal(context->action.run_name, "trace-1");
	assert_string_equal(context->action.org, "acme");
	assert_string_equal(context->task_action.name, "a0");
	assert_null(context->task_action.org);
	assert_string_equal(custom("increment"), "1");
	inner = enter("inside", "trace");
	assert_true(flyte_ctx_get()->in_trace);
	assert_string_equal(flyte_ctx_get()->task_action.name, "a0");
	flyte_context_exit(inner);
	assert_int_equal(flyte_context_exit(token), 0);
	assert_false(flyte_ctx_get()->in_trace);
	assert_string_equal(flyte_ctx_get()->action.name, "a0");
}

static void a_trace_needs_an_action(void **state)
{
	struct flyte_action_id action = { .run_name = "r" };

	(void)state;
	assert_int_equal(flyte_trace_enter(NULL), 0);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(flyte_trace_enter(&action), 0);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	action.name = "";
	assert_int_equal(flyte_trace_enter(&action), 0);
	assert_int_equal(errno, EINVAL);
}

/* A caller with an older header has a smaller struct; what is behind it is not looked at. */
static void a_task_of_an_older_header_is_taken_as_far_as_it_goes(void **state)
{
	struct flyte_task_context mine = { .size = offsetof(struct flyte_task_context, version) };
	flyte_token token;

	(void)state;
	mine.action.name = "old";
	mine.version = (const char *)8;
	mine.mode = (enum flyte_mode)99;
	mine.custom_context.count = SIZE_MAX;
	token = flyte_replace_task_context(&mine);
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_ctx_get()->action.name, "old");
	assert_null(flyte_ctx_get()->version);
	assert_int_equal(flyte_ctx_get()->size, sizeof(mine));
	assert_int_equal(flyte_ctx_get()->mode, FLYTE_MODE_UNSET);
	assert_int_equal(flyte_context_exit(token), 0);
}

static void a_task_of_a_newer_header_is_taken_as_far_as_we_know(void **state)
{
	struct {
		struct flyte_task_context known;
		const char *added;
	} newer = { .known.size = sizeof(newer), .known.action.name = "new" };
	flyte_token token;

	(void)state;
	newer.added = (const char *)8;
	token = flyte_replace_task_context(&newer.known);
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_ctx_get()->size, sizeof(newer.known));
	assert_string_equal(flyte_ctx_get()->action.name, "new");
	assert_int_equal(flyte_context_exit(token), 0);
}

static void a_task_that_makes_no_sense_is_refused(void **state)
{
	struct flyte_pair bad = { "", "v" };
	struct flyte_task_context mine = { .action.name = "a" };

	(void)state;
	assert_int_equal(flyte_replace_task_context(&mine), 0); /* no size */
	mine.size = sizeof(mine);
	mine.mode = (enum flyte_mode)4;
	assert_int_equal(flyte_replace_task_context(&mine), 0);
	mine.mode = FLYTE_MODE_LOCAL;
	mine.custom_context.count = 1;
	assert_int_equal(flyte_replace_task_context(&mine), 0); /* no items */
	mine.custom_context.items = &bad;
	errno = 0;
	assert_int_equal(flyte_replace_task_context(&mine), 0);
	assert_int_equal(errno, EINVAL);
	assert_string_equal(flyte_ctx_get()->action.name, "a0");
}

static void in_cluster_is_the_remote_mode(void **state)
{
	struct flyte_task_context context = { .mode = FLYTE_MODE_REMOTE };

	(void)state;
	assert_true(flyte_context_is_in_cluster(&context));
	context.mode = FLYTE_MODE_HYBRID;
	assert_false(flyte_context_is_in_cluster(&context));
	assert_false(flyte_context_is_in_cluster(NULL));
}

/* --- metadata --- */

/* It replaces whole, and custom scopes inside leave it alone; inside a task and outside. */
static void metadata_replaces_whole(void **state)
{
	const struct flyte_pair one = { "third", "3" };
	flyte_token outer, inner, custom_scope;

	(void)state;
	assert_int_equal(flyte_metadata()->count, 0);
	outer = flyte_new_metadata(two, 2);
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_metadata()->count, 2);
	assert_string_equal(flyte_metadata()->items[0].key, "first");
	assert_string_equal(flyte_metadata()->items[1].value, "2");
	inner = flyte_new_metadata(&one, 1);
	assert_int_equal(flyte_metadata()->count, 1);
	assert_string_equal(flyte_metadata()->items[0].key, "third");
	custom_scope = enter("inside", "metadata");
	assert_string_equal(flyte_metadata()->items[0].value, "3");
	flyte_context_exit(custom_scope);
	assert_int_equal(flyte_context_exit(inner), 0);
	inner = flyte_new_metadata(NULL, 0);
	assert_true(inner > FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_metadata()->count, 0);
	assert_int_equal(flyte_context_exit(inner), 0);
	assert_int_equal(flyte_metadata()->count, 2);
	assert_int_equal(flyte_context_exit(outer), 0);
	assert_int_equal(flyte_metadata()->count, 0);
}

static void metadata_and_custom_context_are_two(void **state)
{
	flyte_token token = flyte_new_metadata(two, 2);

	(void)state;
	assert_null(flyte_custom_context_get("first"));
	assert_int_equal(flyte_ctx_get()->custom_context.count, 1);
	flyte_context_exit(token);
}

static void bad_metadata_is_refused(void **state)
{
	struct flyte_pair pair = { NULL, "v" };

	(void)state;
	assert_int_equal(flyte_new_metadata(NULL, 1), 0);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_new_metadata(&pair, 1), 0);
	pair.key = "";
	assert_int_equal(flyte_new_metadata(&pair, 1), 0);
	pair = (struct flyte_pair) { "k", NULL };
	errno = 0;
	assert_int_equal(flyte_new_metadata(&pair, 1), 0);
	assert_int_equal(errno, EINVAL);
}

static int outside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metadata_replaces_whole),
	};

	return cmocka_run_group_tests_name("api_scopes outside a task", tests, NULL, NULL);
}

static int inside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_is_shown_until_it_is_left),
		cmocka_unit_test(a_group_needs_a_name),
		cmocka_unit_test(a_trace_replaces_the_action_alone),
		cmocka_unit_test(a_trace_needs_an_action),
		cmocka_unit_test(a_task_of_an_older_header_is_taken_as_far_as_it_goes),
		cmocka_unit_test(a_task_of_a_newer_header_is_taken_as_far_as_we_know),
		cmocka_unit_test(a_task_that_makes_no_sense_is_refused),
		cmocka_unit_test(in_cluster_is_the_remote_mode),
		cmocka_unit_test(metadata_replaces_whole),
		cmocka_unit_test(metadata_and_custom_context_are_two),
		cmocka_unit_test(bad_metadata_is_refused),
	};

	return cmocka_run_group_tests_name("api_scopes", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	(void)argv;
	return in_and_outside(argc, inside_a_task, outside_a_task);
}
