/* SPDX-License-Identifier: Apache-2.0 */
/* See foreign_memory.h. */
#include "command/look/foreign_memory.h"

#include <string.h>
#include <sys/uio.h>

#define PAGE 4096

/* Texts are short: more than this at once is read for nothing. */
#define TEXT_CHUNK 256

static size_t read_process(const struct foreign_memory *memory, uint64_t address, void *to,
			   size_t size)
{
	const struct iovec here = { to, size };
	const struct iovec there = { (void *)(uintptr_t)address, size };
	ssize_t count = process_vm_readv(memory->pid, &here, 1, &there, 1, 0);

	return count > 0 ? (size_t)count : 0;
}

struct foreign_memory foreign_memory_of(pid_t pid)
{
	return (struct foreign_memory) {
		.read = read_process, .pid = pid, .word = 8, .budget = FOREIGN_BUDGET
	};
}

size_t foreign_read_some(struct foreign_memory *memory, uint64_t address, void *to, size_t size)
{
	size_t count;

	if (address >= memory->block && address - memory->block < memory->block_size &&
	    size <= memory->block_size - (size_t)(address - memory->block)) {
		memcpy(to, memory->block_bytes + (address - memory->block), size);
		return size;
	}
	if (size > memory->budget)
		size = memory->budget;
	if (!size || address > UINT64_MAX - size)
		return 0;
	count = memory->read(memory, address, to, size);
	memory->budget -= count;
	return count;
}

bool foreign_read(struct foreign_memory *memory, uint64_t address, void *to, size_t size)
{
	return foreign_read_some(memory, address, to, size) == size;
}

uint64_t foreign_word_in(const struct foreign_memory *memory, const void *bytes, size_t at)
{
	uint64_t wide;
	uint32_t narrow;

	if (memory->word == sizeof(wide)) {
		memcpy(&wide, (const char *)bytes + at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, (const char *)bytes + at, sizeof(narrow));
	return narrow;
}

bool foreign_word(struct foreign_memory *memory, uint64_t address, uint64_t *value)
{
	char bytes[sizeof(*value)];

	if (!foreign_read(memory, address, bytes, memory->word))
		return false;
	*value = foreign_word_in(memory, bytes, 0);
	return true;
}

/* Up to the end of the block, or of the page: what follows may not be there. */
static size_t chunk_at(const struct foreign_memory *memory, uint64_t address)
{
	size_t chunk = PAGE - (size_t)(address % PAGE);

	if (address >= memory->block && address - memory->block < memory->block_size)
		chunk = memory->block_size - (size_t)(address - memory->block);
	return chunk < TEXT_CHUNK ? chunk : TEXT_CHUNK;
}

size_t foreign_text(struct foreign_memory *memory, uint64_t address, char *to, size_t room)
{
	size_t length = 0;

	while (length < room) {
		size_t chunk = chunk_at(memory, address + length);
		size_t count;
		const char *nul;

		if (chunk > room - length)
			chunk = room - length;
		count = foreign_read_some(memory, address + length, to + length, chunk);
		if (!count)
			return 0;
		nul = memchr(to + length, '\0', count);
		if (nul)
			return (size_t)(nul - to) + 1;
		length += count;
	}
	return 0;
}
