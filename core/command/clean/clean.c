/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx clean - removes what ended runs have left in the workspace root (SPEC 5.24): workspaces
 * of checkpoints, copies of snapshots, and checkpoints of local runs.
 *
 * In use is what a run has locked (workspace_use.h, local_copies.h), what is being loaded, and
 * what a live process knows of (live_paths.h).
 */
#include "command/clean/live_paths.h"
#include "command/clean/tree_size.h"
#include "command/command.h"
#include "command/run/local_copies.h"
#include "command/run/name_list.h"
#include "command/terminal/byte_text.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/terminal/printable.h"
#include "local/lock.h"
#include "local/tree_remove.h"
#include "local/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define USE ".use" /* workspace_use.h */

static const char help[] =
	"usage: flytectx clean [--dry-run] [--all]\n"
	"\n"
	"Removes what ended runs have left in the workspace: workspaces of checkpoints, copies of\n"
	"snapshots, and checkpoints of local runs. What a live process uses stays, and so do the\n"
	"outputs and raw data of local runs. Prints a line for each, and a sum.\n"
	"\n"
	"  -n, --dry-run  removes nothing, says what would be removed\n"
	"  -a, --all      removes the outputs and raw data of ended local runs too\n"
	"  -h, --help     this text\n"
	"\n"
	"The workspace is ${FLYTECTX_WORKSPACE:-${TMPDIR:-/tmp}/flytectx-UID}.\n"
	"\n"
	"Exit status: 0; 1 where something can't be removed; 2 for wrong usage.\n";

struct clean {
	char path[PATH_MAX]; /* of the root */
	int root;
	bool is_dry, all, has_failed;
	struct live_paths live;
	struct timespec begun;
	unsigned removed, kept;
	double bytes;
};

static void print(const char *verb, const char *path, const char *why)
{
	printf("%s ", verb);
	printable_write(stdout, path);
	printf(" (%s)\n", why);
}

static void remove_one(void *argument, int directory, const char *name, const char *path)
{
	struct clean *clean = argument;
	char size[BYTE_TEXT_SIZE];
	double bytes = (double)tree_size(path);

	if (!clean->is_dry && !tree_remove(directory, name)) {
		message_warn(path, "can't remove it: %s", strerror(errno));
		clean->has_failed = true;
		return;
	}
	print(clean->is_dry ? "would remove" : "removed", path, byte_text(bytes, size));
	clean->removed++;
	clean->bytes += bytes;
}

/* --- is it in use? ------------------------------------------------------------------------- */

/* What is held while an entry is removed: a run that begins meanwhile waits. */
struct hold {
	char *use; /* the name of its lock file */
	int use_fd, fd;
};

static const char *in_use_by(pid_t pid)
{
	return pid ? memory_text("in use by PID %d", (int)pid) : "in use";
}

/* NULL: its locks are held. */
static const char *why_locked(const struct clean *clean, const char *name, struct hold *hold)
{
	enum lock_result result;
	pid_t owner;

	hold->use_fd = lock_file_open(clean->root, hold->use, false, &result, &owner);
	if (hold->use_fd < 0)
		return result == LOCK_IN_USE ? in_use_by(owner) : "it can't be locked";
	hold->fd = openat(clean->root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (hold->fd < 0)
		return "it is no directory";
	result = lock_take(hold->fd, false, &owner);
	if (result == LOCK_TAKEN)
		return NULL;
	return result == LOCK_IN_USE ? in_use_by(owner) : "it can't be locked";
}

static bool is_newer(struct timespec one, struct timespec other)
{
	return one.tv_sec > other.tv_sec ||
	       (one.tv_sec == other.tv_sec && one.tv_nsec > other.tv_nsec);
}

static const char *why_kept(const struct clean *clean, const char *name, struct hold *hold)
{
	const char *why = why_locked(clean, name, hold);
	const struct live_path *live = live_paths_find(&clean->live, name);
	struct stat status;

	if (why)
		return why;
	if (live)
		return live->pid ? in_use_by(live->pid) : "there is a mount in it";
	/* By a process that the look at them has not seen. */
	if (fstat(hold->fd, &status) < 0 || is_newer(status.st_ctim, clean->begun))
		return "in use";
	return NULL;
}

static void let_go(const struct clean *clean, struct hold *hold)
{
	if (hold->fd >= 0)
		close(hold->fd);
	if (hold->use_fd < 0)
		return;
	unlinkat(clean->root, hold->use, 0);
	close(hold->use_fd);
}

/* --- what there is ------------------------------------------------------------------------- */

static bool begins_with(const char *name, const char *beginning)
{
	return !strncmp(name, beginning, strlen(beginning));
}

static void clean_unused(struct clean *clean, const char *name, const char *path)
{
	if (clean->all || !begins_with(name, "local-")) {
		remove_one(clean, clean->root, name, path);
		return;
	}
	local_copies_each(clean->root, clean->path, name, remove_one, clean);
	if (!clean->is_dry)
		local_copies_tidy(clean->root, name);
}

static void clean_entry(struct clean *clean, const char *name)
{
	struct hold hold = { memory_text("%s" USE, name), -1, -1 };
	const char *path = memory_text("%s/%s", clean->path, name);
	const char *why = why_kept(clean, name, &hold);

	if (why) {
		print("kept", path, why);
		clean->kept++;
	} else {
		clean_unused(clean, name, path);
	}
	let_go(clean, &hold);
}

/* A lock file whose entry is gone. */
static void clean_use(struct clean *clean, const char *name)
{
	const char *entry = memory_text("%.*s", (int)(strlen(name) - strlen(USE)), name);
	enum lock_result result;
	pid_t owner;
	int fd;

	if (clean->is_dry || faccessat(clean->root, entry, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return;
	fd = lock_file_open(clean->root, name, false, &result, &owner);
	if (fd < 0)
		return;
	unlinkat(clean->root, name, 0);
	close(fd);
}

static bool is_use(const char *name)
{
	size_t length = strlen(name);

	return length > strlen(USE) && !strcmp(name + length - strlen(USE), USE);
}

static void clean_root(struct clean *clean)
{
	struct name_list list;

	if (!name_list_read(clean->root, &list))
		message_fail(clean->path, "can't read it: %s", strerror(errno));
	/* The clock that file systems go by. */
	clock_gettime(CLOCK_REALTIME_COARSE, &clean->begun);
	live_paths_look(&clean->live, clean->path);
	for (size_t i = 0; i < list.count; i++) {
		const char *name = list.items[i];

		if (!begins_with(name, "checkpoint-") && !begins_with(name, "snapshot-") &&
		    !begins_with(name, "local-"))
			continue;
		if (is_use(name))
			clean_use(clean, name);
		else
			clean_entry(clean, name);
	}
	name_list_free(&list);
}

static void clean_workspace(struct clean *clean)
{
	char size[BYTE_TEXT_SIZE];
	struct error error;

	if (workspace_root_find(clean->path, &error)) {
		clean->root = open(clean->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (clean->root < 0)
			message_fail(clean->path, "can't open it: %s", strerror(errno));
		clean_root(clean);
	} else if (error.number != ENOENT) {
		message_fail_text(error.text);
	}
	printf("%u %s, %s; %u kept\n", clean->removed, clean->is_dry ? "to remove" : "removed",
	       byte_text(clean->bytes, size), clean->kept);
}

int command_clean(int argc, char *argv[])
{
	static const struct option options[] = { { "all", no_argument, NULL, 'a' },
						 { "dry-run", no_argument, NULL, 'n' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct clean clean = { .root = -1 };
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":anh", options, NULL)) != -1) {
		if (option == 'h')
			message_help(help);
		if (option != 'a' && option != 'n')
			message_option("clean", option, argv);
		clean.all |= option == 'a';
		clean.is_dry |= option == 'n';
	}
	if (optind < argc)
		message_usage("clean", "no argument is taken (see flytectx clean --help)");
	clean_workspace(&clean);
	message_end_output();
	return clean.has_failed;
}
