/* SPDX-License-Identifier: Apache-2.0 */
/*
 * objects - the libraries of this process, and where their functions are, without dlsym().
 *
 * dlsym() is in a library of its own before glibc 2.34, it takes the lock that dlopen() holds
 * while constructors run, and other preloads interpose it. dl_iterate_phdr() is in every libc and
 * takes a lock that is held for no foreign code. Hash tables and versions are read here.
 *
 * A damaged object has no function: each table has to lie in a readable segment, and nothing is
 * read beyond the end of that.
 */
#ifndef FLYTECTX_OBJECTS_H
#define FLYTECTX_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dl_phdr_info;

/* A table, and where the segment that it is in ends. */
struct object_table {
	const char *start, *end;
};

/* A library, valid while it is looked at. */
struct object {
	uintptr_t base;
	const char *path;     /* "" for the program */
	const void *segments; /* program headers; NULL: not known, all of it is readable */
	unsigned segment_count;
	const void *dynamic; /* NULL: a static program */
	const void *dynamic_end;
	unsigned long long loaded;  /* objects so far, */
	unsigned long long dropped; /* and those that were closed */
};

/* What is needed to look a name up in one object. */
struct object_symbols {
	const struct object *object;
	struct object_table symbols, strings, gnu_hash, hash, versions;
};

/* A name with all that look-ups need of it. */
struct object_name {
	const char *text;
	size_t length;
	uint32_t gnu_hash, hash;
};

/*
 * Calls `look` for each library, in the order of loading, until it returns true. No library is
 * closed meanwhile. Async-signal-safe; a call from within `look` is allowed.
 */
typedef bool object_look(const struct object *object, void *given);
bool objects_walk(object_look *look, void *given);

/* The same for those behind ours in the search order, where ours is the first of its kind. */
bool objects_walk_behind_us(object_look *look, void *given);

/* False before the loader has relocated this library: hooks may be called by then already. */
bool objects_are_known(void);

bool object_contains(const struct object *object, uintptr_t address);

/* Is it this library, or another copy of it? */
bool object_is_ours(const struct object *object);
bool object_is_a_copy(const struct object_symbols *symbols);

void object_read_symbols(const struct object *object, struct object_symbols *symbols);

struct object_name object_name(const char *text);

/*
 * The address of the default version of a function or variable that the object defines for others,
 * or NULL. What is chosen at run time (STT_GNU_IFUNC) is chosen here.
 */
void *object_find(const struct object_symbols *symbols, const struct object_name *name);

/* The first of that name, of those behind us, or of all but ours. NULL: there is none. */
void *objects_find(const char *name, bool behind_us);

#endif
