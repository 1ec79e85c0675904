/* SPDX-License-Identifier: Apache-2.0 */
/* See library.h. What is a library for this machine: library_check.c. */
#include "library.h"
#include "absolute.h"
#include "library_check.h"
#include "memory.h"
#include "message.h"
#include "preload_list.h"

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

/* The places where a library of that name can be; NULL where one has no name. */
struct places {
	const char *beside, *in_lib, *installed;
};

static struct places list_places(const char *name)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	struct places places = { NULL, NULL, memory_text(FLYTECTX_LIBDIR "/%s", name) };

	if (length > 0) {
		program[length] = '\0';
		if (cut_to_directory(program))
			places.beside = memory_text("%s/%s", program, name);
		if (cut_to_directory(program))
			places.in_lib = memory_text("%s/lib/%s", program, name);
	}
	return places;
}

static bool exists(const char *path)
{
	return path && access(path, F_OK) == 0;
}

static const char *find(const struct places *places)
{
	if (exists(places->beside))
		return places->beside;
	if (exists(places->in_lib))
		return places->in_lib;
	return exists(places->installed) ? places->installed : NULL;
}

const char *library_find(const char *name)
{
	const struct places places = list_places(name);

	return find(&places);
}

static const char *search(void)
{
	const struct places places = list_places(PRELOAD_LIBRARY);
	const char *found = find(&places);

	if (!found)
		message_fail(PRELOAD_LIBRARY,
			     "can't be preloaded: there is no %s, %s or %s; FLYTECTX_LIBRARY can "
			     "name one",
			     places.beside ? places.beside : "library beside flytectx",
			     places.in_lib ? places.in_lib : "in ../lib", places.installed);
	return found;
}

const char *library_path(void)
{
	const char *given = getenv("FLYTECTX_LIBRARY");
	const char *path = absolute_path(given && *given ? given : search());
	const char *why_not;

	if (!preload_path_is_sound(path))
		message_fail(path, "can't be preloaded: LD_PRELOAD has no way to write a path "
				   "with ':' or ' ' in it");
	why_not = library_check(path);
	if (why_not)
		message_fail(path, "can't be preloaded: %s", why_not);
	/* By this name the preload knows its own entry of LD_PRELOAD again. */
	if (strcmp(strrchr(path, '/') + 1, PRELOAD_LIBRARY) != 0)
		message_fail(path, "can't be preloaded: its name must be " PRELOAD_LIBRARY);
	return path;
}
