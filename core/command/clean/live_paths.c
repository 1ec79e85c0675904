/* SPDX-License-Identifier: Apache-2.0 */
/* See live_paths.h. */
#include "command/clean/live_paths.h"
#include "command/look/process_files.h"
#include "command/look/environment_context.h"
#include "command/look/process_environ.h"
#include "command/look/task_fields.h"
#include "command/run/below.h"
#include "command/terminal/memory.h"
#include "local/workspace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the names that flytectx makes there are written with. */
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

static void add(struct live_paths *live, const char *name, size_t length, pid_t pid)
{
	for (size_t i = 0; i < live->count; i++)
		if (strlen(live->items[i].name) == length &&
		    !memcmp(live->items[i].name, name, length))
			return;
	if (!(live->count & (live->count - 1)))
		live->items =
			memory_more(live->items, (2 * live->count + 1) * sizeof(*live->items));
	live->items[live->count++] = (struct live_path) {
		memory_text("%.*s", (int)length, name),
		pid,
	};
}

/* Every path below `root` in a text, which may have NULs in it. */
static void add_below(struct live_paths *live, const char *root, const char *text, size_t size,
		      pid_t pid)
{
	const char *end = text + size, *at = text;
	const size_t length = strlen(root);

	while ((at = memmem(at, (size_t)(end - at), root, length))) {
		at += length;
		if (at < end && *at == '/') {
			const char *name = ++at;

			while (at < end && *at && strchr(NAME_CHARACTERS, *at))
				at++;
			add(live, name, (size_t)(at - name), pid);
		}
	}
}

static void add_text(struct live_paths *live, const char *text, size_t size, pid_t pid)
{
	add_below(live, live->root, text, size, pid);
	if (strcmp(live->root, live->real) != 0)
		add_below(live, live->real, text, size, pid);
}

/* --- of a process -------------------------------------------------------------------------- */

static char *read_file(pid_t pid, const char *name, size_t *size)
{
	char *path = memory_text("/proc/%d/%s", pid, name), *text;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	free(path);
	*size = 0;
	if (fd < 0)
		return NULL;
	text = memory_read(fd, size);
	close(fd);
	return text;
}

static void add_file(struct live_paths *live, pid_t pid, const char *name)
{
	size_t size;
	char *text = read_file(pid, name, &size);

	if (text)
		add_text(live, text, size, pid);
	free(text);
}

static void add_context(struct live_paths *live, const struct flyte_task_context *task, pid_t pid)
{
	struct error error;
	char place[PATH_MAX];

	for (size_t i = 0; i < STRING_FIELDS; i++) {
		const char *value = field_value(task, string_fields[i].offset);

		if (value)
			add_text(live, value, strlen(value), pid);
	}
	if (workspace_place(&task->task_action, task->checkpoint_paths.prev_checkpoint_path, place,
			    &error))
		add_text(live, place, strlen(place), pid);
}

static void add_environment(struct live_paths *live, pid_t pid)
{
	char **envp = process_environ_try(pid);
	struct context context = { 0 };
	enum wire_error error;

	for (char **entry = envp; entry && *entry; entry++)
		add_text(live, *entry, strlen(*entry), pid);
	if (envp && environment_try(envp, &context, &error) != ENVIRONMENT_NONE) {
		context_complete(&context);
		add_context(live, &context.task, pid);
	}
}

static void add_link(struct live_paths *live, pid_t pid, const char *name)
{
	char *path = memory_text("/proc/%d/%s", pid, name), target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target));

	free(path);
	if (length > 0)
		add_text(live, target, (size_t)length, pid);
}

struct descriptors {
	struct live_paths *live;
	pid_t pid;
};

static bool add_descriptor(int number, void *argument)
{
	const struct descriptors *of = argument;
	char *name = memory_text("fd/%d", number);

	add_link(of->live, of->pid, name);
	free(name);
	return true;
}

static bool add_process(int pid, void *argument)
{
	struct descriptors of = { argument, pid };
	char *directory;

	if (pid == getpid())
		return true;
	directory = memory_text("/proc/%d/fd", pid);
	add_environment(of.live, pid);
	add_file(of.live, pid, "cmdline");
	add_file(of.live, pid, "maps");
	add_link(of.live, pid, "cwd");
	add_link(of.live, pid, "root");
	process_each_number(directory, add_descriptor, &of);
	free(directory);
	return true;
}

void live_paths_look(struct live_paths *live, const char *root)
{
	*live = (struct live_paths) { .root = root };
	if (!realpath(root, live->real))
		strcpy(live->real, root);
	/* A mount may come from elsewhere: what is below it is not to be removed. */
	add_file(live, getpid(), "mountinfo");
	for (size_t i = 0; i < live->count; i++)
		live->items[i].pid = 0;
	process_each_number("/proc", add_process, live);
}

const struct live_path *live_paths_find(const struct live_paths *live, const char *name)
{
	for (size_t i = 0; i < live->count; i++)
		if (!strcmp(live->items[i].name, name))
			return &live->items[i];
	return NULL;
}
