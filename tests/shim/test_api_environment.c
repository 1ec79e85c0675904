/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/properties.c: what is read in the environment at each call (SPEC 1.5), inside a task and
 * outside one.
 */
#include "api_test.h"

static void the_attempt_is_read_at_each_call(void **state)
{
	static const char *const not_numbers[] = { "x", "-1", "1x", "1.5", "4294967296", " ", "+" };

	(void)state;
	unsetenv("FLYTE_ATTEMPT_NUMBER");
	assert_int_equal(flyte_attempt_number(), 0);
	setenv("FLYTE_ATTEMPT_NUMBER", "3", 1);
	assert_int_equal(flyte_attempt_number(), 3);
	setenv("FLYTE_ATTEMPT_NUMBER", "2147483647", 1);
	assert_int_equal(flyte_attempt_number(), 2147483647);
	for (size_t i = 0; i < sizeof(not_numbers) / sizeof(*not_numbers); i++) {
		setenv("FLYTE_ATTEMPT_NUMBER", not_numbers[i], 1);
		errno = 0;
		assert_int_equal(flyte_attempt_number(), -1);
		assert_int_equal(errno, EINVAL);
	}
	unsetenv("FLYTE_ATTEMPT_NUMBER");
	assert_int_equal(flyte_attempt_number(), 0);
}

/* In a process of its own: the carrier brought 2, the variable says 5. */
static int say_attempts(void)
{
	flyte_token token;

	if (setenv("FLYTE_ATTEMPT_NUMBER", "5", 1) || flyte_attempt_number() != 5)
		return 1;
	clearenv();
	if (flyte_attempt_number() != 2)
		return 2;
	token = enter("inside", "scope");
	if (flyte_attempt_number() != 2)
		return 3;
	flyte_context_exit(token);
	token = flyte_group_enter("group");
	return flyte_attempt_number() == 2 && !flyte_context_exit(token) ? 0 : 4;
}

static void the_carriers_attempt_counts_when_the_environment_is_cleared(void **state)
{
	(void)state;
	assert_int_equal(again_in("FLYTE_CTX=1.10.an-a0.a-2.", "attempts"), 0);
}

static void a_number(const char *name, int (*get)(void))
{
	unsetenv(name);
	errno = 0;
	assert_int_equal(get(), -1);
	assert_int_equal(errno, ENODATA);
	setenv(name, "17", 1);
	assert_int_equal(get(), 17);
	setenv(name, "0", 1);
	assert_int_equal(get(), 0);
	setenv(name, "many", 1);
	errno = 0;
	assert_int_equal(get(), -1);
	assert_int_equal(errno, EINVAL);
	unsetenv(name);
}

static void the_place_in_a_distributed_job(void **state)
{
	(void)state;
	a_number("RANK", flyte_rank);
	a_number("LOCAL_RANK", flyte_local_rank);
	a_number("WORLD_SIZE", flyte_world_size);
	a_number("LOCAL_WORLD_SIZE", flyte_local_world_size);
	a_number("NODE_RANK", flyte_node_rank);
	a_number("NNODES", flyte_nnodes);
	a_number("MASTER_PORT", flyte_master_port);
	a_number("JOBSET_RESTART_ATTEMPT", flyte_restart_attempt);
	unsetenv("MASTER_ADDR");
	assert_null(flyte_master_addr());
	setenv("MASTER_ADDR", "worker-0.svc", 1);
	assert_string_equal(flyte_master_addr(), "worker-0.svc");
	unsetenv("MASTER_ADDR");
}

static int outside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_attempt_is_read_at_each_call),
		cmocka_unit_test(the_place_in_a_distributed_job),
	};

	return cmocka_run_group_tests_name("api_environment outside a task", tests, NULL, NULL);
}

static int inside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_attempt_is_read_at_each_call),
		cmocka_unit_test(the_carriers_attempt_counts_when_the_environment_is_cleared),
		cmocka_unit_test(the_place_in_a_distributed_job),
	};

	return cmocka_run_group_tests_name("api_environment", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "attempts"))
		return say_attempts();
	return in_and_outside(argc, inside_a_task, outside_a_task);
}
