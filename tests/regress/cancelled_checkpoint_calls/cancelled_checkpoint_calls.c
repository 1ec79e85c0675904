/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cancelled_checkpoint_calls FILE DIRECTORY - makes each call in a thread of its own that has been
 * cancelled before, and then once more: is it done by the end of the call, what is open, is
 * anything still locked? FILE is what an attempt before has saved.
 */
#define _GNU_SOURCE
#include "checkpoint/exports.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static struct flyte_task_context context = { .size = sizeof(context), .task_action.name = "a0" };
static struct flytectx_transfer transfer = { .size = sizeof(transfer) };
static const char *file, *directory;
static char path[4096], destination[4096];

static int workspace(void)
{
	return flytectx_checkpoint(&context) ? 0 : -1;
}

static int save_bytes(void)
{
	return flytectx_checkpoint_save_bytes(&context, "bytes", 5);
}

static int save_file(void)
{
	return flytectx_checkpoint_save_path(&context, file);
}

static int save_directory(void)
{
	return flytectx_checkpoint_save_path(&context, directory);
}

static int load(void)
{
	return flytectx_checkpoint_load(&context, path, sizeof(path));
}

static int latest(void)
{
	return flytectx_latest_checkpoint(directory, "*", path, sizeof(path));
}

static int count(void)
{
	return (int)flytectx_call_sequence(&context, 0, "task", "inputs", NULL);
}

static int job(void)
{
	struct flyte_checkpoint_job *started = flytectx_checkpoint_start(&context, NULL, 0, file);

	return started ? flytectx_checkpoint_job_finish(started, NULL, 0) : -1;
}

static int load_anew(void)
{
	return flytectx_transfer_load(&transfer, &context.task_action, path, sizeof(path));
}

static const struct {
	const char *name;
	int (*call)(void);
} calls[] = {
	{ "workspace", workspace }, { "save_bytes", save_bytes },
	{ "save_file", save_file }, { "save_directory", save_directory },
	{ "load", load },           { "latest", latest },
	{ "count", count },         { "job", job },
	{ "load_anew", load_anew },
};

static int count_open(void)
{
	DIR *stream = opendir("/proc/self/fd");
	int number = 0;

	while (readdir(stream))
		number++;
	closedir(stream);
	return number;
}

static int answer;

static void *run(void *argument)
{
	size_t which = *(const size_t *)argument;

	answer = -2;
	pthread_cancel(pthread_self());
	answer = calls[which].call();
	pthread_testcancel();
	return NULL;
}

int main(int argc, char *argv[])
{
	if (argc != 3)
		return 1;
	file = transfer.url = argv[1];
	directory = argv[2];
	context.checkpoint_paths.prev_checkpoint_path = file;
	snprintf(destination, sizeof(destination), "%s.object", file);
	context.checkpoint_paths.checkpoint_path = destination;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		int before = count_open();
		pthread_t thread;
		void *end;

		if (pthread_create(&thread, NULL, run, &i) || pthread_join(thread, &end))
			return 1;
		printf("%s %s, %d more open, %s\n", calls[i].name,
		       answer >= 0 ? "done" : "not done", count_open() - before,
		       end == PTHREAD_CANCELED ? "then cancelled" : "not cancelled");
		fflush(stdout);
		/* A lock that was left behind would hold it up. */
		alarm(20);
		if (calls[i].call() < 0)
			puts(flytectx_checkpoint_error());
		alarm(0);
	}
	return 0;
}
