/* SPDX-License-Identifier: Apache-2.0 */
/* See bucket_stale.h. */
#include "local/timestamp.h"
#include "storage/remote/bucket_stale.h"
#include "storage/credentials/credentials_request.h"
#include "storage/http/url.h"
#include "storage/http/xml.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE 10 /* seconds: the save itself is done, and its caller waits */

/* --- the lists --------------------------------------------------------------------------- */

struct upload_list {
	const char *key;
	time_t limit;
	struct pairs *ids;
	bool is_list;
	struct pairs upload; /* what is known of the one that is being read */
};

static void end_upload(struct upload_list *list)
{
	const char *key = pairs_get(&list->upload, "Key"),
		   *id = pairs_get(&list->upload, "UploadId");
	time_t begun = timestamp_seconds(pairs_get(&list->upload, "Initiated"));

	if (key && id && *id && begun && begun < list->limit && strcmp(key, list->key) == 0)
		pairs_add(list->ids, "uploadId", id);
	pairs_free(&list->upload);
}

/* Elements come in no order that is promised: one that comes again is the next upload's. */
static void see_upload(void *argument, const char *path, const char *text)
{
	static const char root[] = "ListMultipartUploadsResult/";
	struct upload_list *list = argument;

	if (strncmp(path, root, strlen(root)) != 0)
		return;
	list->is_list = true;
	path += strlen(root);
	if (strncmp(path, "Upload/", strlen("Upload/")) != 0)
		return;
	path += strlen("Upload/");
	if (pairs_get(&list->upload, path))
		end_upload(list);
	pairs_add(&list->upload, path, text);
}

bool bucket_stale_uploads(const char *text, size_t size, const char *key, time_t limit,
			  struct pairs *ids)
{
	struct upload_list list = { .key = key, .limit = limit, .ids = ids };
	bool good = xml_read(text, size, see_upload, &list) && list.is_list;

	end_upload(&list);
	return good && !ids->failed;
}

struct part_list {
	bool is_list, is_truncated;
	time_t newest;
	unsigned next;
};

static void see_part(void *argument, const char *path, const char *text)
{
	static const char root[] = "ListPartsResult/";
	struct part_list *list = argument;

	if (strncmp(path, root, strlen(root)) != 0)
		return;
	list->is_list = true;
	path += strlen(root);
	if (strcmp(path, "Part/LastModified") == 0) {
		time_t time = timestamp_seconds(text);

		/* A time that can't be read may be now. */
		if (!time || time > list->newest)
			list->newest = time ? time : (time_t)LONG_MAX;
	} else if (strcmp(path, "IsTruncated") == 0) {
		list->is_truncated = strcmp(text, "true") == 0;
	} else if (strcmp(path, "NextPartNumberMarker") == 0) {
		unsigned long next = strtoul(text, NULL, 10);

		list->next = next > UINT_MAX ? 0 : (unsigned)next;
	}
}

bool bucket_stale_newest(const char *text, size_t size, time_t *newest, unsigned *next)
{
	struct part_list list = { 0 };
	bool good = xml_read(text, size, see_part, &list) && list.is_list;

	*newest = list.newest;
	*next = list.is_truncated ? list.next : 0;
	return good && (*next || !list.is_truncated);
}

/* --- what is asked ----------------------------------------------------------------------- */

/* A request for the object, or for the bucket that it is in. */
static struct http_request ask_once(struct remote *remote, const char *method, bool of_bucket)
{
	struct http_request request = remote_request(remote, method);
	struct buffer key = { 0 };

	url_escape(&key, remote->key, "/");
	if (of_bucket && request.path && !key.failed) {
		size_t length = strlen(request.path) - key.length;

		request.path[length > 1 ? length - 1 : 1] = '\0';
	}
	request.headers.failed = request.headers.failed || key.failed;
	buffer_free(&key);
	request.once = true;
	request.patience = PATIENCE;
	return request;
}

/* True where all of its parts are as old, too. */
static bool is_left(struct remote *remote, const char *id, time_t limit)
{
	unsigned next = 0;
	bool good;

	do {
		struct http_request request = ask_once(remote, "GET", false);
		unsigned from = next;
		time_t newest = 0;

		pairs_add(&request.query, "uploadId", id);
		if (from)
			pairs_format(&request.query, "part-number-marker", "%u", from);
		good = http_perform(remote->http, &request) &&
		       bucket_stale_newest(buffer_string(&request.answer), request.answer.length,
					   &newest, &next) &&
		       newest < limit && (!next || next > from);
		http_request_free(&request);
	} while (good && next);
	return good;
}

static void abort_upload(struct remote *remote, const char *id)
{
	struct http_request request = ask_once(remote, "DELETE", false);

	pairs_add(&request.query, "uploadId", id);
	http_perform(remote->http, &request);
	http_request_free(&request);
}

void bucket_abort_stale(struct remote *remote)
{
	struct http_request request = ask_once(remote, "GET", true);
	struct pairs ids = { 0 };
	time_t limit = -1;

	pairs_add(&request.query, "uploads", "");
	pairs_add(&request.query, "prefix", remote->key);
	if (http_perform(remote->http, &request)) {
		const char *date = pairs_get(&request.answer_headers, "Date");

		limit = date ? curl_getdate(date, NULL) - BUCKET_STALE_SECONDS : -1;
	}
	if (limit > 0 && bucket_stale_uploads(buffer_string(&request.answer), request.answer.length,
					      remote->key, limit, &ids))
		for (size_t i = 0; i < ids.count; i++)
			if (is_left(remote, ids.items[i].value, limit))
				abort_upload(remote, ids.items[i].value);
	http_request_free(&request);
	pairs_free(&ids);
}
