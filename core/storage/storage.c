/* SPDX-License-Identifier: Apache-2.0 */
/* See storage.h: what all stores share. */
#include "storage/storage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The length of SCHEME in SCHEME://...; 0 for a path. */
static size_t scheme_length(const char *url)
{
	size_t length = strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789+-.");

	return !strncmp(url + length, "://", 3) ? length : 0;
}

const char *storage_local_path(const char *url)
{
	/* Once and without decoding, as the SDK takes it off. */
	if (!strncmp(url, "file://", 7))
		return url + 7;
	return scheme_length(url) ? NULL : url;
}

void storage_close(struct storage *object)
{
	if (!object)
		return;
	free(object->url);
	object->operations->close(object);
}

bool storage_stat(struct storage *object, struct storage_status *status, struct error *error)
{
	*status = (struct storage_status) { 0 };
	return object->operations->stat(object, status, error);
}

bool storage_read(struct storage *object, const struct storage_range *range, const char *etag,
		  const struct storage_sink *sink, struct error *error)
{
	return object->operations->read(object, range, etag, sink, error);
}

bool storage_write(struct storage *object, const struct storage_source *source,
		   const struct storage_metadata *metadata, struct error *error)
{
	return object->operations->write(object, source, metadata, error);
}

bool storage_remove(struct storage *object, struct error *error)
{
	return object->operations->remove(object, error);
}

bool storage_report(struct storage *object, uint64_t done, uint64_t total, struct error *error)
{
	object->reported = done;
	object->reported_total = total;
	if (!object->progress.report ||
	    object->progress.report(object->progress.argument, done, total))
		return true;
	return error_set(error, ERROR_CANCELLED, ECANCELED, object->url, "stopped");
}

bool storage_report_again(struct storage *object, struct error *error)
{
	return storage_report(object, object->reported, object->reported_total, error);
}

const char *storage_content_type(const struct storage *object)
{
	return object->content_type ? object->content_type : "application/octet-stream";
}
