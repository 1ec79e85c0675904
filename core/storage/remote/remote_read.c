/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote_read - an object in ranges. The first tells its size and its ETag; the others are then
 * asked for side by side, on condition that it is still the same object. A sink that is a file gets
 * each byte where it belongs as it comes; to a function they are handed in order, so there a range
 * waits in memory for those before it.
 */
#include "storage/http/http_header.h"
#include "storage/remote/remote.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reading {
	struct remote *remote;
	const struct storage_sink *sink;
	const char *etag;
	uint64_t from,
		to; /* of the object: to is behind the last byte; known after the first range */
	uint64_t chunk;
	size_t concurrency;
	/* Range number i is in slots[i % concurrency]. */
	struct http_request slots[64];
	bool arrived[64];
	uint64_t next, started, delivered; /* numbers of ranges */
	uint64_t done;                     /* bytes of ranges that have arrived */
	struct error *error;
};

/* What FLYTE_IO_CHUNK_SIZE and FLYTE_IO_MAX_CONCURRENCY ask for, within what memory allows. */
static void choose_sizes(struct reading *reading)
{
	const char *chunk = getenv("FLYTE_IO_CHUNK_SIZE");
	const char *concurrency = getenv("FLYTE_IO_MAX_CONCURRENCY");

	reading->chunk = chunk ? strtoull(chunk, NULL, 10) : 0;
	reading->concurrency = concurrency ? strtoul(concurrency, NULL, 10) : 0;
	if (reading->chunk < 65536 || reading->chunk > REMOTE_MEMORY)
		reading->chunk = REMOTE_PART;
	if (!reading->concurrency)
		reading->concurrency = REMOTE_CONCURRENCY;
	if (reading->concurrency > REMOTE_MEMORY / reading->chunk)
		reading->concurrency = REMOTE_MEMORY / reading->chunk;
	if (reading->concurrency > sizeof(reading->slots) / sizeof(*reading->slots))
		reading->concurrency = sizeof(reading->slots) / sizeof(*reading->slots);
}

static uint64_t range_start(const struct reading *reading, uint64_t number)
{
	return reading->from + number * reading->chunk;
}

static uint64_t range_length(const struct reading *reading, uint64_t number)
{
	uint64_t left = reading->to - range_start(reading, number);

	return left < reading->chunk ? left : reading->chunk;
}

static struct http_request range_request(struct reading *reading, uint64_t number)
{
	struct http_request request = remote_request(reading->remote, "GET");
	uint64_t start = range_start(reading, number), length = range_length(reading, number);

	pairs_format(&request.headers, "Range", "bytes=%" PRIu64 "-%" PRIu64, start,
		     start + length - 1);
	if (reading->etag)
		pairs_set(&request.headers, "If-Match", reading->etag);
	request.answer_limit = length;
	request.to_file = !reading->sink->write && number > 0;
	request.file_fd = reading->sink->fd;
	request.file_offset = number * reading->chunk;
	return request;
}

static bool deliver_to_file(struct reading *reading, const char *data, size_t size)
{
	off_t offset = 0;

	while (size) {
		ssize_t count = pwrite(reading->sink->fd, data, size, offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return error_set(reading->error, 0, errno, reading->remote->base.url,
					 "can't write the file");
		data += count;
		size -= (size_t)count;
		offset += count;
	}
	return true;
}

static bool deliver(struct reading *reading, const struct http_request *request)
{
	const struct storage_sink *sink = reading->sink;

	if (request->to_file || !request->answer.length)
		return true;
	if (!sink->write)
		return deliver_to_file(reading, request->answer.data, request->answer.length);
	return sink->write(sink->argument, request->answer.data, request->answer.length,
			   reading->error);
}

static bool report(struct reading *reading)
{
	return storage_report(&reading->remote->base,
			      reading->done + http_moved(reading->remote->http),
			      reading->to - reading->from, reading->error);
}

/* What the first range says of the object. A 200 is the whole of it: some stores answer so. */
static bool learn_object(struct reading *reading, struct http_request *first)
{
	const char *etag = pairs_get(&first->answer_headers, "ETag");
	uint64_t total;

	if (first->status == 200 && reading->from == 0)
		total = first->answer_size;
	else if (first->status != 206 ||
		 !http_header_total(pairs_get(&first->answer_headers, "Content-Range"), &total))
		return error_set(reading->error, ERROR_SYSTEM, EPROTO, reading->remote->base.url,
				 "the store can't read ranges");
	if (total < reading->to)
		reading->to = total;
	if (reading->to > reading->from + reading->chunk && !etag && !reading->etag)
		return error_set(reading->error, ERROR_SYSTEM, EPROTO, reading->remote->base.url,
				 "the store says no ETag of it");
	if (!reading->etag)
		reading->etag = etag;
	return true;
}

static bool check_length(struct reading *reading, const struct http_request *request,
			 uint64_t number)
{
	uint64_t expected = range_length(reading, number);

	if (request->answer_size == expected && (number == 0 || request->status == 206))
		return true;
	return error_set(reading->error, ERROR_CORRUPT, EIO, reading->remote->base.url,
			 "the store sent %" PRIu64 " bytes of a range of %" PRIu64,
			 request->answer_size, expected);
}

static bool start_ranges(struct reading *reading)
{
	uint64_t count = (reading->to - reading->from + reading->chunk - 1) / reading->chunk;

	while (reading->started < count &&
	       reading->started < reading->delivered + reading->concurrency) {
		size_t slot = reading->started % reading->concurrency;
		struct buffer room = reading->slots[slot].answer;

		/* The memory stays: mapping it anew for each range costs as much as its copy. */
		reading->slots[slot].answer = (struct buffer) { 0 };
		http_request_free(&reading->slots[slot]);
		reading->slots[slot] = range_request(reading, reading->started++);
		reading->slots[slot].answer = room;
		reading->slots[slot].answer.length = 0;
		buffer_reserve(&reading->slots[slot].answer,
			       reading->slots[slot].to_file ? 0 : (size_t)reading->chunk);
		http_start(reading->remote->http, &reading->slots[slot]);
	}
	return reading->delivered < count;
}

static bool range_arrived(struct reading *reading, struct http_request *request)
{
	size_t slot = (size_t)(request - reading->slots);
	uint64_t first = reading->delivered;
	uint64_t number = first + (slot + reading->concurrency - first % reading->concurrency) %
					  reading->concurrency;

	if (request->failed) {
		*reading->error = request->error;
		return false;
	}
	reading->arrived[slot] = true;
	reading->done += request->answer_size;
	return check_length(reading, request, number);
}

static bool deliver_arrived(struct reading *reading)
{
	while (reading->delivered < reading->started) {
		size_t slot = reading->delivered % reading->concurrency;

		if (!reading->arrived[slot])
			return true;
		if (!deliver(reading, &reading->slots[slot]))
			return false;
		reading->arrived[slot] = false;
		reading->delivered++;
	}
	return true;
}

static bool read_others(struct reading *reading)
{
	struct http_request *request;
	bool good = true;

	reading->started = reading->delivered = 1;
	while (good && start_ranges(reading)) {
		request = http_next(reading->remote->http, 500);
		good = (!request || range_arrived(reading, request)) && deliver_arrived(reading) &&
		       report(reading);
	}
	http_cancel(reading->remote->http);
	for (size_t i = 0; i < reading->concurrency; i++)
		http_request_free(&reading->slots[i]);
	return good;
}

static bool read_ranges(struct reading *reading)
{
	struct http_request first = range_request(reading, 0);
	bool good = http_perform(reading->remote->http, &first);

	/* Nothing is there from that offset on: the object is empty, or ends before. */
	if (first.status == 416) {
		http_request_free(&first);
		return true;
	}
	if (!good)
		*reading->error = first.error;
	good = good && learn_object(reading, &first) && check_length(reading, &first, 0) &&
	       deliver(reading, &first);
	reading->done = first.answer_size;
	good = good && report(reading);
	buffer_free(&first.answer);
	if (good && reading->done < reading->to - reading->from)
		good = read_others(reading);
	http_request_free(&first);
	return good;
}

bool remote_read(struct storage *object, const struct storage_range *range, const char *etag,
		 const struct storage_sink *sink, struct error *error)
{
	struct reading *reading;
	bool good;

	if (!remote_ready((struct remote *)object, error))
		return false;
	if (!range->length)
		return true;
	reading = calloc(1, sizeof(*reading));
	if (!reading)
		return error_set(error, ERROR_SYSTEM, ENOMEM, object->url, "can't read it");
	reading->remote = (struct remote *)object;
	reading->sink = sink;
	reading->etag = etag;
	reading->from = range->offset;
	reading->to = range->length > UINT64_MAX - range->offset ? UINT64_MAX
								 : range->offset + range->length;
	reading->error = error;
	choose_sizes(reading);
	good = read_ranges(reading);
	free(reading);
	return good;
}
