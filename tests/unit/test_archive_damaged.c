/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/checkpoint's archives that are damaged (SPEC 4.6, 4.9): whatever is cut off or
 * flipped, a load gives the right tree or an error.
 */
#include "checkpoint_test.h"

#include "archive_test.h"

static void make_small_tree(void)
{
	assert_true(tree_remove(AT_FDCWD, "small"));
	assert_int_equal(mkdir("small", 0755), 0);
	write_file("small/step", "17\n", 3);
	assert_int_equal(mkdir("small/state", 0755), 0);
	write_file("small/state/weights", "0.25 0.5 0.75 1.0 0.125\n", 24);
	assert_int_equal(symlink("state/weights", "small/latest"), 0);
	set_time("small/state/weights", 1600000000, 0);
	set_time("small/step", 1600000000, 0);
	set_time("small/latest", 1600000000, 0);
	set_time("small/state", 1600000000, 0);
}

/* An error, or the right tree. */
static void assert_harmless(const struct bytes *whole, struct bytes damaged, const char *what,
			    size_t where)
{
	struct error error;
	struct bytes again;

	write_file("damaged", damaged.data, damaged.size);
	switch (load_file("damaged", "loaded", &error)) {
	case LOAD_FAILED:
		assert_int_equal(error.failure, ERROR_CORRUPT);
		return;
	case LOAD_TREE:
		again = archive_of("loaded");
		if (!same_bytes(*whole, again))
			fail_msg("%s %zu: another tree", what, where);
		free(again.data);
		return;
	case LOAD_NONE:
		if (damaged.size)
			fail_msg("%s %zu: counts as none", what, where);
		return;
	case LOAD_FILE:
		/* A single byte is anybody's; two are gzip's magic. */
		if (damaged.size != 1)
			fail_msg("%s %zu: counts as a file", what, where);
		return;
	}
}

static void a_cut_is_noticed(void **state)
{
	struct bytes whole;

	(void)state;
	make_small_tree();
	whole = archive_of("small");
	for (size_t size = 0; size < whole.size; size++)
		assert_harmless(&whole, (struct bytes) { whole.data, size }, "cut at", size);
	free(whole.data);
}

static void a_flipped_bit_is_noticed(void **state)
{
	struct bytes whole, damaged;

	(void)state;
	make_small_tree();
	whole = archive_of("small");
	damaged = (struct bytes) { malloc(whole.size), whole.size };
	assert_non_null(damaged.data);
	memcpy(damaged.data, whole.data, whole.size);
	for (size_t bit = 0; bit < 8 * whole.size; bit++) {
		damaged.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_harmless(&whole, damaged, "bit", bit);
		damaged.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	free(whole.data);
	free(damaged.data);
}

static void something_behind_it_is_noticed(void **state)
{
	struct bytes whole, damaged;

	(void)state;
	make_small_tree();
	whole = archive_of("small");
	damaged = (struct bytes) { malloc(2 * whole.size), whole.size + 1 };
	memcpy(damaged.data, whole.data, whole.size);
	memcpy(damaged.data + whole.size, whole.data, whole.size);
	assert_harmless(&whole, damaged, "one byte behind", 1);
	damaged.size = 2 * whole.size;
	assert_harmless(&whole, damaged, "twice", 1);
	free(whole.data);
	free(damaged.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_is_noticed),
		cmocka_unit_test(a_flipped_bit_is_noticed),
		cmocka_unit_test(something_behind_it_is_noticed),
	};

	umask(022);
	return cmocka_run_group_tests_name("archive_damaged", tests, enter_scratch, leave_scratch);
}
