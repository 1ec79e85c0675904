/* SPDX-License-Identifier: Apache-2.0 */
/* See inputs.h. */
#include "inputs.h"
#include "inputs_pb.h"
#include "memory.h"
#include "message.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define FILE_SCHEME "file://"

/* Does it start with a scheme and "://", as s3://bucket/key does? */
static bool has_scheme(const char *path)
{
	const char *at = path;

	if (!isalpha((unsigned char)*at))
		return false;
	while (isalnum((unsigned char)*at) || (*at && strchr("+-.", *at)))
		at++;
	return !strncmp(at, "://", 3);
}

static void decode(const char *path, const char *data, size_t length, struct context_pairs *pairs)
{
	struct inputs_pb_size size;
	enum inputs_pb_error error = inputs_pb_check(data, length, &size);

	if (error != INPUTS_PB_OK)
		message_fail(path, "can't be read as inputs.pb: %s", inputs_pb_error_text(error));
	inputs_pb_decode(data, &size, memory_get(size.memory), pairs);
}

void inputs_read(const char *path, struct context_pairs *pairs)
{
	const char *file = path;
	size_t length;
	char *data;
	int fd;

	*pairs = (struct context_pairs) { 0 };
	if (!strncasecmp(path, FILE_SCHEME, strlen(FILE_SCHEME))) {
		file = path + strlen(FILE_SCHEME);
	} else if (has_scheme(path)) {
		message_warn("--inputs",
			     "this version does not read the context of remote inputs "
			     "such as %s",
			     path);
		return;
	}
	fd = open(file, O_RDONLY | O_CLOEXEC);
	data = fd < 0 ? NULL : memory_read(fd, &length);
	if (!data)
		message_fail(path, "can't read the inputs: %s", strerror(errno));
	close(fd);
	decode(path, data, length, pairs);
}
