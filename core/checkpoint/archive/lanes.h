/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanes - the same work on many pieces, side by side on the cores that are there, and taken in the
 * order in which it was given. The thread that gives the pieces works too, where it would wait; so
 * all goes on, on one core, where no thread can be made.
 *
 *	while ((piece = lanes_room(lanes))) {
 *		fill(piece);
 *		lanes_give(lanes);
 *	}
 *	while ((piece = lanes_take(lanes)))
 *		use(piece);                     (until the next lanes_take())
 */
#ifndef FLYTECTX_LANES_H
#define FLYTECTX_LANES_H

#include <stddef.h>

struct lanes;

/* `size` bytes a piece, zeroed at first and kept from one use to the next. NULL: no memory. */
struct lanes *lanes_new(size_t size, void (*work)(void *piece));

/* A piece to fill, the same one until lanes_give(). NULL: all are given, so that one must be taken.
 */
void *lanes_room(struct lanes *lanes);
void lanes_give(struct lanes *lanes);

/* The oldest that was given, when its work is done. NULL: there is none. */
void *lanes_take(struct lanes *lanes);

/* Waits for work that is under way, and for no other. NULL is allowed. */
void lanes_free(struct lanes *lanes);

#endif
