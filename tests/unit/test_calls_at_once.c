/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/local/call_count (SPEC 1.6): each call has a number of its own, whoever makes it and
 * whoever is killed meanwhile.
 */
#include <glob.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "calls_test.h"

#define PROCESSES 6
#define THREADS   4
#define CALLS     200
#define ALL       (PROCESSES * THREADS * CALLS)

/* --- side by side --- */

static void *call_often(void *argument)
{
	int to = *(int *)argument;
	struct error error;

	for (int i = 0; i < CALLS; i++) {
		int64_t number = call_count_next(&parent, 0, &call, &error);

		if (write(to, &number, sizeof(number)) != sizeof(number))
			break;
	}
	return NULL;
}

static void be_process(int to)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, call_often, &to);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static void every_number_is_given_once(void **state)
{
	static bool seen[ALL + 1];
	int64_t number, count = 0;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0)
			be_process(ends[1]);
	close(ends[1]);
	for (; read(ends[0], &number, sizeof(number)) == sizeof(number); count++) {
		assert_in_range(number, 1, ALL);
		assert_false(seen[number]);
		seen[number] = true;
	}
	close(ends[0]);
	assert_int_equal(count, ALL);
	while (wait(NULL) > 0)
		;
}

/* Whoever is killed, wherever: nobody waits for it, and no number is given again. */
static void a_killed_caller_keeps_nobody_waiting(void **state)
{
	int64_t last = 0, number;

	(void)state;
	for (int round = 0; round < 40; round++) {
		int ends[2];
		pid_t pid;

		assert_int_equal(pipe(ends), 0);
		pid = fork();
		if (pid == 0)
			for (;;)
				call_often(&ends[1]);
		close(ends[1]);
		for (int i = 0; i <= round % 7; i++) {
			assert_int_equal(read(ends[0], &number, sizeof(number)), sizeof(number));
			assert_true(number > last);
			last = number;
		}
		kill(pid, SIGKILL);
		while (read(ends[0], &number, sizeof(number)) == sizeof(number))
			last = number;
		close(ends[0]);
		waitpid(pid, NULL, 0);
		number = next(&parent, 0, &call);
		assert_true(number > last);
		last = number;
	}
}

static void *forget_often(void *argument)
{
	const bool *done = argument;

	while (!__atomic_load_n(done, __ATOMIC_RELAXED))
		call_count_forget(&parent, 0);
	return NULL;
}

/* What was started by an attempt that is over goes on calling, and a new one begins. */
static void a_call_that_meets_a_beginning_is_counted(void **state)
{
	pthread_t thread;
	bool done = false;

	(void)state;
	pthread_create(&thread, NULL, forget_often, &done);
	for (int i = 0; i < 2000; i++)
		assert_true(next(&parent, 0, &call) >= 1);
	__atomic_store_n(&done, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

static void *call_once(void *argument)
{
	atomic_store((atomic_int *)argument, (int)gettid());
	return (void *)(uintptr_t)next(&parent, 0, &call);
}

/* Is that thread of ours in this system call? */
static bool is_in(int thread, long number)
{
	char path[64];
	long found = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", thread);
	file = fopen(path, "r");
	if (file && fscanf(file, "%ld", &found) != 1)
		found = -1;
	if (file)
		fclose(file);
	return found == number;
}

/* The only file below the only folder. */
static int open_count(void)
{
	char path[PATH_MAX];
	glob_t found;
	int fd;

	snprintf(path, sizeof(path), "%s/calls/*/*", getenv("FLYTECTX_WORKSPACE"));
	assert_int_equal(glob(path, 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 1);
	fd = open(found.gl_pathv[0], O_RDWR);
	globfree(&found);
	return fd;
}

static void who_waits_for_a_count_that_goes_away_takes_the_new_one(void **state)
{
	atomic_int waiting = 0;
	pthread_t thread;
	void *number;
	int fd;

	(void)state;
	assert_int_equal(next(&parent, 0, &call), 1);
	assert_int_equal(next(&parent, 0, &call), 2);
	fd = open_count();
	assert_int_equal(flock(fd, LOCK_EX), 0);
	pthread_create(&thread, NULL, call_once, &waiting);
	while (!atomic_load(&waiting) || !is_in(atomic_load(&waiting), SYS_flock))
		sched_yield();
	call_count_forget(&parent, 0);
	close(fd);
	pthread_join(thread, &number);
	assert_int_equal((uintptr_t)number, 1);
	assert_int_equal(next(&parent, 0, &call), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_number_is_given_once, new_workspace),
		cmocka_unit_test_setup(a_killed_caller_keeps_nobody_waiting, new_workspace),
		cmocka_unit_test_setup(a_call_that_meets_a_beginning_is_counted, new_workspace),
		cmocka_unit_test_setup(who_waits_for_a_count_that_goes_away_takes_the_new_one,
				       new_workspace),
	};

	return cmocka_run_group_tests_name("test_calls_at_once", tests, enter_scratch,
					   leave_scratch);
}
