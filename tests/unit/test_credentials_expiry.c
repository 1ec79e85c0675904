/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When credentials expire (SPEC 4.13): each source that says a time says it as RFC 3339, with
 * whatever offset its machine has. One that was read as UTC, or as "never", was not renewed in
 * time.
 */
#include "local/timestamp.h"
#include "storage/credentials/credentials_aws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* 2026-11-23T02:38:22Z */
#define MOMENT ((time_t)1795401502)

static const char *const same_moment[] = {
	"2026-11-23T02:38:22Z",           "2026-11-23T04:38:22+02:00",
	"2026-11-22T21:38:22-05:00",      "2026-11-23T11:38:22+09:00",
	"2026-11-23T08:23:22+05:45",      "2026-11-22T18:08:22-08:30",
	"2026-11-23T02:38:22.999999999Z", "2026-11-23T04:38:22.5+02:00",
	"2026-11-23T02:38:22+00:00",      "2026-11-23T02:38:22",
};

static void test_seconds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(same_moment) / sizeof(*same_moment); i++)
		if (timestamp_seconds(same_moment[i]) != MOMENT)
			fail_msg("%s is %lld", same_moment[i],
				 (long long)timestamp_seconds(same_moment[i]));
}

static void test_no_time(void **state)
{
	static const char *const wrong[] = {
		"", "soon", "2026-11-23", "2026-11-23T02:38:22+2", "2026-11-23T02:38:22 CET",
	};

	(void)state;
	assert_int_equal(timestamp_seconds(NULL), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(timestamp_seconds(wrong[i]), 0);
}

/* As credential_process, containers and instances answer. */
static void test_answers(void **state)
{
	char answer[256];

	(void)state;
	for (size_t i = 0; i < sizeof(same_moment) / sizeof(*same_moment); i++) {
		struct credentials credentials = { 0 };
		struct error error;

		snprintf(answer, sizeof(answer),
			 "{\"AccessKeyId\":\"i\",\"SecretAccessKey\":\"s\",\"Expiration\":\"%s\"}",
			 same_moment[i]);
		assert_int_equal(credentials_aws_from_json(&credentials, "test", answer,
							   strlen(answer), &error),
				 CREDENTIALS_FOUND);
		assert_int_equal(credentials.expires, MOMENT);
		credentials_free(&credentials);
	}
}

static int asked;

/* Good for a minute, which is inside the margin: asked for again at each use. */
static enum credentials_result source(struct credentials *credentials, struct error *error)
{
	time_t now = time(NULL) + 60, there = now - 5 * 3600;
	char answer[256], text[64];
	struct tm fields;

	asked++;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S-05:00", gmtime_r(&there, &fields));
	snprintf(answer, sizeof(answer),
		 "{\"AccessKeyId\":\"i\",\"SecretAccessKey\":\"s\",\"Expiration\":\"%s\"}", text);
	return credentials_aws_from_json(credentials, "test", answer, strlen(answer), error);
}

static void test_renewal(void **state)
{
	static credentials_source *const sources[] = { source };
	static const struct credentials_chain chain = { "test", "a test", sources, 1 };
	struct credentials kept = { 0 };
	struct error error;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(credentials_keep(&kept, &chain, &error));
	assert_int_equal(asked, 3);
	kept.expires = 0;
	assert_true(credentials_keep(&kept, &chain, &error));
	assert_int_equal(asked, 3);
	credentials_free(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_no_time),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_renewal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
