/* SPDX-License-Identifier: Apache-2.0 */
/* See http.h. A request is in one place at a time: waiting for its attempt to be due, under way
 * (libcurl has it), or finished. */
#include "storage/http/http.h"
#include "local/wiped_memory.h"
#include "storage/http/http_attempt.h"
#include "storage/http/http_failure.h"
#include "storage/http/http_retry.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct http {
	CURLM *multi;
	struct http_settings settings;
	struct http_request *waiting, *running, *finished;
};

static uint64_t milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void put_last(struct http_request **list, struct http_request *request)
{
	while (*list)
		list = &(*list)->next;
	request->next = NULL;
	*list = request;
}

static void take_out(struct http_request **list, const struct http_request *request)
{
	while (*list && *list != request)
		list = &(*list)->next;
	if (*list)
		*list = (*list)->next;
}

/* What libcurl sends and receives is in its memory too. Without effect where the process had
 * libcurl before; what it then allocates is freed by its own functions. */
static bool begin_libcurl(void)
{
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wiped_free, wiped_realloc, strdup,
				    calloc) == CURLE_OK;
}

struct http *http_new(const struct http_settings *settings)
{
	struct http *http;

	if (!begin_libcurl())
		return NULL;
	http = calloc(1, sizeof(*http));
	if (http)
		http->multi = curl_multi_init();
	if (http && http->multi) {
		http->settings = *settings;
		return http;
	}
	free(http);
	curl_global_cleanup();
	return NULL;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	http_cancel(http);
	curl_multi_cleanup(http->multi);
	free(http);
	curl_global_cleanup();
}

static void finish(struct http *http, struct http_request *request, bool failed)
{
	request->failed = failed;
	put_last(&http->finished, request);
}

/* Where it is worth it and there is time, another attempt; else the end. */
static void repeat_or_finish(struct http *http, struct http_request *request, CURLcode code)
{
	uint64_t now = milliseconds_now(), pause, asked;

	http_failure(request, code);
	pause = http_retry_pause(request->attempts, http->settings.backoff,
				 arc4random() / 4294967296.0);
	asked = http_retry_after(pairs_get(&request->answer_headers, "retry-after"), time(NULL));
	if (asked > pause)
		pause = asked;
	if (request->once || request->attempts > http->settings.retries ||
	    now + pause - request->started > HTTP_RETRY_TIME_MAX) {
		finish(http, request, true);
		return;
	}
	request->due = now + pause;
	put_last(&http->waiting, request);
}

static void run_attempt(struct http *http, struct http_request *request)
{
	const struct http_hooks *hooks = request->hooks;
	bool good = true;

	request->attempts++;
	if (hooks && hooks->authorize)
		good = hooks->authorize(hooks->argument, request, &request->error);
	good = good && http_attempt_begin(request, &http->settings);
	if (good && curl_multi_add_handle(http->multi, request->easy) != CURLM_OK) {
		http_attempt_end(request);
		good = error_set(&request->error, ERROR_SYSTEM, ENOMEM, request->what, "%s",
				 request->method);
	}
	if (good)
		put_last(&http->running, request);
	else
		finish(http, request, true);
}

static void run_due(struct http *http)
{
	uint64_t now = milliseconds_now();
	struct http_request *request = http->waiting, *next;

	for (; request; request = next) {
		next = request->next;
		if (request->due > now)
			continue;
		take_out(&http->waiting, request);
		run_attempt(http, request);
	}
}

static bool wants_repetition(struct http_request *request)
{
	const struct http_hooks *hooks = request->hooks;

	return http_retry_status(request->status) ||
	       (hooks && hooks->again && hooks->again(hooks->argument, request));
}

static void attempt_ended(struct http *http, struct http_request *request, CURLcode code)
{
	bool again;

	curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &request->status);
	curl_multi_remove_handle(http->multi, request->easy);
	http_attempt_end(request);
	take_out(&http->running, request);
	if (request->complaint_cut)
		code = CURLE_OK;
	/* A complaint that came whole is worth more than that our body could not be sent. */
	if (code == CURLE_SEND_ERROR && request->status >= 400)
		code = CURLE_OK;
	again = code == CURLE_OK ? wants_repetition(request) : http_retry_curl(code);
	if (again && !request->file_errno) {
		repeat_or_finish(http, request, code);
	} else if (code == CURLE_OK && request->status >= 200 && request->status < 300) {
		finish(http, request, false);
	} else {
		http_failure(request, code);
		finish(http, request, true);
	}
}

static void collect(struct http *http)
{
	struct http_request *request;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&request);
		attempt_ended(http, request, message->data.result);
	}
}

/* At most `milliseconds`, and not beyond the time when something is due. */
static void wait_for_network(struct http *http, uint64_t milliseconds)
{
	uint64_t now = milliseconds_now();

	for (const struct http_request *request = http->waiting; request; request = request->next) {
		uint64_t until = request->due > now ? request->due - now : 0;

		if (until < milliseconds)
			milliseconds = until;
	}
	curl_multi_poll(http->multi, NULL, 0, (int)milliseconds, NULL);
}

void http_start(struct http *http, struct http_request *request)
{
	request->http = http;
	request->attempts = 0;
	request->failed = false;
	request->started = request->due = milliseconds_now();
	put_last(&http->waiting, request);
	run_due(http);
}

void http_work(struct http *http)
{
	int running;

	if (!http->waiting && !http->running)
		return;
	run_due(http);
	curl_multi_perform(http->multi, &running);
	collect(http);
}

struct http_request *http_next(struct http *http, int milliseconds)
{
	uint64_t end = milliseconds_now() + (uint64_t)milliseconds, now;
	struct http_request *request;

	while (!http->finished && (http->waiting || http->running)) {
		http_work(http);
		now = milliseconds_now();
		if (http->finished || now >= end)
			break;
		wait_for_network(http, end - now);
	}
	request = http->finished;
	if (request)
		http->finished = request->next;
	return request;
}

uint64_t http_moved(const struct http *http)
{
	uint64_t moved = 0;

	for (const struct http_request *request = http->running; request; request = request->next)
		moved += request->body.size ? request->sent : request->answer_size;
	return moved;
}

static void drop(struct http *http, struct http_request *request)
{
	take_out(&http->running, request);
	curl_multi_remove_handle(http->multi, request->easy);
	http_attempt_end(request);
}

void http_cancel(struct http *http)
{
	while (http->running)
		drop(http, http->running);
	http->waiting = http->finished = NULL;
}

void http_drain(struct http *http, int milliseconds)
{
	uint64_t end = milliseconds_now() + (uint64_t)milliseconds;
	struct http_request *request = http->running, *next;

	for (; request; request = next) {
		next = request->next;
		if (request->sent < request->body.size)
			drop(http, request);
	}
	http->waiting = http->finished = NULL;
	while (http->running && milliseconds_now() < end) {
		wait_for_network(http, 100);
		http_work(http);
		http->waiting = http->finished = NULL; /* no second attempts */
	}
	http_cancel(http);
}

bool http_perform(struct http *http, struct http_request *request)
{
	http_start(http, request);
	while (http_next(http, 1000) != request)
		;
	return !request->failed;
}

void http_request_free(struct http_request *request)
{
	free(request->path);
	pairs_free(&request->query);
	pairs_free(&request->headers);
	pairs_free(&request->answer_headers);
	buffer_free(&request->answer);
	*request = (struct http_request) { 0 };
}
