/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live_thread - the thread pointer of a thread of another process, without stopping it (SPEC 5.14).
 *
 * The kernel shows it only to a tracer of a stopped thread, and a stop is seen: epoll_wait() ends
 * with EINTR. But glibc tells the kernel where the list of robust mutexes of each thread is, and
 * that is in the thread's descriptor. musl has no such list until it is used; its descriptors are
 * one ring, and each points at itself.
 */
#ifndef FLYTECTX_LIVE_THREAD_H
#define FLYTECTX_LIVE_THREAD_H

#include "command/look/live_library.h"

/* Of the descriptors of musl. */
struct live_descriptor {
	pid_t tid; /* as the process itself sees it */
	uint64_t address;
};

struct live_process {
	struct foreign_memory memory;
	struct live_library library;
	struct live_descriptor *ring; /* NULL: not looked for yet */
	size_t ring_count;
};

/*
 * 0 where it is not known. `inner` is the number of the thread in its own PID namespace; what is
 * read comes out of `memory`.
 */
uint64_t live_thread_pointer(struct live_process *process, struct foreign_memory *memory, pid_t tid,
			     pid_t inner);

/* The same from the address of the list of robust mutexes, in glibc's descriptor. */
uint64_t live_thread_glibc(const struct live_library *library, struct foreign_memory *memory,
			   uint64_t list);

/* The same from musl's descriptor. */
uint64_t live_thread_musl(const struct live_library *library, struct foreign_memory *memory,
			  uint64_t descriptor);

#endif
