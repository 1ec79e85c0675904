/* SPDX-License-Identifier: Apache-2.0 */
/* See pack_stream.h. */
#include "checkpoint/archive/pack_stream.h"
#include "checkpoint/archive/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define PIPE_SIZE (1024 * 1024)

static bool write_pipe(void *argument, const void *data, size_t size, struct error *error)
{
	const struct pack_stream *stream = argument;
	const char *next = data;

	while (size) {
		ssize_t count = write(stream->writing, next, size);

		if (count < 0 && errno == EINTR)
			continue;
		/* EPIPE: nobody wants the rest. */
		if (count < 0)
			return error_set(error, ERROR_SYSTEM, errno, stream->directory,
					 "can't hand on the archive");
		next += count;
		size -= (size_t)count;
	}
	return true;
}

static void *run(void *argument)
{
	struct pack_stream *stream = argument;

	stream->packed = pack(stream->directory, write_pipe, stream, &stream->error);
	close(stream->writing);
	return NULL;
}

/* All signals blocked: they are the program's, and SIGPIPE is to be EPIPE. */
static int start(struct pack_stream *stream)
{
	sigset_t all, before;
	int number;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	number = pthread_create(&stream->thread, NULL, run, stream);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return number;
}

bool pack_stream_open(struct pack_stream *stream, const char *directory, struct error *error)
{
	int ends[2], number;

	*stream = (struct pack_stream) { .directory = directory };
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(error, ERROR_SYSTEM, errno, directory, "can't pack it");
	/* Larger than the usual 64 KiB means fewer switches; it may be refused. */
	fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE);
	stream->reading = ends[0];
	stream->writing = ends[1];
	number = start(stream);
	if (!number)
		return true;
	close(ends[0]);
	close(ends[1]);
	return error_set(error, ERROR_SYSTEM, number, directory, "can't pack it");
}

static void join(struct pack_stream *stream)
{
	if (!stream->joined)
		pthread_join(stream->thread, NULL);
	stream->joined = true;
}

int64_t pack_stream_read(void *argument, void *data, size_t size, struct error *error)
{
	struct pack_stream *stream = argument;
	ssize_t count;

	do
		count = read(stream->reading, data, size);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		error_set(error, ERROR_SYSTEM, errno, stream->directory, "can't pack it");
	if (count)
		return count;
	join(stream);
	if (!stream->packed)
		*error = stream->error;
	return stream->packed ? 0 : -1;
}

void pack_stream_close(struct pack_stream *stream)
{
	close(stream->reading);
	join(stream);
}
