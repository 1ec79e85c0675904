/* SPDX-License-Identifier: Apache-2.0 */
/* Holds core/storage/remote/remote_parts: objects of any size fit into a store's parts, and the
 * parts that wait in memory into REMOTE_MEMORY. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "storage/remote/remote_parts.h"

static const struct remote_store s3 = { .digest_max = 10000, .part_max = 5ULL << 30 };

static void a_file_of_five_tebibytes_fits(void **state)
{
	const uint64_t size = 5ULL << 40;
	uint64_t part = remote_part_size(&s3, 0, size, true);

	(void)state;
	assert_true(part * s3.digest_max >= size);
	assert_true(part <= s3.part_max);
	assert_int_equal(remote_part_size(&s3, 0, 100, true), REMOTE_PART);
}

static void a_stream_stays_in_memory(void **state)
{
	uint64_t total = 0;

	(void)state;
	for (size_t number = 0; number < s3.digest_max; number++) {
		uint64_t part = remote_part_size(&s3, number, STORAGE_SIZE_UNKNOWN, false);
		size_t count = remote_part_concurrency(&s3, number, STORAGE_SIZE_UNKNOWN, false);

		assert_true(count >= 1);
		assert_true(part * count <= REMOTE_MEMORY);
		total += part;
	}
	assert_true(total >= 400ULL << 30); /* what docs/howto/storage.md promises */
}

static void a_stream_of_known_size_has_parts_for_it(void **state)
{
	(void)state;
	assert_int_equal(remote_part_size(&s3, 0, 1ULL << 30, false), REMOTE_PART);
	assert_true(remote_part_size(&s3, 0, 300ULL << 30, false) * s3.digest_max >= 300ULL << 30);
	assert_int_equal(remote_part_size(&s3, 0, 5ULL << 40, false), REMOTE_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_five_tebibytes_fits),
		cmocka_unit_test(a_stream_stays_in_memory),
		cmocka_unit_test(a_stream_of_known_size_has_parts_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
