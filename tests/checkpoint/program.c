/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that uses the checkpoint calls of flyte_ctx.h, one per run, in C and in C++:
 *
 *	program save PATH | bytes TEXT | load | twice | async PATH | async-load | cancel PATH |
 *		latest ROOT [GLOB] | show
 *
 * Prints what the call returned, and what it gave or why it failed.
 */
#include <poll.h>
#include <stdio.h>

#include "flyte_ctx.h"

static char path[4096];

static int say(int answer)
{
	if (answer < 0)
		printf("%d %s: %s\n", answer, strerror(errno), flyte_checkpoint_error());
	else
		printf("%d %s\n", answer, path);
	return answer < 0;
}

static int finish(struct flyte_checkpoint_job *job)
{
	struct pollfd poll_fd;

	if (!job)
		return say(-1);
	poll_fd.fd = flyte_checkpoint_job_fd(job);
	poll_fd.events = POLLIN;
	if (poll(&poll_fd, 1, 60000) != 1)
		puts("the descriptor is not readable");
	return say(flyte_checkpoint_job_finish(job, path, sizeof(path)));
}

static const char *or_none(const char *text)
{
	return text ? text : "none";
}

static int show(void)
{
	const struct flyte_task_checkpoint *checkpoint = flyte_checkpoint();

	if (!checkpoint)
		return say(-1);
	printf("%d %s %s %s\n", flyte_checkpoint_prev_exists(), or_none(checkpoint->remote_source),
	       or_none(flyte_checkpoint_remote_destination()), or_none(flyte_checkpoint_path()));
	return checkpoint->size != sizeof(*checkpoint) || flyte_checkpoint() != checkpoint ||
	       checkpoint->remote_source != flyte_checkpoint_remote_source();
}

/* The same answer, whatever has happened to the object since. */
static int load_twice(void)
{
	int answer = flyte_checkpoint_load(path, sizeof(path));

	remove(flyte_ctx_get()->checkpoint_paths.prev_checkpoint_path);
	path[0] = '\0';
	return say(answer + flyte_checkpoint_load(path, sizeof(path)));
}

static int cancel(const char *source)
{
	struct flyte_checkpoint_job *job = flyte_checkpoint_save_path_async(source);

	if (job)
		flyte_checkpoint_job_cancel(job);
	return finish(job);
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "", *value = argc > 2 ? argv[2] : NULL;

	if (!strcmp(what, "save"))
		return say(flyte_checkpoint_save_path(value));
	if (!strcmp(what, "bytes"))
		return say(flyte_checkpoint_save_bytes(value, strlen(value)));
	if (!strcmp(what, "load"))
		return say(flyte_checkpoint_load(path, sizeof(path)));
	if (!strcmp(what, "load-short"))
		return say(flyte_checkpoint_load(path, 3));
	if (!strcmp(what, "twice"))
		return load_twice();
	if (!strcmp(what, "async"))
		return finish(flyte_checkpoint_save_path_async(value));
	if (!strcmp(what, "async-bytes"))
		return finish(flyte_checkpoint_save_bytes_async(value, strlen(value)));
	if (!strcmp(what, "async-load"))
		return finish(flyte_checkpoint_load_async());
	if (!strcmp(what, "cancel"))
		return cancel(value);
	if (!strcmp(what, "latest"))
		return say(flyte_latest_checkpoint(value, argc > 3 ? argv[3] : NULL, path,
						   sizeof(path)));
	return show();
}
