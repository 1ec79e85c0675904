/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/scope_enter.c: every byte that a string can have, here and in a child, keys that are wrong
 * or there twice, and contexts that are too large by one byte (SPEC 2.9, 3.15).
 */
#include "shim_again.h"

/* Every byte but NUL. */
static const char *all_bytes(void)
{
	static char text[256];

	for (int i = 0; i < 255; i++)
		text[i] = (char)(i + 1);
	return text;
}

static const char *const hostile_texts[] = {
	"",
	" ",
	"\n",
	"=",
	".",
	"~",
	"~-",
	"-",
	"a~-b",
	"~00",
	"%00",
	"$(id)",
	"`id`",
	"'\"\\",
	/* overlong, a surrogate, cut off, beyond Unicode, and no UTF-8 at all */
	"\xc0\x80",
	"\xed\xa0\x80",
	"\xe2\x82",
	"\xf7\xbf\xbf\xbf",
	"\xff\xfe",
	"\x80",
	"\xef\xbb\xbf!",
	"g\xc3\xbcltig",
	"\xf0\x9f\xa6\x8b",
	"\x7f",
	"\x1b[31m",
};

#define TEXTS (sizeof(hostile_texts) / sizeof(*hostile_texts))

static void print_hex(const char *text)
{
	for (; *text; text++)
		printf("%02x", (unsigned char)*text);
	puts("");
}

/* In a child: everything that came along. */
static int say_all(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();
	const struct flyte_pair_list *lists[2] = { &context->custom_context, flyte_metadata() };

	print_hex(context->group ? context->group : "-");
	print_hex(context->action.name);
	print_hex(flyte_raw_data() ? flyte_raw_data()->path : "-");
	for (size_t list = 0; list < 2; list++)
		for (size_t i = 0; i < lists[list]->count; i++) {
			print_hex(lists[list]->items[i].key);
			print_hex(lists[list]->items[i].value);
		}
	return 0;
}

/* What say_all() prints is what we have ourselves. */
static void child_has_the_same(void)
{
	static char said[1 << 16], expected[1 << 16];
	int fds[2], saved = dup(1);

	again_says("say", said, sizeof(said));
	assert_int_equal(pipe(fds), 0);
	fflush(stdout);
	dup2(fds[1], 1);
	say_all();
	fflush(stdout);
	dup2(saved, 1);
	close(saved);
	close(fds[1]);
	read_all(fds[0], expected, sizeof(expected));
	assert_string_equal(said, expected);
}

static void every_byte_in_a_value(void **state)
{
	flyte_token token = enter("all", all_bytes());

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_string_equal(custom("all"), all_bytes());
	child_has_the_same();
	assert_int_equal(flyte_context_exit(token), 0);
}

static void every_byte_in_a_key(void **state)
{
	flyte_token token = enter(all_bytes(), "value");

	(void)state;
	assert_string_equal(custom(all_bytes()), "value");
	child_has_the_same();
	assert_int_equal(flyte_context_exit(token), 0);
}

static void every_byte_alone(void **state)
{
	char key[2] = "", value[2] = "";

	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		flyte_token token;

		key[0] = value[0] = (char)byte;
		token = enter(key, value);
		assert_true(token > FLYTE_TOKEN_NONE);
		assert_string_equal(custom(key), value);
		if (byte % 32 == 0)
			child_has_the_same();
		assert_int_equal(flyte_context_exit(token), 0);
	}
}

static void hostile_texts_everywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEXTS; i++) {
		const char *text = hostile_texts[i];
		struct flyte_pair pair = { "key", text };
		struct flyte_raw_data_path raw_data = { text, { text, "new" } };
		flyte_token outer = enter("value", text);

		if (!*text)
			memset(&raw_data.path_rewrite, 0, sizeof(raw_data.path_rewrite));
		assert_true(!*text || flyte_group_enter(text) > FLYTE_TOKEN_NONE);
		assert_true(flyte_new_metadata(&pair, 1) > FLYTE_TOKEN_NONE);
		assert_true(flyte_new_raw_data_path(&raw_data) > FLYTE_TOKEN_NONE);
		assert_true(!*text || enter(text, "as a key") > FLYTE_TOKEN_NONE);
		assert_string_equal(custom("value"), text);
		assert_string_equal(flyte_metadata()->items[0].value, text);
		assert_string_equal(flyte_raw_data()->path, text);
		child_has_the_same();
		assert_int_equal(flyte_context_exit(outer), 0);
	}
}

static void a_key_that_is_there_twice_is_there_once(void **state)
{
	const struct flyte_pair pairs[] = {
		{ "twice", "1" },     { "other", "x" }, { "twice", "2" },
		{ "increment", "3" }, { "twice", "4" }, { "Twice", "no" },
	};
	flyte_token token = flyte_custom_context_enter(pairs, 6);
	const struct flyte_pair_list *list = &flyte_ctx_get()->custom_context;

	(void)state;
	assert_int_equal(list->count, 4);
	assert_string_equal(list->items[0].key, "increment");
	assert_string_equal(list->items[0].value, "3");
	assert_string_equal(list->items[1].key, "twice");
	assert_string_equal(list->items[1].value, "4");
	assert_string_equal(list->items[2].key, "other");
	assert_string_equal(list->items[3].key, "Twice");
	child_has_the_same();
	assert_int_equal(flyte_context_exit(token), 0);
}

/* Whole or not at all, wherever the bad pair is. */
static void one_bad_pair_among_good_ones(void **state)
{
	static const struct flyte_pair bad[] = { { NULL, "v" }, { "", "v" }, { "k", NULL } };
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	for (size_t kind = 0; kind < 3; kind++)
		for (size_t place = 0; place < 5; place++) {
			struct flyte_pair pairs[5] = {
				{ "a", "1" }, { "b", "2" }, { "c", "3" }, { "d", "4" }, { "e", "5" }
			};

			pairs[place] = bad[kind];
			errno = 0;
			assert_int_equal(flyte_custom_context_enter(pairs, 5), 0);
			assert_int_equal(errno, EINVAL);
			errno = 0;
			assert_int_equal(flyte_new_metadata(pairs, 5), 0);
			assert_int_equal(errno, EINVAL);
			assert_ptr_equal(flyte_ctx_get(), before);
		}
}

static void no_pairs_at_all_are_a_scope_too(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();
	flyte_token token = flyte_custom_context_enter(NULL, 0);

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_ptr_not_equal(flyte_ctx_get(), before);
	assert_string_equal(custom("increment"), "1");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_ptr_equal(flyte_ctx_get(), before);
}

/* As many pairs as there is room for: the smallest ones, and then one more. */
static void as_many_pairs_as_fit(void **state)
{
	static char keys[16000][8];
	static struct flyte_pair pairs[16000];
	size_t low = 1000, high = 16000;
	flyte_token token;

	(void)state;
	for (int i = 0; i < 16000; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%x", i);
		pairs[i] = (struct flyte_pair) { keys[i], "" };
	}
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		errno = 0;
		token = flyte_custom_context_enter(pairs, middle);
		assert_true(token > FLYTE_TOKEN_NONE || errno == E2BIG);
		if (token)
			assert_int_equal(flyte_context_exit(token), 0);
		*(token ? &low : &high) = middle;
	}
	token = flyte_custom_context_enter(pairs, low);
	assert_int_equal(flyte_ctx_get()->custom_context.count, low + 1);
	for (size_t i = 0; i < low; i++)
		assert_ptr_equal(custom(keys[i]),
				 flyte_ctx_get()->custom_context.items[i + 1].value);
	assert_int_equal(flyte_context_exit(token), 0);
}

/* A count that no memory could hold is not multiplied into a small one. */
static void absurd_counts_are_refused(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	assert_int_equal(flyte_custom_context_enter(NULL, SIZE_MAX), 0);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_new_metadata(NULL, SIZE_MAX / 16 + 1), 0);
	assert_int_equal(errno, EINVAL);
	assert_ptr_equal(flyte_ctx_get(), before);
}

/* Values that others replace must not be counted against the limit. */
static void a_large_value_may_be_replaced_by_a_large_one(void **state)
{
	static char large[90001], other[90001];
	flyte_token outer, inner;

	(void)state;
	memset(large, 'a', 90000);
	memset(other, 'b', 90000);
	outer = enter("large", large);
	assert_true(outer > FLYTE_TOKEN_NONE);
	inner = enter("large", other);
	assert_true(inner > FLYTE_TOKEN_NONE);
	assert_string_equal(custom("large"), other);
	errno = 0;
	assert_int_equal(enter("second", large), 0);
	assert_int_equal(errno, E2BIG);
	assert_int_equal(flyte_context_exit(inner), 0);
	assert_string_equal(custom("large"), large);
	assert_int_equal(flyte_context_exit(outer), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_in_a_value),
		cmocka_unit_test(every_byte_in_a_key),
		cmocka_unit_test(every_byte_alone),
		cmocka_unit_test(hostile_texts_everywhere),
		cmocka_unit_test(a_key_that_is_there_twice_is_there_once),
		cmocka_unit_test(one_bad_pair_among_good_ones),
		cmocka_unit_test(no_pairs_at_all_are_a_scope_too),
		cmocka_unit_test(as_many_pairs_as_fit),
		cmocka_unit_test(absurd_counts_are_refused),
		cmocka_unit_test(a_large_value_may_be_replaced_by_a_large_one),
	};

	(void)argv;
	if (argc == 2)
		return say_all();
	return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
