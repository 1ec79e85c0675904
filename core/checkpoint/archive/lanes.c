/* SPDX-License-Identifier: Apache-2.0 */
/* See lanes.h. */
#include "checkpoint/archive/lanes.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

/* More cores than this wait for the disk. */
#define CORES_MAX  4
#define PIECES_MAX ((size_t)2 * CORES_MAX)

/* The work has no deep calls, and a pod's limit counts stacks. */
#define STACK_SIZE ((size_t)512 * 1024)

struct lanes {
	void (*work)(void *piece);
	size_t size, count; /* of the pieces */
	void *pieces[PIECES_MAX];
	bool done[PIECES_MAX];
	/* Numbers of pieces, each one modulo the count. */
	size_t given, begun, taken;
	bool is_held; /* by the caller, the one that was taken last */
	bool ends;
	unsigned threads, threads_max;
	pthread_t thread[CORES_MAX];
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

static unsigned cores(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return count > CORES_MAX ? CORES_MAX : (unsigned)count;
}

struct lanes *lanes_new(size_t size, void (*work)(void *piece))
{
	struct lanes *lanes = calloc(1, sizeof(*lanes));

	if (!lanes)
		return NULL;
	lanes->work = work;
	lanes->size = size;
	lanes->threads_max = cores() - 1;
	lanes->count = 2 * (lanes->threads_max + 1);
	pthread_mutex_init(&lanes->lock, NULL);
	pthread_cond_init(&lanes->changed, NULL);
	return lanes;
}

/* Does the oldest piece that nobody has begun. Under the lock, which it leaves meanwhile. */
static void work_once(struct lanes *lanes)
{
	size_t index = lanes->begun++ % lanes->count;

	pthread_mutex_unlock(&lanes->lock);
	lanes->work(lanes->pieces[index]);
	pthread_mutex_lock(&lanes->lock);
	lanes->done[index] = true;
	pthread_cond_broadcast(&lanes->changed);
}

static void *run(void *argument)
{
	struct lanes *lanes = argument;

	pthread_mutex_lock(&lanes->lock);
	while (!lanes->ends) {
		if (lanes->begun < lanes->given)
			work_once(lanes);
		else
			pthread_cond_wait(&lanes->changed, &lanes->lock);
	}
	pthread_mutex_unlock(&lanes->lock);
	return NULL;
}

/* All signals blocked: they are the program's. */
static void add_thread(struct lanes *lanes)
{
	pthread_attr_t attributes;
	sigset_t all, before;

	if (pthread_attr_init(&attributes) != 0)
		return;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&lanes->thread[lanes->threads], &attributes, run, lanes) == 0)
		lanes->threads++;
	else
		lanes->threads_max = lanes->threads;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
}

void *lanes_room(struct lanes *lanes)
{
	void **piece = &lanes->pieces[lanes->given % lanes->count];

	if (lanes->given - lanes->taken + lanes->is_held >= lanes->count)
		return NULL;
	if (!*piece)
		*piece = calloc(1, lanes->size);
	/* Short of memory, fewer pieces do. */
	return *piece;
}

void lanes_give(struct lanes *lanes)
{
	pthread_mutex_lock(&lanes->lock);
	lanes->done[lanes->given++ % lanes->count] = false;
	/* One piece alone is done by the caller. */
	if (lanes->given - lanes->taken > 1 && lanes->threads < lanes->threads_max)
		add_thread(lanes);
	pthread_cond_broadcast(&lanes->changed);
	pthread_mutex_unlock(&lanes->lock);
}

void *lanes_take(struct lanes *lanes)
{
	size_t index = lanes->taken % lanes->count;

	pthread_mutex_lock(&lanes->lock);
	lanes->is_held = lanes->taken < lanes->given;
	while (lanes->is_held && !lanes->done[index]) {
		if (lanes->begun < lanes->given)
			work_once(lanes);
		else
			pthread_cond_wait(&lanes->changed, &lanes->lock);
	}
	if (lanes->is_held)
		lanes->taken++;
	pthread_mutex_unlock(&lanes->lock);
	return lanes->is_held ? lanes->pieces[index] : NULL;
}

void lanes_free(struct lanes *lanes)
{
	if (!lanes)
		return;
	pthread_mutex_lock(&lanes->lock);
	lanes->ends = true;
	pthread_cond_broadcast(&lanes->changed);
	pthread_mutex_unlock(&lanes->lock);
	for (unsigned i = 0; i < lanes->threads; i++)
		pthread_join(lanes->thread[i], NULL);
	for (size_t i = 0; i < lanes->count; i++)
		free(lanes->pieces[i]);
	pthread_cond_destroy(&lanes->changed);
	pthread_mutex_destroy(&lanes->lock);
	free(lanes);
}
