/* SPDX-License-Identifier: Apache-2.0 */
/* See raw_error.h. */
#include "checkpoint/outcome/raw_error.h"
#include "checkpoint/save.h"
#include "local/raw_outputs.h"
#include "storage/http/buffer.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static bool name_it(char path[PATH_MAX])
{
	const char *directory = raw_outputs_directory();

	return directory && snprintf(path, PATH_MAX, "%s/_ERROR", directory) < PATH_MAX;
}

bool raw_error_may_be(const struct flyte_task_context *context)
{
	char path[PATH_MAX];

	return context && context->mode == FLYTE_MODE_REMOTE && name_it(path);
}

bool raw_error_write(const char *code, const char *message, struct error *error)
{
	struct buffer text = { 0 };
	struct storage *object = NULL;
	char path[PATH_MAX];
	bool good = false;

	if (name_it(path))
		object = storage_open(path, NULL, error);
	else
		error_set(error, ERROR_INVALID, ENOENT, "_ERROR", "there is no directory for it");
	buffer_text(&text, code);
	buffer_text(&text, ": ");
	buffer_text(&text, message);
	if (object)
		good = text.failed ? error_set(error, ERROR_SYSTEM, ENOMEM, path, "can't write it")
				   : save_bytes(object, text.data, text.length, error);
	buffer_free(&text);
	storage_close(object);
	return good;
}

bool raw_error_is_there(void)
{
	char path[PATH_MAX];

	return name_it(path) && access(path, F_OK) == 0;
}

bool raw_error_clear(struct error *error)
{
	char path[PATH_MAX];

	if (!name_it(path) || unlink(path) == 0 || errno == ENOENT)
		return true;
	return error_set(error, ERROR_SYSTEM, errno, path, "can't remove it");
}
