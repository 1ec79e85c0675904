/* SPDX-License-Identifier: Apache-2.0 */
/* See preload_path.h. What is a library for this machine: library_check.c. */
#include "command/program/preload_path.h"
#include "command/program/absolute_path.h"
#include "command/program/library_check.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "context/preload_list.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory of the path, cut off in place: "/usr/bin" of "/usr/bin/flytectx". */
static bool cut_to_directory(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

static const char *candidate(const char *directory, const char *between)
{
	return memory_text("%s%s/" PRELOAD_LIBRARY, directory, between);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* NULL where there is none; `why_not` says where it was looked for. */
static const char *search(const char **why_not)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	const char *beside = NULL, *in_lib = NULL, *installed = FLYTECTX_LIBDIR "/" PRELOAD_LIBRARY;

	if (length > 0) {
		program[length] = '\0';
		if (cut_to_directory(program))
			beside = candidate(program, "");
		if (cut_to_directory(program))
			in_lib = candidate(program, "/lib");
	}
	if (beside && exists(beside))
		return beside;
	if (in_lib && exists(in_lib))
		return in_lib;
	if (exists(installed))
		return installed;
	*why_not = memory_text("there is no %s, %s or %s; FLYTECTX_LIBRARY can name one",
			       beside ? beside : "library beside flytectx",
			       in_lib ? in_lib : "in ../lib", installed);
	return NULL;
}

static const char *why_not_preloaded(const char *path)
{
	const char *why_not;

	if (!preload_path_is_sound(path))
		return "LD_PRELOAD has no way to write a path with ':', ' ' or '$' in it";
	why_not = library_check(path);
	if (why_not)
		return why_not;
	/* By this name the preload knows its own entry of LD_PRELOAD again. */
	return strcmp(strrchr(path, '/') + 1, PRELOAD_LIBRARY) != 0
		       ? "its name must be " PRELOAD_LIBRARY
		       : NULL;
}

const char *library_find(const char **why_not)
{
	const char *path = getenv("FLYTECTX_LIBRARY");

	*why_not = NULL;
	if (!path || !*path)
		path = search(why_not);
	if (!path)
		return PRELOAD_LIBRARY;
	path = absolute_path(path);
	*why_not = why_not_preloaded(path);
	return path;
}

const char *library_path(void)
{
	const char *why_not, *path = library_find(&why_not);

	if (why_not)
		message_fail(path, "can't be preloaded: %s", why_not);
	return path;
}
