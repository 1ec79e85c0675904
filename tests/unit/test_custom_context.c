/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/context: the ordered map of the custom context (SPEC 2.1), with few pairs
 * (searched) and with many (indexed).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "context/context.h"

#define RESERVED_KEY "_u_kickoff_time_input_arg"

/* A custom context of `capacity` pairs at most, in memory of exactly that size. */
struct map {
	struct context_pairs pairs;
	void *items, *index;
};

static struct map map_new(size_t capacity)
{
	struct map map;
	size_t index_size = context_index_size(capacity);

	map.items = malloc(capacity * sizeof(struct flyte_pair));
	map.index = index_size ? malloc(index_size) : NULL;
	context_pairs_begin(&map.pairs, map.items, map.index, capacity);
	return map;
}

static void map_free(struct map *map)
{
	free(map->items);
	free(map->index);
}

static void put(struct map *map, const char *key, const char *value)
{
	context_pairs_put(&map->pairs, (struct flyte_pair) { key, value });
}

static struct context context_of(const struct map *map)
{
	struct context context = { 0 };

	context_set_pairs(&context, &map->pairs);
	return context;
}

struct key {
	char text[24];
};

/* `count` different keys, in one piece; the caller frees it. */
static struct key *many_keys(size_t count)
{
	struct key *keys = malloc(count * sizeof(*keys));

	assert_non_null(keys);
	for (size_t i = 0; i < count; i++)
		snprintf(keys[i].text, sizeof(keys[i].text), "k%zu", i);
	return keys;
}

static void an_empty_map_has_no_key(void **state)
{
	struct context context = { 0 };

	(void)state;
	assert_null(context_lookup(&context, "increment"));
	assert_null(context_lookup(&context, ""));
}

static void pairs_keep_the_order_of_insertion(void **state)
{
	struct map map = map_new(3);

	(void)state;
	put(&map, "z", "1");
	put(&map, "a", "2");
	put(&map, "m", "3");
	assert_int_equal(map.pairs.count, 3);
	assert_string_equal(map.pairs.items[0].key, "z");
	assert_string_equal(map.pairs.items[1].key, "a");
	assert_string_equal(map.pairs.items[2].key, "m");
	map_free(&map);
}

/* SPEC 2.1: given wins */
static void a_key_put_twice_has_the_last_value_at_the_first_place(void **state)
{
	static const size_t capacities[] = { 4, 100 }; /* searched, indexed */

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct map map = map_new(capacities[i]);
		struct context context;

		put(&map, "a", "1");
		put(&map, "b", "2");
		put(&map, "a", "3");
		put(&map, "c", "");
		context = context_of(&map);
		assert_int_equal(map.pairs.count, 3);
		assert_string_equal(map.pairs.items[0].key, "a");
		assert_string_equal(map.pairs.items[0].value, "3");
		assert_string_equal(context_lookup(&context, "a"), "3");
		assert_string_equal(context_lookup(&context, "b"), "2");
		assert_string_equal(context_lookup(&context, "c"), "");
		assert_null(context_lookup(&context, "d"));
		map_free(&map);
	}
}

/* SPEC 3.16: SDK-reserved keys never show in custom_context */
static void a_reserved_key_is_left_out(void **state)
{
	static const size_t capacities[] = { 2, 100 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct map map = map_new(capacities[i]);
		struct context context;

		put(&map, RESERVED_KEY, "1");
		put(&map, "a", "2");
		context = context_of(&map);
		assert_int_equal(map.pairs.count, 1);
		assert_null(context_lookup(&context, RESERVED_KEY));
		assert_string_equal(context_lookup(&context, "a"), "2");
		map_free(&map);
	}
}

static void only_the_reserved_keys_are_reserved(void **state)
{
	(void)state;
	assert_true(context_key_is_reserved(RESERVED_KEY));
	assert_true(context_key_is_reserved("_u_produced_artifacts"));
	assert_false(context_key_is_reserved("_u_produced_artifact"));
	assert_false(context_key_is_reserved(RESERVED_KEY "s"));
	assert_false(context_key_is_reserved("_u_kickoff_time_input_ar"));
	assert_false(context_key_is_reserved("_u_"));
	assert_false(context_key_is_reserved(""));
}

static void few_pairs_need_no_index(void **state)
{
	(void)state;
	assert_int_equal(context_index_size(0), 0);
	assert_int_equal(context_index_size(16), 0);
	assert_true(context_index_size(17) > 0);
}

/* An index that is full would be searched forever for a key that is not there. */
static void an_index_is_at_most_half_full(void **state)
{
	(void)state;
	for (size_t capacity = 17; capacity <= CONTEXT_PAIRS_MAX; capacity++) {
		size_t slots = context_index_size(capacity) / sizeof(uint16_t);

		assert_true(slots >= 2 * capacity);
		assert_int_equal(slots & (slots - 1), 0);
	}
}

static void fill_and_look_up(size_t count)
{
	struct key *keys = many_keys(count);
	struct map map = map_new(count);
	struct context context;

	for (size_t i = 0; i < count; i++)
		put(&map, keys[i].text, keys[count - 1 - i].text);
	context = context_of(&map);
	assert_int_equal(context.task.custom_context.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(map.pairs.items[i].key, keys[i].text);
		assert_ptr_equal(context_lookup(&context, keys[i].text), keys[count - 1 - i].text);
	}
	assert_null(context_lookup(&context, "absent"));
	map_free(&map);
	free(keys);
}

static void each_of_any_number_of_pairs_is_found(void **state)
{
	static const size_t counts[] = { 1, 2, 7, 8, 9, 10, 16, 17, 1000, 14000 };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		fill_and_look_up(counts[i]);
}

static void the_index_reaches_the_largest_number_of_pairs(void **state)
{
	(void)state;
	fill_and_look_up(CONTEXT_PAIRS_MAX);
}

static void a_thousand_pairs_put_again_are_replaced_in_place(void **state)
{
	enum { COUNT = 1000 };
	struct key *keys = many_keys(COUNT);
	struct map map = map_new(COUNT);

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		put(&map, keys[i].text, "old");
	for (size_t i = COUNT; i-- > 0;)
		put(&map, keys[i].text, "new");
	assert_int_equal(map.pairs.count, COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		assert_ptr_equal(map.pairs.items[i].key, keys[i].text);
		assert_string_equal(map.pairs.items[i].value, "new");
	}
	map_free(&map);
	free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_has_no_key),
		cmocka_unit_test(pairs_keep_the_order_of_insertion),
		cmocka_unit_test(a_key_put_twice_has_the_last_value_at_the_first_place),
		cmocka_unit_test(a_reserved_key_is_left_out),
		cmocka_unit_test(only_the_reserved_keys_are_reserved),
		cmocka_unit_test(few_pairs_need_no_index),
		cmocka_unit_test(an_index_is_at_most_half_full),
		cmocka_unit_test(each_of_any_number_of_pairs_is_found),
		cmocka_unit_test(the_index_reaches_the_largest_number_of_pairs),
		cmocka_unit_test(a_thousand_pairs_put_again_are_replaced_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
