/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds what the stores are spoken to with: core/storage/http/url, xml, http_header and
 * core/storage/sign/digest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "storage/sign/digest.h"
#include "storage/http/http_header.h"
#include "storage/http/url.h"
#include "storage/http/xml.h"

static void assert_escaped(const char *text, const char *keep, const char *expected)
{
	struct buffer out = { 0 };

	url_escape(&out, text, keep);
	assert_string_equal(buffer_string(&out), expected);
	buffer_free(&out);
}

static void unreserved_bytes_stay(void **state)
{
	(void)state;
	assert_escaped("aZ09-._~", "", "aZ09-._~");
	assert_escaped("a/b c+d\xc3\xa9%", "/", "a/b%20c%2Bd%C3%A9%25");
	assert_escaped("a/b", "", "a%2Fb");
	assert_escaped("", "", "");
}

static void queries_are_sorted_by_what_is_sent(void **state)
{
	struct pairs query = { 0 };
	struct buffer out = { 0 };

	(void)state;
	pairs_add(&query, "b", "2");
	pairs_add(&query, "a-", "x");
	pairs_add(&query, "a", "");
	pairs_add(&query, "\xe1", "y");
	url_query(&out, &query);
	assert_string_equal(out.data, "%E1=y&a=&a-=x&b=2");
	buffer_free(&out);
	pairs_free(&query);
}

static void urls_have_parts(void **state)
{
	struct url url;

	(void)state;
	assert_true(url_parse_base(&url, "http://127.0.0.1:9000/base/?a=%2F&b"));
	assert_string_equal(url.origin, "http://127.0.0.1:9000");
	assert_string_equal(url.path, "/base");
	assert_string_equal(pairs_get(&url.query, "a"), "/");
	assert_string_equal(pairs_get(&url.query, "b"), "");
	assert_true(url_is_loopback(&url));
	assert_false(url.secure);
	url_free(&url);
	assert_true(url_parse(&url, "https://[fd00:ec2::23]/v1/"));
	assert_string_equal(url.host, "[fd00:ec2::23]");
	assert_string_equal(url.path, "/v1/");
	assert_false(url_is_loopback(&url));
	url_free(&url);
	assert_false(url_parse(&url, "ftp://host/"));
	assert_false(url_parse(&url, "host"));
	assert_false(url_parse(&url, ""));
}

/* A host's name may begin with the digits of an address. curl writes numbers in the usual form. */
static void only_this_machine_is_loopback(void **state)
{
	static const struct {
		const char *address;
		bool is_loopback;
	} rows[] = {
		{ "http://127.0.0.1/", true },
		{ "http://127.1.2.3:80/", true },
		{ "http://localhost/", true },
		{ "http://LOCALHOST/", true },
		{ "http://[::1]/", true },
		{ "http://[0:0:0:0:0:0:0:1]:80/", true },
		{ "http://0x7f.1/", true },
		{ "http://127.evil.com/", false },
		{ "http://127.0.0.1.evil.com/", false },
		{ "http://127.0.0.1@evil.com/", false },
		{ "http://localhost.evil.com/", false },
		{ "http://localhostess/", false },
		{ "http://128.0.0.1/", false },
		{ "http://0.0.0.0/", false },
		{ "http://[::2]/", false },
		{ "http://[::ffff:10.0.0.1]/", false },
		{ "http://[fe80::1%25lo]/", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct url url;

		if (!url_parse(&url, rows[i].address))
			fail_msg("%s is no URL", rows[i].address);
		if (url_is_loopback(&url) != rows[i].is_loopback)
			fail_msg("%s, host %s", rows[i].address, url.host);
		url_free(&url);
	}
}

static void assert_xml(const char *document, const char *path, const char *expected)
{
	char *text = xml_text(document, strlen(document), path);

	if (expected)
		assert_string_equal(text, expected);
	else
		assert_null(text);
	free(text);
}

static void xml_is_read_whole(void **state)
{
	static const char error[] =
		"<?xml version='1.0'?><Error xmlns='x'><Code> Slow&amp;Down\n</Code>"
		"<a><Message>in &lt;a&gt;</Message></a><Message>out</Message></Error>";

	(void)state;
	assert_xml(error, "Error/Code", "Slow&Down");
	assert_xml(error, "Message", "in <a>");
	assert_xml(error, "Error/Message", "out");
	assert_xml(error, "Code/Error", NULL);
	assert_xml("<Error><Code>cut</Code>", "Code", NULL);
	assert_xml("no xml", "Code", NULL);
	assert_xml("", "Code", NULL);
	assert_xml("<n:E xmlns:n='u'><n:Code>x</n:Code></n:E>", "E/Code", "x");
	assert_xml("<!DOCTYPE E [<!ENTITY a 'b'>]><E><Code>&a;</Code></E>", "Code", NULL);
}

static void base64_goes_both_ways(void **state)
{
	static const char *const texts[] = { "", "f", "fo", "foo", "foob" };
	static const char *const encoded[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==" };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct buffer out = { 0 }, back = { 0 };

		digest_base64(&out, texts[i], strlen(texts[i]));
		assert_string_equal(buffer_string(&out), encoded[i]);
		assert_true(digest_from_base64(&back, encoded[i]));
		assert_string_equal(buffer_string(&back), texts[i]);
		buffer_free(&out);
		buffer_free(&back);
	}
}

static void base64_of_tokens(void **state)
{
	struct buffer out = { 0 }, wrong = { 0 };

	(void)state;
	digest_base64url(&out, "\xfb\xff\xfe\xff", 4);
	assert_string_equal(out.data, "-__-_w");
	assert_false(digest_from_base64(&wrong, "abc"));
	assert_false(digest_from_base64(&wrong, "ab%="));
	buffer_free(&out);
	buffer_free(&wrong);
}

static void names_of_headers_have_no_case(void **state)
{
	struct pairs pairs = { 0 };

	(void)state;
	pairs_set(&pairs, "ETag", "1");
	pairs_set(&pairs, "etag", "2");
	assert_int_equal(pairs.count, 1);
	assert_string_equal(pairs_get(&pairs, "ETAG"), "2");
	pairs_free(&pairs);
}

static void assert_header(const char *line, size_t size, const char *name, const char *value)
{
	char *copy = malloc(size);
	struct pairs headers = { 0 };

	memcpy(copy, line, size);
	assert_true(http_header_add(&headers, copy, size));
	if (value)
		assert_string_equal(pairs_get(&headers, name), value);
	else
		assert_int_equal(headers.count, 0);
	pairs_free(&headers);
	free(copy);
}

static void headers_of_any_bytes(void **state)
{
	char ends_late[4000] = "name:";

	(void)state;
	assert_header("ETag:  \"x y\" \r\n", 15, "etag", "\"x y\"");
	assert_header("a:", 2, "a", "");
	assert_header("a: \r\n", 5, "a", "");
	assert_header("HTTP/1.1 200 OK\r\n", 17, "a", NULL);
	assert_header("\r\n", 2, "a", NULL);
	/* Nothing is written where the line goes on behind a NUL. */
	memset(ends_late + 6, 'x', sizeof(ends_late) - 8);
	memcpy(ends_late + sizeof(ends_late) - 2, "\r\n", 2);
	assert_header(ends_late, sizeof(ends_late), "name", "");
}

static void ranges(void **state)
{
	static const char *const wrong[] = {
		"bytes 0-9",   "bytes 0-9/-1", "bytes 0-9/12x",  "bytes 0-9/99999999999999999999",
		"0-9/10",      "bytes 9-0/10", "bytes 0-9/9",    "bytes -1-9/10",
		"bytes 0-9/ ", "bytes */10",   "bytes 0x0-9/10", "",
	};
	struct http_range range;
	uint64_t total = 0;

	(void)state;
	assert_true(http_header_range("bytes 5-9/1234", &range));
	assert_int_equal(range.start, 5);
	assert_int_equal(range.end, 9);
	assert_true(range.has_total);
	assert_int_equal(range.total, 1234);
	assert_true(http_header_range("bytes 0-9/*", &range));
	assert_false(range.has_total);
	assert_false(http_header_range(NULL, &range));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (http_header_range(wrong[i], &range))
			fail_msg("'%s'", wrong[i]);
	assert_true(http_header_unsatisfied("bytes */7", &total));
	assert_int_equal(total, 7);
	assert_false(http_header_unsatisfied("bytes 0-6/7", &total));
}

static void tags(void **state)
{
	(void)state;
	assert_true(http_header_same_tag("\"a\"", "\"a\""));
	assert_true(http_header_same_tag("W/\"a\"", "\"a\""));
	assert_true(http_header_same_tag("a", "\"a\""));
	assert_false(http_header_same_tag("\"a\"", "\"b\""));
	assert_false(http_header_same_tag("\"a\"", "\"ab\""));
	assert_false(http_header_same_tag("", "\"a\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_any_bytes),
		cmocka_unit_test(ranges),
		cmocka_unit_test(tags),
		cmocka_unit_test(unreserved_bytes_stay),
		cmocka_unit_test(queries_are_sorted_by_what_is_sent),
		cmocka_unit_test(urls_have_parts),
		cmocka_unit_test(only_this_machine_is_loopback),
		cmocka_unit_test(xml_is_read_whole),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(base64_of_tokens),
		cmocka_unit_test(names_of_headers_have_no_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
