/* SPDX-License-Identifier: Apache-2.0 */
/*
 * azure_blocks - a blob as a whole, or in blocks that a list then puts together. Nothing is left to
 * abort: blocks that no list names are gone after a week, or with the next write of that blob.
 */
#ifndef FLYTECTX_STORAGE_AZURE_BLOCKS_H
#define FLYTECTX_STORAGE_AZURE_BLOCKS_H

#include "storage/remote/remote.h"

void azure_whole(struct remote *remote, struct http_request *request);
bool azure_whole_done(const struct http_request *request);
bool azure_begin(struct remote *remote, struct remote_upload *upload, struct error *error);
void azure_part(struct remote *remote, struct remote_upload *upload, size_t number,
		struct http_request *request);
bool azure_part_done(struct remote_upload *upload, size_t number, struct http_request *request);
bool azure_complete(struct remote *remote, struct remote_upload *upload, struct error *error);

#endif
