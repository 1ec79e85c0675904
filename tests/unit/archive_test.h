/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive_test - what the tests of archives share.
 */
#ifndef FLYTECTX_ARCHIVE_TEST_H
#define FLYTECTX_ARCHIVE_TEST_H

#include "checkpoint_test.h"

#include "checkpoint/load.h"

static inline enum load_result load_file(const char *path, const char *into, struct error *error)
{
	struct storage *object = storage_open(path, NULL, error);
	enum load_result result;
	int target;

	assert_non_null(object);
	assert_true(tree_remove(AT_FDCWD, into));
	assert_int_equal(mkdir(into, 0700), 0);
	target = open(into, O_RDONLY | O_DIRECTORY);
	assert_true(target >= 0);
	result = load(object, target, target, error);
	close(target);
	storage_close(object);
	return result;
}

static inline void set_time(const char *path, time_t seconds, long nanoseconds)
{
	const struct timespec times[] = { { 1, 0 }, { seconds, nanoseconds } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

#endif
