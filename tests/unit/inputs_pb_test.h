/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inputs_pb_test - what the tests of inputs.pb share: messages, read into memory of exactly their
 * size.
 */
#ifndef FLYTECTX_INPUTS_PB_TEST_H
#define FLYTECTX_INPUTS_PB_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "context/inputs_pb.h"

/* A message as a C string, without the NUL that ends it. */
#define MESSAGE(text) (text), sizeof(text) - 1

/* A pair of one letter each: {a:"b"} as the contract has it. */
#define PAIR(key, value) "\x12\x06\x0a\x01" key "\x12\x01" value

/* In memory of exactly its size, so that a read past the end is seen by the sanitizers. */
static inline enum inputs_pb_error check(const char *data, size_t length,
					 struct inputs_pb_size *size)
{
	char *copy = malloc(length ? length : 1);
	enum inputs_pb_error error;

	assert_non_null(copy);
	if (length)
		memcpy(copy, data, length);
	error = inputs_pb_check(copy, length, size);
	free(copy);
	return error;
}

static inline void refused(const char *data, size_t length, enum inputs_pb_error expected)
{
	struct inputs_pb_size size;

	assert_int_equal(check(data, length, &size), expected);
}

/* A decoded context; `memory` is of exactly the size that the check asked for. */
struct decoded {
	struct context_pairs pairs;
	void *memory;
};

static inline struct decoded decode(const char *data, size_t length)
{
	struct decoded decoded;
	struct inputs_pb_size size;
	char *copy = malloc(length ? length : 1);

	assert_non_null(copy);
	if (length)
		memcpy(copy, data, length);
	assert_int_equal(inputs_pb_check(copy, length, &size), INPUTS_PB_OK);
	decoded.memory = malloc(size.memory ? size.memory : 1);
	inputs_pb_decode(copy, &size, decoded.memory, &decoded.pairs);
	free(copy); /* nothing points into the message */
	return decoded;
}

/* `expected`: "key=value;" for each pair, in order. */
static inline void decodes(const char *data, size_t length, const char *expected)
{
	struct decoded decoded = decode(data, length);
	char text[1024] = "";

	for (size_t i = 0; i < decoded.pairs.count; i++) {
		strcat(text, decoded.pairs.items[i].key);
		strcat(text, "=");
		strcat(text, decoded.pairs.items[i].value);
		strcat(text, ";");
	}
	assert_string_equal(text, expected);
	free(decoded.memory);
}

#endif
