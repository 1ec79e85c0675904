/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls from where programs make them against all advice: signal handlers that interrupt us,
 * destructors of threads before and after ours, vfork children; and no memory (SPEC 1, 2;
 * flyte_ctx.h says what is async-signal-safe). Before our constructor: test_early.c.
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "shim_test.h"

/* --- signal handlers --- */

/*
 * How long each of them interrupts, in milliseconds: seconds by FLYTECTX_HOSTILE_MS, little by
 * default.
 */
static long milliseconds(void)
{
	const char *text = getenv("FLYTECTX_HOSTILE_MS");

	return text ? atol(text) : 500;
}

static atomic_ulong handled;
static atomic_bool wrong;
static atomic_bool finished;

/* Every context that tests make here has two values that are equal: half a one would show. */
static bool is_whole(const struct flyte_task_context *context)
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

static flyte_token enter_whole(unsigned number)
{
	char text[64];
	const struct flyte_pair pairs[2] = { { "left", text }, { "right", text } };

	/* Of several sizes: blocks are used again, or not. */
	snprintf(text, sizeof(text), "%0*u", (int)(number % 7 * 8) + 1, number);
	return flyte_custom_context_enter(pairs, 2);
}

static void read_in_handler(int number)
{
	const char *left = flyte_custom_context_get("left");
	const char *right = flyte_custom_context_get("right");

	(void)number;
	if (!is_whole(flyte_ctx_get()) || !left != !right || (left && strcmp(left, right) != 0))
		atomic_store(&wrong, true);
	atomic_fetch_add(&handled, 1);
}

static pthread_t main_thread;

/* Holds three contexts over handlers; a thread may end, so it holds none. */
static void retain_in_handler(int number)
{
	static const struct flyte_task_context *held[3];
	static unsigned next;
	const struct flyte_task_context **one, *context = flyte_ctx_retain(flyte_ctx_get());

	read_in_handler(number);
	if (atomic_load(&finished) || !pthread_equal(pthread_self(), main_thread)) {
		flyte_ctx_release(context);
		context = NULL;
	}
	if (!pthread_equal(pthread_self(), main_thread))
		return;
	one = &held[next++ % 3];
	if (*one && !is_whole(*one))
		atomic_store(&wrong, true);
	flyte_ctx_release(*one);
	*one = context;
}

/* The token of a scope of the interrupted thread; 0: there is none. */
static volatile flyte_token own_token;

static void exit_in_handler(int number)
{
	flyte_token token = own_token;

	own_token = 0;
	if (token && flyte_context_exit(token) != 0 && errno != EINVAL)
		atomic_store(&wrong, true);
	read_in_handler(number);
}

static void swap_in_handler(int number)
{
	const struct flyte_task_context *mine = flyte_ctx_swap(NULL);

	if (flyte_ctx_get())
		atomic_store(&wrong, true);
	flyte_ctx_swap(mine);
	read_in_handler(number);
}

static int run_nothing(void *unused)
{
	(void)unused;
	return 3;
}

static void run_in_handler(int number)
{
	if (flyte_contextual_run(run_nothing, NULL) != 3)
		atomic_store(&wrong, true);
	read_in_handler(number);
}

static void interrupt_every(int microseconds)
{
	struct itimerval timer = { { 0, microseconds }, { 0, microseconds } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/*
 * Runs `step` in a tight loop while `handler` interrupts it, on a busy machine for longer; says
 * what went wrong, or NULL.
 */
static const char *interrupt(void (*handler)(int), void (*step)(unsigned))
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

static void interrupted(void (*handler)(int), void (*step)(unsigned))
{
	const char *failure = interrupt(handler, step);

	if (failure)
		fail_msg("%s", failure);
}

static void enter_and_exit(unsigned number)
{
	flyte_token outer = enter_whole(number), inner = enter_whole(number + 1);

	if (!is_whole(flyte_ctx_get()) || flyte_context_exit(inner) != 0 ||
	    flyte_context_exit(outer) != 0)
		atomic_store(&wrong, true);
}

static void *is_current_whole(void *unused)
{
	if (!is_whole(flyte_ctx_get()))
		atomic_store(&wrong, true);
	return unused;
}

static void start_a_thread(unsigned number)
{
	flyte_token token = enter_whole(number);
	pthread_t thread;

	if (pthread_create(&thread, NULL, is_current_whole, NULL) == 0)
		pthread_join(thread, NULL);
	flyte_context_exit(token);
}

/* The handler may exit it first, wherever we are: only who exits matters, never a crash. */
static void exit_what_the_handler_may_exit(unsigned number)
{
	flyte_token outer = enter_whole(number);

	own_token = outer;
	while (own_token && number-- % 64)
		if (!is_whole(flyte_ctx_get()))
			atomic_store(&wrong, true);
	own_token = 0;
	flyte_context_exit(outer);
}

/* The same while we are entering and exiting a scope inside the one that the handler exits. */
static void enter_inside_what_the_handler_exits(unsigned number)
{
	flyte_token outer = enter_whole(number), inner;

	own_token = outer;
	for (unsigned i = 0; i < 16; i++) {
		inner = enter_whole(number + i);
		if (!is_whole(flyte_ctx_get()))
			atomic_store(&wrong, true);
		flyte_context_exit(inner);
	}
	own_token = 0;
	flyte_context_exit(outer);
}

/* And while the scope inside is exited, not more. */
static void exit_inside_what_the_handler_exits(unsigned number)
{
	flyte_token outer = enter_whole(number), inner = enter_whole(number + 1);

	own_token = outer;
	flyte_context_exit(inner);
	if (!is_whole(flyte_ctx_get()))
		atomic_store(&wrong, true);
	own_token = 0;
	flyte_context_exit(outer);
}

static void handlers_read_while_scopes_change(void **state)
{
	(void)state;
	interrupted(read_in_handler, enter_and_exit);
}

static void handlers_retain_while_scopes_change(void **state)
{
	(void)state;
	interrupted(retain_in_handler, enter_and_exit);
}

static void handlers_retain_while_threads_start(void **state)
{
	(void)state;
	interrupted(retain_in_handler, start_a_thread);
}

static void handlers_swap_while_scopes_change(void **state)
{
	(void)state;
	interrupted(swap_in_handler, enter_and_exit);
}

static void handlers_run_while_scopes_change(void **state)
{
	(void)state;
	interrupted(run_in_handler, enter_and_exit);
}

/* In a child: what goes wrong here destroys the process, or lets it run for ever. */
static void survives(void (*step)(unsigned))
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

static void handlers_exit_while_contexts_are_read(void **state)
{
	(void)state;
	survives(exit_what_the_handler_may_exit);
}

static void handlers_exit_while_scopes_are_entered_inside(void **state)
{
	(void)state;
	survives(enter_inside_what_the_handler_exits);
}

static void handlers_exit_while_scopes_are_exited_inside(void **state)
{
	(void)state;
	survives(exit_inside_what_the_handler_exits);
}

/* --- destructors of threads --- */

static pthread_key_t key_before, key_after;
static char seen[3][16];

static void enter_in_destructor(int which)
{
	flyte_token token = enter("late", "1");

	strcpy(seen[which], custom("increment"));
	if (token <= FLYTE_TOKEN_NONE || strcmp(custom("late"), "1") != 0)
		strcpy(seen[which], "wrong");
	if (which != 2) /* left entered otherwise */
		flyte_context_exit(token);
}

static void destroy_before(void *unused)
{
	(void)unused;
	enter_in_destructor(0);
}

static void destroy_after(void *unused)
{
	(void)unused;
	enter_in_destructor(1);
}

static void *use_keys(void *unused)
{
	pthread_setspecific(key_before, seen);
	enter("thread", "1");
	pthread_setspecific(key_after, seen);
	return unused;
}

static void destructors_may_enter_before_and_after_ours(void **state)
{
	flyte_token token = enter("increment", "2");
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_key_create(&key_after, destroy_after), 0);
	for (int i = 0; i < 50; i++) {
		assert_int_equal(pthread_create(&thread, NULL, use_keys, NULL), 0);
		pthread_join(thread, NULL);
		assert_true(!strcmp(seen[0], "1") || !strcmp(seen[0], "2"));
		assert_true(!strcmp(seen[1], "1") || !strcmp(seen[1], "2"));
	}
	assert_string_equal(custom("increment"), "2");
	flyte_context_exit(token);
}

#ifndef __SANITIZE_THREAD__ /* its runtime is gone in the last round, and crashes */

static pthread_key_t key_again;
static int rounds;

/* In every round that there is, also the last, and what it enters stays entered. */
static void destroy_again(void *value)
{
	rounds++;
	pthread_setspecific(key_again, value);
	enter_in_destructor(2);
}

static void *use_key_again(void *unused)
{
	enter("thread", "1");
	pthread_setspecific(key_again, seen);
	return unused;
}

static void a_destructor_that_never_stops_entering(void **state)
{
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_key_create(&key_again, destroy_again), 0);
	assert_int_equal(pthread_create(&thread, NULL, use_key_again, NULL), 0);
	pthread_join(thread, NULL);
	assert_true(rounds > 1);
	assert_string_equal(seen[2], "1");
	pthread_key_delete(key_again);
}

#endif

/* --- vfork --- */

/* Reads and starts in the parent's memory; the parent finds all as it was. */
static void a_vfork_child_reads_and_starts(void **state)
{
	char *const argv[] = { "sh", "-c", "case $FLYTE_CTX in *kv-forked~-v.*) exit 5; esac",
			       NULL };
	char *const empty[] = { NULL };
	flyte_token token = enter("forked", "v");
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	for (int i = 0; i < 50; i++) {
		pid_t pid = vfork();

		if (pid == 0) {
			if (flyte_ctx_get() != before || strcmp(custom("forked"), "v") != 0)
				_exit(1);
			flyte_ctx_release(flyte_ctx_retain(flyte_ctx_get()));
			execve("/bin/sh", argv, empty);
			_exit(2);
		}
		assert_int_equal(wait_for(pid), 5);
		assert_ptr_equal(flyte_ctx_get(), before);
	}
	assert_int_equal(flyte_context_exit(token), 0);
}

/* --- no memory: not with the sanitizers, whose own runtime is what would fail --- */

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/* From here on every malloc() fails: there is no address space, and what was free is taken. */
static void take_all_memory(void)
{
	/* clang leaves out a malloc() whose result nobody uses. */
	void *(*volatile allocate)(size_t) = malloc;
	const struct rlimit nothing = { 0, 0 };

	setrlimit(RLIMIT_AS, &nothing);
	for (size_t size = 1 << 26; size >= 16; size /= 2)
		while (allocate(size))
			;
	while (allocate(1))
		;
}

static flyte_token enter_group_of_nothing(void)
{
	return flyte_group_enter("group");
}

static flyte_token enter_pair_of_nothing(void)
{
	return enter("k", "v");
}

static flyte_token enter_raw_data_of_nothing(void)
{
	const struct flyte_raw_data_path raw_data = { "s3://x", { NULL, NULL } };

	return flyte_new_raw_data_path(&raw_data);
}

static flyte_token enter_metadata_of_nothing(void)
{
	const struct flyte_pair pair = { "k", "v" };

	return flyte_new_metadata(&pair, 1);
}

static flyte_token enter_trace_of_nothing(void)
{
	const struct flyte_action_id action = { .name = "trace" };

	return flyte_trace_enter(&action);
}

static flyte_token enter_task_of_nothing(void)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "task" };

	return flyte_replace_task_context(&task);
}

static flyte_token (*const enters[])(void) = {
	enter_pair_of_nothing,     enter_group_of_nothing, enter_raw_data_of_nothing,
	enter_metadata_of_nothing, enter_trace_of_nothing, enter_task_of_nothing,
};

#define ENTERS (sizeof(enters) / sizeof(*enters))

/* Two scopes are open when memory ends; each enter is refused, and they can be left. */
static int enter_without_memory(void)
{
	flyte_token outer = enter("open", "1"), inner = enter("open", "2");
	const struct flyte_task_context *before = flyte_ctx_get();

	take_all_memory();
	for (size_t i = 0; i < ENTERS; i++) {
		errno = 0;
		if (enters[i]() != 0 || errno != ENOMEM)
			return 10 + (int)i;
		if (flyte_ctx_get() != before || strcmp(custom("open"), "2") != 0)
			return 20 + (int)i;
	}
	if (flyte_contextual_run(run_nothing, NULL) != 3 || flyte_ctx_get() != before)
		return 2;
	if (flyte_context_exit(inner) != 0 || strcmp(custom("open"), "1") != 0)
		return 3;
	return flyte_context_exit(outer) == 0 && !strcmp(custom("open"), "-") ? 0 : 4;
}

/* What an exit gives back is enough for the next enter of that size. */
static int enter_in_what_was_left(void)
{
	flyte_token token = enter("open", "1");

	take_all_memory();
	for (int i = 0; i < 1000; i++) {
		if (flyte_context_exit(token) != 0)
			return 1;
		token = enter("open", "1");
		if (token <= FLYTE_TOKEN_NONE || strcmp(custom("open"), "1") != 0)
			return 2;
	}
	return 0;
}

/* The very first call of a process has no memory. */
static int enter_first_without_memory(void)
{
	take_all_memory();
	return enter("open", "1") == 0 && errno == ENOMEM && !strcmp(custom("increment"), "1") ? 0
											       : 1;
}

static void in_a_child_without_memory(int (*function)(void))
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(function());
	assert_int_equal(wait_for(pid), 0);
}

static void without_memory_enter_is_refused(void **state)
{
	(void)state;
	in_a_child_without_memory(enter_without_memory);
}

static void without_memory_exit_and_enter_go_on(void **state)
{
	(void)state;
	in_a_child_without_memory(enter_in_what_was_left);
}

static void without_memory_from_the_start(void **state)
{
	(void)state;
	in_a_child_without_memory(enter_first_without_memory);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
		cmocka_unit_test(without_memory_from_the_start),
		cmocka_unit_test(without_memory_enter_is_refused),
		cmocka_unit_test(without_memory_exit_and_enter_go_on),
#endif
		cmocka_unit_test(destructors_may_enter_before_and_after_ours),
#ifndef __SANITIZE_THREAD__
		cmocka_unit_test(a_destructor_that_never_stops_entering),
#endif
		cmocka_unit_test(a_vfork_child_reads_and_starts),
		cmocka_unit_test(handlers_read_while_scopes_change),
		cmocka_unit_test(handlers_retain_while_scopes_change),
		cmocka_unit_test(handlers_retain_while_threads_start),
		cmocka_unit_test(handlers_swap_while_scopes_change),
		cmocka_unit_test(handlers_run_while_scopes_change),
		cmocka_unit_test(handlers_exit_while_contexts_are_read),
		cmocka_unit_test(handlers_exit_while_scopes_are_exited_inside),
		cmocka_unit_test(handlers_exit_while_scopes_are_entered_inside),
	};

	main_thread = pthread_self();
	/* Before the first scope of all: our own key comes after it. */
	if (pthread_key_create(&key_before, destroy_before))
		return 1;
	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
