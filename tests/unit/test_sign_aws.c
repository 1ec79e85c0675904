/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/storage/sign/sign_aws against signatures that AWS has published: the examples in the
 * manual of S3, and its test suite for Signature Version 4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "storage/sign/sign_aws.h"
#include "storage/sign/sign_body.h"

#define MAY_24    1369353600 /* 20130524T000000Z, of the manual */
#define AUGUST_30 1440938160 /* 20150830T123600Z, of the test suite */

static const struct aws_key manual = { "AKIAIOSFODNN7EXAMPLE",
				       "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL };
static const struct aws_key suite = { "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
				      NULL };

static struct http_request request_of(const char *method, const char *origin, const char *path)
{
	return (struct http_request) { .method = method, .origin = origin, .path = strdup(path) };
}

static void assert_signature(struct http_request *request, const char *expected)
{
	const char *header = pairs_get(&request->headers, "Authorization");

	assert_non_null(header);
	assert_string_equal(strstr(header, "Signature=") + strlen("Signature="), expected);
	http_request_free(request);
}

/* With x-amz-content-sha256, as S3 demands. */
static void assert_manual(struct http_request *request, const char *expected)
{
	struct error error;

	assert_true(sign_body(request, &error));
	assert_true(sign_aws(request, &manual, "us-east-1", "s3", MAY_24));
	assert_signature(request, expected);
}

static void assert_suite(struct http_request *request, const char *expected)
{
	assert_true(sign_aws(request, &suite, "us-east-1", "service", AUGUST_30));
	assert_signature(request, expected);
}

static void get_of_a_range(void **state)
{
	struct http_request request =
		request_of("GET", "http://examplebucket.s3.amazonaws.com", "/test.txt");

	(void)state;
	pairs_set(&request.headers, "Range", "bytes=0-9");
	assert_manual(&request, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

static void put_of_an_object(void **state)
{
	struct http_request request =
		request_of("PUT", "http://examplebucket.s3.amazonaws.com", "/test%24file.text");

	(void)state;
	pairs_set(&request.headers, "Date", "Fri, 24 May 2013 00:00:00 GMT");
	pairs_set(&request.headers, "x-amz-storage-class", "REDUCED_REDUNDANCY");
	request.body = (struct http_body) { .data = "Welcome to Amazon S3.", .size = 21 };
	assert_manual(&request, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

static void parameter_without_a_value(void **state)
{
	struct http_request request =
		request_of("GET", "http://examplebucket.s3.amazonaws.com", "/");

	(void)state;
	pairs_add(&request.query, "lifecycle", "");
	assert_manual(&request, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

static void parameters_are_sorted(void **state)
{
	struct http_request request =
		request_of("GET", "http://examplebucket.s3.amazonaws.com", "/");

	(void)state;
	pairs_add(&request.query, "prefix", "J");
	pairs_add(&request.query, "max-keys", "2");
	assert_manual(&request, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

static void plain_get_of_the_suite(void **state)
{
	struct http_request request = request_of("GET", "https://example.amazonaws.com", "/");

	(void)state;
	assert_suite(&request, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

static void plain_post_of_the_suite(void **state)
{
	struct http_request request = request_of("POST", "https://example.amazonaws.com", "/");

	(void)state;
	assert_suite(&request, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
}

static void parameters_of_the_suite(void **state)
{
	struct http_request request = request_of("GET", "https://example.amazonaws.com", "/");

	(void)state;
	pairs_add(&request.query, "Param2", "value2");
	pairs_add(&request.query, "Param1", "value1");
	assert_suite(&request, "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

static void path_that_is_not_ascii(void **state)
{
	struct http_request request =
		request_of("GET", "https://example.amazonaws.com", "/%E1%88%B4");

	(void)state;
	assert_suite(&request, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
}

static void blanks_of_headers(void **state)
{
	struct http_request request = request_of("GET", "https://example.amazonaws.com", "/");

	(void)state;
	pairs_add(&request.headers, "My-Header1", " value1");
	pairs_add(&request.headers, "My-Header2", " \"a   b   c\"");
	assert_suite(&request, "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
}

static void headers_of_one_name(void **state)
{
	struct http_request request = request_of("GET", "https://example.amazonaws.com", "/");

	(void)state;
	pairs_add(&request.headers, "My-Header1", "value2");
	pairs_add(&request.headers, "My-Header1", "value2");
	pairs_add(&request.headers, "My-Header1", "value1");
	assert_suite(&request, "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
}

/* An attempt that is repeated is signed anew: the earlier signature is no part of it. */
static void signed_again(void **state)
{
	struct http_request request = request_of("GET", "https://example.amazonaws.com", "/");

	(void)state;
	assert_true(sign_aws(&request, &manual, "eu-west-1", "service", MAY_24));
	assert_suite(&request, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

static void body_by_tls_is_not_hashed(void **state)
{
	struct http_request request = request_of("PUT", "https://host", "/");
	struct error error;

	(void)state;
	request.body = (struct http_body) { .data = "x", .size = 1 };
	assert_true(sign_body(&request, &error));
	assert_string_equal(pairs_get(&request.headers, "x-amz-content-sha256"),
			    "UNSIGNED-PAYLOAD");
	http_request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(get_of_a_range),
		cmocka_unit_test(put_of_an_object),
		cmocka_unit_test(parameter_without_a_value),
		cmocka_unit_test(parameters_are_sorted),
		cmocka_unit_test(plain_get_of_the_suite),
		cmocka_unit_test(plain_post_of_the_suite),
		cmocka_unit_test(parameters_of_the_suite),
		cmocka_unit_test(path_that_is_not_ascii),
		cmocka_unit_test(blanks_of_headers),
		cmocka_unit_test(headers_of_one_name),
		cmocka_unit_test(signed_again),
		cmocka_unit_test(body_by_tls_is_not_hashed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
