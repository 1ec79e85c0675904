/* SPDX-License-Identifier: Apache-2.0 */
/* See pack_stream.h. */
#include "checkpoint/archive/pack_stream.h"
#include "checkpoint/archive/pack.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* On the packer's thread: waits until all of it has been read. */
static bool hand_over(void *argument, const void *data, size_t size, struct error *error)
{
	struct pack_stream *stream = argument;
	bool good;

	pthread_mutex_lock(&stream->lock);
	stream->piece = data;
	stream->left = size;
	pthread_cond_signal(&stream->changed);
	while (stream->left && !stream->closed)
		pthread_cond_wait(&stream->changed, &stream->lock);
	good = !stream->closed;
	pthread_mutex_unlock(&stream->lock);
	return good || error_set(error, ERROR_CANCELLED, ECANCELED, stream->directory, "stopped");
}

static void *run(void *argument)
{
	struct pack_stream *stream = argument;
	bool packed = pack(stream->directory, hand_over, stream, &stream->error);

	pthread_mutex_lock(&stream->lock);
	stream->packed = packed;
	stream->ended = true;
	pthread_cond_signal(&stream->changed);
	pthread_mutex_unlock(&stream->lock);
	return NULL;
}

/* All signals blocked: they are the program's. */
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
	int number;

	*stream = (struct pack_stream) { .directory = directory };
	pthread_mutex_init(&stream->lock, NULL);
	pthread_cond_init(&stream->changed, NULL);
	number = start(stream);
	if (!number)
		return true;
	return error_set(error, ERROR_SYSTEM, number, directory, "can't pack it");
}

int64_t pack_stream_read(void *argument, void *data, size_t size, struct error *error)
{
	struct pack_stream *stream = argument;
	bool failed;

	pthread_mutex_lock(&stream->lock);
	while (!stream->left && !stream->ended)
		pthread_cond_wait(&stream->changed, &stream->lock);
	if (size > stream->left)
		size = stream->left;
	if (size)
		memcpy(data, stream->piece, size);
	stream->piece += size;
	stream->left -= size;
	if (!stream->left)
		pthread_cond_signal(&stream->changed);
	failed = stream->ended && !stream->packed;
	pthread_mutex_unlock(&stream->lock);
	if (failed)
		*error = stream->error;
	return failed ? -1 : (int64_t)size;
}

void pack_stream_close(struct pack_stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	stream->closed = true;
	pthread_cond_signal(&stream->changed);
	pthread_mutex_unlock(&stream->lock);
	pthread_join(stream->thread, NULL);
	pthread_cond_destroy(&stream->changed);
	pthread_mutex_destroy(&stream->lock);
}
