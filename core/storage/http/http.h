/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - requests to a store, many at a time on one thread, over libcurl multi. A request is made
 * anew by each attempt: authorised, sent, and what fails for a reason that may pass is repeated
 * (http_retry.h) after a pause. What comes back is either an answer that the caller can use, or an
 * error with its cause.
 *
 *	http_start(http, &request);
 *	while ((done = http_next(http, 500)) == NULL)
 *		...                             (a chance to report, every half second)
 *	if (done->failed)
 *		report(done->error.text);
 */
#ifndef FLYTECTX_STORAGE_HTTP_H
#define FLYTECTX_STORAGE_HTTP_H

#include "storage/http/buffer.h"
#include "storage/http/pairs.h"
#include "storage/storage.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_request;

/* What a request sends: memory, or a part of a file that is read when it is sent. Borrowed. */
struct http_body {
	const void *data; /* NULL: the file */
	int fd;
	uint64_t offset, size;
};

/* What the caller has to say while a request is on its way. All may be NULL. */
struct http_hooks {
	/* Before each attempt: adds what says who asks. False with the error filled in ends it. */
	bool (*authorize)(void *argument, struct http_request *request, struct error *error);
	/* Of an answer, whether to ask again in spite of (or because of) its status. */
	bool (*again)(void *argument, struct http_request *request);
	void *argument;
};

struct http_request {
	/* The question. */
	const char *what;   /* what error texts begin with; borrowed, as are the next two */
	const char *method; /* "GET" */
	const char *origin; /* "https://host:port" */
	char *path;         /* encoded; freed with the request */
	struct pairs query, headers;
	struct http_body body;
	const struct http_hooks *hooks; /* NULL: none */
	uint64_t answer_limit;          /* of bytes that a good answer may have */
	uint64_t whole_limit;           /* the same of a 200, which is no range; 0: as the other */
	bool to_file;                   /* a good answer goes to file_fd from file_offset on */
	int file_fd;
	uint64_t file_offset;
	unsigned patience; /* seconds without a byte that make a stall; 0: as http_new() was told */
	bool once;         /* no second attempt */
	bool is_secret;    /* no text of its answer is shown but a code and a message */

	/* The answer, from http_next() on. */
	bool failed; /* then `error` says why */
	long status; /* 0 where none came */
	struct pairs answer_headers;
	struct buffer
		answer; /* its body, that of an error included, if it did not go to the file */
	uint64_t answer_size; /* of its body, wherever it went */
	struct error error;

	/* http's own. */
	struct http *http;
	struct http_request *next;
	CURL *easy;
	struct curl_slist *list;
	unsigned attempts;
	uint64_t started, due; /* milliseconds */
	uint64_t sent;
	bool complaint_cut; /* of an answer that says what is wrong, enough was read */
	int file_errno;     /* why file_fd took no more, or the body gave no more */
	char curl_error[CURL_ERROR_SIZE];
};

struct http_settings {
	unsigned retries;         /* attempts after the first */
	double backoff;           /* seconds: the pause before the first of them is at most this */
	unsigned connect_seconds; /* for a connection */
	unsigned stall_seconds;   /* without a byte in either direction */
	bool no_proxy;            /* for addresses of the machine itself */
};

/* As FLYTE_STORAGE_RETRIES, FLYTE_STORAGE_BACKOFF_SECONDS and FLYTECTX_STORAGE_STALL_SECONDS say.
 */
bool http_settings_read(struct http_settings *settings, struct error *error);

/* NULL where memory is short. Freeing it drops what is under way. */
struct http *http_new(const struct http_settings *settings);
void http_free(struct http *http);

/* The request stays the caller's, and where it is until http_next() gives it back. */
void http_start(struct http *http, struct http_request *request);

/* One that is finished, or NULL after so many milliseconds, or when none is under way. */
struct http_request *http_next(struct http *http, int milliseconds);

/* Moves what can be moved without waiting: for who is busy with something else. */
void http_work(struct http *http);

/* Bytes that attempts under way have moved, in the direction that matters. */
uint64_t http_moved(const struct http *http);

/* Drops all that are under way. */
void http_cancel(struct http *http);

/*
 * Drops all that are under way, but waits, so long at most, for what comes of those whose body has
 * gone out: the server does what they ask, whether or not somebody still listens.
 */
void http_drain(struct http *http, int milliseconds);

/* One request, to its end; false where it failed. No other may be under way. */
bool http_perform(struct http *http, struct http_request *request);

/* Frees what the request holds; what it borrowed stays. */
void http_request_free(struct http_request *request);

#endif
