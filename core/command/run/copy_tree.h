/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy_tree - a copy of a directory that is kept up to date: what has not changed since the last
 * look is not read again (SPEC 4.17).
 *
 * Most of the copy is made while CMD runs. While CMD stands still only what has changed since is
 * copied, or cloned where the file system can, and nothing is compressed.
 *
 * A file is the same where inode, size, modes, modification and change time are. Directories on
 * other file systems are copied empty: a process that is stopped may be their server.
 */
#ifndef FLYTECTX_COPY_TREE_H
#define FLYTECTX_COPY_TREE_H

#include "command/run/copy_index.h"

#include <sys/types.h>

struct copy {
	const char *directory; /* absolute, without links */
	const char *path;      /* of the copy, absolute, without links; a directory that is there */
	double deadline;       /* CLOCK_MONOTONIC, seconds; 0: none */
	bool (*is_over)(void); /* is the copy not wanted any more? May be NULL */
	bool is_scan;          /* nothing is copied: the digest alone is wanted */
	bool is_moving;        /* CMD runs: a file may change while it is copied */
	struct copy_index before, now;
	uint64_t digest;   /* of all that is known of the tree: another one after each change */
	char other[256];   /* a directory that was left empty; "": none */
	char failure[600]; /* why it has failed; "": it is late, or not wanted any more */

	/* private */
	dev_t device;
	ino_t own;
	char at[4096];
};

/* False: failure says why. `now` becomes `before`. */
bool copy_tree(struct copy *copy);

#endif
