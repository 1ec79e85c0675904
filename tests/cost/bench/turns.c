/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns [-a ROUNDS] [-b COMMAND] [-c] ROUNDS ENVIRONMENT... -- PROGRAM ARG... - measures a program
 * in several environments, each of which is a file with one variable a line. In each round all have
 * a turn, in an order that changes: a machine that speeds up or slows down meanwhile, or does other
 * work, then moves all alike, which medians of each alone would not cancel.
 *
 * Without -a a turn is a run of the program, by fork and exec as a shell does it, until it was
 * waited for; -b is run before each, unmeasured. With -c a second table follows the first, behind
 * an empty line: the processor time of the program and all that it waited for. With -a the program
 * is started once per environment, and anew after so many rounds; in its turn it gets a byte on its
 * standard input, and answers with a double: what it measured.
 *
 * Not to be run under the preload itself: the hooks would be in the figures.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flyte_ctx.h"
#include "sample.h"

struct variant {
	const char *name;
	char **envp;
	double *values, *processor;
	pid_t pid; /* with -a, and what it is asked through */
	int question, answer;
};

static char **program;
static const char *before;

/* The lines of a file. They stay allocated: they are an environment. */
static char **lines_of(const char *path)
{
	FILE *file = fopen(path, "re");
	char **lines = allocate(1, sizeof(*lines)), *line = NULL;
	size_t count = 0, size = 0;
	ssize_t length;

	if (!file)
		err(1, "%s", path);
	while ((length = getline(&line, &size, file)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		lines = realloc(lines, (count + 2) * sizeof(*lines));
		if (!lines)
			err(1, "realloc");
		lines[count++] = line;
		lines[count] = NULL;
		line = NULL;
	}
	if (ferror(file))
		err(1, "%s", path);
	fclose(file);
	return lines;
}

static pid_t start(const struct variant *variant, const posix_spawn_file_actions_t *actions)
{
	pid_t pid;

	errno = posix_spawnp(&pid, program[0], actions, NULL, program, variant->envp);
	if (errno)
		err(1, "%s", program[0]);
	return pid;
}

static pid_t start_as_a_shell_does(const struct variant *variant)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		execvpe(program[0], program, variant->envp);
		_exit(127);
	}
	return pid;
}

static double nanoseconds(struct timeval time)
{
	return (double)time.tv_sec * 1e9 + (double)time.tv_usec * 1e3;
}

/* The processor time that it took. */
static double wait_for(const struct variant *variant, pid_t pid)
{
	struct rusage used;
	int status;

	while (wait4(pid, &status, 0, &used) < 0)
		if (errno != EINTR)
			err(1, "wait4");
	if (status)
		errx(1, "%s, %s: wait status %#x", program[0], variant->name, status);
	return nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime);
}

static void run(const struct variant *variant, size_t round)
{
	double started;

	if (before && system(before) != 0)
		errx(1, "failed: %s", before);
	started = now();
	variant->processor[round] = wait_for(variant, start_as_a_shell_does(variant));
	variant->values[round] = now() - started;
}

static void start_asked(struct variant *variant)
{
	posix_spawn_file_actions_t actions;
	int question[2], answer[2];

	if (pipe2(question, O_CLOEXEC) || pipe2(answer, O_CLOEXEC))
		err(1, "pipe2");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, question[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, answer[1], STDOUT_FILENO);
	variant->pid = start(variant, &actions);
	posix_spawn_file_actions_destroy(&actions);
	close(question[0]);
	close(answer[1]);
	variant->question = question[1];
	variant->answer = answer[0];
}

static void ask(const struct variant *variant, size_t round)
{
	double *value = &variant->values[round];

	if (write(variant->question, "", 1) != 1 ||
	    read(variant->answer, value, sizeof(*value)) != sizeof(*value))
		errx(1, "%s, %s: no answer", program[0], variant->name);
}

static void end_asked(const struct variant *variant)
{
	close(variant->question);
	wait_for(variant, variant->pid);
	close(variant->answer);
}

/* By a generator that is the same in every run. */
static void shuffle(struct variant **order, size_t count)
{
	static uint32_t random = 2463534242;

	for (size_t i = count; i > 1; i--) {
		struct variant *last = order[i - 1];
		size_t j;

		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		j = random % i;
		order[i - 1] = order[j];
		order[j] = last;
	}
}

static void measure(struct variant *variants, size_t count, size_t rounds, size_t asked)
{
	struct variant **order = allocate(count, sizeof(*order));

	for (size_t i = 0; i < count; i++) {
		order[i] = &variants[i];
		if (!asked && !before) /* everything in the page cache */
			run(&variants[i], 0);
	}
	for (size_t round = 0; round < rounds; round++) {
		if (asked && round % asked == 0) {
			for (size_t i = 0; i < count && round; i++)
				end_asked(&variants[i]);
			shuffle(order, count);
			for (size_t i = 0; i < count; i++)
				start_asked(order[i]);
		}
		shuffle(order, count);
		for (size_t i = 0; i < count; i++)
			(asked ? ask : run)(order[i], round);
	}
	for (size_t i = 0; i < count && asked; i++)
		end_asked(&variants[i]);
	free(order);
}

static void print(FILE *to, const struct variant *variants, size_t count, size_t rounds,
		  bool processor)
{
	for (size_t i = 0; i < count; i++)
		fprintf(to, "%s%c", variants[i].name, i + 1 < count ? '\t' : '\n');
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++) {
			const struct variant *variant = &variants[i];

			fprintf(to, "%.6g%c",
				(processor ? variant->processor : variant->values)[round],
				i + 1 < count ? '\t' : '\n');
		}
}

/* What is measured may print: to nowhere. The table goes to what was our standard output. */
static FILE *take_output(void)
{
	int table = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	FILE *to = table < 0 ? NULL : fdopen(table, "w");

	if (!to || nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
		err(1, "standard output");
	close(nowhere);
	return to;
}

int main(int argc, char **argv)
{
	static const char usage[] = "usage: turns [-a ROUNDS] [-b COMMAND] [-c] ROUNDS "
				    "ENVIRONMENT... -- PROGRAM ARG...";
	struct variant *variants;
	bool processor = false;
	size_t rounds, count = 0, asked = 0;
	FILE *table;

	for (int option; (option = getopt(argc, argv, "+a:b:c")) != -1;)
		switch (option) {
		case 'a':
			asked = number_from(optarg);
			break;
		case 'b':
			before = optarg;
			break;
		case 'c':
			processor = true;
			break;
		default:
			errx(2, "%s", usage);
		}
	if (flyte_ctx)
		errx(2, "run me without the preload");
	argv += optind;
	if (!argv[0])
		errx(2, "%s", usage);
	rounds = number_from(*argv++);
	while (argv[count] && strcmp(argv[count], "--") != 0)
		count++;
	if (!count || !argv[count] || !argv[count + 1])
		errx(2, "%s", usage);
	program = argv + count + 1;
	variants = allocate(count, sizeof(*variants));
	for (size_t i = 0; i < count; i++) {
		const char *slash = strrchr(argv[i], '/');

		variants[i].name = slash ? slash + 1 : argv[i];
		variants[i].envp = lines_of(argv[i]);
		variants[i].values = allocate(rounds, sizeof(double));
		variants[i].processor = allocate(rounds, sizeof(double));
	}
	table = take_output();
	measure(variants, count, rounds, asked);
	print(table, variants, count, rounds, false);
	if (processor) {
		fputc('\n', table);
		print(table, variants, count, rounds, true);
	}
	if (fclose(table))
		err(1, "the table");
	return 0;
}
