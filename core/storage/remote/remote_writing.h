/* SPDX-License-Identifier: Apache-2.0 */
/* remote_writing - a write under way: what remote_write.c and remote_multipart.c share. */
#ifndef FLYTECTX_STORAGE_REMOTE_WRITING_H
#define FLYTECTX_STORAGE_REMOTE_WRITING_H

#include "storage/remote/remote.h"

struct writing {
	struct remote *remote;
	const struct storage_source *source;
	struct storage_metadata metadata;
	char metadata_text[STORAGE_METADATA_MAX];
	struct remote_upload upload;
	size_t digest_room; /* of upload.parts */
	struct part_slot {
		struct http_request request; /* first, so that it tells its slot */
		struct buffer data;          /* of a source that is no file */
		bool busy;
		size_t number;
	} slots[REMOTE_CONCURRENCY];
	uint64_t taken; /* bytes that the source has given */
	uint64_t done;  /* bytes of parts that have arrived */
	bool ended;     /* the source has no more */
	struct error *error;
};

/* The source is a file: its bytes are read when they are sent. */
bool remote_source_is_file(const struct writing *writing);

/* The next part of the source, into the slot; an empty one where there is no more. */
bool remote_source_take(struct writing *writing, struct part_slot *slot);

/* Makes the text of the metadata, with all that is known by now. */
void remote_source_metadata(struct writing *writing);

/* Tells the caller how far it is; false where it wants no more. */
bool remote_writing_report(struct writing *writing);

/* False, with an error of the system or of the store's protocol. */
bool remote_writing_fail(struct writing *writing, int number, const char *why);

/* In parts, of which the first is in slot 0; what fails is aborted. */
bool remote_write_parts(struct writing *writing);

#endif
