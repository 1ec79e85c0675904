/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_request.h. */
#include "storage/credentials/credentials_request.h"
#include "local/wiped_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX   (1024 * 1024)
#define SHORT_NAME 30 /* shorter than keys are */

struct http_request credentials_request(const char *what, const char *method, const struct url *url)
{
	struct http_request request = {
		.what = what,
		.method = method,
		.origin = url->origin,
		.path = strdup(*url->path ? url->path : "/"),
		.answer_limit = FILE_MAX,
		.is_secret = true,
	};

	request.headers.failed = !request.path;
	for (size_t i = 0; i < url->query.count; i++)
		pairs_add(&request.query, url->query.items[i].name, url->query.items[i].value);
	return request;
}

bool credentials_ask(struct http_request *request, bool is_metadata, struct error *error)
{
	static const struct http_settings metadata = {
		.retries = 2,
		.backoff = 0.2,
		.connect_seconds = 1,
		.stall_seconds = 5,
		.no_proxy = true,
	};
	struct http_settings settings;
	struct http *http;
	bool good;

	if (!http_settings_read(&settings, error))
		return false;
	http = http_new(is_metadata ? &metadata : &settings);
	if (!http)
		return error_set(error, ERROR_SYSTEM, ENOMEM, request->what, "can't connect");
	good = http_perform(http, request);
	if (!good)
		*error = request->error;
	http_free(http);
	return good;
}

void credentials_form(struct buffer *form, const char *name, const char *value)
{
	if (form->length)
		buffer_text(form, "&");
	buffer_format(form, "%s=", name);
	url_escape(form, value, "");
}

bool credentials_post(const char *what, const struct url *url, const struct buffer *form,
		      const struct http_hooks *hooks, struct http_request *request,
		      struct error *error)
{
	*request = credentials_request(what, "POST", url);
	request->hooks = hooks;
	if (form->failed)
		return error_set(error, ERROR_SYSTEM, ENOMEM, what, "can't ask");
	pairs_set(&request->headers, "Content-Type", "application/x-www-form-urlencoded");
	request->body = (struct http_body) { .data = form->data, .size = form->length };
	return credentials_ask(request, false, error);
}

/* Answers and files are in jansson's memory too, in pieces that it frees while it reads. */
static void begin_jansson(void)
{
	json_malloc_t get;
	json_free_t release;

	json_get_alloc_funcs(&get, &release);
	if (get == malloc && release == free)
		json_set_alloc_funcs(malloc, wiped_free);
}

json_t *credentials_json(const char *what, const char *text, size_t size, struct error *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	json_error_t reason;
	json_t *document;

	pthread_once(&once, begin_jansson);
	document = json_loadb(text, size, 0, &reason);
	if (json_is_object(document))
		return document;
	json_decref(document);
	error_set(error, ERROR_DENIED, EPROTO, what, "it is no JSON object");
	return NULL;
}

/* A token may come through a FIFO, and a signal in the middle of it. */
static int open_file(const char *path)
{
	int fd;

	do
		fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static ssize_t read_piece(int fd, char *piece, size_t size)
{
	ssize_t count;

	do
		count = read(fd, piece, size);
	while (count < 0 && errno == EINTR);
	return count;
}

/* Where a variable for a path has the secret itself, it is not to be seen. In a path something
 * stands behind directories; a key in base64 may begin with a '/' and have more of them, but no
 * such directory. */
const char *credentials_file_name(const char *path)
{
	const char *name = strrchr(path, '/');
	struct buffer directory = { 0 };
	bool is_path = name && strcspn(path, "\r\n{}") == strlen(path);

	if (is_path && name > path)
		buffer_append(&directory, path, (size_t)(name - path));
	is_path = is_path && (name > path ? access(buffer_string(&directory), F_OK) == 0
					  : strlen(path) < SHORT_NAME);
	buffer_free(&directory);
	return is_path ? path : "credentials file";
}

bool credentials_file(const char *path, struct buffer *text, struct error *error)
{
	char piece[4096];
	ssize_t count = 0;
	int fd = open_file(path);
	const char *shown = credentials_file_name(path);

	if (fd < 0)
		return error_set(error, ERROR_DENIED, errno, shown, "can't read credentials");
	while (text->length < FILE_MAX && (count = read_piece(fd, piece, sizeof(piece))) > 0)
		buffer_append(text, piece, (size_t)count);
	if (count < 0)
		error_set(error, ERROR_DENIED, errno, shown, "can't read credentials");
	close(fd);
	explicit_bzero(piece, sizeof(piece));
	while (text->length && strchr(" \t\r\n", text->data[text->length - 1]))
		text->data[--text->length] = '\0';
	return count >= 0 && !text->failed;
}
