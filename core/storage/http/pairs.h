/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pairs - names with values, in the order in which they came: headers, parameters of a query,
 * metadata of an object. Zeroed is empty. Names are compared without regard to case, as headers
 * are. Where memory is short, `failed` stays set.
 */
#ifndef FLYTECTX_STORAGE_PAIRS_H
#define FLYTECTX_STORAGE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

struct pair {
	char *name, *value;
};

struct pairs {
	struct pair *items;
	size_t count;
	bool failed;
};

/* Name and value are copied; set replaces a value that is there. */
void pairs_add(struct pairs *pairs, const char *name, const char *value);
void pairs_set(struct pairs *pairs, const char *name, const char *value);
__attribute__((format(printf, 3, 4))) void pairs_format(struct pairs *pairs, const char *name,
							const char *format, ...);

/* Borrowed; NULL where there is none of that name. */
const char *pairs_get(const struct pairs *pairs, const char *name);

/* By name, then by value, in the order of their bytes. */
void pairs_sort(struct pairs *pairs);

/* Overwrites what it frees: a header may hold a secret. */
void pairs_free(struct pairs *pairs);

#endif
