/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See library.h. Not in the constructor: many processes start no other, and never need it.
 */
#include <stdatomic.h>

#include "library.h"
#include "permanent.h"
#include "preload_list.h"
#include "real.h"
#include "state.h"
#include "text.h"

static const char unknown[] = "";

/* True where the path means the same in every directory that a child may start in. */
static bool holds_anywhere(struct text_span path)
{
	if (path.length && *path.start == '/')
		return true;
	for (size_t i = 0; i < path.length; i++)
		if (path.start[i] == '/')
			return false;
	return path.length > 0;
}

/* Where we came otherwise (ld.so.preload): what the loader says. */
static struct text_span ask_loader(void)
{
	struct text_span none = { NULL, 0 };
	struct library_place place = { 0 };

	REAL(dladdr)(unknown, &place);
	/* The shim may be part of another file: no child can preload that. */
	if (!place.path || *place.path != '/' || !preload_path_is_sound(place.path) ||
	    !preload_list_find(place.path).length)
		return none;
	return (struct text_span) { place.path, text_length(place.path) };
}

static const char *find(void)
{
	const char *list = state()->preload;
	struct text_span path = preload_list_find(list ? list : "");
	char *kept;

	if (!holds_anywhere(path))
		path = ask_loader();
	kept = path.length ? permanent(path.length + 1) : NULL;
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
