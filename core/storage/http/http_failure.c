/* SPDX-License-Identifier: Apache-2.0 */
/* See http_failure.h. */
#include "storage/http/http_failure.h"
#include "local/wiped_memory.h"
#include "storage/http/http_hide.h"
#include "storage/http/url.h"
#include "storage/http/xml.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_OF_TEXT 200

/* S3 and Azure write <Error>, Google's XML API too; STS writes <ErrorResponse><Error>. */
static char *from_xml(const struct http_request *request, const char *name)
{
	return xml_text(buffer_string(&request->answer), request->answer.length, name);
}

/* {"error": "x", "error_description": "y"} of token endpoints, {"error": {"status":, "message":}}
 * of Google's, {"code":, "message":} of the rest. */
static char *from_json(const struct http_request *request, const char *const names[])
{
	json_t *document =
		json_loadb(buffer_string(&request->answer), request->answer.length, 0, NULL);
	json_t *error = json_object_get(document, "error");
	char *text = NULL;

	for (; *names && !text; names++) {
		const char *value = json_string_value(json_object_get(error, *names));

		if (!value)
			value = json_string_value(json_object_get(document, *names));
		text = value ? strdup(value) : NULL;
	}
	json_decref(document);
	return text;
}

char *http_failure_code(const struct http_request *request)
{
	static const char *const names[] = { "status", "error", "code", "Code", NULL };
	const char *header = pairs_get(&request->answer_headers, "x-ms-error-code");
	char *code = from_xml(request, "Code");

	if (!code && header)
		code = strdup(header);
	return code ? code : from_json(request, names);
}

char *http_failure_message(const struct http_request *request)
{
	static const char *const names[] = { "message", "error_description", "Message", NULL };
	char *message = from_xml(request, "Message");

	return message ? message : from_json(request, names);
}

/* Behind a colon, and as one line, whatever a server writes. NULL and "" add nothing. */
static void add_line(struct buffer *out, const char *text, size_t most)
{
	if (text && *text)
		buffer_text(out, ": ");
	for (size_t i = 0; text && text[i] && i < most; i++)
		buffer_append(out, (unsigned char)text[i] < ' ' ? " " : &text[i], 1);
}

/* A longer text than is shown: what is cut off may tell what the rest is. */
static void add_said(const struct http_request *request, struct buffer *why, const char *text,
		     size_t most)
{
	char *copy = text ? strndup(text, 4 * most) : NULL;

	if (copy) {
		http_hide(request, copy);
		add_line(why, copy, most);
	}
	wiped_free(copy);
}

/* A service of credentials may have put them into an answer of another form. */
static void explain_answer(const struct http_request *request, struct buffer *why)
{
	char *code = http_failure_code(request), *message = http_failure_message(request);

	add_said(request, why, code, SHOWN_OF_TEXT);
	add_said(request, why, message, 2 * SHOWN_OF_TEXT);
	if (!code && !message && !request->is_secret)
		add_said(request, why, buffer_string(&request->answer), SHOWN_OF_TEXT);
	free(code);
	free(message);
}

static const char *meaning(long status)
{
	switch (status) {
	case 301:
	case 302:
	case 307:
	case 308:
		return " (it is elsewhere)";
	case 400:
		return " Bad Request";
	case 401:
		return " Unauthorized";
	case 403:
		return " Forbidden";
	case 404:
		return " Not Found";
	case 409:
		return " Conflict";
	case 412:
		return " Precondition Failed";
	case 429:
		return " Too Many Requests";
	case 500:
		return " Internal Server Error";
	case 503:
		return " Service Unavailable";
	default:
		return "";
	}
}

/* The store's own word that there is no such object, or no such upload. A 404 alone is said of a
 * bucket, too, and by whatever stands before the store. */
static bool is_absent(const struct http_request *request)
{
	static const char *const codes[] = { "NoSuchKey", "BlobNotFound", "NoSuchUpload" };
	char *code = request->status == 404 ? http_failure_code(request) : NULL;
	bool absent = false;

	for (size_t i = 0; code && i < sizeof(codes) / sizeof(*codes); i++)
		absent = absent || !strcmp(code, codes[i]);
	free(code);
	return absent;
}

/* Where a redirection leads: the host, since the rest may be signed. */
static void add_location(const struct http_request *request, struct buffer *why)
{
	const char *location = pairs_get(&request->answer_headers, "Location");
	const char *region = pairs_get(&request->answer_headers, "x-amz-bucket-region");
	struct url url;

	if (request->status < 300 || request->status >= 400)
		return;
	if (location && url_parse(&url, location)) {
		add_line(why, "redirects are not followed, its endpoint is", SHOWN_OF_TEXT);
		buffer_format(why, " %s", url.origin);
		url_free(&url);
	} else {
		add_line(why, region ? "its region is" : "is the region right?", SHOWN_OF_TEXT);
		if (region)
			buffer_format(why, " %.40s", region);
	}
}

static void fail_by_status(struct http_request *request, struct buffer *why)
{
	static const struct {
		long status;
		enum error_class failure;
		int number;
	} classes[] = {
		{ 401, ERROR_DENIED, EACCES },    { 403, ERROR_DENIED, EACCES },
		{ 412, ERROR_CHANGED, ESTALE },   { 408, ERROR_TRANSIENT, EAGAIN },
		{ 429, ERROR_TRANSIENT, EAGAIN }, { 500, ERROR_TRANSIENT, EAGAIN },
		{ 502, ERROR_TRANSIENT, EAGAIN }, { 503, ERROR_TRANSIENT, EAGAIN },
		{ 504, ERROR_TRANSIENT, EAGAIN },
	};

	buffer_format(why, ": %ld%s", request->status, meaning(request->status));
	add_location(request, why);
	explain_answer(request, why);
	error_set(&request->error, ERROR_SYSTEM, 0, request->what, "%s", buffer_string(why));
	if (is_absent(request)) {
		request->error.failure = ERROR_ABSENT;
		request->error.number = ENOENT;
	}
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (classes[i].status != request->status)
			continue;
		request->error.failure = classes[i].failure;
		request->error.number = classes[i].number;
	}
}

static void fail_by_file(struct http_request *request, struct buffer *why)
{
	bool reading = request->body.size > 0;

	buffer_text(why, reading ? "can't read what is to be saved" : "can't write the file");
	if (reading && request->file_errno == ENODATA)
		buffer_text(why, ", it has become shorter");
	error_set(&request->error, ERROR_SYSTEM, request->file_errno, request->what, "%s",
		  buffer_string(why));
}

static void fail_by_network(struct http_request *request, CURLcode code, struct buffer *why)
{
	const char *detail = *request->curl_error ? request->curl_error : curl_easy_strerror(code);
	bool transient = code != CURLE_PEER_FAILED_VERIFICATION && code != CURLE_WRITE_ERROR &&
			 code != CURLE_OUT_OF_MEMORY && code != CURLE_SSL_CACERT_BADFILE;

	if (code == CURLE_OPERATION_TIMEDOUT && strstr(detail, "too slow"))
		detail = "not a byte came or went for too long, or less than 1 KiB a second";
	if (code == CURLE_WRITE_ERROR)
		detail = "the answer is longer than what was asked for";
	add_line(why, detail, 2 * SHOWN_OF_TEXT);
	error_set(&request->error, transient ? ERROR_TRANSIENT : ERROR_SYSTEM, 0, request->what,
		  "%s", buffer_string(why));
	request->error.number = transient ? EAGAIN : EIO;
}

/* The query is left out of every text: a shared access signature is a secret. */
void http_failure(struct http_request *request, CURLcode code)
{
	struct buffer why = { 0 };

	if (request->file_errno) {
		fail_by_file(request, &why);
	} else {
		buffer_format(&why, "%s %s", request->method, request->origin);
		if (request->attempts > 1)
			buffer_format(&why, " failed %u times, the last time", request->attempts);
		if (code == CURLE_OK)
			fail_by_status(request, &why);
		else
			fail_by_network(request, code, &why);
	}
	buffer_free(&why);
}
