/* SPDX-License-Identifier: Apache-2.0 */
/* cut_test - texts that are written into a buffer of any size are cut as snprintf() cuts. */
#ifndef FLYTECTX_CUT_TEST_H
#define FLYTECTX_CUT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* `put` writes `whole`. Memory has exactly the size that is told, for a sanitizer to see. */
static inline void assert_cut(const char *whole, size_t (*put)(char *text, size_t size))
{
	size_t length = strlen(whole);

	for (size_t size = 1; size < length + 3; size++) {
		char *text = malloc(size), *expected = malloc(size);

		assert_non_null(text);
		assert_non_null(expected);
		snprintf(expected, size, "%s", whole);
		assert_int_equal(put(text, size), length);
		assert_string_equal(text, expected);
		free(expected);
		free(text);
	}
	assert_int_equal(put(NULL, 0), length);
}

#endif
