/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of checkpoints and stores share: a scratch directory per program, files in it,
 * and trees compared by their archives, which are the same for the same tree.
 */
#ifndef FLYTECTX_CHECKPOINT_TEST_H
#define FLYTECTX_CHECKPOINT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint/archive/pack.h"
#include "storage/storage.h"
#include "local/tree_remove.h"

struct bytes {
	unsigned char *data;
	size_t size;
};

static char scratch[64];

static __attribute__((unused)) int enter_scratch(void **state)
{
	(void)state;
	strcpy(scratch, "/tmp/flytectx-unit-XXXXXX");
	return !mkdtemp(scratch) || chdir(scratch) < 0;
}

static __attribute__((unused)) int leave_scratch(void **state)
{
	(void)state;
	return chdir("/") < 0 || !tree_remove(AT_FDCWD, scratch);
}

static __attribute__((unused)) void write_file(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	close(fd);
}

static __attribute__((unused)) struct bytes read_file(const char *path)
{
	struct bytes bytes = { 0 };
	struct stat status;
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	bytes.size = (size_t)status.st_size;
	bytes.data = malloc(bytes.size + 1);
	assert_non_null(bytes.data);
	assert_int_equal(read(fd, bytes.data, bytes.size), bytes.size);
	close(fd);
	return bytes;
}

static bool append(void *argument, const void *data, size_t size, struct error *error)
{
	struct bytes *bytes = argument;

	(void)error;
	bytes->data = realloc(bytes->data, bytes->size + size);
	assert_non_null(bytes->data);
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
	return true;
}

static __attribute__((unused)) struct bytes archive_of(const char *directory)
{
	struct bytes bytes = { 0 };
	struct error error;

	if (!pack(directory, append, &bytes, &error))
		fail_msg("%s", error.text);
	return bytes;
}

static __attribute__((unused)) bool same_bytes(struct bytes a, struct bytes b)
{
	return a.size == b.size && !memcmp(a.data, b.data, a.size);
}

#endif
