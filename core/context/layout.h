/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout - where a process keeps the context of each of its threads, for a reader outside of it
 * (SPEC 5.14): any version of `flytectx ps` reads any version of the preload by this.
 *
 * The preload exports one constant, flytectx_layout. A reader finds it by name in the mapped
 * library. What a thread has is at offset 0 of the library's thread-local storage: a pointer to its
 * scope. The first word of the storage's image is the address of the root scope.
 *
 * Offsets are in bytes, pointers and tokens as wide as in the process. The struct is only ever
 * appended to, and `length` is its sizeof; another number in `version` says that what is here no
 * longer holds.
 */
#ifndef FLYTECTX_LAYOUT_H
#define FLYTECTX_LAYOUT_H

#include <stdint.h>

#define LAYOUT_MAGIC   "flytectx"
#define LAYOUT_VERSION 1
#define LAYOUT_SYMBOL  "flytectx_layout"

/* The view of a root scope whose carrier was not read yet: the environment has it. */
#define LAYOUT_UNDECODED 1

struct layout {
	char magic[8]; /* without NUL */
	uint16_t version;
	uint16_t length;
	/* In a scope: its context (NULL: outside a task), its token, the size of its block. */
	uint16_t scope_view;
	uint16_t scope_token;
	uint16_t scope_size;
	/* In a context: three strings, and the pairs of key and value. */
	uint16_t action_name;
	uint16_t run_name;
	uint16_t group;
	uint16_t pair_count;
	uint16_t pairs;
};

#endif
