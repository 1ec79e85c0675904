/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Siblings, parents and those that come later have contexts of their own (SPEC 3.8).
 */
#include <semaphore.h>

#include "inherit_test.h"

static void *start_children(void *name)
{
	struct carrier *carrier = malloc(sizeof(*carrier));
	flyte_token token = enter("sibling", name);
	char own[32];

	snprintf(own, sizeof(own), ".kv-sibling~-%s.", (char *)name);
	for (int i = 0; i < 10; i++) {
		starters[i % 2](carrier);
		if (!strstr(carrier->text, own))
			name = NULL;
	}
	flyte_context_exit(token);
	free(carrier);
	return name;
}

static void children_of_siblings_have_their_own(void **state)
{
	static char names[6][2] = { "a", "b", "c", "d", "e", "f" };
	pthread_t threads[6];
	void *result;

	(void)state;
	for (int i = 0; i < 6; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, start_children, names[i]), 0);
	for (int i = 0; i < 6; i++) {
		pthread_join(threads[i], &result);
		assert_ptr_equal(result, names[i]);
	}
	starts_have(0, "sibling", false);
}

static sem_t go;

static void *wait_and_start(void *carrier)
{
	sem_wait(&go);
	if (strcmp(custom("parent"), "first") != 0)
		return NULL;
	carrier_of_exec(carrier);
	return carrier;
}

/* Whatever the parent does once the thread runs, that keeps what it was started with. */
static void later_changes_of_the_parent_stay_there(void **state)
{
	struct carrier *carrier = malloc(sizeof(*carrier));
	flyte_token token = enter("parent", "first");
	pthread_t thread;
	void *result;

	(void)state;
	sem_init(&go, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, wait_and_start, carrier), 0);
	flyte_context_exit(token);
	token = enter("parent", "second");
	flyte_context_exit(enter("parent", "third"));
	sem_post(&go);
	pthread_join(thread, &result);
	assert_ptr_equal(result, carrier);
	assert_non_null(strstr(carrier->text, ".kv-parent~-first."));
	flyte_context_exit(token);
	free(carrier);
}

static void *enter_and_stay(void *unused)
{
	enter("child", "own");
	sem_post(&go);
	return unused;
}

static void what_a_thread_enters_stays_there(void **state)
{
	pthread_t thread;

	(void)state;
	sem_init(&go, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, enter_and_stay, NULL), 0);
	sem_wait(&go);
	assert_string_equal(custom("child"), "-");
	starts_have(0, "child", false);
	pthread_join(thread, NULL);
}

static void what_a_fork_child_enters_stays_there(void **state)
{
	flyte_token token = enter("parent", "before");
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		enter("parent", "child");
		_exit(strcmp(custom("parent"), "child") != 0);
	}
	assert_int_equal(wait_for(pid), 0);
	assert_string_equal(custom("parent"), "before");
	flyte_context_exit(token);
}

static void *start_late(void *carrier)
{
	sem_wait(&go);
	carrier_of_thread(carrier);
	return NULL;
}

/* The scope is left and its memory used again: threads that it started can start more. */
static void a_thread_outlives_its_scope_and_starts_others(void **state)
{
	struct carrier *carriers = calloc(KINDS, sizeof(*carriers));
	pthread_t threads[KINDS];

	(void)state;
	sem_init(&go, 0, 0);
	for (size_t kind = 0; kind < KINDS; kind++) {
		flyte_token token = kinds[kind].enter();

		assert_int_equal(pthread_create(&threads[kind], NULL, start_late, &carriers[kind]),
				 0);
		flyte_context_exit(token);
	}
	for (int i = 0; i < 100; i++)
		flyte_context_exit(enter("others", "use the memory"));
	for (size_t kind = 0; kind < KINDS; kind++)
		sem_post(&go);
	for (size_t kind = 0; kind < KINDS; kind++) {
		pthread_join(threads[kind], NULL);
		assert_non_null(strstr(carriers[kind].text, kinds[kind].carried));
	}
	free(carriers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(children_of_siblings_have_their_own),
		cmocka_unit_test(later_changes_of_the_parent_stay_there),
		cmocka_unit_test(what_a_thread_enters_stays_there),
		cmocka_unit_test(what_a_fork_child_enters_stays_there),
		cmocka_unit_test(a_thread_outlives_its_scope_and_starts_others),
	};

	return cmocka_run_group_tests_name("inherit_apart", tests, NULL, NULL);
}
