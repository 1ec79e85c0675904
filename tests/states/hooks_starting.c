/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks_starting - the hooks that start the report in the place of the process.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "driver.h"

extern int execveat(int, const char *, char *const[], char *const[], int) __attribute__((weak));

static bool has_no_execveat(void)
{
	return !execveat;
}

static void before_exec(void)
{
	char line[128];

	snprintf(line, sizeof(line), "caller=%s child=", scope());
	say(line);
	come_to_hook();
}

static void do_execve(void)
{
	before_exec();
	execve(self, report_argv, environ);
}
static void do_execv(void)
{
	before_exec();
	execv(self, report_argv);
}
static void do_execvp(void)
{
	before_exec();
	execvp("env", search_argv);
}
static void do_execvpe(void)
{
	before_exec();
	execvpe("env", search_argv, environ);
}
static void do_execl(void)
{
	before_exec();
	execl(self, "report", "report", (char *)NULL);
}
static void do_execlp(void)
{
	before_exec();
	execlp("env", "env", self, "report", (char *)NULL);
}
static void do_execle(void)
{
	before_exec();
	execle(self, "report", "report", (char *)NULL, environ);
}
static void do_fexecve(void)
{
	int fd = open(self, O_RDONLY | O_CLOEXEC);

	before_exec();
	fexecve(fd, report_argv, environ);
}
static void do_execveat(void)
{
	before_exec();
	execveat(AT_FDCWD, self, report_argv, environ, 0);
}
static void do_syscall_execve(void)
{
	before_exec();
	syscall(SYS_execve, self, report_argv, environ);
}

const struct hook starting_hooks[] = {
	{ "execve", do_execve, STARTS | SHARES, NULL },
	{ "execv", do_execv, STARTS | SHARES, NULL },
	{ "execvp", do_execvp, STARTS | SHARES, NULL },
	{ "execvpe", do_execvpe, STARTS | SHARES, NULL },
	{ "execl", do_execl, STARTS | SHARES, NULL },
	{ "execlp", do_execlp, STARTS | SHARES, NULL },
	{ "execle", do_execle, STARTS | SHARES, NULL },
	{ "fexecve", do_fexecve, STARTS | SHARES, NULL },
	{ "execveat", do_execveat, STARTS | SHARES, has_no_execveat },
	{ "syscall_execve", do_syscall_execve, STARTS | SHARES, NULL },
	{ NULL, NULL, 0, NULL },
};
