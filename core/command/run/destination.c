/* SPDX-License-Identifier: Apache-2.0 */
/* See destination.h. */
#include "command/run/destination.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/run/below.h"
#include "command/run/job.h"
#include "command/run/run_exec.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "local/digest_name.h"
#include "local/lock.h"
#include "local/variable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
	int fd, directory;
	char *name;
} held = { -1, -1, NULL };

/* NULL: it is in a store. */
static const char *local_path(const char *url)
{
	if (!strncmp(url, "file://", 7))
		return url + 7;
	return strstr(url, "://") ? NULL : url;
}

bool destination_is_remote(const char *url)
{
	return !local_path(url);
}

static enum destination_answer look_at_file(const char *url, const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0)
		return status.st_size > 0 ? DESTINATION_HAS : DESTINATION_NONE;
	if (errno == ENOENT || errno == ENOTDIR)
		return DESTINATION_NONE;
	message_warn(url, "it can't be told whether a checkpoint is there: %s", strerror(errno));
	return DESTINATION_UNKNOWN;
}

enum destination_answer destination_look(const char *url)
{
	const struct flytectx_transfer transfer = { .size = sizeof(transfer), .url = url };
	const char *path = local_path(url), *why_not;
	const struct checkpoint_library *library;
	int answer = -1;

	if (path)
		return look_at_file(url, path);
	library = checkpoint_library_find(&why_not);
	if (library) {
		answer = library->exists(&transfer);
		why_not = library->error();
	}
	if (answer < 0) {
		message_warn_text(why_not);
		return DESTINATION_UNKNOWN;
	}
	return answer ? DESTINATION_HAS : DESTINATION_NONE;
}

static int look(void *url)
{
	return (int)destination_look(url);
}

enum destination_answer destination_ask(const char *url, int *asked)
{
	int answer = job_run(look, memory_text("%s", url), asked);

	if (answer < 0 && !*asked)
		message_warn(url, "the process that looks for a checkpoint there was killed");
	return answer == DESTINATION_NONE || answer == DESTINATION_HAS
		       ? (enum destination_answer)answer
		       : DESTINATION_UNKNOWN;
}

/* A task and a part of it may save to one place, by turns. */
static bool is_around(pid_t pid)
{
	for (pid_t parent = getppid(); pid && parent > 0; parent = below_parent(parent))
		if (parent == pid)
			return true;
	return false;
}

/* As temporary files are named: a save of the directory leaves it out. */
static char *lock_name(const char *name)
{
	const char *const parts[] = { "lock", name };
	char digest[PARTS_NAME_SIZE];

	digest_name(parts, 2, digest);
	return memory_text(".flytectx-%.16s-%.8s", digest, digest + 16);
}

void destination_lock(const char *url)
{
	const char *path = url ? local_path(url) : NULL;
	char *copy = path ? memory_text("%s", path) : NULL;
	char *slash = copy ? strrchr(copy, '/') : NULL;
	enum lock_result result;
	pid_t owner;

	destination_unlock();
	if (!path)
		return;
	if (slash)
		*slash = '\0';
	held.directory = open(!slash          ? "."
			      : slash == copy ? "/"
					      : copy,
			      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (held.directory < 0)
		return;
	held.name = lock_name(slash ? slash + 1 : copy);
	held.fd = lock_file_open(held.directory, held.name, false, &result, &owner);
	if (result == LOCK_IN_USE && !is_around(owner))
		message_fail(url,
			     owner ? "another run saves there: in use by PID %d"
				   : "another run saves there: in use by another machine or "
				     "container",
			     (int)owner);
}

void destination_unlock(void)
{
	if (held.fd >= 0) {
		unlinkat(held.directory, held.name, 0);
		close(held.fd);
	}
	if (held.directory >= 0)
		close(held.directory);
	held.fd = held.directory = -1;
}

bool destination_may_resume(const struct flyte_task_context *task)
{
	const char *restart = variable("JOBSET_RESTART_ATTEMPT");

	return restart && atoi(restart) > 0 && task->checkpoint_paths.checkpoint_path;
}

void destination_resume(struct flyte_task_context *task)
{
	enum destination_answer answer;

	if (!destination_may_resume(task))
		return;
	answer = destination_look(task->checkpoint_paths.checkpoint_path);
	if (answer == DESTINATION_UNKNOWN)
		exit(EXIT_FAILED);
	if (answer == DESTINATION_HAS)
		task->checkpoint_paths.prev_checkpoint_path =
			task->checkpoint_paths.checkpoint_path;
}
