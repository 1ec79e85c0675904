/* SPDX-License-Identifier: Apache-2.0 */
/*
 * states_process - the states around fork and exit, in handlers, and on small stacks.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

static void plain(void)
{
	call();
}

static void fork_once(void)
{
	if (fork() == 0)
		_exit(0);
	wait(NULL);
}
static void atfork_prepare(void)
{
	pthread_atfork(call, NULL, NULL);
	fork_once();
}
static void atfork_parent(void)
{
	pthread_atfork(NULL, call, NULL);
	fork_once();
}
static void atfork_child(void)
{
	pthread_atfork(NULL, NULL, call);
	fork_once();
}
static void at_exit(void)
{
	atexit(call);
	exit(0);
}

static void in_handler(int number)
{
	(void)number;
	call();
}
static void handler(void)
{
	signal(SIGUSR1, in_handler);
	raise(SIGUSR1);
}

static int on_stack(void *unused)
{
	(void)unused;
	call();
	_exit(0);
}

/* Below the stack are pages that can't be written to. */
static void on_stack_of(size_t size)
{
	char *memory = mmap(NULL, size + 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	mprotect(memory, 65536, PROT_NONE);
	waitpid(clone(on_stack, memory + 65536 + size, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL),
		NULL, 0);
}

static void stack_of_4_kib(void)
{
	on_stack_of(4096);
}
static void stack_of_16_kib(void)
{
	on_stack_of(16384);
}

const struct state process_states[] = {
	{ "plain", plain, ANY, 0, NULL },
	{ "atfork_prepare", atfork_prepare, ANY, NO_FORK, NULL },
	{ "atfork_parent", atfork_parent, ANY, NO_FORK, NULL },
	{ "atfork_child", atfork_child, ANY, NO_FORK, NULL },
	{ "at_exit", at_exit, ANY, 0, NULL },
	{ "handler", handler, ANY, 0, NULL },
	{ "stack_of_4_kib", stack_of_4_kib, SHARES, ALONE, NULL },
	{ "stack_of_16_kib", stack_of_16_kib, SHARES, ALONE, NULL },
	{ NULL, NULL, 0, 0, NULL },
};
