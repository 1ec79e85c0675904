/* SPDX-License-Identifier: Apache-2.0 */
/*
 * preload_list - the value of LD_PRELOAD: is our library in it, and the same list with or without
 * it (SPEC 3.17).
 *
 * Nothing is sorted, joined or cleaned up: other entries, separators and duplicates stay as they
 * are, since ld.so and other tools read them. Pure; memory is the caller's.
 */
#ifndef FLYTECTX_PRELOAD_LIST_H
#define FLYTECTX_PRELOAD_LIST_H

#include "context/text.h"

#define PRELOAD_NAME    "LD_PRELOAD"
#define PRELOAD_PREFIX  "LD_PRELOAD="
#define PRELOAD_LIBRARY "libflytectx.so"

/* The first entry of `list` whose file has our name; length 0 where there is none. */
struct text_span preload_list_find(const char *list);

/*
 * LD_PRELOAD has no escapes: a path with a separator in it would name other libraries, and glibc
 * puts something else in place of $LIB, $ORIGIN and $PLATFORM.
 */
bool preload_path_is_sound(const char *path);

/*
 * Writes `list` with `path` added: first, since some preloads bypass whoever is second, but
 * behind the AddressSanitizer runtime, which refuses to run second. Returns the length without
 * NUL; `to` has room for both lengths and two characters more.
 */
size_t preload_list_add(const char *list, const char *path, char *to);

/* Writes `list` without any entry of our name. Returns the length without NUL. */
size_t preload_list_remove(const char *list, char *to);

#endif
