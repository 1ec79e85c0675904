/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unpack_pending - what of a tree can only be finished when all of it is there: modes and times of
 * directories, since making what is in them needs the one and changes the other; and where symbolic
 * links lead, which later members can change.
 */
#ifndef FLYTECTX_UNPACK_PENDING_H
#define FLYTECTX_UNPACK_PENDING_H

#include "checkpoint/archive/tar.h"

struct pending_list {
	struct pending *items;
	size_t count;
};

/* Notes a directory, or a link. False: no memory. */
bool pending_add(struct pending_list *list, const struct tar_entry *entry, bool is_link);

bool pending_finish(const struct pending_list *list, int root, const char *name,
		    struct error *error);

void pending_free(struct pending_list *list);

#endif
