/* SPDX-License-Identifier: Apache-2.0 */
/* See live_ring.h. */
#include "command/look/live_ring.h"
#include "command/terminal/memory.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCANNED_AT_ONCE ((size_t)64 * 1024)
#define MAPPINGS_MAX    4096
#define THREADS_MAX     65536

struct mapping {
	uint64_t start, end;
};

/* Words from the start of a descriptor on, as musl has had them from 1.1.20 to 1.2. */
static size_t next_at(const struct live_process *process)
{
	return process->library.machine == EM_AARCH64 ? 2 : 3;
}

static size_t tid_at(const struct live_process *process)
{
	return process->library.machine == EM_AARCH64 ? 4 : 6;
}

/* Walks the ring from a descriptor on. False where it does not close. */
static bool walk(struct live_process *process, uint64_t first)
{
	const size_t word = process->memory.word;
	uint64_t at = first;
	size_t room = 0;
	char bytes[8 * 8];

	process->ring_count = 0;
	do {
		int32_t tid;

		if (!foreign_read(&process->memory, at, bytes, 8 * word) ||
		    foreign_word_in(&process->memory, bytes, 0) != at ||
		    process->ring_count == THREADS_MAX)
			return false;
		if (process->ring_count == room) {
			room = room * 2 + 16;
			process->ring = memory_more(process->ring, room * sizeof(*process->ring));
		}
		memcpy(&tid, bytes + tid_at(process) * word, sizeof(tid));
		process->ring[process->ring_count++] = (struct live_descriptor) { tid, at };
		at = foreign_word_in(&process->memory, bytes, next_at(process) * word);
	} while (at != first);
	return true;
}

/* Is there a descriptor of thread `inner` in these bytes of the process? */
static uint64_t scan(const struct live_process *process, uint64_t start, const char *bytes,
		     size_t size, pid_t inner)
{
	const size_t word = process->memory.word;

	for (size_t at = 0; at + (tid_at(process) + 1) * word <= size; at += word) {
		int32_t tid;

		if (foreign_word_in(&process->memory, bytes, at) != start + at)
			continue;
		memcpy(&tid, bytes + at + tid_at(process) * word, sizeof(tid));
		if (tid == inner)
			return start + at;
	}
	return 0;
}

/* From its end: there a thread's stack has its descriptor. */
static bool scan_mapping(struct live_process *process, const struct mapping *mapping, pid_t inner)
{
	static char bytes[SCANNED_AT_ONCE];
	uint64_t size = mapping->end - mapping->start;
	uint64_t start = size > SCANNED_AT_ONCE ? mapping->end - SCANNED_AT_ONCE : mapping->start;
	size_t count =
		foreign_read_some(&process->memory, start, bytes, (size_t)(mapping->end - start));
	uint64_t found = scan(process, start, bytes, count, inner);

	return found && walk(process, found);
}

static size_t list_mappings(pid_t pid, struct mapping *mappings)
{
	char path[64], *line = NULL;
	size_t room = 0, count = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	while (maps && count < MAPPINGS_MAX && getline(&line, &room, maps) > 0) {
		struct mapping *mapping = &mappings[count];
		char access[8];

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s", &mapping->start, &mapping->end,
			   access) == 3 &&
		    !strncmp(access, "rw", 2) && mapping->start < mapping->end &&
		    !strstr(line, "[stack]"))
			count++;
	}
	free(line);
	if (maps)
		fclose(maps);
	return count;
}

static void find(struct live_process *process, pid_t inner)
{
	struct mapping *mappings = malloc(MAPPINGS_MAX * sizeof(*mappings));
	size_t count = mappings ? list_mappings(process->memory.pid, mappings) : 0;
	bool is_found = false;

	/* The last are those of musl itself, with the first thread's descriptor. */
	while (count && !is_found && process->memory.budget)
		is_found = scan_mapping(process, &mappings[--count], inner);
	free(mappings);
	if (!is_found)
		process->ring_count = 0;
	if (!process->ring)
		process->ring = memory_get(sizeof(*process->ring));
}

static uint64_t known(const struct live_process *process, pid_t inner)
{
	for (size_t i = 0; i < process->ring_count; i++)
		if (process->ring[i].tid == inner)
			return process->ring[i].address;
	return 0;
}

uint64_t live_ring_descriptor(struct live_process *process, pid_t inner)
{
	uint64_t address;

	if (!process->ring)
		find(process, inner);
	address = known(process, inner);
	/* It may have been started since. */
	if (!address && process->ring_count && walk(process, process->ring[0].address))
		address = known(process, inner);
	return address;
}
