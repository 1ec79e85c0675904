/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote - what the stores behind HTTP share: an object is a path of an origin, is asked for with
 * HEAD, read in ranges (remote_read.c), written whole or in parts (remote_write.c), and removed
 * with DELETE. What differs between S3, Google and Azure is in a struct remote_store.
 */
#ifndef FLYTECTX_STORAGE_REMOTE_H
#define FLYTECTX_STORAGE_REMOTE_H

#include "storage/http/http.h"
#include "storage/storage.h"

#define MIB                (1024 * 1024)
#define REMOTE_PART        (8 * MIB)  /* of an upload, at least; S3 takes none under 5 MiB */
#define REMOTE_MEMORY      (64 * MIB) /* of one transfer, in all its parts together */
#define REMOTE_CONCURRENCY 8          /* parts or ranges under way at a time */

struct remote;

/* An object that is being written in parts; the store keeps its own notes of it. */
struct remote_upload {
	const char *metadata; /* what it says of itself, "" for nothing */
	char *id;             /* the store's name for the upload; freed by the caller */
	struct remote_part {
		char *tag; /* by which the store knows the part; freed by the caller */
	} * parts;
	size_t count;
	uint64_t size; /* of all parts, from complete on */
};

/* What a store does in its own way. */
struct remote_store {
	size_t size; /* of its object, which begins with a struct remote */
	size_t digest_max;
	uint64_t part_max;    /* bytes */
	bool metadata_at_end; /* it is sent with what completes the upload, not with its begin */
	/* Reads the configuration, at the first use of the object: sets origin and path. */
	bool (*configure)(struct remote *remote, struct error *error);
	struct http_hooks hooks; /* their argument becomes the remote */
	/* The header under which the store keeps our metadata. */
	const char *(*metadata_header)(const struct remote *remote);
	/* Completes a PUT of the whole object; is this the answer of a store that has it? */
	void (*whole)(struct remote *remote, struct http_request *request);
	bool (*whole_done)(const struct http_request *request);
	bool (*begin)(struct remote *remote, struct remote_upload *upload, struct error *error);
	/* Completes a PUT of the part with that number, from 0, and takes its tag from the answer.
	 */
	void (*part)(struct remote *remote, struct remote_upload *upload, size_t number,
		     struct http_request *request);
	bool (*part_done)(struct remote_upload *upload, size_t number,
			  struct http_request *request);
	bool (*complete)(struct remote *remote, struct remote_upload *upload, struct error *error);
	/* NULL where nothing is left behind by an upload that nobody completes. */
	bool (*abort)(struct remote *remote, struct remote_upload *upload, struct error *error);
	void (*close)(struct remote *remote); /* frees what configure made, not the object */
};

/* The object of a store begins with one; remote_new() makes all of it, zeroed. */
struct remote {
	struct storage base; /* first, so that it is one */
	const struct remote_store *store;
	struct http *http; /* from the first use on */
	struct http_hooks hooks;
	char *bucket, *key; /* as the URL has them, not encoded */
	char *origin;       /* "https://host", and the path of the object there, encoded */
	char *path;
	bool has_size; /* of the object, when its status was last asked for */
	uint64_t size;
};

/* An object of `store`, of a URL of the form SCHEME://BUCKET/KEY. NULL with the error. */
struct storage *remote_new(const struct remote_store *store, const char *url, struct error *error);

/* Configures and connects, the first time. */
bool remote_ready(struct remote *remote, struct error *error);

/* A request for the object; the caller frees it with http_request_free(). */
struct http_request remote_request(struct remote *remote, const char *method);

/* Sends it alone and copies its error; the caller still frees it. */
bool remote_perform(struct remote *remote, struct http_request *request, struct error *error);

/* False, with the error: the answer to a write is not a store's, which says the tag of what it has.
 */
bool remote_no_tag(struct remote *remote, const struct http_request *request, struct error *error);

/* The clock of the machine is wrong: the store's counts. False where the answer does not say it. */
bool remote_correct_clock(const struct http_request *request, time_t *skew);

bool remote_stat(struct storage *object, struct storage_status *status, struct error *error);
bool remote_read(struct storage *object, const struct storage_range *range, const char *etag,
		 const struct storage_sink *sink, struct error *error);
bool remote_write(struct storage *object, const struct storage_source *source,
		  const struct storage_metadata *metadata, struct error *error);
bool remote_remove(struct storage *object, struct error *error);

#endif
