/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources of credentials in any process (SPEC 4.13): its handlers may have no SA_RESTART, so that
 * each call which waits ends with EINTR, and it may ignore SIGCHLD, so that no child leaves a
 * status.
 */
#include "local/workspace.h"
#include "storage/credentials/credentials_aws.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ANSWER "{\"Version\":1,\"AccessKeyId\":\"id\",\"SecretAccessKey\":\"secret\"}"

static char folder[] = "/tmp/test_interrupted.XXXXXX";
static volatile sig_atomic_t signals;

static void handle(int number)
{
	(void)number;
	signals++;
}

/* A signal every millisecond from here on, or none. */
static void signal_often(bool often)
{
	const struct sigaction action = { .sa_handler = often ? handle : SIG_IGN };
	const struct timeval pause = { 0, often ? 1000 : 0 };
	const struct itimerval timer = { pause, pause };

	signals = 0;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static const char *in_folder(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void use_process(const char *command)
{
	FILE *file = fopen(in_folder("config"), "w");

	assert_non_null(file);
	fprintf(file, "[profile p]\ncredential_process = %s\n", command);
	fclose(file);
}

static enum credentials_result ask(struct error *error)
{
	struct credentials credentials = { 0 };
	enum credentials_result result = credentials_aws_profile(&credentials, error);

	if (result == CREDENTIALS_FOUND)
		assert_string_equal(credentials.secret, "secret");
	credentials_free(&credentials);
	return result;
}

static void test_process(void **state)
{
	struct error error = { 0 };
	enum credentials_result result;

	(void)state;
	use_process("printf '%s' '{'; sleep 0.2; echo '" ANSWER "' | cut -c 2-");
	signal_often(true);
	result = ask(&error);
	assert_true(signals > 0);
	signal_often(false);
	if (result != CREDENTIALS_FOUND)
		fail_msg("%s", error.text);
}

static void test_process_without_status(void **state)
{
	struct error error = { 0 };
	enum credentials_result result;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	use_process("echo '" ANSWER "'");
	result = ask(&error);
	if (result != CREDENTIALS_FOUND)
		fail_msg("%s", error.text);
	use_process("exit 3");
	assert_int_equal(ask(&error), CREDENTIALS_FAILED);
	signal(SIGCHLD, SIG_DFL);
	assert_int_equal(ask(&error), CREDENTIALS_FAILED);
	assert_non_null(strstr(error.text, "status 3"));
}

static void test_token_in_fifo(void **state)
{
	struct buffer text = { 0 };
	struct error error = { 0 };
	pid_t child;
	bool good;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
	child = fork();
	if (!child) {
		signal(SIGALRM, SIG_DFL);
		alarm(10); /* where nobody reads it */
		usleep(100000);
		fd = open(in_folder("fifo"), O_WRONLY);
		usleep(100000);
		_exit(write(fd, "token\n", 6) != 6);
	}
	signal_often(true);
	good = credentials_file(in_folder("fifo"), &text, &error);
	assert_true(signals > 0);
	signal_often(false);
	waitpid(child, NULL, 0);
	if (!good)
		fail_msg("%s", error.text);
	assert_string_equal(buffer_string(&text), "token");
	buffer_free(&text);
}

/* A process that has the place loads into it. */
static void test_workspace(void **state)
{
	struct error error = { 0 };
	int ready[2], fd;
	pid_t child;
	char byte;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		fd = workspace_open(in_folder("place"), &error);
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		usleep(200000);
		workspace_close(fd);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	signal_often(true);
	fd = workspace_open(in_folder("place"), &error);
	signal_often(false);
	waitpid(child, NULL, 0);
	close(ready[0]);
	close(ready[1]);
	if (fd < 0)
		fail_msg("%s", error.text);
	workspace_close(fd);
}

static int begin(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	setenv("AWS_CONFIG_FILE", in_folder("config"), 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", in_folder("none"), 1);
	setenv("AWS_PROFILE", "p", 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(in_folder("config"));
	unlink(in_folder("fifo"));
	rmdir(in_folder("place/work"));
	rmdir(in_folder("place"));
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_process_without_status),
		cmocka_unit_test(test_token_in_fifo),
		cmocka_unit_test(test_workspace),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
