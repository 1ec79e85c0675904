/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See real.h. Two names are undefined in the preload, dl_iterate_phdr and __environ, both weak, so
 * that a program without a libc starts as if we were not there; looking one up costs each start
 * 0.4 us. Each has one version in glibc, so the unversioned reference is right.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "objects.h"
#include "real.h"
#include "real_missing.h"

/* unistd.h's _CS_GNU_LIBC_VERSION, which musl's has not. */
#define GLIBC_VERSION 2
#define MUSL          (-1)

_Atomic(real_function *) real_table[REAL_COUNT];

/* One behind the other, and where each begins: pointers would need a relocation each. */
static const struct names {
#define HOOK(file, ret, name, presence, missing, signature) char name[sizeof(#name)];
#define IMPORT(ret, name, presence, missing, signature)     char name[sizeof(#name)];
#define POOL(file, ret, name, signature)
#define POOL_IMPORT(ret, name, signature)
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
} names = {
#define HOOK(file, ret, name, presence, missing, signature) #name,
#define IMPORT(ret, name, presence, missing, signature)     #name,
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
};

static const unsigned short name_at[] = {
#define HOOK(file, ret, name, presence, missing, signature) offsetof(struct names, name),
#define IMPORT(ret, name, presence, missing, signature)     offsetof(struct names, name),
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
#undef POOL
#undef POOL_IMPORT
};

int real_errno(void)
{
	const int *place = REAL(__errno_location)();

	return place ? *place : 0;
}

void real_set_errno(int error)
{
	int *place = REAL(__errno_location)();

	if (place)
		*place = error;
}

/* "glibc 2.36" is 236 */
static int read_version(const char *text)
{
	int parts[2] = { 0, 0 }, part = 0;

	for (; *text && part < 2; text++) {
		if (*text >= '0' && *text <= '9')
			parts[part] = parts[part] * 10 + *text - '0';
		else
			part += *text == '.';
	}
	return parts[0] * 100 + parts[1];
}

/* Every libc has confstr(); that musl does not know the name is how we know musl. */
int real_glibc_version(void)
{
	static atomic_int known;
	char text[24] = "";
	int version = atomic_load_explicit(&known, memory_order_relaxed), error;

	if (!version) {
		error = real_errno();
		REAL(confstr)(GLIBC_VERSION, text, sizeof(text));
		real_set_errno(error);
		version = *text ? read_version(text) : MUSL;
		atomic_store_explicit(&known, version, memory_order_relaxed);
	}
	return version == MUSL ? 0 : version;
}

/* --- looking up --- */

/* Those of [first, last) that are not in the table yet. */
struct search {
	enum real_index first, last;
	bool found_all;
};

static void store(enum real_index index, void *address)
{
	real_function *function;

	/* ISO C has no cast from an object to a function pointer; POSIX makes it right. */
	*(void **)(void *)&function = address;
	atomic_store_explicit(&real_table[index], function, memory_order_relaxed);
}

static bool is_known(enum real_index index)
{
	return atomic_load_explicit(&real_table[index], memory_order_relaxed);
}

/* Another copy of the preload would only hand the call on. */
static bool look(const struct object *object, void *given)
{
	struct search *search = given;
	struct object_symbols symbols;
	bool is_a_copy = false, is_checked = false;

	if (object_is_ours(object))
		return false;
	object_read_symbols(object, &symbols);
	search->found_all = true;
	for (int i = (int)search->first; i < (int)search->last && !is_a_copy; i++) {
		struct object_name name;
		void *address;

		if (is_known((enum real_index)i))
			continue;
		name = object_name((const char *)&names + name_at[i]);
		address = object_find(&symbols, &name);
		if (address && !is_checked)
			is_a_copy = object_is_a_copy(&symbols);
		is_checked |= address != NULL;
		if (address && !is_a_copy)
			store((enum real_index)i, address);
		else
			search->found_all = false;
	}
	return search->found_all;
}

/* Where we were opened, not preloaded, libc is before us. */
static void look_up(enum real_index first, enum real_index last)
{
	struct search search = { first, last, false };

	while (search.first < last && is_known(search.first))
		search.first++;
	if (search.first == last)
		return;
	objects_walk_behind_us(look, &search);
	if (!search.found_all && !objects_find("__errno_location", true))
		objects_walk(look, &search);
}

/*
 * What is not found is not kept: it may be in a library that is opened later, as pthread_create is
 * in libpthread before glibc 2.34.
 */
real_function *real_resolve(enum real_index index)
{
	look_up(index, index + 1);
	if (is_known(index))
		return atomic_load_explicit(&real_table[index], memory_order_relaxed);
	return real_missing(index);
}

bool real_is_found(enum real_index index)
{
	if (!is_known(index))
		look_up(index, index + 1);
	return is_known(index);
}

/* Of the library that has this function: does it have errno too? Both of old glibc's have. */
static bool look_for_errno(const struct object *object, void *given)
{
	uintptr_t *function = given;
	struct object_name name = object_name("__errno_location");
	struct object_symbols symbols;

	if (!object_contains(object, *function))
		return false;
	object_read_symbols(object, &symbols);
	return object_find(&symbols, &name);
}

/* The answer is kept as soon as the function is: both stay. */
bool real_is_of_libc(enum real_index index)
{
	static _Atomic signed char known[REAL_BEHIND_HOOKS];
	signed char answer = atomic_load_explicit(&known[index], memory_order_relaxed);
	uintptr_t function = (uintptr_t)real(index);

	if (answer)
		return answer > 0;
	answer = objects_walk(look_for_errno, &function) ? 1 : -1;
	if (is_known(index))
		atomic_store_explicit(&known[index], answer, memory_order_relaxed);
	return answer > 0;
}

void real_resolve_exec(void)
{
	look_up(REAL_execve, REAL_execvpe + 1);
	real(REAL___errno_location);
}

void real_resolve_all(void)
{
	static atomic_bool done;

	if (atomic_load_explicit(&done, memory_order_relaxed))
		return;
	look_up(0, REAL_COUNT);
	real_is_of_libc(REAL_system);
	real_is_of_libc(REAL_popen);
	real_is_of_libc(REAL_thrd_create);
	real_is_of_libc(REAL_swapcontext);
	atomic_store_explicit(&done, objects_are_known(), memory_order_relaxed);
}
