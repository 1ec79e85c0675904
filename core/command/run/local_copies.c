/* SPDX-License-Identifier: Apache-2.0 */
/* See local_copies.h. */
#include "command/run/local_copies.h"
#include "command/run/name_list.h"
#include "command/terminal/memory.h"
#include "local/lock.h"
#include "local/tree_remove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the directory of a run; and of an attempt or a sub-action, in a folder of those. */
#define OWN    "checkpoint"
#define OBJECT "_flytecheckpoints"

static const char *const folders[] = { "raw", "run", "outputs" };
#define FOLDERS (sizeof(folders) / sizeof(*folders))

static int open_in(int directory, const char *name)
{
	return openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool is_in(int directory, const char *name)
{
	return faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* --- what there is ------------------------------------------------------------------------- */

struct visit {
	void (*function)(void *argument, int directory, const char *name, const char *path);
	void *argument;
};

static void visit_if_there(const struct visit *visit, int directory, const char *name,
			   const char *path)
{
	if (is_in(directory, name))
		visit->function(visit->argument, directory, name, memory_text("%s/%s", path, name));
}

static void look_in_folder(const struct visit *visit, int folder, const char *path)
{
	struct name_list list;

	name_list_read(folder, &list);
	for (size_t i = 0; i < list.count; i++) {
		int fd = open_in(folder, list.items[i]);

		if (fd < 0)
			continue;
		visit_if_there(visit, fd, OBJECT, memory_text("%s/%s", path, list.items[i]));
		close(fd);
	}
	name_list_free(&list);
}

void local_copies_each(int root, const char *root_path, const char *name,
		       void (*visit)(void *argument, int directory, const char *name,
				     const char *path),
		       void *argument)
{
	const struct visit how = { visit, argument };
	const char *path = memory_text("%s/%s", root_path, name);
	int top = open_in(root, name);

	if (top < 0)
		return;
	visit_if_there(&how, top, OWN, path);
	for (size_t i = 0; i < FOLDERS; i++) {
		int folder = open_in(top, folders[i]);

		if (folder < 0)
			continue;
		look_in_folder(&how, folder, memory_text("%s/%s", path, folders[i]));
		close(folder);
	}
	close(top);
}

static void remove_empty(int directory, const char *name)
{
	struct name_list list;
	int fd = open_in(directory, name);

	if (fd < 0)
		return;
	name_list_read(fd, &list);
	for (size_t i = 0; i < list.count; i++)
		unlinkat(fd, list.items[i], AT_REMOVEDIR);
	name_list_free(&list);
	close(fd);
	unlinkat(directory, name, AT_REMOVEDIR);
}

void local_copies_tidy(int root, const char *name)
{
	int top = open_in(root, name);

	if (top < 0)
		return;
	for (size_t i = 0; i < FOLDERS; i++)
		remove_empty(top, folders[i]);
	close(top);
	unlinkat(root, name, AT_REMOVEDIR);
}

/* --- of this run --------------------------------------------------------------------------- */

static struct {
	char *directory, *name; /* NULL: there is none */
	int root, fd;
} used = { NULL, NULL, -1, -1 };

void local_copies_begin(const char *directory)
{
	const char *slash = directory ? strrchr(directory, '/') : NULL;
	enum lock_result result;
	pid_t owner;

	if (!slash)
		return;
	used.root = open(memory_text("%.*s", (int)(slash - directory), directory),
			 O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (used.root < 0)
		return;
	used.directory = memory_text("%s", directory);
	used.name = memory_text("%s", slash + 1);
	/* Where that fails clean looks at processes alone. */
	used.fd =
		lock_file_open(used.root, memory_text("%s.use", used.name), true, &result, &owner);
}

void local_copies_drop(const char *path)
{
	size_t length = used.directory ? strlen(used.directory) : 0;

	if (!length || !path || strncmp(path, used.directory, length) != 0 || path[length] != '/')
		return;
	tree_remove(AT_FDCWD, path);
}

static void drop(void *argument, int directory, const char *name, const char *path)
{
	(void)argument;
	(void)path;
	tree_remove(directory, name);
}

/* All below are children of flytectx sooner or later: it is their subreaper. */
static bool is_alone(void)
{
	siginfo_t info;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
}

void local_copies_end(bool has_succeeded)
{
	if (!used.directory)
		return;
	/* What CMD has left in the background may save there. */
	if (has_succeeded && is_alone()) {
		local_copies_each(used.root, "", used.name, drop, NULL);
		local_copies_tidy(used.root, used.name);
	}
	if (used.fd >= 0) {
		unlinkat(used.root, memory_text("%s.use", used.name), 0);
		flock(used.fd, LOCK_UN);
		close(used.fd);
	}
	close(used.root);
	free(used.directory);
	used.directory = NULL;
	used.fd = -1;
}
