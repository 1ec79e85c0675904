/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uncancelled - no call of the library is a cancellation point: in the middle of one a thread would
 * leave its locks, descriptors and the threads that work on its stack behind. It is cancelled
 * behind the call. Nor does a limit on the size of files end the process in the middle of one: the
 * kernel sends SIGXFSZ to the thread that writes, and the call says EFBIG.
 */
#ifndef FLYTECTX_UNCANCELLED_H
#define FLYTECTX_UNCANCELLED_H

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

struct uncancelled {
	int state;
	sigset_t mask;
	int was_pending; /* a SIGXFSZ that is not ours stays */
};

static inline sigset_t uncancelled_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGXFSZ);
	return set;
}

static inline struct uncancelled uncancelled_begin(void)
{
	const sigset_t limit = uncancelled_signal();
	struct uncancelled before;
	sigset_t pending;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before.state);
	pthread_sigmask(SIG_BLOCK, &limit, &before.mask);
	sigemptyset(&pending);
	sigpending(&pending);
	before.was_pending = sigismember(&pending, SIGXFSZ);
	return before;
}

static inline void uncancelled_end(const struct uncancelled *before)
{
	const struct timespec at_once = { 0, 0 };
	const sigset_t limit = uncancelled_signal();
	int number = errno;

	while (before->was_pending != 1 && sigtimedwait(&limit, NULL, &at_once) < 0 &&
	       errno == EINTR)
		;
	pthread_sigmask(SIG_SETMASK, &before->mask, NULL);
	errno = number;
	pthread_setcancelstate(before->state, NULL);
}

/* To the end of the block. */
#define UNCANCELLED                                                                                \
	const struct uncancelled uncancelled_before                                                \
		__attribute__((cleanup(uncancelled_end), unused)) = uncancelled_begin()

#endif
