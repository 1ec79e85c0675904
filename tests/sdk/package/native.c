/* SPDX-License-Identifier: Apache-2.0 */
/* native - what a C library does that Python calls: it reads the context, starts threads, programs.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flyte_ctx.h"

const char *here(void);
const char *in_pthread(void);
int call_in_pthread(void (*callback)(void));
int in_region(const char *expected);
const char *in_popen(const char *command);
int in_scope(const char *value, void (*callback)(void));
void start_failing(void (*fail)(void *kind, const char *text), void *kind);

/* What these return is the calling thread's, until it calls the next. */
static _Thread_local char seen[1024];

/* "scope" of the custom context here. */
static void *look(void *text)
{
	const char *value = flyte_custom_context_get("scope");

	snprintf(text, sizeof(seen), "%s", value ? value : flyte_ctx_get() ? "-" : "none");
	return text;
}

const char *here(void)
{
	return look(seen);
}

const char *in_pthread(void)
{
	pthread_t thread;

	*seen = '\0';
	if (pthread_create(&thread, NULL, look, seen) == 0)
		pthread_join(thread, NULL);
	return seen;
}

static void *call(void *callback)
{
	void (*function)(void);

	memcpy(&function, &callback, sizeof(function));
	function();
	return NULL;
}

/* Python in a thread that it has not started. */
int call_in_pthread(void (*callback)(void))
{
	pthread_t thread;
	void *argument;
	int error;

	memcpy(&argument, &callback, sizeof(argument));
	error = pthread_create(&thread, NULL, call, argument);
	return error ? error : pthread_join(thread, NULL);
}

/* How many of two threads of OpenMP see what they should. */
int in_region(const char *expected)
{
	int right = 0;

#pragma omp parallel num_threads(2) reduction(+ : right)
	{
		right += strcmp(here(), expected) == 0;
	}
	return right;
}

const char *in_popen(const char *command)
{
	FILE *stream = popen(command, "r");

	*seen = '\0';
	if (stream && fgets(seen, sizeof(seen), stream))
		seen[strcspn(seen, "\n")] = '\0';
	if (stream)
		pclose(stream);
	return seen;
}

/* Calls Python inside a scope that C has entered. */
int in_scope(const char *value, void (*callback)(void))
{
	struct flyte_pair pair = { "scope", value };
	flyte_token token = flyte_custom_context_enter(&pair, 1);

	callback();
	return flyte_context_exit(token);
}

/* Starts a thread while an error of Python's is on its way. */
void start_failing(void (*fail)(void *kind, const char *text), void *kind)
{
	fail(kind, "kept");
	in_pthread();
}
