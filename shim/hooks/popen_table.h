/* SPDX-License-Identifier: Apache-2.0 */
/*
 * popen_table - which streams popen() has made and are still open, libc's own among them: the child
 * of a later popen() must not have the earlier ones' pipes, and pclose() has to know the child.
 *
 * A place is used again and never freed, so there are as many as were ever open at once.
 */
#ifndef FLYTECTX_POPEN_TABLE_H
#define FLYTECTX_POPEN_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

struct stream {
	struct stream *next;
	_Atomic(void *) file; /* NULL: the place is free */
	pid_t pid;            /* 0: libc's own, which knows its child */
	int fd;
};

/* A place for a stream to come, or NULL: no memory. It counts from stream_open() on. */
struct stream *stream_place(void);
void stream_open(struct stream *stream, void *file, int fd, pid_t pid);
void stream_unused(struct stream *stream);

/*
 * Held from before the open streams are read until the child has started that is not to have them,
 * and its own stream is among them: by libc's popen() too, as libc has one for its own. False: this
 * thread holds it already.
 */
bool stream_lock(void);
void stream_unlock(void);

/*
 * The place of a stream that is about to be closed, no longer open; NULL where popen() did not
 * make it. Whatever starts and has read it among the open ones has started when this returns.
 * stream_unused() once it is closed: until then its descriptor is its own.
 */
struct stream *stream_closing(void *file);

/* Is a stream open that is not libc's own? Its pipe would get into the child of a libc's popen. */
bool stream_any_of_ours(void);

/* The descriptor of the open stream at or behind `*next`, which is moved on; -1: no more. */
int stream_next_fd(struct stream **next);
struct stream *stream_first(void);

#endif
