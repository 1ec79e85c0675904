/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread_end - lets go of what a thread has from us when it ends. By the destructor of a
 * pthread_key: that alone covers return, pthread_exit and cancellation.
 */
#ifndef FLYTECTX_THREAD_END_H
#define FLYTECTX_THREAD_END_H

/* This thread has something to let go of. Cheap; call it each time. */
void thread_end_arm(void);

#endif
