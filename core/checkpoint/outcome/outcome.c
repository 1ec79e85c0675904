/* SPDX-License-Identifier: Apache-2.0 */
/* See outcome.h. */
#include "checkpoint/outcome/outcome.h"
#include "checkpoint/outcome/raw_error.h"
#include "checkpoint/save.h"
#include "local/number.h"
#include "local/variable.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REPORT_MAX (512 * 1024 * 1024)

/* Behind the report: so a second one knows the first. HTML may end with a comment. */
static const char signature[] = "\n<!-- written by flytectx report -->\n";

static bool has_place(const struct flyte_task_context *context)
{
	return context && context->output_path && *context->output_path;
}

static struct storage *open_beside_outputs(const struct flyte_task_context *context,
					   const char *name, struct error *error)
{
	const char *place = context ? context->output_path : NULL;
	struct storage *object;
	size_t length;
	char *url;

	if (!context) {
		error_set(error, ERROR_INVALID, ENODATA, name, "there is no task here");
		return NULL;
	}
	if (!place || !*place) {
		error_set(error, ERROR_INVALID, ENODATA, name, "the task has no output path");
		return NULL;
	}
	length = strlen(place);
	if (asprintf(&url, "%s%s%s", place, place[length - 1] == '/' ? "" : "/", name) < 0) {
		error_set(error, ERROR_SYSTEM, ENOMEM, name, "can't name it");
		return NULL;
	}
	object = storage_open(url, NULL, error);
	free(url);
	return object;
}

/* As the SDK knows them: by a variable that launchers of clustered tasks set in each worker. */
static bool is_rank_0(void)
{
	const char *rank = variable("RANK");

	return !variable_first("FLYTE_CLUSTERED_WORKER", "TORCHELASTIC_RUN_ID", NULL) || !rank ||
	       !strcmp(rank, "0");
}

/* A number that is missing or none counts as the end: errors are never hidden. */
static bool is_last_restart(void)
{
	const char *attempt = variable("JOBSET_RESTART_ATTEMPT"),
		   *most = variable("JOBSET_MAX_RESTARTS");
	long long a, m;

	return !attempt || !most || !number_read(attempt, 0, INT_MAX, &a) ||
	       !number_read(most, 0, INT_MAX, &m) || a >= m;
}

static bool is_sound(const char *code, const char *message, struct error *error)
{
	const char *why_not = error_code_check(code);

	if (why_not)
		return error_set(error, ERROR_INVALID, EINVAL, "code", "%s", why_not);
	why_not = error_message_check(message);
	return !why_not || error_set(error, ERROR_INVALID, EINVAL, "message", "%s", why_not);
}

static bool write_document(const struct flyte_task_context *context, const char *code,
			   const char *message, enum error_kind kind, struct error *error)
{
	struct storage *object = open_beside_outputs(context, "error.pb", error);
	struct buffer document = { 0 };
	bool good;

	if (!object)
		return false;
	error_document_write(&document, code, message, kind);
	good = document.failed
		       ? error_set(error, ERROR_SYSTEM, ENOMEM, object->url, "can't write it")
		       : save_bytes(object, document.data, document.length, error);
	buffer_free(&document);
	storage_close(object);
	return good;
}

enum outcome_written outcome_fail(const struct flyte_task_context *context, const char *code,
				  const char *message, enum error_kind kind, struct error *error)
{
	struct error ignored;
	/* The copilot has no other kind than a permanent failure. */
	const bool is_raw = kind == ERROR_NON_RECOVERABLE && raw_error_may_be(context);

	if (!has_place(context) && !is_raw) {
		storage_close(open_beside_outputs(context, "error.pb", error));
		return OUTCOME_FAILED;
	}
	if (!is_sound(code, message, error))
		return OUTCOME_FAILED;
	if (!is_rank_0())
		return OUTCOME_LEFT_TO_RANK_0;
	if (!is_last_restart())
		return OUTCOME_RESTARTS;
	if (!is_raw)
		return write_document(context, code, message, kind, error) ? OUTCOME_WRITTEN
									   : OUTCOME_FAILED;
	/* Raw containers often can't write to the store: what the copilot is told is enough. */
	if (has_place(context))
		write_document(context, code, message, kind, &ignored);
	return raw_error_write(code, message, error) ? OUTCOME_WRITTEN : OUTCOME_FAILED;
}

/* --- the report --- */

struct tail {
	char bytes[sizeof(signature) - 1];
	size_t length;
};

static bool take_tail(void *argument, const void *data, size_t size, struct error *error)
{
	struct tail *tail = argument;

	(void)error;
	if (size > sizeof(tail->bytes) - tail->length)
		size = sizeof(tail->bytes) - tail->length;
	memcpy(tail->bytes + tail->length, data, size);
	tail->length += size;
	return true;
}

/* True where no report is there, or one of ours. */
static bool may_replace(struct storage *object, struct error *error)
{
	struct tail tail = { .length = 0 };
	const struct storage_sink sink = { take_tail, &tail, -1 };
	struct storage_status status;
	struct storage_range range = { 0, sizeof(tail.bytes) };

	if (!storage_stat(object, &status, error))
		return error->failure == ERROR_ABSENT;
	if (status.size >= sizeof(tail.bytes)) {
		range.offset = status.size - sizeof(tail.bytes);
		if (!storage_read(object, &range, status.etag, &sink, error))
			return false;
		if (tail.length == sizeof(tail.bytes) &&
		    !memcmp(tail.bytes, signature, sizeof(tail.bytes)))
			return true;
	}
	return error_set(error, ERROR_INVALID, EEXIST, object->url,
			 "another program has written a report there; --replace overwrites it");
}

static bool read_report(int fd, const char *name, struct buffer *report, struct error *error)
{
	char piece[16384];
	ssize_t count;

	while ((count = read(fd, piece, sizeof(piece))) != 0) {
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return error_set(error, ERROR_SYSTEM, errno, name, "can't read it");
		buffer_append(report, piece, (size_t)count);
		if (report->length > REPORT_MAX)
			return error_set(error, ERROR_INVALID, EFBIG, name,
					 "it has more than 512 MiB");
	}
	if (!report->length)
		return error_set(error, ERROR_INVALID, 0, name, "it is empty");
	buffer_append(report, signature, sizeof(signature) - 1);
	return !report->failed || error_set(error, ERROR_SYSTEM, ENOMEM, name, "can't read it");
}

enum outcome_written outcome_report(const struct flyte_task_context *context, int fd,
				    const char *name, bool replace, struct error *error)
{
	struct storage *object = open_beside_outputs(context, "report.html", error);
	struct buffer report = { 0 };
	bool good;

	if (!object)
		return OUTCOME_FAILED;
	if (!is_rank_0()) {
		storage_close(object);
		return OUTCOME_LEFT_TO_RANK_0;
	}
	object->content_type = "text/html";
	good = read_report(fd, name, &report, error) && (replace || may_replace(object, error)) &&
	       save_bytes(object, report.data, report.length, error);
	buffer_free(&report);
	storage_close(object);
	return good ? OUTCOME_WRITTEN : OUTCOME_FAILED;
}

/* --- reading back --- */

static bool take_document(void *argument, const void *data, size_t size, struct error *error)
{
	struct buffer *document = argument;

	(void)error;
	if (document->length < 2 * ERROR_MESSAGE_MAX)
		buffer_append(document, data, size);
	return true;
}

int outcome_read(const struct flyte_task_context *context, enum error_kind *kind,
		 struct error *error)
{
	const struct storage_range all = { 0, STORAGE_SIZE_UNKNOWN };
	struct buffer document = { 0 };
	const struct storage_sink sink = { take_document, &document, -1 };
	struct storage *object;
	int answer = -1;

	if (raw_error_may_be(context) && (raw_error_is_there() || !has_place(context))) {
		*kind = ERROR_NON_RECOVERABLE;
		return raw_error_is_there();
	}
	object = open_beside_outputs(context, "error.pb", error);
	if (!object)
		return -1;
	if (storage_read(object, &all, NULL, &sink, error))
		answer = error_document_kind(document.data, document.length, kind);
	else if (error->failure == ERROR_ABSENT)
		answer = 0;
	buffer_free(&document);
	storage_close(object);
	return answer;
}

bool outcome_clear(const struct flyte_task_context *context, struct error *error)
{
	const bool is_raw = raw_error_may_be(context);
	struct storage *object;
	bool good;

	if (is_raw && !raw_error_clear(error))
		return false;
	if (is_raw && !has_place(context))
		return true;
	object = open_beside_outputs(context, "error.pb", error);
	good = object && storage_remove(object, error);
	storage_close(object);
	return good;
}
