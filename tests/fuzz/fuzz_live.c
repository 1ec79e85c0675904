/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the memory of a process that `flytectx ps` looks at: no crash, no loop, and never
 * more read than a look may. Each address leads somewhere, so that pointers are followed.
 */
#include "command/look/live_context.h"
#include "command/look/live_thread.h"
#include "require.h"

#include <elf.h>

static const uint8_t *bytes;
static size_t length, total;

/* A page in sixteen is not there. */
static size_t read_input(const struct foreign_memory *memory, uint64_t address, void *to,
			 size_t size)
{
	(void)memory;
	require(size <= memory->budget);
	if (!length || address >> 12 & 8)
		return 0;
	for (size_t done = 0; done < size;) {
		size_t from = (size_t)((address + done) % length), count = length - from;

		count = count < size - done ? count : size - done;
		memcpy((uint8_t *)to + done, bytes + from, count);
		done += count;
	}
	total += size;
	return size;
}

static void check_text(const char *text, const struct live_seen *seen)
{
	require(!text || (text >= seen->room && text < seen->room + LIVE_ROOM));
	require(!text || memchr(text, '\0', (size_t)(seen->room + LIVE_ROOM - text)));
}

static void look_at_context(const struct live_library *library, unsigned word)
{
	static char *room;
	struct foreign_memory memory = { .read = read_input,
					 .word = word,
					 .budget = FOREIGN_BUDGET };
	struct live_seen seen = { .room = room = room ? room : allocate(LIVE_ROOM) };

	total = 0;
	if (live_context_read(&memory, library, 0x1000, &seen) == LIVE_CONTEXT) {
		check_text(seen.action, &seen);
		check_text(seen.run, &seen);
		check_text(seen.group, &seen);
		for (size_t i = 0; i < seen.count; i++) {
			check_text(seen.pairs[i].key, &seen);
			check_text(seen.pairs[i].value, &seen);
		}
	}
	require(total <= FOREIGN_BUDGET);
}

static void look_at_threads(const struct live_library *library)
{
	struct foreign_memory memory = { .read = read_input, .word = 8, .budget = FOREIGN_BUDGET };

	total = 0;
	live_thread_glibc(library, &memory, 0x2000);
	live_thread_musl(library, &memory, 0x2000);
	require(total <= FOREIGN_BUDGET);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct live_library library = { .base = 0x10000 };
	struct foreign_memory memory = { .read = read_input, .word = 8, .budget = FOREIGN_BUDGET };

	bytes = data;
	length = size;
	total = 0;
	live_library_read(&memory, &library);
	require(total <= FOREIGN_BUDGET);

	library = (struct live_library) { .slot = -8, .machine = EM_X86_64 };
	library.layout = (struct layout) { .scope_view = 0,
					   .scope_token = 32,
					   .scope_size = 48,
					   .action_name = 8,
					   .run_name = 16,
					   .group = 160,
					   .pair_count = 184,
					   .pairs = 192 };
	look_at_context(&library, 8);
	look_at_context(&library, 4);
	look_at_threads(&library);
	library.machine = EM_AARCH64;
	look_at_threads(&library);
	return 0;
}
