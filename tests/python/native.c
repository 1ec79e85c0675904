/* SPDX-License-Identifier: Apache-2.0 */
/* native - what a C library does that Python calls: it reads the context, starts threads, programs. */
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

/* "scope" of the custom context here. The caller never frees what these return. */
const char *here(void)
{
	const char *value = flyte_custom_context_get("scope");

	return strdup(value ? value : flyte_ctx_get() ? "-" : "none");
}

static void *look(void *unused)
{
	(void)unused;
	return (void *)(uintptr_t)here();
}

const char *in_pthread(void)
{
	pthread_t thread;
	void *seen = NULL;

	if (pthread_create(&thread, NULL, look, NULL) == 0)
		pthread_join(thread, &seen);
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

/* How many of two threads of GNU's OpenMP see what they should. */
int in_region(const char *expected)
{
	int right = 0;

#pragma omp parallel num_threads(2) reduction(+ : right)
	{
		const char *seen = here();

		right += strcmp(seen, expected) == 0;
	}
	return right;
}

const char *in_popen(const char *command)
{
	char text[64] = "";
	FILE *stream = popen(command, "r");

	if (stream && fgets(text, sizeof(text), stream))
		text[strcspn(text, "\n")] = '\0';
	if (stream)
		pclose(stream);
	return strdup(text);
}

/* Calls Python inside a scope that C has entered. */
int in_scope(const char *value, void (*callback)(void))
{
	struct flyte_pair pair = { "scope", value };
	flyte_token token = flyte_custom_context_enter(&pair, 1);

	callback();
	return flyte_context_exit(token);
}
