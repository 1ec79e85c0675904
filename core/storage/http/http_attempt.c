/* SPDX-License-Identifier: Apache-2.0 */
/* See http_attempt.h. */
#include "storage/http/http_attempt.h"
#include "local/wiped_memory.h"
#include "storage/http/http_header.h"
#include "flyte_ctx.h"
#include "storage/http/url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ERROR_BODY_MAX 65536 /* of an answer that says what is wrong */
#define SLOWEST        1024L /* bytes a second: 8 MiB take two hours */
#define SOCKET_BUFFER  (512L * 1024)

static size_t read_file(struct http_request *request, char *buffer, size_t size)
{
	ssize_t count;

	do
		count = pread(request->body.fd, buffer, size,
			      (off_t)(request->body.offset + request->sent));
	while (count < 0 && errno == EINTR);
	if (count > 0)
		return (size_t)count;
	/* The file has become shorter than it was when its size was sent. */
	request->file_errno = count ? errno : ENODATA;
	return CURL_READFUNC_ABORT;
}

static size_t send_body(char *buffer, size_t one, size_t count, void *user)
{
	struct http_request *request = user;
	uint64_t left = request->body.size - request->sent;
	size_t size = one * count < left ? one * count : (size_t)left;

	if (!size)
		return 0;
	if (!request->body.data)
		size = read_file(request, buffer, size);
	else
		memcpy(buffer, (const char *)request->body.data + request->sent, size);
	if (size != CURL_READFUNC_ABORT)
		request->sent += size;
	return size;
}

/* libcurl sends a body again where a kept connection turns out to be closed. */
static int seek_body(void *user, curl_off_t offset, int origin)
{
	struct http_request *request = user;

	if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > request->body.size)
		return CURL_SEEKFUNC_FAIL;
	request->sent = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

static bool write_file(struct http_request *request, const char *data, size_t size)
{
	while (size) {
		ssize_t count = pwrite(request->file_fd, data, size,
				       (off_t)(request->file_offset + request->answer_size));

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			request->file_errno = errno;
			return false;
		}
		data += count;
		size -= (size_t)count;
		request->answer_size += (uint64_t)count;
	}
	return true;
}

static uint64_t limit_of(const struct http_request *request, bool good)
{
	if (!good)
		return ERROR_BODY_MAX;
	return request->status == 200 && request->whole_limit ? request->whole_limit
							      : request->answer_limit;
}

static size_t receive_body(char *data, size_t one, size_t count, void *user)
{
	struct http_request *request = user;
	size_t size = one * count;
	bool good;

	curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &request->status);
	good = request->status >= 200 && request->status < 300;
	if (size > limit_of(request, good) - request->answer_size) {
		/* Of a long complaint the beginning is enough: it may have no end. */
		request->complaint_cut = !good;
		return 0;
	}
	if (good && request->to_file)
		return write_file(request, data, size) ? size : 0;
	buffer_append(&request->answer, data, size);
	request->answer_size += size;
	return request->answer.failed ? 0 : size;
}

static size_t receive_header(char *data, size_t one, size_t count, void *user)
{
	struct http_request *request = user;
	size_t size = one * count;

	return http_header_add(&request->answer_headers, data, size) ? size : 0;
}

static void forget_answer(struct http_request *request)
{
	pairs_free(&request->answer_headers);
	request->answer.length = 0;
	request->answer_size = 0;
	request->status = 0;
	request->sent = 0;
	request->file_errno = 0;
	request->complaint_cut = false;
	request->curl_error[0] = '\0';
}

/* A line break would end the header, and begin another one. */
static const char *broken_header(const struct pairs *headers)
{
	for (size_t i = 0; i < headers->count; i++)
		if (strpbrk(headers->items[i].value, "\r\n"))
			return headers->items[i].name;
	return NULL;
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
	struct buffer line = { 0 };
	struct curl_slist *longer;

	/* "Name;" is how libcurl is told of a header without a value, "Name:" to leave it out. */
	buffer_format(&line, *value ? "%s: %s" : "%s;", name, value);
	longer = line.failed ? NULL : curl_slist_append(*list, line.data);
	buffer_free(&line);
	if (longer)
		*list = longer;
	return longer != NULL;
}

/* As curl_slist_free_all(), of lines that may hold a secret. */
static void free_headers(struct curl_slist *list)
{
	for (struct curl_slist *line = list; line; line = line->next)
		explicit_bzero(line->data, strlen(line->data));
	curl_slist_free_all(list);
}

static struct curl_slist *header_list(const struct http_request *request)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	bool good = list != NULL && !request->headers.failed;

	for (size_t i = 0; good && i < request->headers.count; i++)
		good = add_header(&list, request->headers.items[i].name,
				  request->headers.items[i].value);
	if (good)
		return list;
	free_headers(list);
	return NULL;
}

static char *url_of(const struct http_request *request)
{
	struct buffer url = { 0 };

	buffer_format(&url, "%s%s%s", request->origin, request->path,
		      request->query.count ? "?" : "");
	url_query(&url, &request->query);
	return buffer_take(&url);
}

/* A body that is empty is sent as such: with Content-Length: 0, which stores ask for. */
static void set_method(const struct http_request *request)
{
	CURL *easy = request->easy;

	if (strcmp(request->method, "HEAD") == 0) {
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	} else if (strcmp(request->method, "PUT") == 0 || strcmp(request->method, "POST") == 0) {
		curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body.size);
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	} else if (strcmp(request->method, "GET") != 0) {
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	}
}

static void set_limits(const struct http_request *request, const struct http_settings *settings)
{
	unsigned patience = request->patience ? request->patience : settings->stall_seconds;
	CURL *easy = request->easy;

	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)settings->connect_seconds);
	/* With patience of its own a request waits for what a store does, not for bytes. */
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, request->patience ? 1L : SLOWEST);
	if (request->patience)
		curl_easy_setopt(easy, CURLOPT_TIMEOUT, 6L * request->patience);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)patience);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, SOCKET_BUFFER);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, SOCKET_BUFFER);
	if (settings->no_proxy)
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
}

/* libcurl itself reads none of the variables that say whom to trust. */
static void set_trust(CURL *easy)
{
	static const char *const variables[] = { "AWS_CA_BUNDLE", "SSL_CERT_FILE",
						 "CURL_CA_BUNDLE" };

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		const char *file = getenv(variables[i]);

		if (file && *file) {
			curl_easy_setopt(easy, CURLOPT_CAINFO, file);
			return;
		}
	}
}

/* NOSIGNAL: the process is somebody else's. No redirection is followed: it would carry the
 * signature, or the token, to another host. */
static void set_common(struct http_request *request)
{
	CURL *easy = request->easy;

	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* a key may have "/../" in it */
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "flytectx/" FLYTECTX_VERSION);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, request->curl_error);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, send_body);
	curl_easy_setopt(easy, CURLOPT_READDATA, request);
	curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek_body);
	curl_easy_setopt(easy, CURLOPT_SEEKDATA, request);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
}

bool http_attempt_begin(struct http_request *request, const struct http_settings *settings)
{
	const char *broken;
	char *url;
	CURLcode code = CURLE_OUT_OF_MEMORY;

	forget_answer(request);
	broken = broken_header(&request->headers);
	if (broken)
		return error_set(&request->error, ERROR_INVALID, EINVAL, request->what,
				 "the value of the header %s has a line break in it", broken);
	url = url_of(request);
	request->list = header_list(request);
	request->easy = curl_easy_init();
	if (url && request->list && request->easy) {
		set_common(request);
		set_method(request);
		set_limits(request, settings);
		set_trust(request->easy);
		curl_easy_setopt(request->easy, CURLOPT_HTTPHEADER, request->list);
		code = curl_easy_setopt(request->easy, CURLOPT_URL, url);
	}
	wiped_free(url); /* a shared access signature */
	if (code == CURLE_OK)
		return true;
	http_attempt_end(request);
	return error_set(&request->error, ERROR_SYSTEM, ENOMEM, request->what, "%s",
			 request->method);
}

void http_attempt_end(struct http_request *request)
{
	curl_easy_cleanup(request->easy);
	free_headers(request->list);
	request->easy = NULL;
	request->list = NULL;
}
