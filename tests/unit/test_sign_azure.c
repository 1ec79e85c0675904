/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/storage/sign/sign_azure: the text to sign is that of Microsoft's manual for Shared Key
 * ("Get Container Metadata"), under the key that is published for the emulator.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "storage/sign/digest.h"
#include "storage/sign/sign_azure.h"

#define KEY                                                                                        \
	"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

/* Fri, 26 Jun 2015 23:39:12 GMT, as in the manual */
#define JUNE_26 1435361952

static void assert_signed(struct http_request *request, const char *text)
{
	struct buffer secret = { 0 }, expected = { 0 };
	unsigned char hash[DIGEST_SHA256];

	assert_true(digest_from_base64(&secret, KEY));
	assert_true(digest_hmac(hash, secret.data, secret.length, text, strlen(text)));
	buffer_text(&expected, "SharedKey myaccount:");
	digest_base64(&expected, hash, sizeof(hash));
	assert_true(sign_azure(request, "myaccount", KEY, JUNE_26));
	assert_string_equal(pairs_get(&request->headers, "Authorization"), expected.data);
	buffer_free(&secret);
	buffer_free(&expected);
	http_request_free(request);
}

static void example_of_the_manual(void **state)
{
	struct http_request request = { .method = "GET", .path = strdup("/mycontainer") };

	(void)state;
	pairs_set(&request.headers, "x-ms-version", "2015-02-21");
	pairs_add(&request.query, "timeout", "20");
	pairs_add(&request.query, "restype", "container");
	pairs_add(&request.query, "comp", "metadata");
	assert_signed(&request,
		      "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\n"
		      "x-ms-version:2015-02-21\n/myaccount/mycontainer\ncomp:metadata\n"
		      "restype:container\ntimeout:20");
}

static void headers_with_a_line_of_their_own(void **state)
{
	struct http_request request = { .method = "PUT", .path = strdup("/c/a%20b") };

	(void)state;
	pairs_set(&request.headers, "If-Match", "\"0x1\"");
	pairs_set(&request.headers, "Range", "bytes=0-9");
	pairs_set(&request.headers, "Content-Type", "text/plain");
	pairs_set(&request.headers, "x-ms-blob-type", "BlockBlob");
	request.body = (struct http_body) { .data = "four", .size = 4 };
	assert_signed(&request,
		      "PUT\n\n\n4\n\ntext/plain\n\n\n\"0x1\"\n\n\nbytes=0-9\n"
		      "x-ms-blob-type:BlockBlob\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\n"
		      "/myaccount/c/a%20b");
}

static void no_key(void **state)
{
	struct http_request request = { .method = "GET", .path = strdup("/") };

	(void)state;
	assert_false(sign_azure(&request, "myaccount", "no base64", JUNE_26));
	assert_null(pairs_get(&request.headers, "Authorization"));
	http_request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_of_the_manual),
		cmocka_unit_test(headers_with_a_line_of_their_own),
		cmocka_unit_test(no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
