/* SPDX-License-Identifier: Apache-2.0 */
/* See carried.h. */
#include "command/carry/carried.h"

#include <stdlib.h>
#include <string.h>

#define LISTS 4096

static struct carrier_thread *lists[LISTS];

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

static const char *find_kept(char *const envp[], size_t which)
{
	for (; *envp; envp++)
		if (env_kept(*envp) == which)
			return *envp;
	return NULL;
}

struct carried *carried_new(char *const envp[], const struct carried *before)
{
	struct carried *carried = calloc(1, sizeof(*carried));
	const char *carrier = env_get(envp, "FLYTE_CTX=");

	if (!carried)
		return NULL;
	carried->references = 1;
	if (carrier)
		carried->carrier = strdup(carrier - strlen("FLYTE_CTX="));
	else if (before)
		carried->carrier = copy(before->carrier);
	for (size_t i = 0; i < ENV_KEPT; i++) {
		const char *kept = find_kept(envp, i);

		carried->kept[i] = copy(kept ? kept : before ? before->kept[i] : NULL);
	}
	return carried;
}

struct carried *carried_retain(struct carried *carried)
{
	if (carried)
		carried->references++;
	return carried;
}

void carried_release(struct carried *carried)
{
	if (!carried || --carried->references)
		return;
	free(carried->carrier);
	for (size_t i = 0; i < ENV_KEPT; i++)
		free(carried->kept[i]);
	free(carried);
}

struct carrier_thread *carried_find(pid_t tid, bool makes)
{
	struct carrier_thread **list = &lists[(unsigned)tid % LISTS], *thread;

	for (thread = *list; thread; thread = thread->next)
		if (thread->tid == tid)
			return thread;
	if (!makes)
		return NULL;
	thread = calloc(1, sizeof(*thread));
	if (!thread)
		return NULL;
	thread->tid = tid;
	thread->next = *list;
	return *list = thread;
}

void carried_forget(pid_t tid)
{
	struct carrier_thread **place = &lists[(unsigned)tid % LISTS], *thread;

	while (*place && (*place)->tid != tid)
		place = &(*place)->next;
	thread = *place;
	if (!thread)
		return;
	*place = thread->next;
	carried_release(thread->carried);
	free(thread);
}

void carried_each_waiting(pid_t parent, void (*visit)(struct carrier_thread *thread))
{
	for (size_t i = 0; i < LISTS; i++)
		for (struct carrier_thread *thread = lists[i]; thread; thread = thread->next)
			if (thread->waits && thread->waits_for == parent)
				visit(thread);
}
