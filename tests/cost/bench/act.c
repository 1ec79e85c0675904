/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act WHAT COUNT [PROGRAM] - does a thing COUNT times for each byte on its standard input, and
 * answers with a double: nanoseconds for one of them, or bytes. tests/cost/bench/turns asks.
 *
 *	fork     fork, and wait for the child, which ends at once
 *	spawn    posix_spawn of PROGRAM, and wait for it
 *	thread   pthread_create and pthread_join of a thread that does nothing
 *	threads  the same, COUNT of them alive at the same time
 *	private, shared             memory of this process, just started
 *	used-private, used-shared   the same after one of each of the above and of the calls of
 *	                            flyte_ctx.h, where they are there
 *
 * Inside a scope where BENCH_SCOPE is in the environment.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flyte_ctx.h"
#include "sample.h"

extern char **environ;

static char *program;

static void wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		err(1, "waitpid");
}

static double do_fork(size_t count)
{
	double start = now();

	for (size_t i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid)
			_exit(0);
		wait_for(pid);
	}
	return (now() - start) / (double)count;
}

static double do_spawn(size_t count)
{
	char *argv[] = { program, NULL };
	double start = now();

	for (size_t i = 0; i < count; i++) {
		pid_t pid;

		errno = posix_spawn(&pid, program, NULL, NULL, argv, environ);
		if (errno)
			err(1, "%s", program);
		wait_for(pid);
	}
	return (now() - start) / (double)count;
}

static void *no_work(void *argument)
{
	return argument;
}

static void create(pthread_t *thread, void *(*routine)(void *), void *argument)
{
	errno = pthread_create(thread, NULL, routine, argument);
	if (errno)
		err(1, "pthread_create");
}

static void join(pthread_t thread)
{
	errno = pthread_join(thread, NULL);
	if (errno)
		err(1, "pthread_join");
}

static double do_thread(size_t count)
{
	double start = now();

	for (size_t i = 0; i < count; i++) {
		pthread_t thread;

		create(&thread, no_work, NULL);
		join(thread);
	}
	return (now() - start) / (double)count;
}

/* Comes to its end when all threads are there: it takes a lock that their creator holds. */
static void *wait_for_all(void *gate)
{
	pthread_mutex_lock(gate);
	pthread_mutex_unlock(gate);
	return NULL;
}

static double do_threads(size_t count)
{
	static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
	pthread_t *threads = allocate(count, sizeof(*threads));
	double start = now();

	pthread_mutex_lock(&gate);
	for (size_t i = 0; i < count; i++)
		create(&threads[i], wait_for_all, &gate);
	pthread_mutex_unlock(&gate);
	for (size_t i = 0; i < count; i++)
		join(threads[i]);
	free(threads);
	return (now() - start) / (double)count;
}

/* The sum of two lines of smaps_rollup, in bytes. No stdio: its buffers would be counted. */
static double memory(const char *clean, const char *dirty)
{
	char text[2048];
	int fd = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *first, *second;

	if (size < 0)
		err(1, "/proc/self/smaps_rollup");
	close(fd);
	text[size] = '\0';
	first = strstr(text, clean);
	second = strstr(text, dirty);
	if (!first || !second)
		errx(1, "/proc/self/smaps_rollup has no %s or %s", clean, dirty);
	return 1024 * (strtod(first + strlen(clean), NULL) + strtod(second + strlen(dirty), NULL));
}

static double private(size_t count)
{
	(void)count;
	return memory("Private_Clean:", "Private_Dirty:");
}

static double shared(size_t count)
{
	(void)count;
	return memory("Shared_Clean:", "Shared_Dirty:");
}

static void use_all(void)
{
	static const struct flyte_pair pair = { "bench", "1" };
	flyte_token token = flyte_custom_context_enter(&pair, 1);

	do_fork(1);
	do_spawn(1);
	do_thread(1);
	if (!token || flyte_context_exit(token))
		err(1, "flyte_context_exit");
}

static double used_private(size_t count)
{
	use_all();
	return private(count);
}

static double used_shared(size_t count)
{
	use_all();
	return shared(count);
}

static const struct {
	const char *name;
	double (*act)(size_t);
} acts[] = {
	{ "fork", do_fork },
	{ "spawn", do_spawn },
	{ "thread", do_thread },
	{ "threads", do_threads },
	{ "private", private },
	{ "shared", shared },
	{ "used-private", used_private },
	{ "used-shared", used_shared },
};

static void answer(double (*act)(size_t), size_t count)
{
	double value;
	char byte;

	while (read(STDIN_FILENO, &byte, 1) == 1) {
		value = act(count);
		if (write(STDOUT_FILENO, &value, sizeof(value)) != sizeof(value))
			err(1, "write");
	}
}

int main(int argc, char **argv)
{
	static const struct flyte_pair pair = { "bench", "1" };

	if (argc < 3)
		errx(2, "usage: act WHAT COUNT [PROGRAM]");
	program = argv[3];
	if (getenv("BENCH_SCOPE") && flyte_custom_context_enter(&pair, 1) <= FLYTE_TOKEN_NONE)
		errx(1, "can't enter a scope: not in a task, or without the preload");
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		if (strcmp(argv[1], acts[i].name) == 0) {
			answer(acts[i].act, number_from(argv[2]));
			return 0;
		}
	errx(2, "%s: not one of the things that I do", argv[1]);
}
