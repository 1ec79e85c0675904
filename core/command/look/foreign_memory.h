/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign_memory - the memory of another process, read without its help: it is not stopped, gets
 * no signal, and runs no instruction for it (SPEC 5.14).
 *
 * Nothing that is read is to be trusted. A look has a budget of bytes, which all that it reads
 * comes out of, so a process that writes circles or endless texts costs no more than that.
 */
#ifndef FLYTECTX_FOREIGN_MEMORY_H
#define FLYTECTX_FOREIGN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A look at one thread, and what is known of its process before, read at most so much. */
#define FOREIGN_BUDGET ((size_t)1024 * 1024)

struct foreign_memory {
	/* Reads from `address` on; how many bytes came, which may be too few. */
	size_t (*read)(const struct foreign_memory *memory, uint64_t address, void *to,
		       size_t size);
	pid_t pid;
	unsigned word; /* 4 or 8: the bytes of a pointer there */
	size_t budget; /* bytes that may still be read */
	/* A block that was read in one go; what is in it is not read again. */
	uint64_t block;
	const char *block_bytes;
	size_t block_size;
};

/* Of the process `pid`; the word is set once its library is known. */
struct foreign_memory foreign_memory_of(pid_t pid);

/* All of it, or false. */
bool foreign_read(struct foreign_memory *memory, uint64_t address, void *to, size_t size);

/* What can be read of it, from its start. */
size_t foreign_read_some(struct foreign_memory *memory, uint64_t address, void *to, size_t size);

/* A pointer, or a number as wide. */
bool foreign_word(struct foreign_memory *memory, uint64_t address, uint64_t *value);

/* The one at `at` of what was read before. */
uint64_t foreign_word_in(const struct foreign_memory *memory, const void *bytes, size_t at);

/* A text into `to`, with its NUL; how many bytes it took, 0 where it can't be read or is longer. */
size_t foreign_text(struct foreign_memory *memory, uint64_t address, char *to, size_t room);

#endif
