/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See real.h. Only two names are ever undefined in the preload, dlsym and environ, both weak, so
 * that a program without a libc starts as if we were not there; looking one up costs each start
 * 0.4 us. Each has one version in glibc, so the unversioned reference is right.
 */
#include <errno.h>
#include <stdbool.h>

#include "real.h"
#include "context/text.h"

#define WEAK __attribute__((weak))

extern void *dlsym(void *handle, const char *name) WEAK;

/* dlfcn.h's: the first definition of all. */
#define FIRST NULL

/* unistd.h's _CS_GNU_LIBC_VERSION, which musl's has not. */
#define GLIBC_VERSION 2
#define MUSL          (-1)

_Atomic(real_function *) real_table[REAL_COUNT];

/* When a function came: glibc's version, and whether musl has it too. */
enum missing { NONE, ERRNO, CODE };

struct row {
	unsigned short glibc; /* since that version */
	unsigned char musl;   /* there too */
	unsigned char missing;
};

#define ANY      0, true
#define SINCE(v) v, true
#define GLIBC(v) v, false

static const struct row rows[] = {
#define HOOK(file, ret, name, presence, missing, signature) { presence, missing },
#define IMPORT(ret, name, presence, missing, signature)     { presence, missing },
#define POOL(file, ret, name, signature)
#define POOL_IMPORT(ret, name, signature)
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
#undef POOL
#undef POOL_IMPORT
};

/* One behind the other: an array of strings would need a relocation each, or their longest size. */
static const char names[] =
#define HOOK(file, ret, name, presence, missing, signature) #name "\0"
#define IMPORT(ret, name, presence, missing, signature)     #name "\0"
#define POOL(file, ret, name, signature)
#define POOL_IMPORT(ret, name, signature)
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
#undef POOL
#undef POOL_IMPORT
	;

static const char *name_of(enum real_index index)
{
	const char *name = names;

	for (unsigned i = 0; i < (unsigned)index; i++)
		name += text_length(name) + 1;
	return name;
}

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

static long missing_none(void)
{
	return 0;
}

static long missing_errno(void)
{
	real_set_errno(ENOSYS);
	return -1;
}

static long missing_code(void)
{
	return ENOSYS;
}

static real_function *stand_in(const struct row *row)
{
	if (row->missing == ERRNO)
		return (real_function *)missing_errno;
	return (real_function *)(row->missing == CODE ? missing_code : missing_none);
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

static bool libc_has(const struct row *row)
{
	if (!row->glibc && row->musl)
		return true;
	return real_glibc_version() ? real_glibc_version() >= row->glibc : row->musl;
}

real_function *real_resolve(enum real_index index)
{
	const struct row *row = &rows[index];
	real_function *function = NULL;

	if (dlsym && libc_has(row)) {
		const char *name = name_of(index);
		void *address = dlsym(REAL_NEXT, name);

		/* Where we were not preloaded but opened, nothing is behind us. */
		if (!address && index > REAL_LAST_HOOK)
			address = dlsym(FIRST, name);
		/* ISO C has no cast from an object to a function pointer; POSIX makes it right. */
		*(void **)(void *)&function = address;
	}
	if (!function)
		function = stand_in(row);
	atomic_store_explicit(&real_table[index], function, memory_order_relaxed);
	return function;
}

real_function *real_symbol(void *library, const char *name)
{
	real_function *function = NULL;

	if (dlsym)
		*(void **)(void *)&function = dlsym(library, name);
	if (!function)
		REAL(dlerror)();
	return function;
}

void real_resolve_exec(void)
{
	/* Most of the other forms of exec are forwarded to these two; all may fail. */
	real(REAL_execve);
	real(REAL_execvpe);
	real(REAL___errno_location);
}
