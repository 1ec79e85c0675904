/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks_process - the hooks that start a process beside this one, and those of the environment.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

typedef int spawn_function(int *, const char *, const posix_spawn_file_actions_t *,
			   const posix_spawnattr_t *, char *const[], char *const[]);

extern spawn_function pidfd_spawn __attribute__((weak)), pidfd_spawnp __attribute__((weak));
extern pid_t _Fork(void) __attribute__((weak));

static bool has_no_pidfd_spawn(void)
{
	return !pidfd_spawn;
}
static bool has_no__Fork(void)
{
	return !_Fork;
}

/* `search`: by PATH. A pidfd is no pid: P_PIDFD is 3. */
static void spawned(const char *name, spawn_function *function, int search, int is_pidfd)
{
	posix_spawn_file_actions_t actions;
	int fds[2], error, child;
	siginfo_t info = { 0 };

	if (pipe2(fds, O_CLOEXEC) != 0)
		_exit(97);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	come_to_hook();
	error = function(&child, search ? "env" : self, &actions, NULL,
			 search ? search_argv : report_argv, environ);
	close(fds[1]);
	hear(fds[0]);
	if (!error && waitid(is_pidfd ? (idtype_t)3 : P_PID, (id_t)child, &info, WEXITED) != 0)
		error = errno;
	end_line(name, error ? error : info.si_status, 0);
}

static void do_posix_spawn(void)
{
	spawned("posix_spawn", posix_spawn, 0, 0);
}
static void do_posix_spawnp(void)
{
	spawned("posix_spawnp", posix_spawnp, 1, 0);
}
static void do_pidfd_spawn(void)
{
	spawned("pidfd_spawn", pidfd_spawn, 0, 1);
}
static void do_pidfd_spawnp(void)
{
	spawned("pidfd_spawnp", pidfd_spawnp, 1, 1);
}

/* Made on no small stack. */
static char command[4096];

static void do_system(void)
{
	int result;

	snprintf(command, sizeof(command), "exec '%s' report >&2", self);
	snprintf(started, sizeof(started), "below");
	come_to_hook();
	result = system(command);
	end_call("system", result);
}

static void do_popen(void)
{
	FILE *stream;

	snprintf(command, sizeof(command), "exec '%s' report", self);
	come_to_hook();
	stream = popen(command, "r");
	if (!stream || !fgets(started, sizeof(started), stream))
		snprintf(started, sizeof(started), "nothing");
	started[strcspn(started, "\n")] = '\0';
	end_call("popen", stream ? pclose(stream) : -1);
}

static void do_pclose(void)
{
	FILE *stream = popen("exit 3", "r");
	int result;

	come_to_hook();
	result = pclose(stream);
	end_call("pclose", result);
}

static void do_fclose(void)
{
	FILE *file = fopen("/dev/null", "w");
	int result;

	come_to_hook();
	result = fclose(file);
	end_call("fclose", result);
}

static void forked(const char *name, pid_t pid)
{
	int status = -1;

	if (pid == 0) {
		char line[64];

		snprintf(line, sizeof(line), "in the child: %s\n", scope());
		if (write(2, line, strlen(line)) < 0)
			_exit(9);
		_exit(7);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	end_line(name, status, 0);
}

static void do_fork(void)
{
	come_to_hook();
	forked("fork", fork());
}
static void do__Fork(void)
{
	come_to_hook();
	forked("_Fork", _Fork());
}
static void do_setenv(void)
{
	come_to_hook();
	end_call("setenv", setenv("STATES", "1", 1));
}
static void do_unsetenv(void)
{
	come_to_hook();
	end_call("unsetenv", unsetenv("STATES"));
}
static void do_putenv(void)
{
	static char entry[] = "STATES=2";

	come_to_hook();
	end_call("putenv", putenv(entry));
}
static void do_clearenv(void)
{
	come_to_hook();
	end_call("clearenv", clearenv());
}
static void do_syscall(void)
{
	long result;

	come_to_hook();
	result = syscall(SYS_getuid);
	end_call("syscall", result != (long)getuid());
}
static void do_prctl(void)
{
	come_to_hook();
	end_call("prctl", prctl(PR_SET_NAME, "states"));
}

const struct hook process_hooks[] = {
	{ "posix_spawn", do_posix_spawn, CALLS, NULL },
	{ "posix_spawnp", do_posix_spawnp, CALLS, NULL },
	{ "pidfd_spawn", do_pidfd_spawn, CALLS, has_no_pidfd_spawn },
	{ "pidfd_spawnp", do_pidfd_spawnp, CALLS, has_no_pidfd_spawn },
	{ "system", do_system, CALLS, NULL },
	{ "popen", do_popen, CALLS, NULL },
	{ "pclose", do_pclose, CALLS, NULL },
	{ "fclose", do_fclose, CALLS, NULL },
	{ "fork", do_fork, FORKS, NULL },
	{ "_Fork", do__Fork, CALLS, has_no__Fork },
	{ "setenv", do_setenv, CALLS, NULL },
	{ "unsetenv", do_unsetenv, CALLS, NULL },
	{ "putenv", do_putenv, CALLS, NULL },
	{ "clearenv", do_clearenv, CALLS, NULL },
	{ "syscall", do_syscall, CALLS | SHARES, NULL },
	{ "prctl", do_prctl, CALLS | SHARES, NULL },
	{ NULL, NULL, 0, NULL },
};
