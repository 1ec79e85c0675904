/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See pool_scope.h. dlsym() would tell, and waits for a loader that may wait for us. glibc's list
 * of what is global is the third member of a structure that has begun so since 2.4; it is believed
 * only where all that is known of it otherwise fits. Else what the program needs is global.
 */
#define _GNU_SOURCE
#include <link.h>

#include "context/text.h"
#include "pools/pool_scope.h"

/* --- glibc's list --- */

struct search_list {
	struct link_map **maps;
	unsigned count;
};

/* How glibc's _rtld_global begins: the first of its namespaces. */
struct name_space {
	struct link_map *first;
	unsigned count;
	const struct search_list *global;
};

/* The list is a member of the program's own map, behind what debuggers know of it. */
enum { MAP_SIZE_MAX = 4096 };

static bool is_program(const struct object *object, void *given)
{
	const struct link_map *map = given;

	return object->dynamic == map->l_ld; /* the first object ends the walk */
}

static bool ends_walk(const struct object *object, void *given)
{
	const struct link_map **map = given;

	if (!is_program(object, (void *)(uintptr_t)*map))
		*map = NULL;
	return true;
}

static const struct name_space *glibc_name_space(void)
{
	const struct name_space *space = objects_find("_rtld_global", false);
	const struct link_map *map = space ? space->first : NULL;

	if (!map)
		return NULL;
	objects_walk(ends_walk, &map);
	if (!map || map->l_prev ||
	    (uintptr_t)space->global - (uintptr_t)map >= MAP_SIZE_MAX - sizeof(*space->global) ||
	    !space->global->count || space->global->count > space->count ||
	    space->global->maps[0] != map)
		return NULL;
	return space;
}

static const struct link_map *map_of(const struct name_space *space, const struct object *object)
{
	const struct link_map *map = space->first;

	while (map && map->l_ld != object->dynamic)
		map = map->l_next;
	return map;
}

static bool is_listed(const struct name_space *space, const struct object *object)
{
	const struct link_map *map = map_of(space, object);

	for (unsigned i = 0; map && i < space->global->count; i++)
		if (space->global->maps[i] == map)
			return true;
	return false;
}

/* --- what a library needs --- */

/* More objects are not looked at. */
enum { OBJECTS = 4096 };

struct closure {
	unsigned char reached[OBJECTS / 8], read[OBJECTS / 8];
	unsigned position, first; /* `first`: reached and not read, from 1; 0: none is left */
	const char *needed;
	const void *dynamic; /* of the one that is looked for, */
	bool found;          /* once it is reached */
	struct object object;
};

static bool bit(const unsigned char *bits, unsigned n)
{
	return n < OBJECTS && bits[n / 8] >> n % 8 & 1;
}

static void set_bit(unsigned char *bits, unsigned n)
{
	if (n < OBJECTS)
		bits[n / 8] |= (unsigned char)(1U << n % 8);
}

static const char *base_name(const char *path)
{
	const char *name = path;

	for (; *path; path++)
		if (*path == '/')
			name = path + 1;
	return name;
}

/* The n-th string of this kind of the dynamic section, from 0; NULL: there are fewer. */
static const char *text_of(const struct object *object, ElfW(Sxword) kind, unsigned n)
{
	const ElfW(Dyn) *entry = object->dynamic;
	const char *end = object->dynamic_end;
	struct object_symbols symbols;

	for (; entry && (const char *)(entry + 1) <= end && entry->d_tag != DT_NULL; entry++) {
		if (entry->d_tag != kind || n--)
			continue;
		object_read_symbols(object, &symbols);
		return symbols.strings.start && entry->d_un.d_val < (size_t)(symbols.strings.end -
									     symbols.strings.start)
			       ? symbols.strings.start + entry->d_un.d_val
			       : NULL;
	}
	return NULL;
}

static bool is_called(const struct object *object, const char *name)
{
	const char *own = text_of(object, DT_SONAME, 0);

	return (own && text_equal(own, name)) ||
	       text_equal(base_name(object->path), base_name(name));
}

static bool reach(const struct object *object, void *given)
{
	struct closure *closure = given;

	closure->position++;
	if (!is_called(object, closure->needed))
		return false;
	set_bit(closure->reached, closure->position);
	closure->found |= object->dynamic == closure->dynamic;
	return true;
}

static bool next_to_read(const struct object *object, void *given)
{
	struct closure *closure = given;

	closure->position++;
	if (!bit(closure->reached, closure->position) || bit(closure->read, closure->position))
		return false;
	set_bit(closure->read, closure->position);
	closure->object = *object;
	return true;
}

static void read_needed(struct closure *closure, const struct object *object)
{
	for (unsigned n = 0; (closure->needed = text_of(object, DT_NEEDED, n)); n++) {
		closure->position = 0;
		objects_walk(reach, closure);
	}
}

bool pool_scope_needs(const struct object *library, const struct object *other)
{
	struct closure closure = { .dynamic = other->dynamic };

	closure.object = *library;
	do {
		read_needed(&closure, &closure.object);
		closure.position = 0;
	} while (!closure.found && objects_walk(next_to_read, &closure));
	return closure.found || library->dynamic == other->dynamic;
}

static bool note_first(const struct object *object, void *given)
{
	*(struct object *)given = *object;
	return true;
}

bool pool_scope_is_global(const struct object *object)
{
	const struct name_space *space = glibc_name_space();
	struct object program;

	if (space)
		return is_listed(space, object);
	return objects_walk(note_first, &program) && pool_scope_needs(&program, object);
}
