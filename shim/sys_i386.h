/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls of i386; see sys.h. The sixth argument would go into the frame pointer's
 * register: of ours only mmap has six, and its old form takes them in memory.
 */
static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	long result;

	(void)f;
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return result;
}

static inline long sys_map_pages(size_t size, int protection, int flags)
{
	const long arguments[6] = { 0, (long)size, protection, flags, -1, 0 };

	return sys_call(SYS_mmap, (long)arguments, 0, 0, 0, 0, 0);
}
