/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workspace of a checkpoint is told while it is loaded (SPEC 4.3): a store that takes its time
 * holds up no other thread of the program.
 */
#include "checkpoint/exports.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A store that takes connections and says nothing; its address is the endpoint. */
static int silent_store(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	char endpoint[64];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", ntohs(address.sin_port));
	setenv("AWS_ENDPOINT_URL", endpoint, 1);
	return fd;
}

static void test_path_while_loading(void **state)
{
	const struct flyte_task_context context = {
		.checkpoint_paths = { .prev_checkpoint_path = "s3://bucket/previous",
				      .checkpoint_path = "s3://bucket/next" },
	};
	const struct flyte_task_checkpoint *shown;
	struct flyte_checkpoint_job *job;
	int store = silent_store(), connection;
	char path[4096];

	(void)state;
	job = flytectx_checkpoint_start(&context, NULL, 0, NULL);
	assert_non_null(job);
	connection = accept(store, NULL, NULL);
	assert_true(connection >= 0);
	alarm(20); /* it hangs otherwise */
	shown = flytectx_checkpoint(&context);
	alarm(0);
	assert_non_null(shown);
	assert_int_equal(access(shown->path, W_OK), 0);
	flytectx_checkpoint_job_cancel(job);
	assert_int_equal(flytectx_checkpoint_job_finish(job, path, sizeof(path)), -1);
	close(connection);
	close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_path_while_loading) };
	char folder[] = "/tmp/test_getters.XXXXXX", command[64];
	int failed;

	if (!mkdtemp(folder))
		return 1;
	setenv("FLYTECTX_WORKSPACE", folder, 1);
	setenv("AWS_ACCESS_KEY_ID", "k", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
	setenv("AWS_REGION", "us-east-1", 1);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf --one-file-system %s", folder);
	return system(command) ? 1 : failed;
}
