/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks_starting - the hooks that start the report in the place of the process.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "driver.h"

static void before_exec(void)
{
	char line[128];

	snprintf(line, sizeof(line), "caller=%s child=", scope());
	say(line);
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
static void do_syscall_execve(void)
{
	before_exec();
	syscall(SYS_execve, self, report_argv, environ);
}

const struct hook starting_hooks[] = {
	{ "execve", do_execve, STARTS },
	{ "execv", do_execv, STARTS },
	{ "execvp", do_execvp, STARTS },
	{ "execvpe", do_execvpe, STARTS },
	{ "execl", do_execl, STARTS },
	{ "execlp", do_execlp, STARTS },
	{ "execle", do_execle, STARTS },
	{ "fexecve", do_fexecve, STARTS },
	{ "syscall_execve", do_syscall_execve, STARTS },
	{ NULL, NULL, 0 },
};
