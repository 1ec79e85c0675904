/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/md5: RFC 1321, at every length around the block and its padding (SPEC 1.6: the
 * names of sub-actions are the SDK's). The sums that are not the RFC's are from Python's hashlib.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/md5.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static void to_hex(const unsigned char digest[MD5_SIZE], char hex[2 * MD5_SIZE + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < MD5_SIZE; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[2 * MD5_SIZE] = '\0';
}

static void sum(const char *text, size_t length, unsigned char digest[MD5_SIZE])
{
	struct md5 md5;

	md5_begin(&md5);
	md5_add(&md5, text, length);
	md5_end(&md5, digest);
}

static void assert_sum(const char *text, size_t length, const char *expected)
{
	unsigned char digest[MD5_SIZE];
	char hex[2 * MD5_SIZE + 1];

	sum(text, length, digest);
	to_hex(digest, hex);
	assert_string_equal(hex, expected);
}

/* Bytes that differ from their neighbours, 0 and 255 among them. The caller frees them. */
static char *pattern(size_t length)
{
	char *bytes = malloc(length + !length);

	assert_non_null(bytes);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(unsigned char)(i * 7 + 3);
	return bytes;
}

static void the_sums_of_the_rfc(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ "a", "0cc175b9c0f1b6a831c399e269772661" },
		{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
		{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
		{ "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b" },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
		  "d174ab98d277d9f5a5611c2c9f419d9f" },
		{ "1234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  "0",
		  "57edf4a22be3c955ac49da2e2107b67a" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_sum(rows[i].text, strlen(rows[i].text), rows[i].expected);
}

/* The padding goes into a second block from 56 bytes on, and again from 120. */
static void lengths_around_a_block(void **state)
{
	static const struct {
		size_t length;
		const char *expected;
	} rows[] = {
		{ 1, "8666683506aacd900bbd5a74ac4edf68" },
		{ 54, "eb5acae65a800805a13648f23dea0327" },
		{ 55, "52c0e574e1198de5fe3f8f11440dcb1b" },
		{ 56, "46c9907fc908ee68b1e7b8e71286a518" },
		{ 57, "1c805dd236c35cab25fcb1bc73802c51" },
		{ 63, "a62f6d59e837867693f042f5b8f5a236" },
		{ 64, "7160b8fb5e9e4023d549c3971fbaeead" },
		{ 65, "70bd662e7aefbda85a0f7244167b7897" },
		{ 119, "e84905d4214f4d1ca56c2cdcc152b143" },
		{ 120, "e3eb5a6c8669ea01a8c185b8abc8a5dc" },
		{ 121, "82f02aff7c685d5ef5f6abdfc38fd04f" },
		{ 127, "acce2474d6cc8302120d09c818d17ef7" },
		{ 128, "10b2da1a82f16d99a81a7203fe9f02cb" },
		{ 129, "03fefbbcebe2959cf2270241aafe0250" },
		{ 1000, "10046f077f2082ac19676b8079f1cb1a" },
		{ 65591, "d7e19753b1a2bf2acd6a43de2def1500" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char *bytes = pattern(rows[i].length);

		assert_sum(bytes, rows[i].length, rows[i].expected);
		free(bytes);
	}
}

/* The sum of all their sums: one that is wrong is seen. */
static void every_length_up_to_a_thousand(void **state)
{
	unsigned char *digests = malloc((size_t)1001 * MD5_SIZE);

	(void)state;
	assert_non_null(digests);
	for (size_t length = 0; length <= 1000; length++) {
		char *bytes = pattern(length);

		sum(bytes, length, digests + length * MD5_SIZE);
		free(bytes);
	}
	assert_sum((char *)digests, (size_t)1001 * MD5_SIZE, "b25edc672f87d2c31c836cdc790e3c8c");
	free(digests);
}

static void what_comes_in_pieces_is_the_same(void **state)
{
	char *bytes = pattern(300);
	unsigned char whole[MD5_SIZE], pieces[MD5_SIZE];

	(void)state;
	sum(bytes, 300, whole);
	for (size_t size = 1; size <= 130; size++) {
		struct md5 md5;

		md5_begin(&md5);
		for (size_t at = 0; at < 300; at += size)
			md5_add(&md5, bytes + at, size < 300 - at ? size : 300 - at);
		md5_add(&md5, bytes, 0);
		md5_end(&md5, pieces);
		assert_memory_equal(pieces, whole, MD5_SIZE);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sums_of_the_rfc),
		cmocka_unit_test(lengths_around_a_block),
		cmocka_unit_test(every_length_up_to_a_thousand),
		cmocka_unit_test(what_comes_in_pieces_is_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
