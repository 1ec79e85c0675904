/* SPDX-License-Identifier: Apache-2.0 */
/* See elf_libc.h. */
#include "command/program/elf_libc.h"
#include "command/terminal/memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More objects than any program loads. */
#define OBJECTS_MAX 512

/* The objects of a program, in the order in which they were found: a queue and a set. */
struct closure {
	const char *loader_directory;
	const char *paths[OBJECTS_MAX];
	size_t count;
};

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return memory_text("%.*s", slash ? (int)(slash - path) : 0, path);
}

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

enum elf_loader elf_loader(const char *interpreter)
{
	const char *name = file_name(interpreter);

	if (starts_with(name, "ld-linux"))
		return LOADER_GLIBC;
	return starts_with(name, "ld-musl-") ? LOADER_MUSL : LOADER_UNKNOWN;
}

/* libc.so.6 of glibc, libc.so and libc.musl-x86_64.so.1 of musl */
static bool is_libc(const char *name)
{
	name = file_name(name);
	return starts_with(name, "libc.so") || starts_with(name, "libc.musl-");
}

/* The file `name` in one directory of a path with ':', or NULL. */
static const char *search_path(const char *directories, const char *origin, const char *name)
{
	static const char *const variables[] = { "$ORIGIN", "${ORIGIN}" };
	const char *at = directories;

	while (at && *at) {
		size_t length = strcspn(at, ":");
		const char *found = memory_text("%.*s/%s", (int)length, at, name);

		for (size_t i = 0; i < 2; i++)
			if (starts_with(at, variables[i]))
				found = memory_text("%s%s", origin, found + strlen(variables[i]));
		if (access(found, R_OK) == 0)
			return found;
		at += length + (at[length] == ':');
	}
	return NULL;
}

static const char *find(const struct closure *closure, const char *of, const struct elf_file *file,
			const char *name)
{
	static const char usual[] = "/lib64:/usr/lib64:/usr/local/lib:/lib:/usr/lib:"
				    "/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu";
	const char *found;

	if (strchr(name, '/'))
		return access(name, R_OK) == 0 ? name : NULL;
	found = search_path(file->runpath, directory_of(of), name);
	if (!found)
		found = search_path(getenv("LD_LIBRARY_PATH"), "", name);
	if (!found)
		found = search_path(closure->loader_directory, "", name);
	return found ? found : search_path(usual, "", name);
}

static bool add(struct closure *closure, const char *path)
{
	for (size_t i = 0; i < closure->count; i++)
		if (!strcmp(closure->paths[i], path))
			return true;
	if (closure->count == OBJECTS_MAX)
		return false;
	closure->paths[closure->count++] = path;
	return true;
}

/* Adds what one object needs; true: a libc is among that. */
static bool look_at(struct closure *closure, const char *path, const struct elf_file *file,
		    const char **missing)
{
	for (size_t i = 0; i < file->needed_count; i++) {
		const char *found;

		if (is_libc(file->needed[i]))
			return true;
		found = find(closure, path, file, file->needed[i]);
		if (!found || !add(closure, found))
			*missing = file->needed[i];
	}
	return false;
}

static bool read_library(const char *path, struct elf_file *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool readable = fd >= 0 && !elf_file_read(fd, file);

	if (fd >= 0)
		close(fd);
	return readable;
}

enum elf_libc elf_libc(const char *path, const struct elf_file *file, const char **missing)
{
	struct closure closure = { .loader_directory = directory_of(file->interpreter) };
	struct elf_file library;

	*missing = NULL;
	if (look_at(&closure, path, file, missing))
		return LIBC_NEEDED;
	for (size_t i = 0; i < closure.count; i++) {
		if (!read_library(closure.paths[i], &library))
			*missing = closure.paths[i];
		else if (look_at(&closure, closure.paths[i], &library, missing))
			return LIBC_NEEDED;
	}
	return *missing ? LIBC_UNTOLD : LIBC_NOT_NEEDED;
}
