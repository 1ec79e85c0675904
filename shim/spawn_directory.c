/* SPDX-License-Identifier: Apache-2.0 */
/* See spawn_directory.h. */
#include <errno.h>
#include <stddef.h>

#include "real.h"
#include "spawn_directory.h"
#include "sys.h"

#define PATH_ONLY 010000000 /* O_PATH, which wants _GNU_SOURCE; the same on all our machines */

static void leave(struct spawn_directory *directory)
{
	if (directory->opened)
		sys_call(SYS_close, directory->fd, 0, 0, 0, 0, 0);
	directory->opened = false;
}

static void change(struct spawn_directory *directory, const char *path)
{
	long fd = sys_call(SYS_openat, directory->fd, (long)path,
			   PATH_ONLY | O_DIRECTORY | O_CLOEXEC, 0, 0, 0);

	leave(directory);
	directory->fd = fd < 0 ? -EBADF : (int)fd;
	directory->opened = fd >= 0;
}

static void change_to(struct spawn_directory *directory, int fd)
{
	leave(directory);
	directory->fd = fd;
}

/* --- glibc --- */

enum { GLIBC_CHDIR = 3, GLIBC_FCHDIR };

struct glibc_action {
	int tag;
	union {
		int fd;
		const char *path;
		struct {
			int fd;
			const char *path;
			int flags;
			unsigned mode;
		} open; /* the largest */
	} given;
};

struct glibc_actions {
	int allocated, used;
	const struct glibc_action *actions;
};

static void follow_glibc(const struct glibc_actions *actions, struct spawn_directory *directory)
{
	if (!actions->actions || actions->used > actions->allocated)
		return;
	for (int i = 0; i < actions->used; i++) {
		const struct glibc_action *action = &actions->actions[i];

		if (action->tag == GLIBC_CHDIR)
			change(directory, action->given.path);
		else if (action->tag == GLIBC_FCHDIR)
			change_to(directory, action->given.fd);
	}
}

/* --- musl --- */

enum { MUSL_CHDIR = 4, MUSL_FCHDIR };

struct musl_action {
	const struct musl_action *older, *newer;
	int command, fd, from, flags;
	unsigned mode;
	char path[];
};

struct musl_actions {
	int unused[2];
	const struct musl_action *newest;
};

static void follow_musl(const struct musl_actions *actions, struct spawn_directory *directory)
{
	const struct musl_action *action = actions->newest;

	while (action && action->older)
		action = action->older;
	for (; action; action = action->newer) {
		if (action->command == MUSL_CHDIR)
			change(directory, action->path);
		else if (action->command == MUSL_FCHDIR)
			change_to(directory, action->fd);
	}
}

struct spawn_directory spawn_directory(const void *actions)
{
	struct spawn_directory directory = { AT_FDCWD, false };

	if (real_glibc_version())
		follow_glibc(actions, &directory);
	else
		follow_musl(actions, &directory);
	return directory;
}
