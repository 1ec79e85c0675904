/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What flytectx asks of the library: any object, any directory, with a report of the progress.
 */
#include "checkpoint/exports.h"
#include "checkpoint/failure.h"
#include "checkpoint/open_checkpoint.h"
#include "checkpoint/restore.h"
#include "checkpoint/save.h"
#include "checkpoint/uncancelled.h"
#include "local/workspace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool report(void *argument, uint64_t done, uint64_t total)
{
	const struct flytectx_transfer *transfer = argument;

	return !transfer->report || transfer->report(transfer->argument, done, total);
}

static struct storage *open_object(const struct flytectx_transfer *transfer, struct error *error)
{
	const struct storage_progress progress = { report, (void *)(uintptr_t)transfer };

	return storage_open(transfer->url, &progress, error);
}

int flytectx_transfer_save(const struct flytectx_transfer *transfer, const char *path, int fd)
{
	UNCANCELLED;
	struct error error;
	struct storage *object = open_object(transfer, &error);
	bool good = object &&
		    (path ? save_path(object, path, &error) : save_stream(object, fd, &error));

	storage_close(object);
	return good ? 0 : failure_note(&error);
}

struct reading {
	const char *url;
	int (*take)(void *argument, const void *data, size_t size);
	void *argument;
	uint64_t left; /* of the limit */
	bool is_enough;
};

static bool hand_on(void *argument, const void *data, size_t size, struct error *error)
{
	struct reading *reading = argument;

	if (size > reading->left)
		return error_set(error, ERROR_INVALID, EFBIG, reading->url, "can't read it");
	reading->left -= size;
	reading->is_enough = !reading->take(reading->argument, data, size);
	return !reading->is_enough ||
	       error_set(error, ERROR_CANCELLED, ECANCELED, reading->url, "stopped");
}

int flytectx_transfer_read(const struct flytectx_transfer *transfer, uint64_t limit,
			   int (*take)(void *argument, const void *data, size_t size),
			   void *argument)
{
	UNCANCELLED;
	const struct storage_range whole = { 0, STORAGE_SIZE_UNKNOWN };
	struct reading reading = { transfer->url, take, argument, limit, false };
	const struct storage_sink sink = { hand_on, &reading, -1 };
	struct error error;
	struct storage *object = open_object(transfer, &error);
	bool good = object && storage_read(object, &whole, NULL, &sink, &error);

	storage_close(object);
	if (good || reading.is_enough)
		return good;
	return failure_note(&error);
}

int flytectx_transfer_load(const struct flytectx_transfer *transfer,
			   const struct flyte_action_id *action, char *path, size_t size)
{
	UNCANCELLED;
	struct error error;
	enum load_result result = LOAD_FAILED;
	char place[PATH_MAX];
	struct storage *object = open_object(transfer, &error);
	int answer;

	if (object && workspace_place(action, transfer->url, place, &error))
		result = restore_workspace(object, place, &error);
	storage_close(object);
	if (result != LOAD_FAILED)
		strcat(place, "/work");
	answer = checkpoint_answer(result, place, path, size, &error);
	return answer < 0 ? failure_note(&error) : answer;
}

int flytectx_transfer_restore(const struct flytectx_transfer *transfer,
			      struct flytectx_restore *restore)
{
	UNCANCELLED;
	const struct storage_progress progress = { report, (void *)(uintptr_t)transfer };
	struct storage *object = NULL, *own = NULL;
	enum load_result result = LOAD_FAILED;
	struct error error;

	if (!restore_recover(restore->directory, &error))
		return failure_note(&error);
	if (!transfer->url)
		return 0;
	object = open_object(transfer, &error);
	if (object && restore->own)
		own = storage_open(restore->own, &progress, &error);
	if (object && (own || !restore->own))
		result = restore_directory(object, own, restore, &error);
	storage_close(own);
	storage_close(object);
	return result == LOAD_FAILED ? failure_note(&error) : result == LOAD_TREE;
}

int flytectx_transfer_exists(const struct flytectx_transfer *transfer)
{
	UNCANCELLED;
	struct error error;
	struct storage_status status;
	struct storage *object = open_object(transfer, &error);
	bool good = object && storage_stat(object, &status, &error);

	storage_close(object);
	if (good)
		return status.size > 0 || status.metadata.size > 0;
	return error.failure == ERROR_ABSENT ? 0 : failure_note(&error);
}

int flytectx_workspace(const struct flyte_action_id *action, const char *previous, char *path,
		       size_t size)
{
	UNCANCELLED;
	struct error error;
	char place[PATH_MAX];
	int fd = -1, answer;

	if (workspace_place(action, previous, place, &error))
		fd = workspace_open(place, &error);
	if (fd < 0)
		return failure_note(&error);
	workspace_close(fd);
	strcat(place, "/work");
	answer = checkpoint_answer(LOAD_TREE, place, path, size, &error);
	return answer < 0 ? failure_note(&error) : 0;
}
