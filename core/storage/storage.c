/* SPDX-License-Identifier: Apache-2.0 */
/* See storage.h. Which scheme is whose, and what all stores share. */
#include "storage/storage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *scheme;
	struct storage *(*open)(const char *url, struct error *error);
} stores[] = {
	{ "file", storage_file_open },  { "s3", storage_s3_open },       { "gs", storage_gs_open },
	{ "abfs", storage_azure_open }, { "abfss", storage_azure_open },
};

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

static struct storage *open_by_scheme(const char *url, struct error *error)
{
	size_t length = scheme_length(url);

	if (!length)
		return storage_file_open(url, error);
	for (size_t i = 0; i < sizeof(stores) / sizeof(*stores); i++)
		if (strlen(stores[i].scheme) == length && !memcmp(url, stores[i].scheme, length))
			return stores[i].open(url, error);
	error_set(error, ERROR_INVALID, EPROTONOSUPPORT, url, "no store has this scheme");
	return NULL;
}

struct storage *storage_open(const char *url, const struct storage_progress *progress,
			     struct error *error)
{
	struct storage *object = open_by_scheme(url, error);

	if (!object)
		return NULL;
	object->progress = progress ? *progress : (struct storage_progress) { 0 };
	object->url = strdup(url);
	if (object->url)
		return object;
	object->operations->close(object);
	error_set(error, ERROR_SYSTEM, ENOMEM, url, "can't open it");
	return NULL;
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
	if (!object->progress.report ||
	    object->progress.report(object->progress.argument, done, total))
		return true;
	return error_set(error, ERROR_CANCELLED, ECANCELED, object->url, "stopped");
}
