/* SPDX-License-Identifier: Apache-2.0 */
/* shim/hooks/coroutine.c: a coroutine has a context of its own, wherever it goes on (SPEC 3). */
#include <malloc.h>
#include <ucontext.h>

#include "shim_test.h"

#ifdef __SANITIZE_THREAD__
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_func_entry(void *from);
#endif

#define STACK 65536

struct coroutine {
	ucontext_t self, caller;
	void (*body)(struct coroutine *self);
	void *argument;
	char *stack;
	bool ended;
	void *fiber, *caller_fiber; /* for ThreadSanitizer, which has to be told */
};

/* ThreadSanitizer would take the end of it for that of the caller, whose fiber goes on here. */
__attribute__((no_sanitize("thread"))) static void begin(unsigned low, unsigned high)
{
	struct coroutine *self = (void *)((uintptr_t)high << 32 | low);

	self->body(self);
	self->ended = true;
#ifdef __SANITIZE_THREAD__
	__tsan_switch_to_fiber(self->caller_fiber, 0);
	__tsan_func_entry(self); /* the hook that the caller is in returns there next */
#endif
}

static struct coroutine *make(void (*body)(struct coroutine *), void *argument)
{
	struct coroutine *made = calloc(1, sizeof(*made));
	uintptr_t address = (uintptr_t)made;

	made->body = body;
	made->argument = argument;
	made->stack = malloc(STACK);
	getcontext(&made->self);
	made->self.uc_stack.ss_sp = made->stack;
	made->self.uc_stack.ss_size = STACK;
	made->self.uc_link = &made->caller;
	makecontext(&made->self, (void (*)(void))begin, 2, (unsigned)address,
		    (unsigned)(address >> 32));
#ifdef __SANITIZE_THREAD__
	made->fiber = __tsan_create_fiber(0);
#endif
	return made;
}

static void destroy(struct coroutine *coroutine)
{
#ifdef __SANITIZE_THREAD__
	__tsan_destroy_fiber(coroutine->fiber);
#endif
	free(coroutine->stack);
	free(coroutine);
}

/* True until it has ended. */
static bool resume(struct coroutine *coroutine)
{
#ifdef __SANITIZE_THREAD__
	coroutine->caller_fiber = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(coroutine->fiber, 0);
#endif
	assert_int_equal(swapcontext(&coroutine->caller, &coroutine->self), 0);
	return !coroutine->ended;
}

static void yield(struct coroutine *self)
{
#ifdef __SANITIZE_THREAD__
	__tsan_switch_to_fiber(self->caller_fiber, 0);
#endif
	assert_int_equal(swapcontext(&self->self, &self->caller), 0);
}

static void be_in_two_scopes(struct coroutine *self)
{
	flyte_token outer, inner;

	assert_string_equal(custom("scope"), "starter");
	outer = enter("scope", self->argument);
	yield(self);
	assert_string_equal(custom("scope"), self->argument);
	inner = enter("inner", self->argument);
	yield(self);
	assert_string_equal(custom("inner"), self->argument);
	assert_int_equal(flyte_context_exit(inner), 0);
	assert_int_equal(flyte_context_exit(outer), 0);
	assert_string_equal(custom("scope"), "starter");
}

/* Each has its own, and starts with what was current when it was first switched to. */
static void coroutines_interleave(void **state)
{
	struct coroutine *one = make(be_in_two_scopes, "one"), *two = make(be_in_two_scopes, "two");
	flyte_token token = enter("scope", "starter");

	(void)state;
	assert_true(resume(one));
	assert_string_equal(custom("scope"), "starter");
	assert_true(resume(two));
	assert_true(resume(one));
	assert_string_equal(custom("inner"), "-");
	assert_true(resume(two));
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(custom("scope"), "-");
	assert_false(resume(two)); /* its scopes outlive those of its starter */
	assert_string_equal(custom("scope"), "-");
	assert_false(resume(one));
	assert_string_equal(custom("scope"), "-");
	destroy(one);
	destroy(two);
}

static void end_in_a_scope(struct coroutine *self)
{
	enter("scope", self->argument);
}

/* By uc_link. */
static void what_a_coroutine_leaves_entered_ends_with_it(void **state)
{
	flyte_token token = enter("scope", "mine");

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct coroutine *coroutine = make(end_in_a_scope, "its");

		assert_false(resume(coroutine));
		assert_string_equal(custom("scope"), "mine");
		destroy(coroutine);
	}
	assert_int_equal(flyte_context_exit(token), 0);
}

static flyte_token of_coroutine;

static void hand_out_a_token(struct coroutine *self)
{
	flyte_token own = enter("scope", "coroutine");

	of_coroutine = own;
	yield(self);
	/* What its starter has entered since is not in its chain. */
	assert_int_equal(flyte_context_exit(*(flyte_token *)self->argument), -1);
	assert_string_equal(custom("scope"), "coroutine");
	assert_int_equal(flyte_context_exit(own), 0);
}

static void tokens_of_others_change_nothing(void **state)
{
	flyte_token token;
	struct coroutine *coroutine = make(hand_out_a_token, &token);

	(void)state;
	assert_true(resume(coroutine));
	token = enter("scope", "mine");
	assert_int_equal(flyte_context_exit(of_coroutine), -1);
	assert_string_equal(custom("scope"), "mine");
	assert_false(resume(coroutine));
	assert_string_equal(custom("scope"), "mine");
	assert_int_equal(flyte_context_exit(token), 0);
	destroy(coroutine);
}

static void *resume_in_a_scope(void *coroutine)
{
	flyte_token own = enter("scope", "other thread"), inside;

	for (int i = 0; resume(coroutine); i++) {
		assert_string_equal(custom("scope"), "other thread");
		assert_int_equal(flyte_context_exit(of_coroutine), -1);
		inside = enter("scope", "within");
		assert_int_equal(flyte_context_exit(inside), 0);
	}
	assert_string_equal(custom("scope"), "other thread");
	assert_int_equal(flyte_context_exit(own), 0);
	assert_string_equal(custom("scope"), "-");
	return NULL;
}

/* Its scopes may be exited where it goes on, and only by itself. */
static void move(struct coroutine *self)
{
	for (int i = 0; i < 5; i++) {
		flyte_token outer = enter("scope", "moving");

		of_coroutine = outer;
		FLYTE_CUSTOM_CONTEXT ("inner", "moving") {
			yield(self);
			assert_string_equal(custom("inner"), "moving");
		}
		assert_string_equal(custom("inner"), "-");
		assert_string_equal(custom("scope"), "moving");
		assert_int_equal(flyte_context_exit(outer), 0);
		assert_int_equal(flyte_context_exit(outer), -1);
		assert_string_equal(custom("scope"), "-");
	}
}

static void a_coroutine_goes_on_on_another_thread(void **state)
{
	struct coroutine *coroutine = make(move, NULL);
	flyte_token token, next;
	pthread_t thread;

	(void)state;
	assert_true(resume(coroutine));
	token = enter("scope", "thread");
	next = enter("scope", "thread");
	flyte_context_exit(token);
	assert_int_equal(pthread_create(&thread, NULL, resume_in_a_scope, coroutine), 0);
	pthread_join(thread, NULL);
	assert_true(coroutine->ended);
	assert_int_equal(flyte_context_exit(next), -1);
	assert_string_equal(custom("scope"), "-");
	destroy(coroutine);
}

/* --- a scheduler that lets any of its threads go on with any coroutine --- */

enum { COROUTINES = 32, STEPS = 200, THREADS = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct coroutine *ready[COROUTINES];
static int waiting, alive;

static void go_through_scopes(struct coroutine *self)
{
	flyte_token own = enter("scope", self->argument);

	for (int i = 0; i < STEPS; i++) {
		flyte_token inner = enter("inner", self->argument);

		yield(self);
		assert_string_equal(custom("scope"), self->argument);
		assert_string_equal(custom("inner"), self->argument);
		if (i % 3) {
			assert_int_equal(flyte_context_exit(inner), 0);
		} else {
			assert_int_equal(flyte_context_exit(own), 0);
			assert_int_equal(flyte_context_exit(inner), -1);
			own = enter("scope", self->argument);
		}
		yield(self);
		assert_string_equal(custom("inner"), "-");
	}
}

static struct coroutine *take(void)
{
	struct coroutine *taken = NULL;

	pthread_mutex_lock(&lock);
	if (waiting) {
		taken = ready[0];
		waiting--;
		memmove(ready, ready + 1, (size_t)waiting * sizeof(*ready));
	}
	pthread_mutex_unlock(&lock);
	return taken;
}

static void put(struct coroutine *coroutine, bool goes_on)
{
	pthread_mutex_lock(&lock);
	if (goes_on)
		ready[waiting++] = coroutine;
	else
		alive--;
	pthread_mutex_unlock(&lock);
}

static bool any_alive(void)
{
	bool any;

	pthread_mutex_lock(&lock);
	any = alive > 0;
	pthread_mutex_unlock(&lock);
	return any;
}

static void *schedule(void *name)
{
	flyte_token token = enter("scope", name);

	while (any_alive()) {
		struct coroutine *coroutine = take();

		if (!coroutine) {
			sched_yield();
			continue;
		}
		put(coroutine, resume(coroutine));
		assert_string_equal(custom("scope"), name);
	}
	assert_int_equal(flyte_context_exit(token), 0);
	return NULL;
}

static void run_scheduler(void)
{
	static char names[COROUTINES][16];
	struct coroutine *all[COROUTINES];
	pthread_t threads[THREADS];

	for (int i = 0; i < COROUTINES; i++) {
		snprintf(names[i], sizeof(names[i]), "coroutine %d", i);
		all[i] = ready[i] = make(go_through_scopes, names[i]);
	}
	waiting = alive = COROUTINES;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, schedule, "thread"), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < COROUTINES; i++)
		destroy(all[i]);
}

static size_t bytes_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void any_thread_goes_on_with_any_coroutine(void **state)
{
	size_t before;

	(void)state;
	run_scheduler();
	before = bytes_in_use();
	for (int i = 0; i < 5; i++)
		run_scheduler();
	flyte_context_exit(enter("any", "one")); /* frees what was put aside */
	if (bytes_in_use() > before + 16384)
		fail_msg("%zu bytes more than before", bytes_in_use() - before);
}

static void enter_here_and_exit_there(struct coroutine *self)
{
	for (;;) {
		flyte_token token = enter("scope", "long");

		yield(self);
		assert_int_equal(flyte_context_exit(token), 0);
		yield(self);
	}
}

static pthread_barrier_t turn;

static void *resume_every_other_time(void *coroutine)
{
	for (int i = 0; i < 20000; i++) {
		pthread_barrier_wait(&turn);
		resume(coroutine);
		pthread_barrier_wait(&turn);
	}
	return NULL;
}

/* The thread that exits never enters, and the one that enters never exits. */
static void memory_goes_back_to_those_who_enter(void **state)
{
	struct coroutine *coroutine = make(enter_here_and_exit_there, NULL);
	size_t before = 0, after;
	pthread_t thread;

	(void)state;
	pthread_barrier_init(&turn, NULL, 2);
	assert_int_equal(pthread_create(&thread, NULL, resume_every_other_time, coroutine), 0);
	for (int i = 0; i < 20000; i++) {
		if (i == 1000)
			before = bytes_in_use();
		resume(coroutine);
		pthread_barrier_wait(&turn);
		pthread_barrier_wait(&turn);
	}
	after = bytes_in_use();
	pthread_join(thread, NULL);
	destroy(coroutine);
	if (after > before + 16384)
		fail_msg("%zu bytes more than before", after - before);
}

static const struct flyte_task_context *held; /* LeakSanitizer finds the scope by this */

static void stay_for_ever(struct coroutine *self)
{
	enter("scope", "for ever");
	held = flyte_ctx_get();
	yield(self);
}

/* Its stack may go while it has scopes: nobody looks at them there. */
static void a_coroutine_may_be_abandoned(void **state)
{
	struct coroutine *coroutine = make(stay_for_ever, NULL);

	(void)state;
	assert_true(resume(coroutine));
	memset(coroutine->stack, 'x', STACK);
	destroy(coroutine);
	assert_string_equal(custom("scope"), "-");
	assert_string_equal(held->custom_context.items[1].value, "for ever");
}

#ifndef __SANITIZE_THREAD__ /* its pthread_exit knows threads and no fibers */
static void leave_the_thread(struct coroutine *self)
{
	enter("scope", self->argument);
	pthread_exit(NULL);
}

static void *end_in_a_coroutine(void *coroutine)
{
	resume(coroutine);
	return NULL;
}

/* LeakSanitizer looks for the scopes. */
static void a_thread_may_end_in_a_coroutine(void **state)
{
	struct coroutine *coroutine = make(leave_the_thread, "ends");
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, end_in_a_coroutine, coroutine), 0);
	pthread_join(thread, NULL);
	destroy(coroutine);
}

#endif

static void in_no_scope(struct coroutine *self)
{
	assert_string_equal(custom("increment"), "1");
	errno = 42;
	yield(self);
	assert_int_equal(errno, 43);
}

static void errno_is_as_it_was(void **state)
{
	struct coroutine *coroutine = make(in_no_scope, NULL);

	(void)state;
	assert_true(resume(coroutine));
	assert_int_equal(errno, 42);
	errno = 43;
	assert_false(resume(coroutine));
	destroy(coroutine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coroutines_interleave),
		cmocka_unit_test(what_a_coroutine_leaves_entered_ends_with_it),
		cmocka_unit_test(tokens_of_others_change_nothing),
		cmocka_unit_test(a_coroutine_goes_on_on_another_thread),
		cmocka_unit_test(any_thread_goes_on_with_any_coroutine),
		cmocka_unit_test(memory_goes_back_to_those_who_enter),
		cmocka_unit_test(a_coroutine_may_be_abandoned),
#ifndef __SANITIZE_THREAD__
		cmocka_unit_test(a_thread_may_end_in_a_coroutine),
#endif
		cmocka_unit_test(errno_is_as_it_was),
	};

	return cmocka_run_group_tests_name("coroutine", tests, NULL, NULL);
}
