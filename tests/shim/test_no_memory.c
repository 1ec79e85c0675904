/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scopes where there is no memory (SPEC 2.9): each enter is refused, and what is open can be
 * left. Not with the sanitizers, whose own runtime is what would fail.
 */
#include <sys/resource.h>

#include "shim_test.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

int main(void)
{
	puts("1..1\nok 1 - no_memory # SKIP the runtime of a sanitizer is what would fail");
	return 0;
}

#else

/* From here on every malloc() fails: there is no address space, and what was free is taken. */
static void take_all_memory(void)
{
	/* clang leaves out a malloc() whose result nobody uses. */
	void *(*volatile allocate)(size_t) = malloc;
	const struct rlimit nothing = { 0, 0 };

	setrlimit(RLIMIT_AS, &nothing);
	for (size_t size = 1 << 26; size >= 16; size /= 2)
		while (allocate(size))
			;
	while (allocate(1))
		;
}

static flyte_token enter_group_of_nothing(void)
{
	return flyte_group_enter("group");
}

static flyte_token enter_pair_of_nothing(void)
{
	return enter("k", "v");
}

static flyte_token enter_raw_data_of_nothing(void)
{
	const struct flyte_raw_data_path raw_data = { "s3://x", { NULL, NULL } };

	return flyte_new_raw_data_path(&raw_data);
}

static flyte_token enter_metadata_of_nothing(void)
{
	const struct flyte_pair pair = { "k", "v" };

	return flyte_new_metadata(&pair, 1);
}

static flyte_token enter_trace_of_nothing(void)
{
	const struct flyte_action_id action = { .name = "trace" };

	return flyte_trace_enter(&action);
}

static flyte_token enter_task_of_nothing(void)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "task" };

	return flyte_replace_task_context(&task);
}

static flyte_token (*const enters[])(void) = {
	enter_pair_of_nothing,     enter_group_of_nothing, enter_raw_data_of_nothing,
	enter_metadata_of_nothing, enter_trace_of_nothing, enter_task_of_nothing,
};

#define ENTERS (sizeof(enters) / sizeof(*enters))

static int run_nothing(void *unused)
{
	(void)unused;
	return 3;
}

/* Two scopes are open when memory ends; each enter is refused, and they can be left. */
static int enter_without_memory(void)
{
	flyte_token outer = enter("open", "1"), inner = enter("open", "2");
	const struct flyte_task_context *before = flyte_ctx_get();

	take_all_memory();
	for (size_t i = 0; i < ENTERS; i++) {
		errno = 0;
		if (enters[i]() != 0 || errno != ENOMEM)
			return 10 + (int)i;
		if (flyte_ctx_get() != before || strcmp(custom("open"), "2") != 0)
			return 20 + (int)i;
	}
	if (flyte_contextual_run(run_nothing, NULL) != 3 || flyte_ctx_get() != before)
		return 2;
	if (flyte_context_exit(inner) != 0 || strcmp(custom("open"), "1") != 0)
		return 3;
	return flyte_context_exit(outer) == 0 && !strcmp(custom("open"), "-") ? 0 : 4;
}

/* What an exit gives back is enough for the next enter of that size. */
static int enter_in_what_was_left(void)
{
	flyte_token token = enter("open", "1");

	take_all_memory();
	for (int i = 0; i < 1000; i++) {
		if (flyte_context_exit(token) != 0)
			return 1;
		token = enter("open", "1");
		if (token <= FLYTE_TOKEN_NONE || strcmp(custom("open"), "1") != 0)
			return 2;
	}
	return 0;
}

/* The very first call of a process has no memory. */
static int enter_first_without_memory(void)
{
	take_all_memory();
	return enter("open", "1") == 0 && errno == ENOMEM && !strcmp(custom("increment"), "1") ? 0
											       : 1;
}

static void in_a_child_without_memory(int (*function)(void))
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(function());
	assert_int_equal(wait_for(pid), 0);
}

static void without_memory_enter_is_refused(void **state)
{
	(void)state;
	in_a_child_without_memory(enter_without_memory);
}

static void without_memory_exit_and_enter_go_on(void **state)
{
	(void)state;
	in_a_child_without_memory(enter_in_what_was_left);
}

static void without_memory_from_the_start(void **state)
{
	(void)state;
	in_a_child_without_memory(enter_first_without_memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_memory_from_the_start),
		cmocka_unit_test(without_memory_enter_is_refused),
		cmocka_unit_test(without_memory_exit_and_enter_go_on),
	};

	return cmocka_run_group_tests_name("no_memory", tests, NULL, NULL);
}

#endif
