/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostile - what the programs of this folder share. Each is named after one condition: it makes
 * that, starts programs and threads in it, and looks whether they have their starter's context. It
 * runs inside the task `a0` with increment=1 under the preload, and also without: then all the same
 * has to work, and nobody has a context. For glibc and musl. Exit status 0: all was right; 77: the
 * condition can't be made here, stderr says why; else stderr says what was wrong.
 */
#ifndef FLYTECTX_HOSTILE_H
#define FLYTECTX_HOSTILE_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flyte_ctx.h"

extern char **environ;

static int hostile_failures;
static char hostile_self[4096];

static inline bool preloaded(void)
{
	const struct flyte_task_context *(*function)(void);

	FLYTE_ADDRESS(flyte_ctx, function);
	return function != NULL;
}

static inline void expect_at(int line, bool right, const char *what)
{
	if (!right) {
		dprintf(2, "line %d: not so: %s\n", line, what);
		hostile_failures++;
	}
}

#define expect(what) expect_at(__LINE__, what, #what)

static inline int cannot(const char *why)
{
	dprintf(2, "%s\n", why);
	return 77;
}

static inline const char *custom(const char *key)
{
	const char *value = flyte_custom_context_get(key);

	return value ? value : "-";
}

static inline flyte_token enter(const char *key, const char *value)
{
	struct flyte_pair pair = { key, value };

	return flyte_custom_context_enter(&pair, 1);
}

/* The exit status of a child, or 256 plus the signal that ended it. Handlers may interrupt. */
static inline int ended(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (got != pid)
		return 512;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

/* --- the program that is started: this one, with other arguments --- */

/* Which value `scope` is to have: `nothing`, outside of tasks. */
static inline bool sees(const char *scope)
{
	if (!strcmp(scope, "nothing"))
		return !flyte_ctx_get();
	return flyte_ctx_get() && !strcmp(custom("increment"), "1") &&
	       !strcmp(custom("scope"), scope);
}

/* What to start, so that it looks for `scope`: it ends with 0 where that is right. */
static inline char *const *looking_for(const char *scope)
{
	static __thread char *argv[4];

	argv[0] = hostile_self;
	argv[1] = (char *)(uintptr_t) "sees";
	argv[2] = (char *)(uintptr_t)(preloaded() ? scope : "nothing");
	return argv;
}

#define NO_ARGUMENTS 55

/* In main(), before all else. */
static inline void hostile_begin(int argc, char **argv)
{
	if (argc < 1 || !argv[0] || !*argv[0] || (argc > 1 && !strcmp(argv[1], "no-arguments")))
		_exit(NO_ARGUMENTS);
	if (argc > 2 && !strcmp(argv[1], "sees"))
		_exit(!sees(argv[2]));
	if (readlink("/proc/self/exe", hostile_self, sizeof(hostile_self) - 1) < 0)
		exit(cannot("no /proc"));
}

/* What main() returns. */
static inline int hostile_end(void)
{
	expect(sees(preloaded() ? "-" : "nothing"));
	return hostile_failures != 0;
}

/* --- the ways to start it: each returns the exit status --- */

#define BY_EXEC(name, call)                                                                        \
	static inline int by_##name(char *const argv[], char *const envp[])                        \
	{                                                                                          \
		pid_t pid = fork();                                                                \
                                                                                                   \
		(void)argv, (void)envp;                                                            \
		if (pid == 0) {                                                                    \
			call;                                                                      \
			_exit(126);                                                                \
		}                                                                                  \
		return ended(pid);                                                                 \
	}

BY_EXEC(execve, execve(hostile_self, argv, envp))
BY_EXEC(execv, execv(hostile_self, argv))
BY_EXEC(execvpe, execvpe(hostile_self, argv, envp))
BY_EXEC(execvp, execvp(hostile_self, argv))
BY_EXEC(execl, execl(hostile_self, argv[0], argv[1], argv[2], (char *)NULL))
BY_EXEC(execle, execle(hostile_self, argv[0], argv[1], argv[2], (char *)NULL, envp))
BY_EXEC(fexecve, fexecve(open(hostile_self, O_RDONLY | O_CLOEXEC), argv, envp))
BY_EXEC(syscall, syscall(SYS_execve, hostile_self, argv, envp))

static inline int by_vfork(char *const argv[], char *const envp[])
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve(hostile_self, argv, envp);
		_exit(126);
	}
	return ended(pid);
}

static inline int by_posix_spawn(char *const argv[], char *const envp[])
{
	pid_t pid;

	return posix_spawn(&pid, hostile_self, NULL, NULL, argv, envp) ? 126 : ended(pid);
}

static inline int by_posix_spawnp(char *const argv[], char *const envp[])
{
	pid_t pid;

	return posix_spawnp(&pid, hostile_self, NULL, NULL, argv, envp) ? 126 : ended(pid);
}

static inline int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 512;
}

static inline int by_system(char *const argv[], char *const envp[])
{
	char command[sizeof(hostile_self) + 64];

	(void)envp;
	snprintf(command, sizeof(command), "exec %s %s %s", argv[0], argv[1], argv[2]);
	return status_of(system(command));
}

static inline int by_popen(char *const argv[], char *const envp[])
{
	char command[sizeof(hostile_self) + 64];
	FILE *stream;

	(void)envp;
	snprintf(command, sizeof(command), "exec %s %s %s", argv[0], argv[1], argv[2]);
	stream = popen(command, "r");
	return stream ? status_of(pclose(stream)) : 126;
}

static const struct way {
	const char *name;
	int (*start)(char *const argv[], char *const envp[]);
} ways[] = {
	{ "execve", by_execve },
	{ "execvpe", by_execvpe },
	{ "execle", by_execle },
	{ "fexecve", by_fexecve },
	{ "syscall", by_syscall },
	{ "vfork", by_vfork },
	{ "posix_spawn", by_posix_spawn },
	{ "posix_spawnp", by_posix_spawnp },
	/* These take environ. */
	{ "execv", by_execv },
	{ "execvp", by_execvp },
	{ "execl", by_execl },
	{ "system", by_system },
	{ "popen", by_popen },
};

#define WAYS (sizeof(ways) / sizeof(*ways))

/* Starts it in every way; each has to see `scope`. */
static inline void expect_every_way_at(int line, const char *scope, char *const envp[])
{
	for (size_t i = 0; i < WAYS; i++) {
		int status = ways[i].start(looking_for(scope), envp);

		if (status) {
			dprintf(2, "line %d: by %s: %d\n", line, ways[i].name, status);
			hostile_failures++;
		}
	}
}

#define expect_every_way(scope, envp) expect_every_way_at(__LINE__, scope, envp)

/* --- what else several of them want --- */

/* Variables that are many: the pointers to them fill no stack buffer. */
static inline char **many_variables(size_t count)
{
	char **envp = (char **)calloc(count + 1, sizeof(*envp));

	for (size_t i = 0; envp && i < count; i++) {
		envp[i] = (char *)malloc(32);
		snprintf(envp[i], 32, "VARIABLE_%zu=%zu", i, i);
	}
	return envp;
}

static inline int count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int count = 0, c;

	while (maps && (c = getc(maps)) != EOF)
		count += c == '\n';
	if (maps)
		fclose(maps);
	return count;
}

/* Of data and stack. */
static inline long kilobytes_in_use(void)
{
	FILE *statm = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (statm && fscanf(statm, "%*d %*d %*d %*d %*d %ld", &pages) != 1)
		pages = 0;
	if (statm)
		fclose(statm);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

#endif
