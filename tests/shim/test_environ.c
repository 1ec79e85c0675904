/* SPDX-License-Identifier: Apache-2.0 */
/* shim/hooks/environ.c, short_lock.c: setenv in some threads while others start programs
 * (SPEC 3.12).
 */
#include <stdatomic.h>

#include "shim_test.h"

static atomic_bool stop;

static void *change_environ(void *name)
{
	char key[64], value[256];

	for (unsigned i = 0; !atomic_load(&stop); i++) {
		snprintf(key, sizeof(key), "%s_%u", (char *)name, i % 300);
		snprintf(value, sizeof(value), "%0*u", (int)(i % 200) + 1, i);
		setenv(key, value, 1);
		if (i % 3 == 0)
			unsetenv(key);
	}
	return NULL;
}

/* Walking environ unlocked crashed 2 of 14 such runs. */
static void starting_programs_while_others_change_environ(void **state)
{
	flyte_token token = enter("scope", "race");
	pthread_t threads[2];

	(void)state;
	atomic_store(&stop, false);
	pthread_create(&threads[0], NULL, change_environ, "FIRST");
	pthread_create(&threads[1], NULL, change_environ, "SECOND");
	for (int i = 0; i < 100; i++) {
		pid_t pid;

		assert_int_equal(system("case $FLYTE_CTX in *kv-scope~-race.*) ;; *) exit 1; esac"),
				 0);
		pid = fork();
		if (pid == 0) {
			execl("/bin/true", "true", (char *)NULL);
			_exit(1);
		}
		assert_int_equal(wait_for(pid), 0);
	}
	atomic_store(&stop, true);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	flyte_context_exit(token);
}

static void the_setenv_family_does_what_libcs_does(void **state)
{
	char entry[] = "PUT=1";

	(void)state;
	assert_int_equal(setenv("NAME", "value", 1), 0);
	assert_int_equal(setenv("NAME", "other", 0), 0);
	assert_string_equal(getenv("NAME"), "value");
	assert_int_equal(setenv("BAD=", "x", 1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(putenv(entry), 0);
	entry[4] = '2';
	assert_string_equal(getenv("PUT"), "2");
	assert_int_equal(unsetenv("NAME"), 0);
	assert_null(getenv("NAME"));
	assert_int_equal(unsetenv("PUT"), 0);
}

/* A child that another thread's setenv was forked into the middle of: nobody waits for ever. */
static void a_fork_in_the_middle_of_setenv(void **state)
{
	pthread_t thread;

	(void)state;
	atomic_store(&stop, false);
	pthread_create(&thread, NULL, change_environ, "FORK");
	for (int i = 0; i < 300; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			alarm(200);
			execl("/bin/true", "true", (char *)NULL);
			_exit(1);
		}
		assert_int_equal(wait_for(pid), 0);
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
}

static void a_cleared_environment_is_repaired(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		if (clearenv() || (environ && *environ))
			_exit(2);
		execl("/bin/sh", "sh", "-c", "test -n \"$FLYTE_CTX\"", (char *)NULL);
		_exit(3);
	}
	assert_int_equal(wait_for(pid), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_setenv_family_does_what_libcs_does),
		cmocka_unit_test(starting_programs_while_others_change_environ),
		cmocka_unit_test(a_fork_in_the_middle_of_setenv),
		cmocka_unit_test(a_cleared_environment_is_repaired),
	};

	return cmocka_run_group_tests_name("environ", tests, NULL, NULL);
}
