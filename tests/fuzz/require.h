/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fuzz targets share: a check that names itself when it fails, and input cut into texts
 * that each have memory of their own, so that a look behind one is seen.
 */
#ifndef FLYTECTX_FUZZ_REQUIRE_H
#define FLYTECTX_FUZZ_REQUIRE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(), which NDEBUG would take away. */
#define require(condition) require_true(!!(condition), #condition, __LINE__)

static inline void require_true(int condition, const char *text, int line)
{
	if (condition)
		return;
	fprintf(stderr, "line %d: required: %s\n", line, text);
	abort();
}

static inline void *allocate(size_t size)
{
	void *memory = malloc(size);

	require(memory || !size);
	return memory;
}

/* The text up to the first NUL or the end of the data, in memory of exactly its size. */
static inline char *text_of(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
	size_t length = nul ? (size_t)(nul - data) : size;
	char *text = allocate(length + 1);

	if (length)
		memcpy(text, data, length);
	text[length] = '\0';
	return text;
}

/* The texts of the data, which NULs divide, and a NULL. Free it with texts_free(). */
static inline char **texts_of(const uint8_t *data, size_t size)
{
	char **texts = allocate((size + 1) * sizeof(*texts));
	size_t count = 0;

	for (size_t at = 0; at < size; at += strlen(texts[count++]) + 1)
		texts[count] = text_of(data + at, size - at);
	texts[count] = NULL;
	return texts;
}

static inline void texts_free(char **texts)
{
	for (size_t i = 0; texts[i]; i++)
		free(texts[i]);
	free(texts);
}

#endif
