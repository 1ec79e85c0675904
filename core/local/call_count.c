/* SPDX-License-Identifier: Apache-2.0 */
/* See call_count.h. */
#include "local/call_count.h"
#include "local/digest_name.h"
#include "local/tree_remove.h"
#include "local/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER      "calls"
#define FOLDER_SIZE (sizeof(FOLDER "/") + PARTS_NAME_SIZE)
#define FILE_SIZE   (FOLDER_SIZE + 1 + PARTS_NAME_SIZE)

/* A folder goes away under us only where an attempt begins. */
#define TRIES 100

/*
 * The folder of an attempt. The base directory is part of its name: it belongs to one run, and a
 * local run has one that nobody else has, whatever it calls its action.
 */
static void name_folder(const struct flyte_task_context *parent, long long attempt,
			char folder[FOLDER_SIZE])
{
	const struct flyte_action_id *action = &parent->action;
	const char *run_name = action->run_name ? action->run_name : action->name;
	char name[PARTS_NAME_SIZE], number[32];
	const char *const parts[] = { action->org,  action->project,      action->domain, run_name,
				      action->name, parent->run_base_dir, number };

	snprintf(number, sizeof(number), "%lld", attempt);
	digest_name(parts, sizeof(parts) / sizeof(*parts), name);
	snprintf(folder, FOLDER_SIZE, FOLDER "/%s", name);
}

/* The file of a kind, by the text that the SDK's controllers count by. */
static bool name_file(const char *folder, const struct call *call, char file[FILE_SIZE])
{
	bool in_group = call->group && *call->group;
	char name[PARTS_NAME_SIZE], *text;
	const char *parts[1];

	if (asprintf(&text, "%s:%s%s%s", call->task_hash, call->input_hash, in_group ? ":" : "",
		     in_group ? call->group : "") < 0)
		return false;
	parts[0] = text;
	digest_name(parts, 1, name);
	free(text);
	snprintf(file, FILE_SIZE, "%s/%s", folder, name);
	return true;
}

/* Past the limit of a process the kernel kills it (SIGXFSZ). */
static bool may_be(off_t size)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) < 0 || (rlim_t)size <= limit.rlim_cur;
}

/*
 * The size of the file is the count: there is no moment at which it is half written. The lock is
 * released by the close, or by whatever kills us.
 */
static int64_t count(int fd)
{
	struct stat status;

	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return -1;
	if (fstat(fd, &status) < 0)
		return -1;
	if (status.st_nlink == 0) {
		errno = ENOENT;
		return -1;
	}
	if (!may_be(status.st_size + 1)) {
		errno = EFBIG;
		return -1;
	}
	return ftruncate(fd, status.st_size + 1) < 0 ? -1 : status.st_size + 1;
}

static bool make_folder(int root, const char *folder)
{
	return mkdirat(root, folder, 0700) == 0 || errno == EEXIST;
}

static int64_t count_in(int root, const char *folder, const char *file)
{
	int64_t number = -1;
	int fd = -1, kept;

	if (make_folder(root, FOLDER) && make_folder(root, folder))
		fd = openat(root, file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	number = count(fd);
	kept = errno;
	close(fd);
	errno = kept;
	return number;
}

static int64_t count_below(int root, const struct flyte_task_context *parent, long long attempt,
			   const struct call *call)
{
	char folder[FOLDER_SIZE], file[FILE_SIZE];
	int64_t number = -1;

	name_folder(parent, attempt, folder);
	if (!name_file(folder, call, file))
		return -1;
	for (int i = 0; number < 0 && i < TRIES && (i == 0 || errno == ENOENT); i++)
		number = count_in(root, folder, file);
	return number;
}

int64_t call_count_next(const struct flyte_task_context *parent, long long attempt,
			const struct call *call, struct error *error)
{
	char path[PATH_MAX];
	int64_t number = -1;
	int root, kept;

	if (!workspace_root(path, error))
		return -1;
	root = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (root >= 0) {
		number = count_below(root, parent, attempt, call);
		kept = errno;
		close(root);
		errno = kept;
	}
	if (number < 0)
		error_set(error, ERROR_SYSTEM, errno, path, "can't count the calls there");
	return number;
}

void call_count_forget(const struct flyte_task_context *parent, long long attempt)
{
	char path[PATH_MAX], folder[FOLDER_SIZE];
	struct error error;
	int root = -1;

	if (workspace_root_find(path, &error))
		root = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (root < 0)
		return;
	name_folder(parent, attempt, folder);
	tree_remove(root, folder);
	close(root);
}
