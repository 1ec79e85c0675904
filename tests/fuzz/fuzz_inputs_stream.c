/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes core/context/inputs_stream: any bytes in pieces, whose size the first byte says, are
 * refused exactly where inputs_pb_check() refuses the whole; where they are not, what is kept has
 * the same context.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "context/inputs_stream.h"
#include "require.h"

struct kept {
	char *data;
	size_t size;
};

static void keep(void *argument, const void *data, size_t size)
{
	struct kept *kept = argument;

	kept->data = realloc(kept->data, kept->size + size + 1);
	require(kept->data);
	memcpy(kept->data + kept->size, data, size);
	kept->size += size;
}

static enum inputs_pb_error stream_in(const uint8_t *data, size_t size, size_t piece,
				      struct kept *kept)
{
	struct inputs_stream stream = { .keep = keep, .argument = kept };
	enum inputs_pb_error error = INPUTS_PB_OK;

	while (size && error == INPUTS_PB_OK) {
		size_t next = size < piece ? size : piece;

		error = inputs_stream_take(&stream, data, next);
		data += next;
		size -= next;
	}
	return error == INPUTS_PB_OK ? inputs_stream_end(&stream) : error;
}

static void same_pairs(const void *first, const struct inputs_pb_size *first_size,
		       const void *second, const struct inputs_pb_size *second_size)
{
	void *first_memory = malloc(first_size->memory + 1);
	void *second_memory = malloc(second_size->memory + 1);
	struct context_pairs one, two;

	require(first_memory && second_memory);
	inputs_pb_decode(first, first_size, first_memory, &one);
	inputs_pb_decode(second, second_size, second_memory, &two);
	require(one.count == two.count);
	for (size_t i = 0; i < one.count; i++)
		require(!strcmp(one.items[i].key, two.items[i].key) &&
			!strcmp(one.items[i].value, two.items[i].value));
	free(first_memory);
	free(second_memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct inputs_pb_size size, kept_size;
	enum inputs_pb_error whole, pieces;
	struct kept kept = { 0 };

	if (!length)
		return 0;
	whole = inputs_pb_check(data + 1, length - 1, &size);
	pieces = stream_in(data + 1, length - 1, (size_t)*data + 1, &kept);
	require(kept.size <= 2 * length);
	if (pieces == INPUTS_PB_OK)
		pieces = inputs_pb_check(kept.data, kept.size, &kept_size);
	require((whole == INPUTS_PB_OK) == (pieces == INPUTS_PB_OK));
	if (whole == INPUTS_PB_OK)
		same_pairs(data + 1, &size, kept.data, &kept_size);
	free(kept.data);
	return 0;
}
