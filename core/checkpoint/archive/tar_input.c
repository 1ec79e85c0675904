/* SPDX-License-Identifier: Apache-2.0 */
/* See tar_reader.h: what its readers read with. */
#include "checkpoint/archive/tar_reader.h"

#include <errno.h>

bool tar_reader_corrupt(const struct tar_reader *reader, struct error *error, const char *why)
{
	return error_set(error, ERROR_CORRUPT, EBADMSG, reader->name, "the archive is damaged, %s",
			 why);
}

bool tar_reader_get(struct tar_reader *reader, void *data, size_t size, struct error *error)
{
	int64_t count = gzip_reader_get(reader->input, data, size, error);

	if (count < 0)
		return false;
	return (size_t)count == size || tar_reader_corrupt(reader, error, "it was cut");
}

bool tar_reader_report(struct tar_reader *reader, struct error *error)
{
	const struct storage_progress *progress = reader->progress;

	if (!progress || !progress->report ||
	    progress->report(progress->argument, gzip_reader_position(reader->input),
			     reader->total))
		return true;
	return error_set(error, ERROR_CANCELLED, ECANCELED, reader->name, "stopped");
}
