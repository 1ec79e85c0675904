/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec ROUNDS PROGRAM EMPTY.so FLYTECTX.so - what being preloaded adds to the life of a short
 * program (posix_spawn to waitpid): without any preload, with one that has nothing in it, which
 * is what the loader takes for any library, and with ours.
 *
 * Not to be run under the preload itself: the hooks would be in the figures. Its environment,
 * with FLYTE_CTX and without LD_PRELOAD, is what the programs get. A second turn with the empty
 * library in each round shows what a difference of 0 looks like on this machine.
 */
#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include "flyte_ctx.h"
#include "sample.h"

enum variant { NOTHING, EMPTY, EMPTY_AGAIN, OURS, VARIANTS };

extern char **environ;

/* environ without our carrier, or with `library` preloaded. */
static char **environment(const char *library)
{
	static const char name[] = "LD_PRELOAD=";
	size_t count = 0, kept = 0;
	char **made, *entry;

	while (environ[count])
		count++;
	made = calloc(count + 2, sizeof(*made));
	if (!made)
		err(1, "calloc");
	for (size_t i = 0; i < count; i++)
		if (library || strncmp(environ[i], "FLYTE_CTX=", strlen("FLYTE_CTX=")) != 0)
			made[kept++] = environ[i];
	if (library) {
		entry = malloc(sizeof(name) + strlen(library));
		if (!entry)
			err(1, "malloc");
		strcpy(entry, name);
		strcat(entry, library);
		made[kept] = entry;
	}
	return made;
}

/* Nanoseconds from the start of the program to its end. */
static double run(char *program, char **envp)
{
	char *argv[] = { program, NULL };
	double start = now();
	pid_t pid;
	int status;

	errno = posix_spawn(&pid, program, NULL, NULL, argv, envp);
	if (errno)
		err(1, "%s", program);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			err(1, "waitpid");
	if (status)
		errx(1, "%s: wait status %d", program, status);
	return now() - start;
}

/* The order of a round, by a generator that is the same in every run. */
static void shuffle(enum variant *order)
{
	static uint32_t random = 2463534242;

	for (size_t i = VARIANTS; i > 1; i--) {
		enum variant last = order[i - 1];
		size_t j;

		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		j = random % i;
		order[i - 1] = order[j];
		order[j] = last;
	}
}

int main(int argc, char **argv)
{
	enum variant order[VARIANTS] = { NOTHING, EMPTY, EMPTY_AGAIN, OURS };
	double *times[VARIANTS];
	char **envp[VARIANTS];
	size_t rounds;

	if (argc != 5)
		errx(2, "usage: exec ROUNDS PROGRAM EMPTY.so FLYTECTX.so");
	if (flyte_ctx)
		errx(2, "run me without the preload");
	rounds = rounds_from(argv[1]);
	envp[NOTHING] = environment(NULL);
	envp[EMPTY] = envp[EMPTY_AGAIN] = environment(argv[3]);
	envp[OURS] = environment(argv[4]);
	for (int v = 0; v < VARIANTS; v++)
		times[v] = samples(rounds);
	for (int v = 0; v < VARIANTS; v++) /* everything in the page cache */
		run(argv[2], envp[v]);
	for (size_t round = 0; round < rounds; round++) {
		shuffle(order);
		for (int i = 0; i < VARIANTS; i++)
			times[order[i]][round] = run(argv[2], envp[order[i]]);
	}
	report_difference("empty .so above empty .so: the noise", times[EMPTY_AGAIN], times[EMPTY],
			  rounds, 1e3, "us", 0);
	report_difference("empty .so above nothing", times[EMPTY], times[NOTHING], rounds, 1e3,
			  "us", 0);
	report_difference("flytectx above nothing", times[OURS], times[NOTHING], rounds, 1e3, "us",
			  0);
	report_difference("flytectx above empty .so", times[OURS], times[EMPTY], rounds, 1e3, "us",
			  8);
	report_ratio("flytectx beside nothing", times[OURS], times[NOTHING], rounds, 0);
	for (size_t i = 0; i < rounds; i++)
		times[NOTHING][i] /= 1e3;
	report("nothing, for scale", times[NOTHING], rounds, "us", 0);
	return 0;
}
