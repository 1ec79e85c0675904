/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swap - the content of a directory, replaced: all of it or nothing (SPEC 4.9).
 *
 * The directory itself stays, it may be a mount point. New content is made in a directory in it of
 * a name that nothing else has, and comes up when the old content is beside it. A failure in
 * between brings the old content back, and so does the next restore where this one was killed.
 */
#ifndef FLYTECTX_SWAP_H
#define FLYTECTX_SWAP_H

#include "checkpoint/exports.h"
#include "local/error.h"

struct swap {
	const char *directory;
	int fd;        /* of it */
	int staging;   /* the directory in it */
	int fresh;     /* in that one: where the new content is made */
	char name[40]; /* of the staging directory */
};

/* Begins one. The error speaks of the directory. */
bool swap_begin(struct swap *swap, const char *directory, struct error *error);

/* Is there something in the old content that `restore` does not allow to be lost? Its path. */
bool swap_loses(const struct swap *swap, const struct flytectx_restore *restore,
		char path[PATH_MAX]);

/* Puts the new content in place. What can't be moved stays, and is noted in `restore`. */
bool swap_commit(struct swap *swap, struct flytectx_restore *restore, struct error *error);

/* Takes away all that is not in place. */
void swap_end(struct swap *swap);

/* Ends what a swap that was killed has left. */
bool swap_recover(const char *directory, struct error *error);

#endif
