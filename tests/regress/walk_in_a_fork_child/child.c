/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child that is forked while another thread holds the lock of the loader's list, and what it
 * calls: `child WHAT`. Without the preload none of these calls takes that lock.
 */
#include "flyte_ctx.h"

#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static int held[2], ends[2];

/* The lock is held until main says so. */
static int look(struct dl_phdr_info *info, size_t size, void *given)
{
	char byte = 0;

	(void)info, (void)size, (void)given;
	return write(held[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1;
}

static void *hold(void *argument)
{
	dl_iterate_phdr(look, NULL);
	return argument;
}

#ifdef __GLIBC__
static void coroutine(void)
{
}

static void switch_contexts(void)
{
	static ucontext_t here, there;
	static char stack[65536];

	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, coroutine, 0);
	swapcontext(&here, &there);
	puts("switched");
}
#else
static void switch_contexts(void)
{
}
#endif

static void call(const char *what)
{
	static char *const empty[] = { NULL };
	FILE *stream;

	if (!strcmp(what, "system") && system("echo started"))
		puts("failed");
	else if (!strcmp(what, "popen")) {
		stream = popen("echo started", "w");
		pclose(stream);
	} else if (!strcmp(what, "swapcontext"))
		switch_contexts();
	else if (!strcmp(what, "checkpoint"))
		puts(flyte_checkpoint_path() ? "a path" : strerror(errno));
	else if (!strcmp(what, "exec"))
		execle("/bin/sh", "sh", "-c",
		       "case $LD_PRELOAD in /*/libflytectx.so) echo carried ;; *) echo lost ;; "
		       "esac",
		       NULL, empty);
}

/* Outside of tasks hooks are jumps until there is a context. */
static void enter(void)
{
	const struct flyte_task_context task = { .size = sizeof(task), .action = { .name = "a0" } };
	const struct flyte_pair pair = { "scope", "inner" };

	if (!flyte_ctx_get())
		flyte_replace_task_context(&task);
	else
		flyte_custom_context_enter(&pair, 1);
}

int main(int argc, char **argv)
{
	pthread_t thread;
	char byte = 0;
	pid_t child;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc != 2 || pipe(held) || pipe(ends))
		return 2;
	/* What the loader has is there before. */
	if (!strcmp(argv[1], "checkpoint"))
		flyte_checkpoint_path();
	pthread_create(&thread, NULL, hold, NULL);
	if (read(held[0], &byte, 1) != 1)
		return 2;
	alarm(60);
	child = fork();
	if (!child) {
		alarm(30);
		enter();
		call(argv[1]);
		_exit(0);
	}
	if (waitpid(child, NULL, 0) != child || write(ends[1], &byte, 1) != 1)
		return 2;
	pthread_join(thread, NULL);
	return 0;
}
