/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw_data_api - where raw data goes: flytectx_raw_data() and its kin behind flyte_ctx.h. The
 * paths are made in core/context/raw_data; here are the randomness and the directories.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include "context/raw_data.h"
#include "real.h"
#include "scope.h"
#include "sys.h"

static int fail(int error)
{
	real_set_errno(error);
	return -1;
}

EXPORT const struct flyte_raw_data_path *flytectx_raw_data(void)
{
	const struct flyte_raw_data_path *raw_data = raw_data_of(scope_context());

	if (!raw_data)
		real_set_errno(ENODATA);
	return raw_data;
}

EXPORT int flytectx_path_rewrite(const char *path, char *to, size_t size)
{
	size_t length;

	if (!path || (!to && size))
		return fail(EINVAL);
	length = raw_data_rewrite(raw_data_for_rewrite(scope_context()), path, to, size);
	return length > INT_MAX ? fail(EOVERFLOW) : (int)length;
}

/* The directory that ends at `slash` is there, or is made. Returns an error number, or 0. */
static int make_directory(char *path, char *slash)
{
	char behind = slash[1];
	long result;

	*slash = '\0';
	result = sys_call(SYS_mkdirat, AT_FDCWD, (long)path, 0777, 0, 0, 0);
	*slash = '/';
	if (result != -EEXIST)
		return (int)-result;
	/* With its '/' it has to be a directory. */
	slash[1] = '\0';
	result = sys_call(SYS_faccessat, AT_FDCWD, (long)path, 0, 0, 0, 0);
	slash[1] = behind;
	return (int)-result;
}

/*
 * Makes the directories that the path is to be in. Those above may be there and not ours to make,
 * so the last one decides; why it could not be made is said by the first that could not.
 */
static int make_parents(char *path)
{
	int first = 0, last = 0;

	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		last = make_directory(path, p);
		if (!last || !first)
			first = last;
	}
	return last ? first : 0;
}

/* Writes the working directory, without a '/' at its end. Returns its length, or -1 with errno. */
static long working_directory(char *to, size_t size)
{
	long used = sys_call(SYS_getcwd, (long)to, (long)size, 0, 0, 0, 0);

	if (used < 0)
		return fail((int)-used);
	/* "(unreachable)/..." of one that is no longer in any tree. */
	if (*to != '/')
		return fail(ENOENT);
	return used == sizeof("/") ? 0 : used - 1;
}

/* A path of this machine: absolute, and the directory that it is to be in is made. */
static int local_path(const char *prefix, const unsigned char *random, const char *file, char *to,
		      size_t size)
{
	const char *directory = raw_data_directory(prefix);
	long length = 0;
	size_t whole;
	int error;

	if (*directory != '/') {
		length = working_directory(to, size);
		if (length < 0)
			return -1;
		if (*directory)
			to[length++] = '/';
	}
	whole = (size_t)length +
		raw_data_random_path(directory, random, file, to + length, size - (size_t)length);
	if (whole >= size)
		return fail(ERANGE);
	error = make_parents(to);
	return error ? fail(error) : (int)whole;
}

EXPORT int flytectx_raw_data_random_path(const char *file, char *to, size_t size)
{
	const struct flyte_raw_data_path *raw_data = flytectx_raw_data();
	unsigned char random[RAW_DATA_RANDOM];
	size_t length;

	if (!raw_data)
		return -1;
	if (!to || !size || size > INT_MAX)
		return fail(EINVAL);
	if (!sys_random(random, sizeof(random)))
		return fail(EIO);
	if (raw_data_is_local(raw_data->path))
		return local_path(raw_data->path, random, file, to, size);
	length = raw_data_random_path(raw_data->path, random, file, to, size);
	return length >= size ? fail(ERANGE) : (int)length;
}
