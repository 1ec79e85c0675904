/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_store_test - what the tests of the store of files share.
 */
#ifndef FLYTECTX_FILE_STORE_TEST_H
#define FLYTECTX_FILE_STORE_TEST_H

#include "checkpoint_test.h"

#include "checkpoint/save.h"

#include <dirent.h>

static inline struct storage *open_object(const char *url)
{
	struct error error;
	struct storage *object = storage_open(url, NULL, &error);

	if (!object)
		fail_msg("%s", error.text);
	return object;
}

static inline bool save(const char *url, const char *text, struct error *error)
{
	struct storage *object = open_object(url);
	bool saved = save_bytes(object, text, strlen(text), error);

	storage_close(object);
	return saved;
}

static inline void assert_content(const char *path, const char *text)
{
	struct bytes bytes = read_file(path);

	assert_int_equal(bytes.size, strlen(text));
	assert_memory_equal(bytes.data, text, bytes.size);
	free(bytes.data);
}

static inline int count_names(void)
{
	DIR *list = opendir(".");
	int count = 0;

	while (readdir(list))
		count++;
	closedir(list);
	return count - 2;
}

static inline bool stat_of(const char *url, struct storage_status *status, struct error *error)
{
	struct storage *object = open_object(url);
	bool good = storage_stat(object, status, error);

	storage_close(object);
	return good;
}

#endif
