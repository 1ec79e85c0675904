/* SPDX-License-Identifier: Apache-2.0 */
/* See storage.h: which store has which scheme. */
#include "storage/storage.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *scheme;
	struct storage *(*open)(const char *url, struct error *error);
} stores[] = {
	{ "s3", storage_s3_open },      { "gs", storage_gs_open },
	{ "abfs", storage_azure_open }, { "abfss", storage_azure_open },
	{ "file", storage_file_open },
};

/*
 * SCHEME:/... of a store, as a library for paths writes SCHEME://: as a path it would be saved to a
 * folder of that name, and be gone with the machine. ./SCHEME:/... names such a folder.
 */
static bool lacks_a_slash(const char *url)
{
	size_t length = strcspn(url, ":");

	if (url[length] != ':' || url[length + 1] != '/' || url[length + 2] == '/')
		return false;
	for (size_t i = 0; i < sizeof(stores) / sizeof(*stores); i++)
		if (strlen(stores[i].scheme) == length && !memcmp(url, stores[i].scheme, length))
			return true;
	return false;
}

static struct storage *open_by_scheme(const char *url, struct error *error)
{
	size_t length;

	if (lacks_a_slash(url)) {
		error_set(error, ERROR_INVALID, 0, url, "not a URL: write %.*s://",
			  (int)strcspn(url, ":"), url);
		return NULL;
	}
	if (storage_local_path(url))
		return storage_file_open(url, error);
	length = (size_t)(strstr(url, "://") - url);
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
