/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uncancelled - no call of the library is a cancellation point: in the middle of one a thread would
 * leave its locks, descriptors and the threads that work on its stack behind. It is cancelled
 * behind the call.
 */
#ifndef FLYTECTX_UNCANCELLED_H
#define FLYTECTX_UNCANCELLED_H

#include <pthread.h>

static inline int uncancelled_begin(void)
{
	int before;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	return before;
}

static inline void uncancelled_end(const int *before)
{
	pthread_setcancelstate(*before, NULL);
}

/* To the end of the block. */
#define UNCANCELLED                                                                                \
	const int uncancelled_before __attribute__((cleanup(uncancelled_end), unused)) =           \
		uncancelled_begin()

#endif
