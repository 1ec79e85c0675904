/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signal handlers that read, keep, swap and copy contexts while the interrupted thread changes
 * them (SPEC 2.8; flyte_ctx.h says what is async-signal-safe).
 */
#include "signal_test.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handlers_read_while_scopes_change),
		cmocka_unit_test(handlers_retain_while_scopes_change),
		cmocka_unit_test(handlers_retain_while_threads_start),
		cmocka_unit_test(handlers_swap_while_scopes_change),
		cmocka_unit_test(handlers_run_while_scopes_change),
	};

	main_thread = pthread_self();
	return cmocka_run_group_tests_name("signals", tests, NULL, NULL);
}
