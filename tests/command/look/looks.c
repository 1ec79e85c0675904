/* SPDX-License-Identifier: Apache-2.0 */
/*
 * looks - looks from outside at the threads of a `fan churn`, again and again, and holds that none
 * is ever seen in a context that it was not in (test_look).
 *
 *	looks PID COUNT SECONDS
 *
 * Ends after COUNT looks or SECONDS, whichever comes first, and prints what was seen how often.
 */
#include "command/look/live_context.h"
#include "command/look/live_thread.h"
#include "command/look/process_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct live_process process;
static char *room;
static size_t answers[LIVE_UNREADABLE + 1], looks, wrong, unknown;

static const char *value_of(const struct live_seen *seen, const char *key)
{
	for (size_t i = 0; i < seen->count; i++)
		if (!strcmp(seen->pairs[i].key, key))
			return seen->pairs[i].value;
	return NULL;
}

static bool is_right(const struct live_seen *seen)
{
	const char *a = value_of(seen, "a"), *b = value_of(seen, "b"), *c = value_of(seen, "c");
	const char *k = value_of(seen, "k");

	/* A program that waits has one scope. */
	if (value_of(seen, "t"))
		return seen->count == 2 && !strcmp(value_of(seen, "t"), "waits");
	if (!seen->action || strcmp(seen->action, "train") != 0 || !k || strcmp(k, "1") != 0)
		return false;
	/* The root. */
	if (!a)
		return seen->count == 1;
	return b && !strcmp(a, b) && (c ? seen->count == 4 && !strcmp(a, c) : seen->count == 3);
}

static bool look(int tid, void *unused)
{
	struct foreign_memory memory = process.memory;
	struct live_seen seen = { .room = room };
	uint64_t pointer;
	enum live_answer answer;

	(void)unused;
	memory.budget = FOREIGN_BUDGET;
	pointer = live_thread_pointer(&process, &memory, tid, tid);
	looks++;
	if (!pointer) {
		unknown++;
		return true;
	}
	answer = live_context_read(&memory, &process.library, pointer, &seen);
	/* As ps does: a thread that has ended meanwhile is not seen. */
	if (live_thread_pointer(&process, &memory, tid, tid) != pointer) {
		unknown++;
		return true;
	}
	answers[answer]++;
	if (answer == LIVE_OUTSIDE || (answer == LIVE_CONTEXT && !is_right(&seen))) {
		if (wrong++ > 5)
			return true;
		printf("# %s, %zu pairs\n", seen.action ? seen.action : "outside", seen.count);
		for (size_t i = 0; i < seen.count; i++)
			printf("#   %s=%s\n", seen.pairs[i].key, seen.pairs[i].value);
	}
	return true;
}

int main(int argc, char *argv[])
{
	struct timespec begin, now;
	char path[64];
	size_t count;

	if (argc != 4)
		return 2;
	room = malloc(LIVE_ROOM);
	process.memory = foreign_memory_of(atoi(argv[1]));
	if (!room || live_library_find(&process.memory, &process.library) != LIVE_FOUND) {
		puts("no library");
		return 3;
	}
	snprintf(path, sizeof(path), "/proc/%d/task", process.memory.pid);
	count = strtoul(argv[2], NULL, 10);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		/* The ring of musl is walked anew. */
		free(process.ring);
		process.ring = NULL;
		process.memory.budget = FOREIGN_BUDGET;
		process_each_number(path, look, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (looks < count && now.tv_sec - begin.tv_sec < atol(argv[3]));
	printf("%zu looks: %zu contexts, %zu as started, %zu moved, %zu unreadable, %zu ended, "
	       "%zu wrong\n",
	       looks, answers[LIVE_CONTEXT], answers[LIVE_AS_STARTED], answers[LIVE_MOVED],
	       answers[LIVE_UNREADABLE], unknown, wrong);
	return wrong != 0 || !answers[LIVE_CONTEXT];
}
