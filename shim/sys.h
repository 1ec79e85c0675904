/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys - system calls without libc: no errno, no cancellation point, nothing that somebody else
 * interposes. Results are the kernel's: a negative error number on failure.
 */
#ifndef FLYTECTX_SYS_H
#define FLYTECTX_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}
#else
#error "sys.h knows the system calls of x86-64 only"
#endif

/* Zeroed memory of its own, or NULL. */
static inline void *sys_map(size_t size)
{
	long result = sys_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return result < 0 && result > -4096 ? NULL : (void *)result;
}

static inline void sys_unmap(void *memory, size_t size)
{
	sys_call(SYS_munmap, (long)memory, (long)size, 0, 0, 0, 0);
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
