/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkpoint - what the counterparts of upstream's tests of checkpoints share.
 */
#ifndef FLYTECTX_CONFORMANCE_CHECKPOINT_H
#define FLYTECTX_CONFORMANCE_CHECKPOINT_H

#include "conformance.h"

static char folder[1024];

/* A path of that name in the folder of this program. */
static inline const char *in_folder(const char *name)
{
	static char paths[4][2048];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static inline int be_outside_in_a_folder(void **state)
{
	snprintf(folder, sizeof(folder), "%s/conformance-XXXXXX", getenv("FLYTECTX_WORKSPACE"));
	return be_outside(state) || !mkdtemp(folder);
}

static inline void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static inline void assert_text_in(const char *path, const char *expected)
{
	char text[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0 || !*expected);
	fclose(file);
	assert_string_equal(text, expected);
}

/* A task whose checkpoint is there, and whose previous one there; NULL: it has none. */
static inline flyte_token enter_checkpoint(const char *path, const char *previous)
{
	struct flyte_task_context task = fixture();

	task.checkpoint_paths.checkpoint_path = path;
	task.checkpoint_paths.prev_checkpoint_path = previous;
	return enter_task(task);
}

static inline void assert_saved(int result)
{
	if (result)
		fail_msg("%s", flyte_checkpoint_error());
}

/* An archive as Python's tarfile writes one of a file, by a program that is not ours. */
static inline void make_archive(const char *object, const char *name, const char *text)
{
	const char *const argv[] = { "tar", "-C", folder, "-czf", object, name, NULL };
	char output[OUTPUT_SIZE];

	write_text(in_folder(name), text);
	output_of(argv, output);
}

#endif
