/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys - system calls without libc: no errno, no cancellation point, nothing that somebody else
 * interposes. Results are the kernel's: a negative error number on failure.
 */
#ifndef FLYTECTX_SYS_H
#define FLYTECTX_SYS_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#include "sys_x86_64.h"
#elif defined(__i386__)
#include "sys_i386.h"
#elif defined(__aarch64__)
#include "sys_aarch64.h"
#else
#error "sys.h knows the system calls of x86-64, i386 and aarch64"
#endif

/* The kernel's own struct flock64, for offsets of 64 bits on each machine. */
struct sys_lock {
	short type, whence;
#if defined(__i386__)
	long long start __attribute__((aligned(4))), length __attribute__((aligned(4)));
#else
	long long start, length;
#endif
	int pid;
};

#ifdef SYS_fcntl64
#define SYS_FCNTL_64 SYS_fcntl64
#else
#define SYS_FCNTL_64 SYS_fcntl
#endif

/* Zeroed memory of its own, or NULL. */
static inline void *sys_map(size_t size)
{
	long result = sys_map_pages(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);

	return result < 0 && result > -4096 ? NULL : (void *)result;
}

static inline void sys_unmap(void *memory, size_t size)
{
	sys_call(SYS_munmap, (long)memory, (long)size, 0, 0, 0, 0);
}

static inline bool sys_exists(const char *path)
{
#ifdef SYS_access
	return sys_call(SYS_access, (long)path, 0, 0, 0, 0, 0) == 0;
#else
	return sys_call(SYS_faccessat, AT_FDCWD, (long)path, 0, 0, 0, 0) == 0;
#endif
}

/* A directory counts, too. */
static inline bool sys_is_executable(int directory, const char *path)
{
	return sys_call(SYS_faccessat, directory, (long)path, 1 /* X_OK */, 0, 0, 0) == 0;
}

static inline int sys_gettid(void)
{
	return (int)sys_call(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

static inline void sys_yield(void)
{
	sys_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

/* At most 256 bytes; false where there is no randomness to be had. */
static inline bool sys_random(void *to, size_t size)
{
	return sys_call(SYS_getrandom, (long)to, (long)size, 0, 0, 0, 0) == (long)size;
}

static inline void sys_write_error(const char *text, size_t length)
{
	sys_call(SYS_write, 2, (long)text, (long)length, 0, 0, 0);
}

#endif
