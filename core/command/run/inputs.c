/* SPDX-License-Identifier: Apache-2.0 */
/* See inputs.h. */
#include "command/run/inputs.h"
#include "command/checkpoint/checkpoint_library.h"
#include "context/inputs_stream.h"
#include "command/terminal/memory.h"
#include "command/checkpoint/progress.h"
#include "command/run/guard.h"
#include "command/run/run_values.h"
#include "command/terminal/message.h"
#include "context/wire.h"
#include "local/variable.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAME        "inputs.pb"
#define FILE_SCHEME "file://"

/* No protobuf reader takes a longer message: so no action was ever started with one. */
#define MESSAGE_MAX ((UINT64_C(2) << 30) - 1)

/*
 * A store that is away is the platform's fault, and a status from 1 to 127 the user's: so it is
 * waited for, with a pause that doubles.
 */
#define WAIT_SECONDS  180
#define PAUSE_SECONDS 0.5
#define PAUSE_MAX     10

/* What the SDK hands to an action inline at most, all its inputs together; far above a carrier. */
#define KEPT_MAX ((size_t)10 << 20)

/* --- where it is ------------------------------------------------------------------------- */

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

/* NULL: it is in a store. */
static const char *local_file(const char *path)
{
	if (!strncasecmp(path, FILE_SCHEME, strlen(FILE_SCHEME)))
		return path + strlen(FILE_SCHEME);
	return has_scheme(path) ? NULL : path;
}

static bool is_prefix(const char *path)
{
	const char *file = local_file(path), *end = path + strlen(path);
	struct stat status;

	if (file)
		return stat(file, &status) == 0 && S_ISDIR(status.st_mode);
	return end - path < 3 || strcmp(end - 3, ".pb") != 0;
}

const char *inputs_path(const char *path)
{
	size_t length = strlen(path);

	if (!is_prefix(path))
		return path;
	return memory_text("%s%s" NAME, path, length && path[length - 1] == '/' ? "" : "/");
}

/* --- its bytes --------------------------------------------------------------------------- */

struct reading {
	struct inputs_stream stream;
	enum inputs_pb_error error;
	char *kept; /* the context, as a message of its own */
	size_t size, capacity;
	bool is_too_long; /* more than KEPT_MAX */
};

static void keep(void *argument, const void *data, size_t size)
{
	struct reading *reading = argument;

	reading->is_too_long |= size > KEPT_MAX - reading->size;
	if (reading->is_too_long)
		return;
	if (size > reading->capacity - reading->size) {
		reading->capacity = 2 * reading->capacity + size;
		reading->kept = memory_more(reading->kept, reading->capacity);
	}
	memcpy(reading->kept + reading->size, data, size);
	reading->size += size;
}

static int take(void *argument, const void *data, size_t size)
{
	struct reading *reading = argument;

	reading->error = inputs_stream_take(&reading->stream, data, size);
	return reading->error == INPUTS_PB_OK && !reading->is_too_long;
}

static const char *read_local(const char *path, struct reading *reading)
{
	static char piece[1 << 16];
	uint64_t left = MESSAGE_MAX;
	ssize_t count = -1;
	int fd = open(local_file(path), O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && (count = read(fd, piece, sizeof(piece))) != 0) {
		if (count < 0 && errno == EINTR)
			continue;
		if (count > 0 && (uint64_t)count > left)
			errno = EFBIG;
		if (count < 0 || (uint64_t)count > left)
			break;
		left -= (uint64_t)count;
		if (!take(reading, piece, (size_t)count))
			break;
	}
	if (fd < 0 || count < 0 || (uint64_t)count > left)
		return memory_text("%s: can't read the inputs: %s", path, strerror(errno));
	close(fd);
	return NULL;
}

/* How long a store that is away is waited for, in seconds; in all it is a little more. */
static double patience(bool are_optional)
{
	const char *value = variable("FLYTECTX_INPUTS_WAIT");

	if (are_optional)
		return 0;
	return value && strcmp(value, "0") != 0 ? run_value_seconds("FLYTECTX_INPUTS_WAIT", value)
						: (value ? 0 : WAIT_SECONDS);
}

static void pause_for(double seconds, double until)
{
	const double left = until - monotonic_now();
	struct timespec time;

	if (seconds > left)
		seconds = left > 0 ? left : 0;
	time.tv_sec = (time_t)seconds;
	time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
	nanosleep(&time, NULL);
}

static void begin(struct reading *reading)
{
	free(reading->kept);
	*reading = (struct reading) { .stream = { .keep = keep, .argument = reading } };
}

/* Reads it whole, or as far as is wanted: 0; else the errno: EAGAIN where it may work later. */
static int read_once(const struct checkpoint_library *library, const char *path,
		     struct reading *reading)
{
	struct flytectx_transfer transfer = progress_begin("reading the inputs", path);
	int number = 0;

	begin(reading);
	if (library->read(&transfer, MESSAGE_MAX, take, reading) < 0)
		number = errno;
	progress_end();
	return number;
}

static const char *read_object(const char *path, struct reading *reading, double wait)
{
	const char *why_not;
	const struct checkpoint_library *library = checkpoint_library_find(&why_not);
	const double until = monotonic_now() + wait;
	double pause = PAUSE_SECONDS;
	bool has_said = false;
	int number;

	if (!library)
		return memory_text("can't read the inputs %s: %s", path, why_not);
	while ((number = read_once(library, path, reading)) == EAGAIN && monotonic_now() < until) {
		if (!has_said)
			message_warn_text(
				memory_text("the inputs can't be read yet: %s", library->error()));
		has_said = true;
		pause_for(pause, until);
		pause = pause < PAUSE_MAX ? 2 * pause : pause;
	}
	if (!number)
		return NULL;
	/* Most of its texts begin with the URL; that there are no credentials, for one, does not.
	 */
	if (!strncmp(library->error(), path, strlen(path)))
		return memory_text("can't read the inputs: %s", library->error());
	return memory_text("can't read the inputs %s: %s", path, library->error());
}

/* --- its context ------------------------------------------------------------------------- */

static size_t carrier_length(const struct context_pairs *pairs)
{
	struct context context = { .task.action.name = "" };

	context_set_pairs(&context, pairs);
	context_complete(&context);
	return wire_length(&context);
}

static const char *decode(const char *path, struct reading *reading, struct context_pairs *pairs)
{
	struct inputs_pb_size size;
	size_t length;

	if (reading->is_too_long)
		return memory_text("%s: its context is too large: more than %zu bytes", path,
				   KEPT_MAX);
	if (reading->error == INPUTS_PB_OK)
		reading->error = inputs_stream_end(&reading->stream);
	if (reading->error == INPUTS_PB_OK)
		reading->error = inputs_pb_check(reading->kept, reading->size, &size);
	if (reading->error != INPUTS_PB_OK)
		return memory_text("%s: can't be read as inputs.pb: %s", path,
				   inputs_pb_error_text(reading->error));
	inputs_pb_decode(reading->kept, &size, memory_get(size.memory), pairs);
	length = carrier_length(pairs);
	if (length <= WIRE_MAX)
		return NULL;
	*pairs = (struct context_pairs) { 0 };
	return memory_text("%s: its context is too large: %zu bytes encoded of at most %zu", path,
			   length, WIRE_MAX);
}

const char *inputs_read(const char *path, bool are_optional, struct context_pairs *pairs)
{
	struct reading reading = { .stream = { .keep = keep, .argument = &reading } };
	const char *why_not = local_file(path)
				      ? read_local(path, &reading)
				      : read_object(path, &reading, patience(are_optional));

	*pairs = (struct context_pairs) { 0 };
	return why_not ? why_not : decode(path, &reading, pairs);
}
