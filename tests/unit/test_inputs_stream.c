/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/inputs_stream: an inputs.pb in pieces of any size is taken or refused as
 * inputs_pb_check() does it with the whole, and nothing but its context is kept (SPEC 5.8).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/inputs_stream.h"

#define PAIR(key, value) "\x12\x06\x0a\x01" key "\x12\x01" value

struct kept {
	char data[256];
	size_t size;
};

static void keep(void *argument, const void *data, size_t size)
{
	struct kept *kept = argument;

	assert_true(size <= sizeof(kept->data) - kept->size);
	memcpy(kept->data + kept->size, data, size);
	kept->size += size;
}

/* In pieces of this size, each in memory of its own. */
static enum inputs_pb_error stream_in(const char *data, size_t size, size_t piece,
				      struct kept *kept)
{
	struct inputs_stream stream = { .keep = keep, .argument = kept };

	kept->size = 0;
	while (size) {
		size_t next = size < piece ? size : piece;
		char *copy = malloc(next);
		enum inputs_pb_error error;

		assert_non_null(copy);
		memcpy(copy, data, next);
		error = inputs_stream_take(&stream, copy, next);
		free(copy);
		if (error != INPUTS_PB_OK)
			return error;
		data += next;
		size -= next;
	}
	return inputs_stream_end(&stream);
}

static const struct row {
	const char *message;
	size_t size;
	enum inputs_pb_error expected;
	const char *kept; /* the context alone */
	size_t kept_size;
} rows[] = {
#define ROW(message, error, kept)                                                                  \
	{                                                                                          \
		message, sizeof(message) - 1, error, kept, sizeof(kept) - 1                        \
	}
	ROW("", INPUTS_PB_OK, ""),
	ROW(PAIR("a", "b"), INPUTS_PB_OK, PAIR("a", "b")),
	ROW("\x0a\x03\xff\xff\xff" PAIR("a", "b") "\x0a\x00", INPUTS_PB_OK, PAIR("a", "b")),
	/* Literals look like a context inside; they are not looked at. */
	ROW("\x0a\x08" PAIR("x", "y") PAIR("a", "b"), INPUTS_PB_OK, PAIR("a", "b")),
	ROW("\x18\x96\x01\x19\1\2\3\4\5\6\7\x08\x1d\1\2\3\4" PAIR("a", "b"), INPUTS_PB_OK,
	    PAIR("a", "b")),
	/* A context in a group is none, and of another type neither. */
	ROW("\x1b\x12\x06xxxxxx\x23\x24\x1c" PAIR("a", "b"), INPUTS_PB_OK, PAIR("a", "b")),
	ROW("\x10\x01" PAIR("a", "b") "\x13\x14", INPUTS_PB_OK, PAIR("a", "b")),
	/* Numbers in more bytes than they need are written anew. */
	ROW("\x92\x00\x86\x80\x00\x0a\x01"
	    "a\x12\x01"
	    "b",
	    INPUTS_PB_OK, PAIR("a", "b")),
	ROW("\x12\x00", INPUTS_PB_OK, "\x12\x00"),
	ROW("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", INPUTS_PB_OK, ""),
	ROW("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", INPUTS_PB_BAD_VARINT, ""),
	ROW("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", INPUTS_PB_BAD_VARINT, ""),
	ROW("\x02\x00", INPUTS_PB_BAD_FIELD, ""),
	ROW("\x80\x80\x80\x80\x10\x01", INPUTS_PB_BAD_FIELD, ""),
	ROW("\x1e\x00", INPUTS_PB_BAD_TYPE, ""),
	ROW("\x1f\x00", INPUTS_PB_BAD_TYPE, ""),
	ROW("\x1b\x24", INPUTS_PB_BAD_GROUP, ""),
	ROW("\x1c", INPUTS_PB_BAD_GROUP, ""),
	ROW("\x1b", INPUTS_PB_TRUNCATED, ""),
	ROW("\x1b\x1c", INPUTS_PB_OK, ""),
	ROW("\x18", INPUTS_PB_TRUNCATED, ""),
	ROW("\x18\x80", INPUTS_PB_TRUNCATED, ""),
	ROW("\x19\1\2\3\4\5\6\7", INPUTS_PB_TRUNCATED, ""),
	ROW("\x12", INPUTS_PB_TRUNCATED, ""),
	ROW("\x12\x07\x0a\x01", INPUTS_PB_TRUNCATED, "\x12\x07\x0a\x01"),
	ROW("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", INPUTS_PB_TRUNCATED, ""),
#undef ROW
};

static void in_pieces_of_any_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t piece = 1; piece <= rows[i].size + 1; piece++) {
			struct kept kept;

			assert_int_equal(stream_in(rows[i].message, rows[i].size, piece, &kept),
					 rows[i].expected);
			assert_int_equal(kept.size, rows[i].kept_size);
			assert_memory_equal(kept.data, rows[i].kept, kept.size);
		}
}

static void as_the_whole_is_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct inputs_pb_size size;
		enum inputs_pb_error error = inputs_pb_check(rows[i].message, rows[i].size, &size);

		/* A key that is empty is found by who looks into the context. */
		if (error != INPUTS_PB_EMPTY_KEY)
			assert_int_equal(error, rows[i].expected);
	}
}

static void long_pairs_have_long_heads(void **state)
{
	static const char message[] = "\x12\x84\x01\x0a\x01k\x12\x7f";
	char whole[sizeof(message) - 1 + 127];
	struct kept kept;

	(void)state;
	memcpy(whole, message, sizeof(message) - 1);
	memset(whole + sizeof(message) - 1, 'v', 127);
	for (size_t piece = 1; piece < sizeof(whole); piece++) {
		assert_int_equal(stream_in(whole, sizeof(whole), piece, &kept), INPUTS_PB_OK);
		assert_int_equal(kept.size, sizeof(whole));
		assert_memory_equal(kept.data, whole, sizeof(whole));
	}
}

static void groups_nest_to_a_depth(void **state)
{
	char message[2 * INPUTS_PB_DEPTH + 2];
	struct kept kept;

	(void)state;
	memset(message, 0x1b, sizeof(message) / 2);
	memset(message + sizeof(message) / 2, 0x1c, sizeof(message) / 2);
	assert_int_equal(stream_in(message, sizeof(message), 7, &kept), INPUTS_PB_TOO_DEEP);
	assert_int_equal(stream_in(message + 1, sizeof(message) - 2, 7, &kept), INPUTS_PB_OK);
	assert_int_equal(stream_in(message + 1, sizeof(message) - 1, 7, &kept),
			 INPUTS_PB_BAD_GROUP);
}

/* 3 GiB of literals, in pieces: no byte of them is kept, and none is lost count of. */
static void literals_of_any_size_go_by(void **state)
{
	static char piece[1 << 20];
	struct kept kept = { .size = 0 };
	struct inputs_stream stream = { .keep = keep, .argument = &kept };

	(void)state;
	assert_int_equal(inputs_stream_take(&stream, "\x0a\x80\x80\x80\x80\x0c", 6), INPUTS_PB_OK);
	for (int i = 0; i < 3 << 10; i++)
		assert_int_equal(inputs_stream_take(&stream, piece, sizeof(piece)), INPUTS_PB_OK);
	assert_int_equal(kept.size, 0);
	assert_int_equal(inputs_stream_take(&stream, PAIR("a", "b"), 8), INPUTS_PB_OK);
	assert_int_equal(inputs_stream_end(&stream), INPUTS_PB_OK);
	assert_int_equal(kept.size, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_pieces_of_any_size),
		cmocka_unit_test(as_the_whole_is_checked),
		cmocka_unit_test(long_pairs_have_long_heads),
		cmocka_unit_test(groups_nest_to_a_depth),
		cmocka_unit_test(literals_of_any_size_go_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
