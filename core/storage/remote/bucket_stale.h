/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bucket_stale - the parts that a killed save has left in the store, where they are billed and
 * nobody sees them: the next save of that object in parts aborts their upload.
 *
 * A store does not say whose an upload is, and another saver may be alive, here or elsewhere. So an
 * upload counts as left when it was begun, and its newest part arrived, a day ago or more, by the
 * store's clock. Ours give up after minutes without a byte; only a stream that its writer holds up
 * for a day could look so.
 */
#ifndef FLYTECTX_STORAGE_BUCKET_STALE_H
#define FLYTECTX_STORAGE_BUCKET_STALE_H

#include "storage/remote/remote.h"

#include <time.h>

#define BUCKET_STALE_SECONDS (24 * 60 * 60)

/* Of the object that has just been saved. Each request is made once: what does not work, for want
 * of a permission or of time, is the next save's business. */
void bucket_abort_stale(struct remote *remote);

/*
 * The two lists of a store, as XML. The uploads of exactly that key that were begun before `limit`
 * are added to `ids`; the newest part is the time of the last that arrived, 0 where there is none,
 * and `next` is the marker to go on from, 0 at the end. False where it is no such list.
 */
bool bucket_stale_uploads(const char *text, size_t size, const char *key, time_t limit,
			  struct pairs *ids);
bool bucket_stale_newest(const char *text, size_t size, time_t *newest, unsigned *next);

#endif
