/* SPDX-License-Identifier: Apache-2.0 */
/*
 * middle - a static program between a task and others, which hands nothing on (test_carry).
 *
 *	middle clear COMMAND...    becomes COMMAND with an empty environment
 *	middle off COMMAND...      with FLYTECTX_PROPAGATE=0 alone
 *	middle many KIB COMMAND... with so many KiB of other variables
 *	middle thread COMMAND...   the same as clear, by another thread than the first
 *	middle waits COMMAND...    starts COMMAND, and waits until it has no child left
 *	middle fan N M COMMAND...  N processes start COMMAND M times each; says how many failed
 *	middle stays               says its number and what it hears, ends with 7 where its input
 *ends middle dies NUMBER         ends by that signal
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *none[] = { NULL };

static int become(char **command, char **environment)
{
	execve(command[0], command, environment);
	perror(command[0]);
	return 127;
}

static int many(size_t kib, char **command)
{
	char **variables = calloc(kib + 1, sizeof(*variables));

	for (size_t i = 0; i < kib; i++) {
		variables[i] = malloc(1024);
		memset(variables[i], 'x', 1023);
		variables[i][1023] = '\0';
		variables[i][snprintf(variables[i], 32, "V%zu", i)] = '=';
	}
	return become(command, variables);
}

static void *become_there(void *command)
{
	exit(become(command, none));
}

static int start(char **command)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(become(command, none));
	return pid;
}

static int waits(char **command)
{
	int status, last = 0;

	start(command);
	while (wait(&status) > 0 || errno == EINTR)
		last = status;
	return WEXITSTATUS(last);
}

static int starts(int times, char **command)
{
	int bad = 0, status;

	for (int i = 0; i < times; i++) {
		pid_t pid = start(command);

		if (waitpid(pid, &status, 0) != pid || status)
			bad++;
	}
	return bad > 255 ? 255 : bad;
}

static int fan(int count, int times, char **command)
{
	int bad = 0, status;

	for (int i = 0; i < count; i++)
		if (fork() == 0)
			_exit(starts(times, command));
	while (wait(&status) > 0)
		bad += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	printf("bad %d of %d\n", bad, count * times);
	return bad != 0;
}

static void hear(int number)
{
	dprintf(STDOUT_FILENO, "heard %d\n", number);
}

static int stays(void)
{
	char byte;
	ssize_t count;

	signal(SIGUSR1, hear);
	signal(SIGCONT, hear);
	dprintf(STDOUT_FILENO, "pid %d\n", getpid());
	while ((count = read(STDIN_FILENO, &byte, 1)) > 0 || (count < 0 && errno == EINTR))
		;
	return 7;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc > 2 && !strcmp(argv[1], "clear"))
		return become(argv + 2, none);
	if (argc > 2 && !strcmp(argv[1], "off"))
		return become(argv + 2, (char *[]) { (char *)"FLYTECTX_PROPAGATE=0", NULL });
	if (argc > 3 && !strcmp(argv[1], "many"))
		return many((size_t)atoi(argv[2]), argv + 3);
	if (argc > 2 && !strcmp(argv[1], "thread")) {
		pthread_create(&thread, NULL, become_there, argv + 2);
		for (;;)
			pause();
	}
	if (argc > 2 && !strcmp(argv[1], "waits"))
		return waits(argv + 2);
	if (argc > 4 && !strcmp(argv[1], "fan"))
		return fan(atoi(argv[2]), atoi(argv[3]), argv + 4);
	if (argc > 1 && !strcmp(argv[1], "stays"))
		return stays();
	if (argc > 2 && !strcmp(argv[1], "dies"))
		return raise(atoi(argv[2]));
	fputs("usage: middle MODE...\n", stderr);
	return 2;
}
