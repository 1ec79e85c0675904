/* SPDX-License-Identifier: Apache-2.0 */
/* See popen_table.h. */
#include <stddef.h>

#include "long_lock.h"
#include "real.h"
#include "hooks/popen_table.h"

static _Atomic(struct stream *) all;
static struct long_lock lock;

/* Marks a place that is taken and has no file yet. */
static char taken;

struct stream *stream_first(void)
{
	return atomic_load(&all);
}

bool stream_any_of_ours(void)
{
	for (struct stream *stream = stream_first(); stream; stream = stream->next) {
		const void *file = atomic_load(&stream->file);

		if (file && file != &taken && stream->pid)
			return true;
	}
	return false;
}

int stream_next_fd(struct stream **next)
{
	while (*next) {
		struct stream *stream = *next;
		const void *file = atomic_load(&stream->file);

		*next = stream->next;
		if (file && file != &taken)
			return stream->fd;
	}
	return -1;
}

static struct stream *new_place(void)
{
	struct stream *stream = REAL(malloc)(sizeof(*stream));

	if (!stream)
		return NULL;
	atomic_init(&stream->file, &taken);
	stream->next = atomic_load(&all);
	while (!atomic_compare_exchange_weak(&all, &stream->next, stream))
		;
	return stream;
}

struct stream *stream_place(void)
{
	for (struct stream *stream = stream_first(); stream; stream = stream->next) {
		void *nothing = NULL;

		if (atomic_compare_exchange_strong(&stream->file, &nothing, &taken))
			return stream;
	}
	return new_place();
}

void stream_open(struct stream *stream, void *file, int fd, pid_t pid)
{
	stream->pid = pid;
	stream->fd = fd;
	atomic_store(&stream->file, file);
}

void stream_unused(struct stream *stream)
{
	atomic_store(&stream->file, NULL);
}

bool stream_lock(void)
{
	return long_lock_take(&lock);
}

void stream_unlock(void)
{
	long_lock_drop(&lock);
}

/* Looks first: a store would take the line from all other threads. */
static bool take_if(struct stream *stream, void *file)
{
	void *expected = file;

	return atomic_load_explicit(&stream->file, memory_order_relaxed) == file &&
	       atomic_compare_exchange_strong(&stream->file, &expected, &taken);
}

struct stream *stream_closing(void *file)
{
	struct stream *stream = file ? stream_first() : NULL;

	while (stream && !take_if(stream, file))
		stream = stream->next;
	if (stream && stream_lock())
		stream_unlock();
	return stream;
}
