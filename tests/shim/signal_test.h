/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signal_test - what the tests of signal handlers share: contexts that are whole or wrong, and an
 * interruption at every few microseconds.
 */
#ifndef FLYTECTX_SIGNAL_TEST_H
#define FLYTECTX_SIGNAL_TEST_H

#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "shim_test.h"

/*
 * How long each of them interrupts, in milliseconds: seconds by FLYTECTX_HOSTILE_MS, little by
 * default.
 */
static inline long milliseconds(void)
{
	const char *text = getenv("FLYTECTX_HOSTILE_MS");

	return text ? atol(text) : 500;
}

static atomic_ulong handled;
static atomic_bool wrong;
static atomic_bool finished;

/* Every context that tests make here has two values that are equal: half a one would show. */
static inline bool is_whole(const struct flyte_task_context *context)
{
	const char *values[2] = { "", "" };

	if (!context || strcmp(context->action.name, "a0") != 0)
		return false;
	for (size_t i = 0; i < context->custom_context.count; i++) {
		const struct flyte_pair *pair = &context->custom_context.items[i];

		if (!strcmp(pair->key, "left"))
			values[0] = pair->value;
		if (!strcmp(pair->key, "right"))
			values[1] = pair->value;
	}
	return !strcmp(values[0], values[1]);
}

static inline flyte_token enter_whole(unsigned number)
{
	char text[64];
	const struct flyte_pair pairs[2] = { { "left", text }, { "right", text } };

	/* Of several sizes: blocks are used again, or not. */
	snprintf(text, sizeof(text), "%0*u", (int)(number % 7 * 8) + 1, number);
	return flyte_custom_context_enter(pairs, 2);
}

static inline void read_in_handler(int number)
{
	const char *left = flyte_custom_context_get("left");
	const char *right = flyte_custom_context_get("right");

	(void)number;
	if (!is_whole(flyte_ctx_get()) || !left != !right || (left && strcmp(left, right) != 0))
		atomic_store(&wrong, true);
	atomic_fetch_add(&handled, 1);
}

/* The token of a scope of the interrupted thread; 0: there is none. */
static volatile flyte_token own_token;

static inline void exit_in_handler(int number)
{
	flyte_token token = own_token;

	own_token = 0;
	if (token && flyte_context_exit(token) != 0 && errno != EINVAL)
		atomic_store(&wrong, true);
	read_in_handler(number);
}

static inline void interrupt_every(int microseconds)
{
	struct itimerval timer = { { 0, microseconds }, { 0, microseconds } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static inline long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/*
 * Runs `step` in a tight loop while `handler` interrupts it, on a busy machine for longer; says
 * what went wrong, or NULL.
 */
static inline const char *interrupt(void (*handler)(int), void (*step)(unsigned))
{
	const struct flyte_task_context *before = flyte_ctx_get();
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;
	long end = now() + milliseconds();
	unsigned number = 0;

	atomic_store(&handled, 0);
	atomic_store(&wrong, false);
	atomic_store(&finished, false);
	sigaction(SIGALRM, &action, &old);
	interrupt_every(23);
	do
		for (int i = 0; i < 100; i++)
			step(number++);
	while ((now() < end || (atomic_load(&handled) <= 10 && now() < end + 60000)) &&
	       !atomic_load(&wrong));
	interrupt_every(0);
	atomic_store(&finished, true);
	for (int i = 0; i < 3; i++)
		raise(SIGALRM);
	sigaction(SIGALRM, &old, NULL);
	if (atomic_load(&wrong))
		return "a context that nobody entered";
	if (flyte_ctx_get() != before)
		return "another context than before";
	return atomic_load(&handled) > 10 ? NULL : "no interruptions";
}

static inline void interrupted(void (*handler)(int), void (*step)(unsigned))
{
	const char *failure = interrupt(handler, step);

	if (failure)
		fail_msg("%s", failure);
}

/* In a child: what goes wrong here destroys the process, or lets it run for ever. */
static inline void survives(void (*step)(unsigned))
{
	const struct rlimit seconds = { 60, 60 };
	const char *failure;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CPU, &seconds);
		signal(SIGSEGV, SIG_DFL); /* cmocka's would go on with the next test */
		failure = interrupt(exit_in_handler, step);
		if (failure)
			fprintf(stderr, "# %s\n", failure);
		_exit(failure != NULL);
	}
	assert_int_equal(wait_for(pid), 0);
}

#endif
