/* SPDX-License-Identifier: Apache-2.0 */
/* self - the one variable that each thread has from us, and which thread this is by its address. */
#ifndef FLYTECTX_SELF_H
#define FLYTECTX_SELF_H

struct scope;

/* See scope.h: what is current on this thread. */
extern _Thread_local _Atomic(struct scope *) scope_of_thread __attribute__((visibility("hidden")));

/* Which thread this is, as long as it lives; another thread of the process differs. */
static inline const void *self_thread(void)
{
	return &scope_of_thread;
}

#endif
