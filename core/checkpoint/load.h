/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load - a checkpoint out of its object (SPEC 4.3): a tree as it was, anything else as a file. All
 * that can be checked is checked before anybody sees any of it.
 */
#ifndef FLYTECTX_LOAD_H
#define FLYTECTX_LOAD_H

#include "storage/storage.h"

#define LOAD_PAYLOAD "payload" /* what a checkpoint that is no tree is called */

enum load_result {
	LOAD_FAILED,
	LOAD_NONE, /* there is no such object, or an empty one */
	LOAD_TREE,
	LOAD_FILE, /* as LOAD_PAYLOAD */
};

/*
 * Fills the open directory `target`, which must be empty and on a disk with room. `scratch` is an
 * open directory beside it, where an object that comes across a network is put first.
 */
enum load_result load(struct storage *object, int target, int scratch, struct error *error);

/* The same; `*kept`, if it is LOAD_TREE, has the bytes of the object: an open file. Else it is -1.
 */
enum load_result load_and_keep(struct storage *object, int target, int scratch, int *kept,
			       struct error *error);

#endif
