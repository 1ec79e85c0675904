/* SPDX-License-Identifier: Apache-2.0 */
/* See process_files.h. */
#include "command/look/process_files.h"
#include "command/terminal/memory.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More of a command line is shown nowhere. */
#define COMMAND_MAX 4096

bool process_each_number(const char *directory, bool (*visit)(int number, void *argument),
			 void *argument)
{
	DIR *list = opendir(directory);
	const struct dirent *entry;
	bool good = true;

	while (list && good && (entry = readdir(list)))
		if (isdigit((unsigned char)entry->d_name[0]))
			good = visit(atoi(entry->d_name), argument);
	if (list)
		closedir(list);
	return good;
}

ssize_t process_read_file(const char *path, char *to, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = -1;

	if (fd >= 0) {
		length = read(fd, to, room - 1);
		close(fd);
	}
	to[length > 0 ? length : 0] = '\0';
	return length;
}

bool process_read_stat(pid_t pid, pid_t *parent, const char **name)
{
	char path[64], text[512], *start, *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	process_read_file(path, text, sizeof(text));
	start = strchr(text, '(');
	end = strrchr(text, ')');
	if (!start || !end || sscanf(end + 1, " %*c %d", parent) != 1)
		return false;
	*end = '\0';
	*name = memory_text("%s", start + 1);
	return true;
}

const char *process_command(pid_t pid, const char *name)
{
	char path[64], text[COMMAND_MAX];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	length = process_read_file(path, text, sizeof(text));
	/* Titles are filled up with NULs. */
	while (length > 0 && !text[length - 1])
		length--;
	if (length <= 0)
		return memory_text("[%s]", name);
	for (ssize_t i = 0; i < length; i++)
		if (!text[i])
			text[i] = ' ';
	return memory_text("%s", text);
}

const char *process_thread_name(pid_t pid, pid_t tid)
{
	char path[64], text[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", pid, tid);
	length = process_read_file(path, text, sizeof(text));
	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = '\0';
	return memory_text("%s", text);
}

const char *process_space(pid_t pid)
{
	static char own[64];
	char path[64], space[64] = "";
	ssize_t length;

	if (!*own && readlink("/proc/self/ns/pid", own, sizeof(own) - 1) < 0)
		return NULL;
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	length = readlink(path, space, sizeof(space) - 1);
	return length > 0 && strcmp(space, own) != 0 ? memory_text("%s", space) : NULL;
}

pid_t process_inner_number(pid_t pid, pid_t tid)
{
	char path[64], text[4096];
	const char *line, *end;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", pid, tid);
	process_read_file(path, text, sizeof(text));
	line = strstr(text, "\nNSpid:");
	end = line ? strchr(line + 1, '\n') : NULL;
	if (!end)
		return tid;
	while (end > line && isdigit((unsigned char)end[-1]))
		end--;
	return atoi(end);
}
