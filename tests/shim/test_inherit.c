/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of scope in every kind of child: what is current where a thread or a process is
 * started is what that has, and nobody else (SPEC 3). Which calls start something is
 * tests/routes/matrix.list.
 */
#include <semaphore.h>
#include <spawn.h>

#include "shim_again.h"

#define CARRIER_MAX ((size_t)96 * 1024)

/* --- what a child has, in its own environment --- */

struct carrier {
	char text[CARRIER_MAX + 4096]; /* "" where there is none */
};

/* Cuts the environment that `env` printed down to the carrier. */
static void keep_carrier(struct carrier *carrier)
{
	char *start = strstr(carrier->text, "FLYTE_CTX="), *end;

	if (!start) {
		carrier->text[0] = '\0';
		return;
	}
	end = strchrnul(start, '\n');
	memmove(carrier->text, start + 10, (size_t)(end - start - 10));
	carrier->text[end - start - 10] = '\0';
}

static char *const env_argv[] = { "env", NULL };

/* Of the carrier alone: the rest of the environment would be read as well. */
static char *const no_environment[] = { NULL };

static void carrier_of_exec(struct carrier *carrier)
{
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		close(fds[0]);
		close(fds[1]);
		execve("/usr/bin/env", env_argv, no_environment);
		_exit(1);
	}
	close(fds[1]);
	read_all(fds[0], carrier->text, sizeof(carrier->text));
	assert_int_equal(wait_for(pid), 0);
	keep_carrier(carrier);
}

static void carrier_of_spawn(struct carrier *carrier)
{
	posix_spawn_file_actions_t actions;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	posix_spawn_file_actions_addclose(&actions, fds[0]);
	posix_spawn_file_actions_addclose(&actions, fds[1]);
	assert_int_equal(
		posix_spawn(&pid, "/usr/bin/env", &actions, NULL, env_argv, no_environment), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	read_all(fds[0], carrier->text, sizeof(carrier->text));
	assert_int_equal(wait_for(pid), 0);
	keep_carrier(carrier);
}

static void *in_thread(void *carrier)
{
	carrier_of_exec(carrier);
	return NULL;
}

static void carrier_of_thread(struct carrier *carrier)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, in_thread, carrier), 0);
	pthread_join(thread, NULL);
}

/* A thread of a thread, and a child of a child of that. */
static void *in_thread_of_thread(void *carrier)
{
	carrier_of_thread(carrier);
	return NULL;
}

static void carrier_of_grandchild(struct carrier *carrier)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, in_thread_of_thread, carrier), 0);
	pthread_join(thread, NULL);
}

static void carrier_of_shell(struct carrier *carrier)
{
	FILE *stream = popen("env; true", "r");
	size_t length = fread(carrier->text, 1, sizeof(carrier->text) - 1, stream);

	carrier->text[length] = '\0';
	assert_int_equal(pclose(stream), 0);
	keep_carrier(carrier);
}

static void (*const starters[])(struct carrier *) = { carrier_of_exec, carrier_of_spawn,
						      carrier_of_thread, carrier_of_grandchild,
						      carrier_of_shell };

#define STARTERS (sizeof(starters) / sizeof(*starters))

static void starts_have(size_t starter, const char *part, bool wanted)
{
	static struct carrier carrier;

	starters[starter](&carrier);
	if ((strstr(carrier.text, part) != NULL) != wanted)
		fail_msg("starter %zu: \"%s\" is %s in \"%.200s\"", starter, part,
			 wanted ? "not" : "still", carrier.text);
}

/* --- every kind of scope --- */

static flyte_token enter_custom(void)
{
	return enter("kind", "custom");
}

static flyte_token enter_group(void)
{
	return flyte_group_enter("the-group");
}

static flyte_token enter_raw_data(void)
{
	const struct flyte_raw_data_path raw_data = { "raw-path", { "old", "new" } };

	return flyte_new_raw_data_path(&raw_data);
}

static flyte_token enter_metadata(void)
{
	const struct flyte_pair pair = { "meta", "data" };

	return flyte_new_metadata(&pair, 1);
}

static flyte_token enter_trace(void)
{
	const struct flyte_action_id action = { .name = "the-trace" };

	return flyte_trace_enter(&action);
}

static flyte_token enter_task(void)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "the-task" };

	return flyte_replace_task_context(&task);
}

static const struct kind {
	flyte_token (*enter)(void);
	const char *carried; /* what only its carrier has */
} kinds[] = {
	{ enter_custom, ".kv-kind~-custom." }, { enter_group, ".g-the-group." },
	{ enter_raw_data, ".xr-raw-path." },   { enter_metadata, ".md-meta~-data." },
	{ enter_trace, ".an-the-trace." },     { enter_task, ".an-the-task." },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static void a_scope_reaches_what_is_started_in_it_alone(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < KINDS; kind++)
		for (size_t starter = 0; starter < STARTERS; starter++) {
			flyte_token token = kinds[kind].enter();

			assert_true(token > FLYTE_TOKEN_NONE);
			starts_have(starter, kinds[kind].carried, true);
			assert_int_equal(flyte_context_exit(token), 0);
			starts_have(starter, kinds[kind].carried, false);
			starts_have(starter, ".kv-increment~-1.", true);
		}
}

static void scopes_of_all_kinds_add_up(void **state)
{
	flyte_token tokens[KINDS];
	size_t kind;

	(void)state;
	/* The task first: it replaces what the others add. */
	for (kind = KINDS; kind-- > 0;)
		tokens[kind] = kinds[kind].enter();
	for (size_t starter = 0; starter < STARTERS; starter++)
		for (kind = 0; kind < KINDS - 1; kind++)
			starts_have(starter, kinds[kind].carried, true);
	assert_int_equal(flyte_context_exit(tokens[KINDS - 1]), 0);
	for (kind = 0; kind < KINDS; kind++)
		starts_have(0, kinds[kind].carried, false);
}

static int start_in_run(void *unused)
{
	(void)unused;
	enter("kind", "run");
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, ".kv-kind~-run.", true);
	return 0;
}

static void a_run_reaches_what_is_started_in_it(void **state)
{
	(void)state;
	assert_int_equal(flyte_contextual_run(start_in_run, NULL), 0);
	starts_have(0, "run", false);
}

static void a_block_reaches_what_is_started_in_it(void **state)
{
	(void)state;
	FLYTE_CUSTOM_CONTEXT ("kind", "block", "second", "too") {
		for (size_t starter = 0; starter < STARTERS; starter++) {
			starts_have(starter, ".kv-kind~-block.", true);
			starts_have(starter, ".kv-second~-too.", true);
		}
	}
	starts_have(0, "block", false);
}

static void a_swapped_context_reaches_what_is_started(void **state)
{
	flyte_token token = enter("kind", "fiber");
	const struct flyte_task_context *fiber = flyte_ctx_retain(flyte_ctx_get()), *mine;

	(void)state;
	flyte_context_exit(token);
	mine = flyte_ctx_swap(fiber);
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, ".kv-kind~-fiber.", true);
	flyte_ctx_release(flyte_ctx_swap(mine));
	starts_have(0, "fiber", false);
}

static void outside_of_tasks_nothing_is_handed_on(void **state)
{
	const struct flyte_task_context *mine = flyte_ctx_swap(NULL);

	(void)state;
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, "an-", false);
	flyte_ctx_swap(mine);
	starts_have(0, ".an-a0.", true);
}

/* --- siblings, parents, and who comes later --- */

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

/* --- the largest context --- */

/* A value that makes the carrier exactly `length` long. */
static char *value_for(size_t length)
{
	static struct carrier carrier;
	char *value = malloc(CARRIER_MAX + 2);
	flyte_token token;
	size_t size = length - 200;

	memset(value, 'v', CARRIER_MAX + 2);
	value[size] = '\0';
	token = enter("large", value);
	assert_true(token > FLYTE_TOKEN_NONE);
	carrier_of_exec(&carrier);
	assert_int_equal(flyte_context_exit(token), 0);
	value[size] = 'v';
	size += length - strlen(carrier.text);
	value[size] = '\0';
	return value;
}

static void the_largest_context_reaches_all_whole(void **state)
{
	static struct carrier carrier;
	char *value = value_for(CARRIER_MAX), said[64], expected[64];
	flyte_token token = enter("large", value);

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_string_equal(custom("large"), value);
	for (size_t starter = 0; starter < STARTERS; starter++) {
		starters[starter](&carrier);
		assert_int_equal(strlen(carrier.text), CARRIER_MAX);
		assert_non_null(strstr(carrier.text, ".kv-large~-vvvv"));
		assert_non_null(strstr(carrier.text, ".kv-increment~-1."));
	}
	again_says("large", said, sizeof(said));
	snprintf(expected, sizeof(expected), "%zu 1\n", strlen(value));
	assert_string_equal(said, expected);
	assert_int_equal(flyte_context_exit(token), 0);
	free(value);
}

static void one_byte_more_is_refused(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();
	char *value = value_for(CARRIER_MAX);
	flyte_token token;

	(void)state;
	strcat(value, "v");
	errno = 0;
	assert_int_equal(enter("large", value), 0);
	assert_int_equal(errno, E2BIG);
	assert_ptr_equal(flyte_ctx_get(), before);
	value[strlen(value) - 1] = '\0';
	token = enter("large", value);
	errno = 0;
	assert_int_equal(flyte_group_enter("g"), 0); /* nor has anything else room */
	assert_int_equal(errno, E2BIG);
	assert_int_equal(enter_metadata(), 0);
	assert_int_equal(enter_raw_data(), 0);
	assert_int_equal(enter("k", ""), 0);
	assert_string_equal(custom("large"), value);
	assert_int_equal(flyte_context_exit(token), 0);
	free(value);
}

static int say_large(void)
{
	return printf("%zu %s\n", strlen(custom("large")), custom("increment")) < 0;
}

/* --- outside a task --- */

static int say_raw_data(void)
{
	const struct flyte_raw_data_path *raw_data = flyte_raw_data();
	const struct flyte_pair_list *metadata = flyte_metadata();

	printf("%s %s %s->%s", flyte_ctx_get() ? "inside" : "outside",
	       raw_data ? raw_data->path : "-", raw_data ? raw_data->path_rewrite.old_prefix : "-",
	       raw_data ? raw_data->path_rewrite.new_prefix : "-");
	for (size_t i = 0; i < metadata->count; i++)
		printf(" %s=%s", metadata->items[i].key, metadata->items[i].value);
	return puts("") < 0;
}

static void *say_in_thread(void *text)
{
	again_says("say", text, 1024);
	return NULL;
}

/* No task is needed for these two, in a child either. */
static void raw_data_and_metadata_reach_children_outside_too(void **state)
{
	const char *expected = "outside raw-path old->new meta=data\n";
	flyte_token outer = enter_raw_data(), inner = enter_metadata();
	char text[1024];
	pthread_t thread;

	(void)state;
	again_says("say", text, sizeof(text));
	assert_string_equal(text, expected);
	assert_int_equal(pthread_create(&thread, NULL, say_in_thread, text), 0);
	pthread_join(thread, NULL);
	assert_string_equal(text, expected);
	assert_int_equal(flyte_context_exit(inner), 0);
	again_says("say", text, sizeof(text));
	assert_string_equal(text, "outside raw-path old->new\n");
	assert_int_equal(flyte_context_exit(outer), 0);
	again_says("say", text, sizeof(text));
	assert_string_equal(text, "outside - -->-\n");
}

static void a_task_entered_outside_reaches_children(void **state)
{
	flyte_token token = enter_task();

	(void)state;
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, ".an-the-task.", true);
	assert_int_equal(flyte_context_exit(token), 0);
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, "the-task", false);
}

static void raw_data_and_metadata_reach_children_inside(void **state)
{
	flyte_token outer = enter_raw_data(), inner = enter_metadata();
	char text[1024];

	(void)state;
	again_says("say", text, sizeof(text));
	assert_string_equal(text, "inside raw-path old->new meta=data\n");
	flyte_context_exit(inner);
	flyte_context_exit(outer);
}

static int outside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_data_and_metadata_reach_children_outside_too),
		cmocka_unit_test(a_task_entered_outside_reaches_children),
	};

	return cmocka_run_group_tests_name("inherit outside a task", tests, NULL, NULL);
}

static int inside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scope_reaches_what_is_started_in_it_alone),
		cmocka_unit_test(scopes_of_all_kinds_add_up),
		cmocka_unit_test(a_run_reaches_what_is_started_in_it),
		cmocka_unit_test(a_block_reaches_what_is_started_in_it),
		cmocka_unit_test(a_swapped_context_reaches_what_is_started),
		cmocka_unit_test(outside_of_tasks_nothing_is_handed_on),
		cmocka_unit_test(children_of_siblings_have_their_own),
		cmocka_unit_test(later_changes_of_the_parent_stay_there),
		cmocka_unit_test(what_a_thread_enters_stays_there),
		cmocka_unit_test(what_a_fork_child_enters_stays_there),
		cmocka_unit_test(a_thread_outlives_its_scope_and_starts_others),
		cmocka_unit_test(the_largest_context_reaches_all_whole),
		cmocka_unit_test(one_byte_more_is_refused),
		cmocka_unit_test(raw_data_and_metadata_reach_children_inside),
	};

	return cmocka_run_group_tests_name("inherit", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	int failed;

	if (argc == 2 && !strcmp(argv[1], "large"))
		return say_large();
	if (argc == 2 && !strcmp(argv[1], "say"))
		return say_raw_data();
	if (argc == 2)
		return outside_a_task();
	failed = inside_a_task();
	return failed + again_in(NULL, "outside");
}
