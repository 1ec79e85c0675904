/* SPDX-License-Identifier: Apache-2.0 */
/*
 * repeat WHAT COUNT PAUSE - does one thing COUNT times; PAUSE is how many microseconds a thread
 * gets to come to its end. Under a tool that counts instructions the difference of two counts is
 * what the thing takes, start and end of the program cancelled; the difference of that with and
 * without the preload is what the shim adds.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "flyte_ctx.h"

extern char **environ;

static void fail_to_exec(char *const envp[])
{
	char *argv[] = { (char[]) { "none" }, NULL };

	if (execve("/nonexistent/none", argv, envp) != -1 || errno != ENOENT)
		err(1, "execve");
}

/* All is there that the child is to have: the caller's own environment goes to the kernel. */
static void exec_right(void)
{
	fail_to_exec(environ);
}

/* Nothing is there: carrier and library are added. */
static void exec_rebuilt(void)
{
	char *const envp[] = { NULL };

	fail_to_exec(envp);
}

static void *no_work(void *argument)
{
	return argument;
}

static struct timespec pause_before_join;
static long pauses_too_short;

/*
 * A join that has to wait takes more instructions, and how many of them did was most of the figure
 * on a busy machine. So we wait first; main() fails where that was too short too often.
 */
static void thread(void)
{
	pthread_t made;

	errno = pthread_create(&made, NULL, no_work, NULL);
	if (errno)
		err(1, "pthread_create");
	nanosleep(&pause_before_join, NULL);
	while ((errno = pthread_tryjoin_np(made, NULL)) == EBUSY) {
		pauses_too_short++;
		nanosleep(&pause_before_join, NULL);
	}
	if (errno)
		err(1, "pthread_tryjoin_np");
}

static void enter_and_exit(void)
{
	static const struct flyte_pair pair = { "increment", "2" };

	if (flyte_context_exit(flyte_custom_context_enter(&pair, 1)) != 0)
		err(1, "flyte_context_exit");
}

static const struct {
	const char *name;
	void (*act)(void);
	bool scoped;
} acts[] = {
	{ "exec-right", exec_right, false },
	{ "exec-rebuilt", exec_rebuilt, false },
	{ "thread", thread, false },
	{ "thread-scoped", thread, true },
	{ "enter-and-exit", enter_and_exit, false },
};

int main(int argc, char **argv)
{
	static const struct flyte_pair pair = { "budget", "1" };
	long count;

	if (argc != 4)
		errx(2, "usage: repeat WHAT COUNT PAUSE");
	count = strtol(argv[2], NULL, 10);
	pause_before_join.tv_nsec = strtol(argv[3], NULL, 10) * 1000;
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++) {
		if (strcmp(argv[1], acts[i].name) != 0)
			continue;
		if (acts[i].scoped && !flyte_custom_context_enter(&pair, 1))
			err(1, "flyte_custom_context_enter");
		for (long left = count; left > 0; left--)
			acts[i].act();
		if (pauses_too_short > count / 50)
			errx(1, "%ld of %ld threads took longer", pauses_too_short, count);
		return 0;
	}
	errx(2, "%s: not one of the things that I repeat", argv[1]);
}
