/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message queues whose notification is a call (SPEC 3.3): the callback has the context of its
 * registration.
 */
#include "callback_test.h"

static void a_queue_has_the_context_of_its_registration(void **state)
{
	mqd_t queue = open_queue();

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(queue, "queue", look), 0);
		errno = 0;
		assert_int_equal(ask(queue, "refused", look), -1);
		assert_int_equal(errno, EBUSY);
		send_and_receive(queue);
		expect_callback("queue");
		send_and_receive(queue); /* it notifies once */
	}
	assert_int_equal(ask(queue, "first", look), 0);
	assert_int_equal(mq_notify(queue, NULL), 0);
	send_and_receive(queue);
	assert_int_equal(ask(queue, "second", look), 0);
	send_and_receive(queue);
	expect_callback("second");
	assert_int_equal(mq_close(queue), 0);
	assert_int_equal(sem_trywait(&came), -1);
}

static mqd_t asked_again;

static void ask_again(union sigval key)
{
	struct sigevent event = call(look, key.sival_ptr);

	enter("scope", "again");
	if (mq_notify(asked_again, &event) == 0)
		sem_post(&came);
}

static void a_callback_may_register_the_next(void **state)
{
	(void)state;
	asked_again = open_queue();
	assert_int_equal(ask(asked_again, "once", ask_again), 0);
	send_and_receive(asked_again);
	sem_wait(&came);
	send_and_receive(asked_again);
	expect_callback("again");
	assert_int_equal(mq_close(asked_again), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_queue_has_the_context_of_its_registration),
		cmocka_unit_test(a_callback_may_register_the_next),
	};

#ifdef __SANITIZE_THREAD__
	puts("1..1\nok 1 - callback # SKIP ThreadSanitizer crashes in threads that libc makes "
	     "itself; test_callback_races has others");
	return 0;
#endif
	return cmocka_run_group_tests_name("callback_queue", tests, set_up, tear_down);
}
