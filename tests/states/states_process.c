/* SPDX-License-Identifier: Apache-2.0 */
/*
 * states_process - the states around fork and exit, in handlers, in children and on small stacks.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

static void atfork_prepare(void)
{
	pthread_atfork(call, NULL, NULL);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
}
static void atfork_parent(void)
{
	pthread_atfork(NULL, call, NULL);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
}
static void atfork_child(void)
{
	pthread_atfork(NULL, NULL, call);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
}
static void at_exit(void)
{
	atexit(call);
	exit(0);
}

static pthread_key_t key;

static void end_of_thread(void *unused)
{
	(void)unused;
	call();
}
static void *set_key(void *unused)
{
	pthread_setspecific(key, &key);
	return unused;
}

static void key_destructor(void)
{
	pthread_t thread;

	pthread_key_create(&key, end_of_thread);
	pthread_create(&thread, NULL, set_key, NULL);
	pthread_join(thread, NULL);
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

static void in_child(pid_t pid)
{
	if (pid == 0) {
		call();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void fork_child(void)
{
	in_child(fork());
}
static void raw_child(void)
{
	in_child((pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static int on_stack(void *unused)
{
	(void)unused;
	call();
	return 0;
}

static void on_stack_of(size_t size)
{
	char *memory = mmap(NULL, size + 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	mprotect(memory, 65536, PROT_NONE);
	waitpid(clone(on_stack, memory + 65536 + size, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL),
		NULL, 0);
}

static void clone_vm(void)
{
	on_stack_of(65536);
}
static void stack_of_4_kib(void)
{
	on_stack_of(4096);
}
static void stack_of_16_kib(void)
{
	on_stack_of(16384);
}

static void vfork_child(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		call();
	waitpid(pid, NULL, 0);
}

static sem_t held;

static void *hold(void *unused)
{
	flockfile(stdout);
	flockfile(stderr);
	sem_post(&held);
	pause();
	return unused;
}

static void stdio_locked(void)
{
	pthread_t thread;

	sem_init(&held, 0, 0);
	pthread_create(&thread, NULL, hold, NULL);
	sem_wait(&held);
	call();
	_exit(0);
}

const struct state process_states[] = {
	{ "atfork_prepare", atfork_prepare, CALLS },
	{ "atfork_parent", atfork_parent, CALLS },
	{ "atfork_child", atfork_child, STARTS | CALLS },
	{ "at_exit", at_exit, STARTS | CALLS },
	{ "key_destructor", key_destructor, STARTS | CALLS },
	{ "handler", handler, STARTS | CALLS },
	{ "fork_child", fork_child, STARTS | CALLS },
	{ "raw_child", raw_child, STARTS | CALLS },
	{ "vfork_child", vfork_child, STARTS },
	{ "clone_vm", clone_vm, STARTS },
	{ "stack_of_4_kib", stack_of_4_kib, STARTS },
	{ "stack_of_16_kib", stack_of_16_kib, STARTS },
	{ "stdio_locked", stdio_locked, STARTS | CALLS },
	{ NULL, NULL, 0 },
};
