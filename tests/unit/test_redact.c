/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/local/redact: what a message shows of a URL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "local/redact.h"

static void assert_redacted(const char *text, const char *expected)
{
	char shown[256];

	redact(shown, sizeof(shown), text);
	assert_string_equal(shown, expected);
}

static void passwords_are_not_shown(void **state)
{
	(void)state;
	assert_redacted("https://user:secret@host/path: no", "https://user:***@host/path: no");
	assert_redacted("s3://KEY:SECRET@bucket/key", "s3://KEY:***@bucket/key");
	assert_redacted("s3://KEY:SE/CR+ET@bucket/key", "s3://KEY:***@bucket/key");
	assert_redacted("https://user:p@ss@host", "https://user:***@host");
	assert_redacted("https://user:1234@host", "https://user:***@host");
	assert_redacted("https://:s@host", "https://:***@host");
	assert_redacted("https://user:@host", "https://user:***@host");
	assert_redacted("'http://a:b@c' and 'ftp://d:e@f/g'",
			"'http://a:***@c' and 'ftp://d:***@f/g'");
}

static void signatures_are_not_shown(void **state)
{
	(void)state;
	assert_redacted("abfs://c/k?sv=1&sig=a%2Bb&se=2: no", "abfs://c/k?sv=1&sig=***&se=2: no");
	assert_redacted("'https://h/k?X-Amz-Signature=1f' no",
			"'https://h/k?X-Amz-Signature=***' no");
	assert_redacted("s3://me:a@h/?x-amz-security-token=b",
			"s3://me:***@h/?x-amz-security-token=***");
	assert_redacted("https://h/?sig=b and http://me:a@h",
			"https://h/?sig=*** and http://me:***@h");
	assert_redacted("a=1;AccountKey=b==;c=2", "a=1;AccountKey=***;c=2");
}

static void all_else_is_shown(void **state)
{
	static const char *const texts[] = {
		"",
		"://",
		"http://host:9000/a@b",
		"http://host:9000: mail a@b",
		"http://[::1]:9000/a@b",
		"abfs://container@account/key",
		"https://user@host/a:b",
		"s3://bucket/a:b@c",
		"s3://bucket:x/key: it is not there",
		"/a:b@c",
		"s3://bucket/key?version=1&part=2;x",
		"?&;=",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_redacted(texts[i], texts[i]);
}

static void what_is_redacted_is_cut(void **state)
{
	char shown[12];

	(void)state;
	redact(shown, sizeof(shown), "a://b:c@d/efgh");
	assert_string_equal(shown, "a://b:***@d");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_are_not_shown),
		cmocka_unit_test(signatures_are_not_shown),
		cmocka_unit_test(all_else_is_shown),
		cmocka_unit_test(what_is_redacted_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
