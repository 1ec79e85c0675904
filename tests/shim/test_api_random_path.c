/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flyte_raw_data_random_path() (SPEC 1.7): the path, the directories that it makes, and what it
 * refuses.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "api_test.h"

static char folder[PATH_MAX - 256];

static int make_folder(void **state)
{
	char name[] = "/tmp/flytectx-api-XXXXXX";

	(void)state;
	return mkdtemp(name) && realpath(name, folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return chdir("/") || system(command);
}

static bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void random_path(const char *prefix, const char *file, char *path)
{
	flyte_token token = enter_raw_data(prefix);
	int length = flyte_raw_data_random_path(file, path, PATH_MAX);

	assert_int_equal(length, strlen(path));
	flyte_context_exit(token);
}

static void a_local_path_is_made(void **state)
{
	char prefix[PATH_MAX], path[PATH_MAX], other[PATH_MAX];

	(void)state;
	snprintf(prefix, sizeof(prefix), "%s/deep/er", folder);
	random_path(prefix, NULL, path);
	check_random_path(path, prefix, "");
	assert_true(is_directory(prefix));
	assert_int_equal(access(path, F_OK), -1); /* it is for a file or a directory */
	random_path(prefix, "part.bin", path);
	check_random_path(path, prefix, "/part.bin");
	close(creat(path, 0600));
	assert_int_equal(access(path, F_OK), 0);
	random_path(prefix, "sub/part.bin", other);
	check_random_path(other, prefix, "/sub/part.bin");
	close(creat(other, 0600));
	assert_int_equal(access(other, F_OK), 0);
}

static void a_slash_is_not_doubled(void **state)
{
	char prefix[PATH_MAX], path[PATH_MAX];

	(void)state;
	snprintf(prefix, sizeof(prefix), "%s/slash/", folder);
	random_path(prefix, NULL, path);
	assert_null(strstr(path, "//"));
	random_path("s3://bucket/x/", "f", path);
	check_random_path(path, "s3://bucket/x", "/f");
}

static void two_random_paths_differ(void **state)
{
	char one[PATH_MAX], other[PATH_MAX];

	(void)state;
	random_path("s3://bucket", NULL, one);
	random_path("s3://bucket", NULL, other);
	assert_string_not_equal(one, other);
}

static void a_relative_prefix_becomes_absolute(void **state)
{
	char expected[PATH_MAX], path[PATH_MAX];

	(void)state;
	assert_int_equal(chdir(folder), 0);
	random_path("relative/here", "f", path);
	snprintf(expected, sizeof(expected), "%s/relative/here", folder);
	check_random_path(path, expected, "/f");
	assert_true(is_directory(expected));
	random_path("", "f", path);
	check_random_path(path, folder, "/f");
}

static void a_relative_prefix_in_the_root_directory(void **state)
{
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(chdir("/"), 0);
	random_path(folder + 1, "f", path);
	check_random_path(path, folder, "/f");
}

static void a_file_url_is_a_local_path(void **state)
{
	char url[PATH_MAX], path[PATH_MAX];

	(void)state;
	snprintf(url, sizeof(url), "file://%s/url", folder);
	random_path(url, "f", path);
	check_random_path(path, url + 7, "/f");
	assert_true(is_directory(url + 7));
}

static void nothing_is_made_for_an_object_store(void **state)
{
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(chdir(folder), 0);
	random_path("s3://bucket/x", "f", path);
	check_random_path(path, "s3://bucket/x", "/f");
	random_path("gs://bucket", NULL, path);
	random_path("abfs://box@account/x", NULL, path);
	assert_int_equal(access("s3:", F_OK), -1);
	assert_int_equal(access("gs:", F_OK), -1);
	assert_int_equal(access("abfs:", F_OK), -1);
}

/* One byte of room too few is ERANGE, and the right number is enough. */
static void check_range(const char *prefix, const char *file, size_t length)
{
	flyte_token token = enter_raw_data(prefix);
	char path[PATH_MAX];

	for (size_t size = 1; size <= length; size++) {
		memset(path, '#', sizeof(path));
		errno = 0;
		assert_int_equal(flyte_raw_data_random_path(file, path, size), -1);
		assert_int_equal(errno, ERANGE);
		assert_int_equal(path[size], '#');
	}
	assert_int_equal(flyte_raw_data_random_path(file, path, length + 1), length);
	assert_int_equal(strlen(path), length);
	flyte_context_exit(token);
}

static void too_little_room_is_erange(void **state)
{
	(void)state;
	check_range("s3://bucket", "f", strlen("s3://bucket/") + 32 + 2);
	check_range(folder, "f", strlen(folder) + 1 + 32 + 2);
	assert_int_equal(chdir(folder), 0);
	check_range("r", NULL, strlen(folder) + 2 + 1 + 32);
}

static void a_random_path_needs_room(void **state)
{
	flyte_token token = enter_raw_data("s3://bucket");
	char path[8];

	(void)state;
	assert_int_equal(flyte_raw_data_random_path(NULL, NULL, 100), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_raw_data_random_path(NULL, path, 0), -1);
	flyte_context_exit(token);
}

static void fails(const char *prefix, const char *file, int error)
{
	flyte_token token = enter_raw_data(prefix);
	char path[PATH_MAX];

	errno = 0;
	assert_int_equal(flyte_raw_data_random_path(file, path, sizeof(path)), -1);
	assert_int_equal(errno, error);
	flyte_context_exit(token);
}

/* Where no directory can be made that is what is said, and not a path that nobody can use. */
static void directories_that_cant_be_made(void **state)
{
	char file[PATH_MAX];

	(void)state;
	snprintf(file, sizeof(file), "%s/a-file", folder);
	close(creat(file, 0600));
	fails(file, "f", ENOTDIR);
	strcat(file, "/below");
	fails(file, NULL, ENOTDIR);
	fails("/proc/nothing/here", NULL, ENOENT);
}

static void a_prefix_that_is_a_file_is_none(void **state)
{
	char file[PATH_MAX];

	(void)state;
	snprintf(file, sizeof(file), "%s/a-file", folder);
	close(creat(file, 0600));
	fails(file, NULL, ENOTDIR);
}

static int try_as_nobody(void)
{
	flyte_token token = enter_raw_data("/etc/flytectx-test");
	char path[PATH_MAX];
	int result;

	if (geteuid() == 0 && setuid(65534) != 0)
		return 1;
	errno = 0;
	result = flyte_raw_data_random_path("f", path, sizeof(path));
	flyte_context_exit(token);
	return result == -1 && (errno == EACCES || errno == EROFS) ? 0 : 2;
}

static void a_directory_that_may_not_be_made(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(try_as_nobody());
	assert_int_equal(wait_for(pid), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_local_path_is_made),
		cmocka_unit_test(a_slash_is_not_doubled),
		cmocka_unit_test(two_random_paths_differ),
		cmocka_unit_test(a_relative_prefix_becomes_absolute),
		cmocka_unit_test(a_relative_prefix_in_the_root_directory),
		cmocka_unit_test(a_file_url_is_a_local_path),
		cmocka_unit_test(nothing_is_made_for_an_object_store),
		cmocka_unit_test(too_little_room_is_erange),
		cmocka_unit_test(a_random_path_needs_room),
		cmocka_unit_test(directories_that_cant_be_made),
		cmocka_unit_test(a_prefix_that_is_a_file_is_none),
		cmocka_unit_test(a_directory_that_may_not_be_made),
	};

	return cmocka_run_group_tests_name("api_random_path", tests, make_folder, remove_folder);
}
