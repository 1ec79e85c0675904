/* SPDX-License-Identifier: Apache-2.0 */
/* See directory.h. */
#include "command/run/directory.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/run/job.h"
#include "command/run/name_list.h"
#include "command/run/run_exec.h"
#include "command/run/run_workspace.h"
#include "command/run/signals.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/checkpoint/progress.h"
#include "local/digest_name.h"
#include "local/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* True: it was made. */
static bool make(const char *path)
{
	struct stat status;
	int number = mkdir(path, 0777) < 0 ? errno : 0;

	if (number == EEXIST)
		number = stat(path, &status) < 0 ? errno : S_ISDIR(status.st_mode) ? -1 : ENOTDIR;
	if (number > 0)
		message_fail(path, "can't make it: %s", strerror(number));
	return number == 0;
}

static void lock(struct directory *directory)
{
	pid_t owner;

	directory->fd = open(directory->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory->fd < 0)
		message_fail(directory->given, "can't open it: %s", strerror(errno));
	if (lock_take(directory->fd, false, &owner) == LOCK_IN_USE)
		message_fail(directory->given,
			     owner ? "another run works there: in use by PID %d"
				   : "another run works there: in use by another machine or "
				     "container",
			     (int)owner);
}

/* --- whose is what is there? -------------------------------------------------------------- */

static void name_mark(struct directory *directory)
{
	char *folder = memory_text("%s/directories", workspace_root_path());
	char name[PARTS_NAME_SIZE];

	digest_name(&directory->path, 1, name);
	if (mkdir(folder, 0700) == 0 || errno == EEXIST)
		directory->mark = memory_text("%s/%s", folder, name);
}

static unsigned long long inode(const struct directory *directory)
{
	struct stat status;

	return fstat(directory->fd, &status) == 0 ? status.st_ino : 0;
}

/* "run INODE": a run has it, or was killed there; "end INODE". */
static void read_mark(struct directory *directory)
{
	FILE *file = directory->mark ? fopen(directory->mark, "re") : NULL;
	unsigned long long number;
	struct stat status;
	char word[8];

	if (!file)
		return;
	if (fscanf(file, "%7s %llu", word, &number) == 2 && number == inode(directory)) {
		if (!strcmp(word, "run"))
			directory->may_replace = true;
		else if (fstat(fileno(file), &status) == 0)
			directory->known =
				status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec;
	}
	fclose(file);
}

static void write_mark(const struct directory *directory, const char *word)
{
	FILE *file = directory->mark ? fopen(directory->mark, "we") : NULL;

	if (!file)
		return;
	fprintf(file, "%s %llu\n", word, inode(directory));
	fclose(file);
}

static bool is_empty(const struct directory *directory)
{
	struct name_list list;
	bool good = name_list_read(directory->fd, &list) && list.count == 0;

	name_list_free(&list);
	return good;
}

void directory_open(struct directory *directory, const char *given, bool may_replace)
{
	bool made = make(given);

	*directory = (struct directory) { .given = given, .path = realpath(given, NULL) };
	if (!directory->path)
		message_fail(given, "%s", strerror(errno));
	lock(directory);
	name_mark(directory);
	read_mark(directory);
	directory->may_replace |= may_replace || made || is_empty(directory);
	if (directory->may_replace)
		write_mark(directory, "run");
}

void directory_close(struct directory *directory)
{
	/* File systems know times to some milliseconds: what CMD wrote last is before this. */
	const struct timespec tick = { 0, 10000000 };

	if (directory->may_replace) {
		nanosleep(&tick, NULL);
		write_mark(directory, "end");
	}
	close(directory->fd);
}

/* --- restoring ---------------------------------------------------------------------------- */

struct order {
	const struct directory *directory;
	const char *url, *own;
};

static int restore(void *argument)
{
	const struct order *order = argument;
	struct flytectx_transfer transfer = job_transfer("restoring", order->url);
	struct flytectx_restore what = {
		.size = sizeof(what),
		.directory = order->directory->path,
		.own = order->own && order->url && strcmp(order->own, order->url) != 0 ? order->own
										       : NULL,
		.replace = order->directory->may_replace,
		.known = order->directory->known,
	};
	int result = checkpoint_library()->restore(&transfer, &what);

	progress_end();
	if (result < 0)
		message_warn_text(checkpoint_library()->error());
	else if (*what.kept)
		message_warn(order->directory->given, "%s is left as it is: %s", what.kept,
			     strerror(what.kept_why));
	return result < 0 ? EXIT_FAILED : result;
}

void directory_restore(struct directory *directory, const char *url, const char *own)
{
	struct order order = { directory, url, own }, clean = { directory, NULL, NULL };
	int asked, ignored, result = job_run(restore, &order, &asked);

	if (asked) {
		/* What the child had no time to take away. */
		job_run(restore, &clean, &ignored);
		message_warn(directory->given, "not restored, and CMD is not started: %s",
			     strsignal(asked));
		signal_die_of(asked);
	}
	if (result != 0 && result != 1) {
		if (result != EXIT_FAILED)
			message_warn(directory->given,
				     "not restored, the process that does it was killed");
		exit(EXIT_FAILED);
	}
	if (result == 1)
		directory->may_replace = true;
	if (directory->may_replace)
		write_mark(directory, "run");
}
