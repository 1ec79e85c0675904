/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes core/context/inputs_pb: any bytes are refused, or decode within the memory that the
 * check asked for, into a context whose keys are set, unique and not reserved.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "context/inputs_pb.h"

static void hold(bool condition)
{
	if (!condition)
		abort();
}

static void look_at(const struct context_pairs *pairs)
{
	struct context context = { 0 };

	context_set_pairs(&context, pairs);
	for (size_t i = 0; i < pairs->count; i++) {
		const struct flyte_pair *pair = &pairs->items[i];

		hold(*pair->key && !context_key_is_reserved(pair->key));
		hold(strlen(pair->value) < SIZE_MAX);
		hold(context_lookup(&context, pair->key) == pair->value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct inputs_pb_size size;
	struct context_pairs pairs;
	void *memory;

	if (inputs_pb_check(data, length, &size) != INPUTS_PB_OK)
		return 0;
	memory = malloc(size.memory);
	hold(memory || !size.memory);
	inputs_pb_decode(data, &size, memory, &pairs);
	hold(pairs.count <= size.pairs);
	look_at(&pairs);
	free(memory);
	return 0;
}
