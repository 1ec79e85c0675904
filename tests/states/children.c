/* SPDX-License-Identifier: Apache-2.0 */
/*
 * children - the processes in which a state calls the hook: itself, or a child of each kind.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

extern pid_t _Fork(void) __attribute__((weak));

static bool has_no__Fork(void)
{
	return !_Fork;
}

/* Says how it ended, and in which context the parent goes on. */
static void wait_for(pid_t pid)
{
	char line[64];
	int status = -1;

	if (pid > 0)
		waitpid(pid, &status, __WALL);
	snprintf(line, sizeof(line), "ended: %d caller=%s\n", status, scope());
	say(line);
}

static void in_child(pid_t pid)
{
	if (pid == 0) {
		call_here();
		_exit(0);
	}
	wait_for(pid);
}

static void in_fork(void)
{
	in_child(fork());
}
static void in__Fork(void)
{
	in_child(_Fork());
}
static void in_raw_clone(void)
{
	in_child((pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static void in_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		call_here();
		_exit(0);
	}
	wait_for(pid);
}

static int on_stack(void *unused)
{
	(void)unused;
	call_here();
	_exit(0);
}

/* The parent does not wait for the exec: it runs on in the same memory. */
static void in_clone_vm(void)
{
	size_t size = 65536;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	wait_for(clone(on_stack, memory + size, CLONE_VM | SIGCHLD, NULL));
}

/* musl's forks and threads lock by a thread id that is the parent's there. */
#ifdef __GLIBC__
enum { IN_RAW_CLONE = ANY };
#else
enum { IN_RAW_CLONE = STARTS | CALLS };
#endif

const struct child children[] = {
	{ "none", call_here, ANY, NULL },
	{ "fork", in_fork, ANY, NULL },
	{ "_Fork", in__Fork, ANY, has_no__Fork },
	{ "raw_clone", in_raw_clone, IN_RAW_CLONE, NULL },
	{ "vfork", in_vfork, SHARES, NULL },
	{ "clone_vm", in_clone_vm, SHARES, NULL },
	{ NULL, NULL, 0, NULL },
};
