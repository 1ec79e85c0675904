/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider_test - what the tests of providers share: a runtime with a lock as CPython's (`holder`
 * is the thread that has it), and each way of starting a child.
 */
#ifndef FLYTECTX_PROVIDER_TEST_H
#define FLYTECTX_PROVIDER_TEST_H

#include "shim_test.h"

static _Thread_local int own_state;
static _Thread_local const struct flyte_task_context *answer;
static _Thread_local int asked;
static _Atomic(void *) holder;
static void *failing;
static int instance, *running_instance = &instance;
static bool starts_while_asked;

static inline void *look(void *key)
{
	return strdup(custom(key));
}

/* The custom context that a thread has which this one starts, "-" if unset. */
static inline const char *thread_sees(const char *key)
{
	static _Thread_local char text[32];
	pthread_t thread;
	void *seen;

	assert_int_equal(pthread_create(&thread, NULL, look, (void *)(uintptr_t)key), 0);
	assert_int_equal(pthread_join(thread, &seen), 0);
	snprintf(text, sizeof(text), "%s", (char *)seen);
	free(seen);
	return text;
}

static const struct flyte_task_context *left;
static int finished, recovered;

static inline void *ask(void *argument)
{
	assert_ptr_equal(argument, &instance);
	assert_null(left);
	asked++;
	if (starts_while_asked)
		thread_sees("from");
	errno = EDOM;
	left = answer;
	return &finished;
}

static inline void finish(void *result)
{
	assert_ptr_equal(result, &finished);
	finished++;
}

static inline void recover(void)
{
	recovered++;
}

static inline void *running(void)
{
	return holder;
}

static inline void *own(void)
{
	return &own_state;
}

static inline void *which_instance(void)
{
	return running_instance;
}

static inline void *pending(void)
{
	return failing;
}

static const struct flyte_provider provider = {
	.size = sizeof(provider),
	.ask = ask,
	.argument = &instance,
	.answer = &left,
	.finish = finish,
	.recover = recover,
	.running = running,
	.own = own,
	.instance = which_instance,
	.of_instance = &instance,
	.pending = pending,
};

/* A context of the runtime: the task's with from=VALUE. */
static inline const struct flyte_task_context *make(const char *value)
{
	struct flyte_pair pair = { "from", value };
	struct flyte_task_context task = *flyte_ctx_get();
	const struct flyte_task_context *made;

	task.custom_context.count = 1;
	task.custom_context.items = &pair;
	made = flyte_ctx_new(&task);
	assert_non_null(made);
	return made;
}

static inline int set_up(void **state)
{
	(void)state;
	holder = &own_state;
	running_instance = &instance;
	failing = NULL;
	starts_while_asked = false;
	answer = make("python");
	asked = finished = recovered = 0;
	return flyte_provider_set(&provider);
}

static inline int tear_down(void **state)
{
	(void)state;
	flyte_ctx_release(answer);
	answer = NULL;
	return flyte_provider_set(NULL);
}

/* What "from" is in a child's environment: v of k~... in its FLYTE_CTX, "-" if unset. */
static inline const char *child_sees(int (*start)(int out))
{
	static char text[4096];
	static char value[32];
	int fds[2];
	char *found;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(start(fds[1]), 0);
	close(fds[1]);
	read_all(fds[0], text, sizeof(text));
	found = strstr(text, "kv-from~-");
	snprintf(value, sizeof(value), "%.*s", found ? (int)strcspn(found + 9, ".") : 1,
		 found ? found + 9 : "-");
	return value;
}

static const char script[] = "printf %s \"$FLYTE_CTX\"";

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
