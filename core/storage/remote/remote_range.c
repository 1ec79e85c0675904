/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See remote_reading.h: answers are held against questions. Proxies and caches ignore conditions
 * and ranges, so that the bytes of another object, or of another place, come with a good status.
 */
#include "storage/remote/remote_reading.h"
#include "storage/http/http_header.h"

#include <errno.h>
#include <inttypes.h>

uint64_t remote_range_start(const struct reading *reading, uint64_t number)
{
	return reading->from + number * reading->chunk;
}

uint64_t remote_range_length(const struct reading *reading, uint64_t number)
{
	uint64_t left = reading->to - remote_range_start(reading, number);

	return left < reading->chunk ? left : reading->chunk;
}

static bool not_a_store(struct reading *reading, int number, const char *why)
{
	return error_set(reading->error, number == ESTALE ? ERROR_CHANGED : ERROR_SYSTEM, number,
			 reading->remote->base.url, "%s", why);
}

/* A condition may be ignored on the way: an answer that says another tag is of another object. */
static bool check_tag(struct reading *reading, const struct http_request *request)
{
	const char *tag = pairs_get(&request->answer_headers, "ETag");

	return !tag || !reading->etag || http_header_same_tag(tag, reading->etag) ||
	       not_a_store(reading, ESTALE, "it was replaced while it was read");
}

/* Where the answer does not say how long the whole object is. */
static bool ask_total(struct reading *reading, uint64_t *total)
{
	struct storage_status status;

	if (!storage_stat(&reading->remote->base, &status, reading->error))
		return false;
	*total = status.size;
	return !reading->etag || http_header_same_tag(status.etag, reading->etag) ||
	       not_a_store(reading, ESTALE, "it was replaced while it was read");
}

bool remote_range_learn(struct reading *reading, struct http_request *first)
{
	const char *etag = pairs_get(&first->answer_headers, "ETag");
	struct http_range range = { 0 };
	uint64_t total = first->answer_size;

	if (!check_tag(reading, first))
		return false;
	if (first->status == 206) {
		if (!http_header_range(pairs_get(&first->answer_headers, "Content-Range"), &range))
			return not_a_store(reading, EPROTO, "the answer does not say its range");
		total = range.total;
		if (!range.has_total && !ask_total(reading, &total))
			return false;
	} else if (first->status != 200 || reading->from != 0) {
		return not_a_store(reading, EPROTO, "the store ignores ranges");
	}
	reading->total = total;
	if (total < reading->to)
		reading->to = total;
	if (first->status == 200)
		reading->chunk = total ? total : 1;
	if (reading->to > reading->from + reading->chunk && !etag && !reading->etag)
		return not_a_store(reading, EPROTO, "the store says no ETag of it");
	if (!reading->etag)
		reading->etag = etag;
	return true;
}

bool remote_range_check(struct reading *reading, const struct http_request *request,
			uint64_t number)
{
	uint64_t start = remote_range_start(reading, number),
		 expected = remote_range_length(reading, number);
	struct http_range range;

	if (!check_tag(reading, request))
		return false;
	if (request->status == 206 &&
	    (!http_header_range(pairs_get(&request->answer_headers, "Content-Range"), &range) ||
	     range.start != start || range.end - range.start + 1 != request->answer_size))
		return error_set(reading->error, ERROR_CORRUPT, EIO, reading->remote->base.url,
				 "the store sent another range than was asked for");
	if (request->status == 206 && range.has_total && range.total != reading->total)
		return not_a_store(reading, ESTALE, "its length changed while it was read");
	if (request->answer_size == expected && (number == 0 || request->status == 206))
		return true;
	return error_set(reading->error, ERROR_CORRUPT, EIO, reading->remote->base.url,
			 "the store sent %" PRIu64 " bytes of a range of %" PRIu64,
			 request->answer_size, expected);
}
