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

static void spawned(const char *name, int p)
{
	posix_spawn_file_actions_t actions;
	int fds[2], error, status = -1;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		_exit(97);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	error = p ? posix_spawnp(&pid, "env", &actions, NULL, search_argv, environ)
		  : posix_spawn(&pid, self, &actions, NULL, report_argv, environ);
	close(fds[1]);
	hear(fds[0]);
	if (!error)
		waitpid(pid, &status, 0);
	end_line(name, error ? error : status, 0);
}

static void do_posix_spawn(void)
{
	spawned("posix_spawn", 0);
}
static void do_posix_spawnp(void)
{
	spawned("posix_spawnp", 1);
}

static void do_system(void)
{
	char command[4096];

	snprintf(command, sizeof(command), "exec '%s' report >&2", self);
	snprintf(started, sizeof(started), "below");
	end_call("system", system(command));
}

static void do_popen(void)
{
	char command[4096];
	FILE *stream;

	snprintf(command, sizeof(command), "exec '%s' report", self);
	stream = popen(command, "r");
	if (!stream || !fgets(started, sizeof(started), stream))
		snprintf(started, sizeof(started), "nothing");
	started[strcspn(started, "\n")] = '\0';
	end_call("popen", stream ? pclose(stream) : -1);
}

static void do_fclose(void)
{
	FILE *file = fopen("/dev/null", "w");

	end_call("fclose", fclose(file));
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

extern pid_t _Fork(void) __attribute__((weak));

static void do_fork(void)
{
	forked("fork", fork());
}
static void do__Fork(void)
{
	if (_Fork)
		forked("_Fork", _Fork());
	else
		say("no _Fork\n");
}
static void do_setenv(void)
{
	end_call("setenv", setenv("STATES", "1", 1));
}
static void do_unsetenv(void)
{
	end_call("unsetenv", unsetenv("STATES"));
}
static void do_putenv(void)
{
	static char entry[] = "STATES=2";
	end_call("putenv", putenv(entry));
}
static void do_syscall(void)
{
	end_call("syscall", syscall(SYS_getuid) != (long)getuid());
}
static void do_prctl(void)
{
	end_call("prctl", prctl(PR_SET_NAME, "states"));
}

const struct hook process_hooks[] = {
	{ "posix_spawn", do_posix_spawn, CALLS },
	{ "posix_spawnp", do_posix_spawnp, CALLS },
	{ "system", do_system, CALLS },
	{ "popen", do_popen, CALLS },
	{ "fclose", do_fclose, CALLS },
	{ "fork", do_fork, CALLS },
	{ "_Fork", do__Fork, CALLS },
	{ "setenv", do_setenv, CALLS },
	{ "unsetenv", do_unsetenv, CALLS },
	{ "putenv", do_putenv, CALLS },
	{ "syscall", do_syscall, CALLS },
	{ "prctl", do_prctl, CALLS },
	{ NULL, NULL, 0 },
};
