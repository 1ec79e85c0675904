/* SPDX-License-Identifier: Apache-2.0 */
/* See file_direct.h. */
#include "storage/file/file_direct.h"
#include "storage/file/file_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

/* Small enough for a core's cache, so that the checksum finds the bytes there. */
#define PIECE ((size_t)256 * 1024)

/* What is written at a time: long enough that a disk has enough to do. */
#define STRIDE ((size_t)4 * 1024 * 1024)

/* One is written by a thread while the other is read and summed. */
struct writer {
	int fd;
	struct stride {
		char *data;
		size_t size; /* 0 ends the thread */
		uint64_t offset;
	} strides[2];
	sem_t full, empty;
	pthread_t thread;
	bool has_thread;  /* else each is written by who has read it */
	atomic_int error; /* of the first write that failed */
};

char *file_direct_begin(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	/* Direct writes want it aligned. */
	char *memory =
		mmap(NULL, 2 * STRIDE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_DIRECT) == 0)
		return memory;
	munmap(memory, 2 * STRIDE);
	return NULL;
}

static bool end_direct(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_DIRECT) == 0;
}

static int64_t read_source(struct storage *object, const struct storage_source *source, char *data,
			   size_t size, uint64_t offset, struct error *error)
{
	ssize_t count;

	if (source->fd < 0)
		return source->read(source->argument, data, size, error);
	count = file_read_some(source->fd, data, size, offset);
	if (count < 0)
		error_set(error, ERROR_SYSTEM, errno, object->url,
			  "can't read what is to be saved");
	return count;
}

/* A stride of the source but for its end, added to what is copied; -1 with the error. */
static int64_t take(struct storage *object, const struct storage_source *source, char *buffer,
		    struct storage_metadata *copied, struct error *error)
{
	size_t got = 0;

	while (got < STRIDE) {
		size_t size = STRIDE - got < PIECE ? STRIDE - got : PIECE;
		int64_t count =
			read_source(object, source, buffer + got, size, copied->size, error);

		if (count < 0)
			return -1;
		if (!count)
			break;
		copied->checksum = storage_checksum(copied->checksum, buffer + got, (size_t)count);
		copied->size += (uint64_t)count;
		got += (size_t)count;
	}
	return (int64_t)got;
}

/* A length that is no multiple of the disk's blocks goes through the cache, and so does all from
 * there on; likewise where a file system has direct writes but refuses this one. */
static bool write_stride(int fd, const char *data, size_t size, uint64_t offset)
{
	if (size == STRIDE && file_write_all(fd, data, size, offset))
		return true;
	if (size == STRIDE && errno != EINVAL)
		return false;
	return end_direct(fd) && file_write_all(fd, data, size, offset);
}

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0)
		;
}

static void write_one(struct writer *writer, const struct stride *stride)
{
	if (!writer->error && !write_stride(writer->fd, stride->data, stride->size, stride->offset))
		writer->error = errno;
	sem_post(&writer->empty);
}

static void *write_strides(void *argument)
{
	struct writer *writer = argument;

	for (unsigned i = 0;; i++) {
		const struct stride *stride = &writer->strides[i % 2];

		wait_for(&writer->full);
		if (!stride->size)
			return NULL;
		write_one(writer, stride);
	}
}

/* All signals blocked: they are the program's. Without a thread it goes on, if slower. */
static void writer_start(struct writer *writer, int fd, char *memory)
{
	sigset_t all, before;

	*writer =
		(struct writer) { .fd = fd,
				  .strides = { { .data = memory }, { .data = memory + STRIDE } } };
	sem_init(&writer->full, 0, 0);
	sem_init(&writer->empty, 0, 2);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	writer->has_thread = pthread_create(&writer->thread, NULL, write_strides, writer) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void writer_take(struct writer *writer, const struct stride *stride)
{
	if (writer->has_thread)
		sem_post(&writer->full);
	else
		write_one(writer, stride);
}

/* When all has been written; `stride` is the next one, which is empty. */
static void writer_end(struct writer *writer, struct stride *stride)
{
	stride->size = 0;
	if (writer->has_thread) {
		sem_post(&writer->full);
		pthread_join(writer->thread, NULL);
	}
	sem_destroy(&writer->full);
	sem_destroy(&writer->empty);
	munmap(writer->strides[0].data, 2 * STRIDE);
}

bool file_direct_copy(struct storage *object, const struct storage_source *source, int fd,
		      char *memory, struct storage_metadata *copied, struct error *error)
{
	struct writer writer;
	struct stride *stride;
	int64_t count = 0;
	bool good = true;

	writer_start(&writer, fd, memory);
	for (unsigned i = 0;; i++) {
		stride = &writer.strides[i % 2];
		wait_for(&writer.empty);
		if (!good || writer.error)
			break;
		stride->offset = copied->size;
		count = take(object, source, stride->data, copied, error);
		if (count <= 0)
			break;
		stride->size = (size_t)count;
		writer_take(&writer, stride);
		good = storage_report(object, copied->size, source->size, error);
	}
	writer_end(&writer, stride);
	if (writer.error)
		good = error_set(error, ERROR_SYSTEM, writer.error, object->url, "can't write it");
	return good && count == 0;
}
