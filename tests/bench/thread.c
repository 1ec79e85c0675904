/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread PAIRS - what the hook adds to pthread_create and pthread_join, outside any scope and
 * inside one. Run under the preload, in a task: the hooked function, found as every program finds
 * it, and libc's own are called in turn.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "flyte_ctx.h"
#include "sample.h"

typedef int create_function(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

/*
 * Not by RTLD_NEXT: from the executable that is the preload's. glibc's name is its soname; musl
 * answers to this one with itself, wherever its file is.
 */
#ifdef __GLIBC__
#define LIBC "libc.so.6"
#else
#define LIBC "libc.so"
#endif

static create_function *libc_create(void)
{
	void *libc = dlopen(LIBC, RTLD_LAZY | RTLD_NOLOAD);
	void *address = libc ? dlsym(libc, "pthread_create") : NULL;
	void *hook = dlsym(RTLD_DEFAULT, "pthread_create");
	create_function *function;
	Dl_info where;

	if (!address)
		errx(1, "%s", dlerror());
	if (!dladdr(hook, &where) || !strstr(where.dli_fname, "libflytectx"))
		errx(1, "pthread_create is not hooked: run me under the preload");
	if (!dladdr(address, &where) || strstr(where.dli_fname, "libflytectx"))
		errx(1, "%s gives the hook for its own pthread_create", LIBC);
	*(void **)(void *)&function = address;
	return function;
}

static void *no_work(void *argument)
{
	return argument;
}

static void *has_scope(void *argument)
{
	*(bool *)argument = flyte_custom_context_get("bench") != NULL;
	return NULL;
}

static void create_and_join(create_function *create, void *(*routine)(void *), void *argument)
{
	pthread_t thread;

	errno = create(&thread, NULL, routine, argument);
	if (!errno)
		errno = pthread_join(thread, NULL);
	if (errno)
		err(1, "pthread_create or pthread_join");
}

static double measure(create_function *create)
{
	double start = now();

	create_and_join(create, no_work, NULL);
	return now() - start;
}

/* Ends the program where the threads don't have what they would have in real use. */
static void check(create_function *create, bool expected)
{
	bool found = !expected;

	create_and_join(create, has_scope, &found);
	if (found != expected)
		errx(1, "a thread %s its creator's scope", found ? "has" : "does not have");
}

static void compare(create_function *own, size_t pairs, bool scoped, const char *difference,
		    const char *ratio)
{
	double *hooked_times = samples(pairs), *own_times = samples(pairs);

	check(pthread_create, scoped);
	check(own, false);
	for (size_t i = 0; i < pairs; i++) {
		bool hooked_first = i % 2;

		if (hooked_first)
			hooked_times[i] = measure(pthread_create);
		own_times[i] = measure(own);
		if (!hooked_first)
			hooked_times[i] = measure(pthread_create);
	}
	report_difference(difference, hooked_times, own_times, pairs, 1, "ns", 0);
	report_ratio(ratio, hooked_times, own_times, pairs, 1.03);
	if (scoped) {
		for (size_t i = 0; i < pairs; i++)
			own_times[i] /= 1e3;
		report("libc's own, for scale", own_times, pairs, "us", 0);
	}
	free(hooked_times);
	free(own_times);
}

int main(int argc, char **argv)
{
	static const struct flyte_pair pair = { "bench", "1" };
	create_function *own = libc_create();
	flyte_token token;
	size_t pairs;

	if (argc != 2)
		errx(2, "usage: thread PAIRS");
	pairs = rounds_from(argv[1]);
	compare(own, pairs, false, "hooked above libc's own, outside scopes",
		"hooked beside libc's own, outside scopes");
	token = flyte_custom_context_enter(&pair, 1);
	if (!token)
		err(1, "flyte_custom_context_enter");
	if (token == FLYTE_TOKEN_NONE)
		errx(1, "not in a task: FLYTE_CTX is missing");
	compare(own, pairs, true, "hooked above libc's own, inside a scope",
		"hooked beside libc's own, inside a scope");
	return flyte_context_exit(token) != 0;
}
