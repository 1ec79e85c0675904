/* SPDX-License-Identifier: Apache-2.0 */
/* See live_thread.h. */
#include "command/look/live_thread.h"
#include "command/look/live_ring.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* So far from the start of glibc's descriptor the list may be, and from there the end. */
#define DESCRIPTOR_MAX 4096
#define BELOW_LIST     1024

/* Words of the vector of a thread's modules that are looked at. */
#define VECTOR_WORDS 256

/* --- where the list of robust mutexes is -------------------------------------------------- */

#if defined(__x86_64__)
/* The kernel tells it of a 32-bit thread only to a 32-bit call, whose addresses are small. */
static uint64_t list_of_32_bits(pid_t tid)
{
	static uint32_t *answer;
	long result = 312; /* get_robust_list, as it is numbered there */

	if (!answer)
		answer = mmap(NULL, 2 * sizeof(*answer), PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (answer == MAP_FAILED) {
		answer = NULL;
		return 0;
	}
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(tid), "c"(answer), "d"(answer + 1)
			 : "memory", "r8", "r9", "r10", "r11");
	return result == 0 ? answer[0] : 0;
}
#else
static uint64_t list_of_32_bits(pid_t tid)
{
	(void)tid;
	return 0;
}
#endif

static uint64_t robust_list(const struct live_library *library, pid_t tid)
{
	uint64_t list = 0;
	size_t length;

	if (library->machine == EM_386 && sizeof(void *) == 8)
		return list_of_32_bits(tid);
	return syscall(SYS_get_robust_list, tid, &list, &length) == 0 ? list : 0;
}

/* --- from the descriptor to the thread pointer -------------------------------------------- */

/* x86: the descriptor begins with its own address, and has it again two words on. */
static uint64_t descriptor_below(struct foreign_memory *memory, uint64_t list)
{
	const size_t word = memory->word;
	char bytes[BELOW_LIST];
	uint64_t start = list - BELOW_LIST;

	if (list % word || list < BELOW_LIST)
		return 0;
	if (!foreign_read(memory, start, bytes, BELOW_LIST)) {
		/* It may be the first on its page. */
		start = list & ~(uint64_t)0xfff;
		if (list - start > BELOW_LIST ||
		    !foreign_read(memory, start, bytes, (size_t)(list - start)))
			return 0;
	}
	for (size_t at = (size_t)(list - start); at >= 3 * word;) {
		at -= word;
		if (at + 3 * word <= list - start &&
		    foreign_word_in(memory, bytes, at) == start + at &&
		    foreign_word_in(memory, bytes, at + 2 * word) == start + at)
			return start + at;
	}
	return foreign_word_in(memory, bytes, 0) == start &&
			       foreign_word_in(memory, bytes, 2 * word) == start
		       ? start
		       : 0;
}

/* Has this vector of a thread's modules our thread-local storage at `storage`? */
static bool has_storage(struct foreign_memory *memory, uint64_t vector, uint64_t storage)
{
	char bytes[VECTOR_WORDS * 8];
	size_t size = 0;

	if (vector && vector % memory->word == 0)
		size = foreign_read_some(memory, vector, bytes, sizeof(bytes));
	for (size_t at = 0; at + memory->word <= size; at += memory->word)
		if (foreign_word_in(memory, bytes, at) == storage)
			return true;
	return false;
}

/*
 * aarch64: the thread pointer is where the descriptor ends, and how long that is differs between
 * versions. It is right where the thread's vector of modules leads to the same place in it.
 * `before`: where the vector's address is, from the thread pointer back.
 */
static uint64_t pointer_above(const struct live_library *library, struct foreign_memory *memory,
			      uint64_t descriptor, size_t before)
{
	char bytes[DESCRIPTOR_MAX];
	size_t size;

	descriptor &= ~(uint64_t)15;
	size = foreign_read_some(memory, descriptor, bytes, sizeof(bytes));
	for (size_t at = 16; at + 8 <= size; at += 16) {
		uint64_t pointer = descriptor + at;

		if (has_storage(memory, foreign_word_in(memory, bytes, at - before),
				pointer + (uint64_t)library->slot))
			return pointer;
	}
	return 0;
}

uint64_t live_thread_glibc(const struct live_library *library, struct foreign_memory *memory,
			   uint64_t list)
{
	if (library->machine == EM_AARCH64)
		return pointer_above(library, memory, list, 0);
	return descriptor_below(memory, list);
}

uint64_t live_thread_musl(const struct live_library *library, struct foreign_memory *memory,
			  uint64_t descriptor)
{
	if (library->machine == EM_AARCH64)
		return pointer_above(library, memory, descriptor, 8);
	return descriptor;
}

uint64_t live_thread_pointer(struct live_process *process, struct foreign_memory *memory, pid_t tid,
			     pid_t inner)
{
	const struct live_library *library = &process->library;
	uint64_t list = robust_list(library, tid);
	uint64_t pointer = list ? live_thread_glibc(library, memory, list) : 0;
	uint64_t descriptor;

	if (pointer)
		return pointer;
	descriptor = live_ring_descriptor(process, inner);
	return descriptor ? live_thread_musl(library, memory, descriptor) : 0;
}
