/* SPDX-License-Identifier: Apache-2.0 */
/* See live_context.h. */
#include "command/look/live_context.h"

#include <string.h>

/* A thread that enters and exits without pause is caught at rest sooner than that. */
#define LOOKS_MAX 1000

/* Enough of a scope or a context for every offset that is read in it. */
#define HEAD_MAX 512

#define PAGE     4096

struct look {
	struct foreign_memory *memory;
	const struct live_library *library;
	struct live_seen *seen;
	size_t used; /* of the room */
};

/* What tells one scope from another. */
struct scope_head {
	uint64_t view, token, size;
};

static bool word_at(const struct look *look, uint64_t address, size_t offset, uint64_t *value)
{
	return foreign_word(look->memory, address + offset, value);
}

static bool read_head(const struct look *look, uint64_t scope, struct scope_head *head)
{
	const struct layout *layout = &look->library->layout;

	return word_at(look, scope, layout->scope_view, &head->view) &&
	       word_at(look, scope, layout->scope_token, &head->token) &&
	       word_at(look, scope, layout->scope_size, &head->size);
}

static void *take(struct look *look, size_t size)
{
	void *taken = look->seen->room + look->used;

	size = (size + 15) & ~(size_t)15;
	if (size > LIVE_ROOM - look->used)
		return NULL;
	look->used += size;
	return taken;
}

/*
 * A scope that was entered is one block, with its context and all texts. Else the rest of the page
 * has most of what is wanted.
 */
static void read_block(struct look *look, uint64_t scope, const struct scope_head *head)
{
	struct foreign_memory *memory = look->memory;
	uint64_t start = head->view, size = PAGE - head->view % PAGE;
	char *bytes;

	if (head->view > scope && head->view - scope < head->size &&
	    head->size <= FOREIGN_BUDGET / 2) {
		start = scope;
		size = head->size;
	}
	bytes = take(look, (size_t)size);
	memory->block_size = 0;
	if (!bytes)
		return;
	memory->block_size = foreign_read_some(memory, start, bytes, (size_t)size);
	memory->block = start;
	memory->block_bytes = bytes;
}

/* A text whose address is at `address`; NULL without failing where that is 0. */
static const char *read_text(struct look *look, uint64_t address, bool *fails)
{
	uint64_t text;
	char *to = look->seen->room + look->used;
	size_t length;

	if (!foreign_word(look->memory, address, &text)) {
		*fails = true;
		return NULL;
	}
	if (!text)
		return NULL;
	length = foreign_text(look->memory, text, to, LIVE_ROOM - look->used);
	*fails |= !length || !take(look, length);
	return *fails ? NULL : to;
}

static bool read_pairs(struct look *look, uint64_t view)
{
	const struct layout *layout = &look->library->layout;
	const size_t word = look->memory->word;
	uint64_t count, items;
	bool fails = false;

	if (!word_at(look, view, layout->pair_count, &count) ||
	    !word_at(look, view, layout->pairs, &items) ||
	    count > LIVE_ROOM / sizeof(struct flyte_pair))
		return false;
	look->seen->pairs = take(look, (size_t)count * sizeof(struct flyte_pair));
	look->seen->count = look->seen->pairs ? (size_t)count : 0;
	for (size_t i = 0; i < look->seen->count && !fails; i++) {
		struct flyte_pair *pair = &look->seen->pairs[i];

		pair->key = read_text(look, items + 2 * i * word, &fails);
		pair->value = read_text(look, items + (2 * i + 1) * word, &fails);
		fails |= !pair->key || !pair->value;
	}
	return look->seen->pairs && !fails;
}

static bool read_view(struct look *look, uint64_t view)
{
	const struct layout *layout = &look->library->layout;
	struct live_seen *seen = look->seen;
	bool fails = false;

	seen->action = read_text(look, view + layout->action_name, &fails);
	seen->run = read_text(look, view + layout->run_name, &fails);
	seen->group = read_text(look, view + layout->group, &fails);
	return !fails && seen->action && read_pairs(look, view);
}

static enum live_answer read_scope(struct look *look, uint64_t scope, const struct scope_head *head)
{
	bool is_read;

	if (!head->view)
		return LIVE_OUTSIDE;
	if (head->view == LAYOUT_UNDECODED)
		return scope == look->library->root ? LIVE_AS_STARTED : LIVE_UNREADABLE;
	read_block(look, scope, head);
	is_read = read_view(look, head->view);
	look->memory->block_size = 0;
	return is_read ? LIVE_CONTEXT : LIVE_UNREADABLE;
}

/* One look: LIVE_MOVED where the thread has gone on meanwhile. */
static enum live_answer look_once(struct look *look, uint64_t slot)
{
	struct scope_head head, after;
	uint64_t scope, again;
	enum live_answer answer;

	look->used = 0;
	if (!foreign_word(look->memory, slot, &scope))
		return LIVE_UNREADABLE;
	if (!read_head(look, scope, &head)) {
		/* It may have been freed between both. */
		answer = LIVE_UNREADABLE;
		return foreign_word(look->memory, slot, &again) && again != scope ? LIVE_MOVED
										  : answer;
	}
	answer = read_scope(look, scope, &head);
	if (!foreign_word(look->memory, slot, &again))
		return LIVE_UNREADABLE;
	if (again != scope)
		return LIVE_MOVED;
	if (!read_head(look, scope, &after) || after.token != head.token ||
	    after.view != head.view || after.size != head.size)
		return LIVE_MOVED;
	return answer;
}

enum live_answer live_context_read(struct foreign_memory *memory,
				   const struct live_library *library, uint64_t thread_pointer,
				   struct live_seen *seen)
{
	struct look look = { .memory = memory, .library = library, .seen = seen };
	uint64_t slot = thread_pointer + (uint64_t)library->slot;
	enum live_answer answer = LIVE_MOVED;

	memory->block_size = 0;
	for (int i = 0; i < LOOKS_MAX && answer == LIVE_MOVED && memory->budget; i++) {
		*seen = (struct live_seen) { .room = seen->room };
		answer = look_once(&look, slot);
	}
	return answer;
}
