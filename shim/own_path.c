/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See own_path.h. Not in the constructor: many processes start no other, and never need it. The
 * libraries of all machines are installed by one rule: native in a directory D, others in
 * D/flytectx-MACHINE; and each finds the others from where it is itself.
 */
#include <fcntl.h>
#include <stdatomic.h>

#include "own_path.h"
#include "arena.h"
#include "context/preload_list.h"
#include "objects.h"
#include "program.h"
#include "real.h"
#include "state.h"
#include "context/text.h"

static const char unknown[] = "";

/* True where the path means the same for each child, whatever its directory and environment. */
static bool holds_anywhere(struct text_span path)
{
	return path.length && *path.start == '/';
}

/* The path that this library was loaded by stays where it is as long as the library does. */
static bool note_path(const struct object *object, void *given)
{
	if (!object_is_ours(object))
		return false;
	*(const char **)given = object->path;
	return true;
}

/* Where we came otherwise (ld.so.preload, a name without a directory): what the loader says. */
static struct text_span ask_loader(void)
{
	struct text_span none = { NULL, 0 };
	const char *path = "";

	objects_walk(note_path, &path);
	/* The shim may be part of another file: no child can preload that. */
	if (*path != '/' || !preload_path_is_sound(path) || !preload_list_find(path).length)
		return none;
	return (struct text_span) { path, text_length(path) };
}

static const char *find(void)
{
	const char *list = state()->preload;
	struct text_span path = preload_list_find(list ? list : "");
	char *kept;

	if (!holds_anywhere(path))
		path = ask_loader();
	kept = path.length ? arena_take(path.length + 1) : NULL;
	if (!kept)
		return unknown;
	*text_copy(kept, path.start, path.length) = '\0';
	return kept;
}

const char *library_path(void)
{
	static _Atomic(const char *) published;
	const char *path = atomic_load_explicit(&published, memory_order_acquire);
	const char *first = NULL;

	if (!path && !state_is_known())
		return NULL;
	if (!path) {
		path = find();
		if (!atomic_compare_exchange_strong(&published, &first, path))
			path = first;
	}
	return *path ? path : NULL;
}

static char *put(char *to, const char *text)
{
	return text_copy(to, text, text_length(text));
}

#define SUBDIRECTORY "flytectx-"

/* The length of D in our path: without our name and, before that, "flytectx-MACHINE/". */
static size_t base_length(const char *ours)
{
	size_t length = text_length(ours) - text_length(PRELOAD_LIBRARY);
	size_t name = text_length(machine_name(MACHINE_OURS));
	size_t directory = text_length(SUBDIRECTORY) + name + 1;

	if (length > directory && text_after(ours + length - directory, SUBDIRECTORY) &&
	    text_after(ours + length - 1 - name, machine_name(MACHINE_OURS)))
		length -= directory;
	return length;
}

/* The library in D, or in its directory for that machine, if it is for it. The process keeps it. */
static const char *library_at(const char *ours, bool subdirectory, enum machine machine)
{
	size_t base = base_length(ours);
	char *path = arena_take(base + sizeof(SUBDIRECTORY) + MACHINE_NAME_MAX +
				sizeof(PRELOAD_LIBRARY));
	struct program file = { AT_FDCWD, path, .search = false };
	char *end;

	if (!path)
		return NULL;
	end = text_copy(path, ours, base);
	if (subdirectory)
		end = put(put(put(end, SUBDIRECTORY), machine_name(machine)), "/");
	*put(end, PRELOAD_LIBRARY) = '\0';
	return program_machine(&file) == machine ? path : NULL;
}

/* Empty where there is none. */
static const char *find_for(const char *ours, enum machine machine)
{
	const char *found = NULL;

	if (*ours == '/')
		found = library_at(ours, true, machine);
	if (*ours == '/' && !found)
		found = library_at(ours, false, machine);
	return found ? found : unknown;
}

const char *library_for(enum machine machine)
{
	static _Atomic(const char *) known[MACHINES];
	const char *ours = library_path(), *library;

	if (machine == MACHINE_OURS || !ours)
		return ours;
	if (machine == MACHINES)
		return NULL;
	library = atomic_load_explicit(&known[machine], memory_order_acquire);
	if (!library) {
		library = find_for(ours, machine);
		atomic_store_explicit(&known[machine], library, memory_order_release);
	}
	return *library ? library : NULL;
}
