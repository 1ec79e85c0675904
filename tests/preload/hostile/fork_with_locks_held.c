/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread forks while others are in the middle of everything that takes a lock: entering, making
 * threads, changing the environment, running shells, loading libraries. Those threads are not in
 * the child, and what they held is. The child enters, makes threads and starts programs.
 */
#include <dlfcn.h>
#include <stdatomic.h>

#include "hostile.h"

static atomic_bool stop;

static void *nothing(void *unused)
{
	return unused;
}

static void *enter_and_create(void *unused)
{
	while (!stop) {
		flyte_token token = enter("scope", "busy");
		pthread_t thread;

		if (pthread_create(&thread, NULL, nothing, NULL) == 0)
			pthread_join(thread, NULL);
		flyte_context_exit(token);
	}
	return unused;
}

/* Without us a fork in the middle of that is a dead lock in the child, in glibc. */
static void *change(void *unused)
{
	for (unsigned i = 0; !stop && preloaded(); i++) {
		char name[32];

		snprintf(name, sizeof(name), "CHANGED_%u", i % 100);
		setenv(name, "x", 1);
		unsetenv(name);
	}
	return unused;
}

static void *run_shells(void *unused)
{
	while (!stop) {
		FILE *stream = popen(":", "r");

		if (stream)
			pclose(stream);
		if (system(":"))
			break;
	}
	return unused;
}

static void *load(void *unused)
{
	while (!stop) {
		void *library = dlopen("libz.so.1", RTLD_NOW);

		if (library)
			dlclose(library);
	}
	return unused;
}

static void *look(void *unused)
{
	return sees(preloaded() ? "child" : "nothing") ? NULL : unused;
}

/* Without us the last two, system and popen, take locks that a fork does not let go of. */
static const struct way *way_of(unsigned number)
{
	return &ways[number % (preloaded() ? WAYS : WAYS - 2)];
}

static int be_a_child(unsigned number)
{
	flyte_token token;
	pthread_t thread;
	void *result = NULL;

	alarm(100);
	token = enter("scope", "child");
	if (pthread_create(&thread, NULL, look, &stop) || pthread_join(thread, &result) || result)
		return 2;
	if (way_of(number)->start(looking_for("child"), environ))
		return 3;
	flyte_context_exit(token);
	return !sees(preloaded() ? "-" : "nothing");
}

static void *fork_often(void *unused)
{
	for (unsigned i = 0; i < 100 && !hostile_failures; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(be_a_child(i));
		expect(ended(pid) == 0);
	}
	return unused;
}

int main(int argc, char **argv)
{
	void *(*const busy[])(void *) = { enter_and_create, change, run_shells, load };
	pthread_t threads[4], forking;

	hostile_begin(argc, argv);
	for (size_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, busy[i], NULL);
	pthread_create(&forking, NULL, fork_often, NULL);
	pthread_join(forking, NULL);
	stop = true;
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	return hostile_end();
}
