/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_direct - a long copy past the page cache. A cached copy takes as much memory as it is long,
 * from the pod's limit too, and evicts what the task itself works with; and pages that nobody had
 * before are dear where a hypervisor takes free memory back: 1 GiB cost 1.8 s of CPU there, 0.3 s
 * this way. A thread writes what was read and summed before, so that neither waits for the other.
 */
#ifndef FLYTECTX_FILE_DIRECT_H
#define FLYTECTX_FILE_DIRECT_H

#include "storage/storage.h"

/* Shorter ones stay in the cache, where the next load finds them. */
#define FILE_DIRECT_FROM ((uint64_t)64 * 1024 * 1024)

/* The memory for it where there is that, and where the file system of the empty file `fd` takes
 * direct writes; they then are on. Else NULL. */
char *file_direct_begin(int fd);

/* file_copy_in() behind file_direct_begin(), whose memory it gives back. */
bool file_direct_copy(struct storage *object, const struct storage_source *source, int fd,
		      char *memory, struct storage_metadata *copied, struct error *error);

#endif
