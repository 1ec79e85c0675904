/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fan - a process whose threads are in contexts of their own, for readers outside (test_look).
 *
 *	fan hold     a thread in a scope, one that never sleeps, one that inherits; says which is
 *which fan churn    threads that enter, exit, start and end without pause fan wait     waits in
 *epoll_wait(); says how often that was interrupted fan lie N    puts a damaged context in its
 *place, in one of several ways
 *
 * It prints a line `ready` and ends where its standard input does.
 */
#include "flyte_ctx.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *flytectx_ctx_slot(void) __attribute__((weak));

static pthread_barrier_t all_are_there;
static atomic_bool ends;

static void check(int condition, const char *what)
{
	if (condition)
		return;
	perror(what);
	exit(1);
}

static flyte_token enter(const char *key, const char *value)
{
	const struct flyte_pair pair = { key, value };
	flyte_token token = flyte_custom_context_enter(&pair, 1);

	check(token != 0, "enter");
	return token;
}

static void start(void *(*routine)(void *), void *argument)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, routine, argument);
	check(!errno, "pthread_create");
}

static void wait_for_end(void)
{
	char byte;

	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	ends = true;
}

/* --- hold ---------------------------------------------------------------------------------- */

static void *sleeps(void *name)
{
	printf("%s %ld\n", (char *)name, (long)syscall(SYS_gettid));
	pthread_barrier_wait(&all_are_there);
	while (!ends)
		pause();
	return name;
}

static void *holds(void *name)
{
	check(flyte_group_enter("g") != 0, "group");
	enter("t", "held");
	return sleeps(name);
}

static void *never_sleeps(void *unused)
{
	enter("t", "busy");
	printf("busy %ld\n", (long)syscall(SYS_gettid));
	pthread_barrier_wait(&all_are_there);
	while (!ends)
		sched_yield();
	return unused;
}

static int hold(void)
{
	flyte_token token;

	pthread_barrier_init(&all_are_there, NULL, 5);
	start(holds, "held");
	start(never_sleeps, NULL);
	start(sleeps, "root");
	token = enter("t", "inherited");
	start(sleeps, "inherited");
	check(flyte_context_exit(token) == 0, "exit");
	pthread_barrier_wait(&all_are_there);
	wait_for_end();
	return 0;
}

/* --- churn --------------------------------------------------------------------------------- */

/* Both values are the same at each moment, and that of the inner scope is too. */
static void enter_and_exit(unsigned number)
{
	char text[300];
	flyte_token token;
	struct flyte_pair pairs[2] = { { "a", text }, { "b", text } };

	memset(text, 'x', sizeof(text));
	snprintf(text + number % 270, 16, "%u", number);
	token = flyte_custom_context_enter(pairs, 2);
	check(token != 0, "enter");
	enter("c", text);
	check(flyte_context_exit(token) == 0, "exit");
}

static void *churns(void *unused)
{
	for (unsigned number = 0; !ends; number++)
		enter_and_exit(number);
	return unused;
}

static void *is_short(void *number)
{
	enter_and_exit(*(unsigned *)number);
	return NULL;
}

static void *starts_short_ones(void *unused)
{
	for (unsigned number = 0; !ends; number++) {
		pthread_t thread;

		errno = pthread_create(&thread, NULL, is_short, &number);
		check(!errno, "pthread_create");
		pthread_join(thread, NULL);
	}
	return unused;
}

static int churn(void)
{
	start(churns, NULL);
	start(starts_short_ones, NULL);
	wait_for_end();
	return 0;
}

/* --- wait ---------------------------------------------------------------------------------- */

static int wait_in_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(0), interrupted = 0, count;

	check(epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event) == 0, "epoll");
	enter("t", "waits");
	puts("ready");
	fflush(stdout);
	while ((count = epoll_wait(epoll, &event, 1, -1)) < 0)
		interrupted++;
	printf("interrupted %d\n", interrupted);
	return interrupted != 0;
}

/* --- lie ----------------------------------------------------------------------------------- */

/* The head of a scope, and of what it leads to, as the preload has them. */
struct scope {
	const struct flyte_task_context *view;
	void *context, *outer, *next;
	uintptr_t token;
	unsigned references, encoded;
	size_t size;
};

static int lie(int which)
{
	const size_t size = (size_t)64 << 20;
	char *endless =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static struct flyte_task_context context;
	static struct scope scope = { .token = 7, .size = 64 };
	static struct flyte_pair pair = { "k\n", "\033[31m" };

	check(endless != MAP_FAILED && flytectx_ctx_slot, "memory");
	memset(endless, 'x', size);
	context.size = sizeof(context);
	context.action.name = "lies";
	context.custom_context.count = 1;
	context.custom_context.items = &pair;
	scope.view = &context;
	if (which == 1)
		context.action.name = endless;
	if (which == 2)
		context.custom_context.count = SIZE_MAX / 2;
	if (which == 3)
		scope.view = (void *)&scope;
	if (which == 4)
		scope.size = size;
	if (which == 5)
		pair.key = (char *)16;
	*(struct scope **)flytectx_ctx_slot() = which == 6 ? (void *)24 : &scope;
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &(char) { 0 }, 1) > 0)
		;
	_exit(0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "hold"))
		return hold();
	if (argc > 1 && !strcmp(argv[1], "churn"))
		return churn();
	if (argc > 1 && !strcmp(argv[1], "wait"))
		return wait_in_epoll();
	if (argc > 2 && !strcmp(argv[1], "lie"))
		return lie(atoi(argv[2]));
	fputs("usage: fan hold|churn|wait|lie N\n", stderr);
	return 2;
}
