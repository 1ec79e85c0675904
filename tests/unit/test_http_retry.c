/* SPDX-License-Identifier: Apache-2.0 */
/* Holds core/storage/http/http_retry: what is asked again, and after how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "storage/http/http_retry.h"

static void busy_and_broken_stores_are_asked_again(void **state)
{
	const long again[] = { 408, 429, 500, 502, 503, 504 };
	const long never[] = { 200, 206, 301, 400, 401, 403, 404, 405, 409, 412, 416, 501 };

	(void)state;
	for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++)
		assert_true(http_retry_status(again[i]));
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		assert_false(http_retry_status(never[i]));
}

static void networks_are_asked_again_and_ourselves_not(void **state)
{
	(void)state;
	assert_true(http_retry_curl(CURLE_COULDNT_CONNECT));
	assert_true(http_retry_curl(CURLE_RECV_ERROR));
	assert_true(http_retry_curl(CURLE_PARTIAL_FILE));
	assert_true(http_retry_curl(CURLE_OPERATION_TIMEDOUT));
	assert_false(http_retry_curl(CURLE_PEER_FAILED_VERIFICATION));
	assert_false(http_retry_curl(CURLE_WRITE_ERROR));
	assert_false(http_retry_curl(CURLE_ABORTED_BY_CALLBACK));
	assert_false(http_retry_curl(CURLE_OUT_OF_MEMORY));
}

static void pauses_double_up_to_a_bound(void **state)
{
	(void)state;
	assert_int_equal(http_retry_pause(1, 0.5, 1.0), 500);
	assert_int_equal(http_retry_pause(2, 0.5, 1.0), 1000);
	assert_int_equal(http_retry_pause(3, 0.5, 1.0), 2000);
	assert_int_equal(http_retry_pause(9, 0.5, 1.0), HTTP_RETRY_PAUSE_MAX);
	assert_int_equal(http_retry_pause(1000, 5, 1.0), HTTP_RETRY_PAUSE_MAX);
}

static void jitter_is_full(void **state)
{
	(void)state;
	assert_int_equal(http_retry_pause(3, 0.5, 0.0), 0);
	assert_int_equal(http_retry_pause(3, 0.5, 0.5), 1000);
}

static void retry_after_is_seconds_or_a_date(void **state)
{
	(void)state;
	assert_int_equal(http_retry_after("120", 0), 120000);
	assert_int_equal(http_retry_after("0", 0), 0);
	assert_int_equal(http_retry_after("Fri, 31 Dec 1999 23:59:59 GMT", 946684789), 10000);
	assert_int_equal(http_retry_after("Fri, 31 Dec 1999 23:59:59 GMT", 946684800), 0);
	assert_int_equal(http_retry_after("soon", 0), 0);
	assert_int_equal(http_retry_after("12 parsecs", 0), 0);
	assert_int_equal(http_retry_after(NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(busy_and_broken_stores_are_asked_again),
		cmocka_unit_test(networks_are_asked_again_and_ourselves_not),
		cmocka_unit_test(pauses_double_up_to_a_bound),
		cmocka_unit_test(jitter_is_full),
		cmocka_unit_test(retry_after_is_seconds_or_a_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
