/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_copy - bytes from a source into a file, with their number and their checksum.
 */
#ifndef FLYTECTX_FILE_COPY_H
#define FLYTECTX_FILE_COPY_H

#include "storage/storage.h"

#include <sys/types.h>

/* Fills the buffer from there on but for the end of the file; -1 with errno. */
ssize_t file_read_some(int fd, char *data, size_t size, uint64_t offset);

/* Writes all of it, however many calls that takes; false with errno. */
bool file_write_all(int fd, const char *data, size_t size, uint64_t offset);

/* Writes all that `source` has to `fd`, which is empty. `copied` gets has_size and has_checksum. */
bool file_copy_in(struct storage *object, const struct storage_source *source, int fd,
		  struct storage_metadata *copied, struct error *error);

/* Hands `length` bytes of `fd`, from `offset`, to the sink. Fewer are an error: it was cut. */
bool file_copy_out(struct storage *object, int fd, uint64_t offset, uint64_t length,
		   const struct storage_sink *sink, struct error *error);

#endif
