/* SPDX-License-Identifier: Apache-2.0 */
/* See thread_state.h. */
#include <fcntl.h>
#include <stddef.h>
#include <string.h>

#include "context/text.h"
#include "machine.h"
#include "sys.h"
#include "thread_state.h"

static const char folder[] = "/proc/self/task/", file[] = "/stat";

static long read_stat(int tid, char *text, size_t size)
{
	char path[sizeof(folder) + TEXT_INT64_MAX + sizeof(file)];
	size_t length = sizeof(folder) - 1;
	long fd, got;

	memcpy(path, folder, length);
	length += text_from_int64(path + length, tid);
	memcpy(path + length, file, sizeof(file));
	fd = sys_call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (fd < 0)
		return fd;
	got = sys_call(SYS_read, fd, (long)text, (long)size, 0, 0, 0);
	sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
	return got;
}

bool thread_sleeps(int tid)
{
	char text[64]; /* the number, a name of 16 bytes in parentheses, and the state */
	long length;

	if (!tid || machine_looks_no_more())
		return true;
	length = read_stat(tid, text, sizeof(text));
	/* The name may have parentheses itself. */
	for (long i = length - 3; i > 0; i--)
		if (text[i] == ')')
			return text[i + 2] == 'S';
	return true;
}
