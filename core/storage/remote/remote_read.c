/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote_read - an object in ranges. The first tells its size and its ETag; the others are then
 * asked for side by side, on condition that it is still the same object. A sink that is a file gets
 * each byte where it belongs as it comes; to a function they are handed in order, so there a range
 * waits in memory for those before it.
 */
#include "storage/remote/remote_reading.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

/* In memory a whole object has the room of a transfer; in a file as much as its status said. */
static uint64_t whole_limit(const struct reading *reading)
{
	const struct remote *remote = reading->remote;

	if (reading->sink->write)
		return REMOTE_MEMORY;
	return remote->has_size ? remote->size : UINT64_MAX;
}

static struct http_request range_request(struct reading *reading, uint64_t number)
{
	struct http_request request = remote_request(reading->remote, "GET");
	uint64_t start = remote_range_start(reading, number),
		 length = remote_range_length(reading, number);

	pairs_format(&request.headers, "Range", "bytes=%" PRIu64 "-%" PRIu64, start,
		     start + length - 1);
	if (reading->etag)
		pairs_set(&request.headers, "If-Match", reading->etag);
	request.answer_limit = length;
	request.to_file = !reading->sink->write;
	/* Some stores ignore ranges: the whole of it comes, however long, where all is wanted. */
	if (number == 0 && reading->from == 0 && reading->to == UINT64_MAX)
		request.whole_limit = whole_limit(reading);
	request.file_fd = reading->sink->fd;
	request.file_offset = number * reading->chunk;
	return request;
}

static bool deliver(struct reading *reading, const struct http_request *request)
{
	const struct storage_sink *sink = reading->sink;

	if (request->to_file || !request->answer.length)
		return true;
	return sink->write(sink->argument, request->answer.data, request->answer.length,
			   reading->error);
}

static bool report(struct reading *reading)
{
	return storage_report(&reading->remote->base,
			      reading->done + http_moved(reading->remote->http),
			      reading->to - reading->from, reading->error);
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
	return remote_range_check(reading, request, number);
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

static bool read_first(struct reading *reading, struct http_request *first)
{
	bool good = remote_perform(reading->remote, first, reading->error) &&
		    remote_range_learn(reading, first) && remote_range_check(reading, first, 0) &&
		    deliver(reading, first);

	reading->done = first->answer_size;
	return good && report(reading);
}

static bool read_ranges(struct reading *reading)
{
	struct http_request first = range_request(reading, 0);
	bool good = read_first(reading, &first);

	/* Nothing is there from that offset on: the object is empty, or ends before. */
	if (first.status == 416)
		good = true;
	else if (good && reading->done < reading->to - reading->from)
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
