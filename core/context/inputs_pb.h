/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inputs_pb - the custom context that an action was started with: field `context` of the
 * flyteidl2.task.Inputs message in its inputs.pb (SPEC 5.8).
 *
 * Nobody else gives it to a raw container: it is in no variable, and copilot drops it. That one
 * field needs no protobuf library. Strict and in two steps, as wire.h: inputs_pb_check() looks at
 * every byte, inputs_pb_decode() then can't fail. Not here: literals, which are skipped unread,
 * what comes in pieces (inputs_stream), and reading files. Pure; memory is the caller's.
 */
#ifndef FLYTECTX_INPUTS_PB_H
#define FLYTECTX_INPUTS_PB_H

#include "context/context.h"

enum inputs_pb_error {
	INPUTS_PB_OK,
	INPUTS_PB_TRUNCATED,
	INPUTS_PB_BAD_VARINT,
	INPUTS_PB_BAD_FIELD,
	INPUTS_PB_BAD_TYPE,
	INPUTS_PB_BAD_GROUP,
	INPUTS_PB_TOO_DEEP,
	INPUTS_PB_EMPTY_KEY,
	INPUTS_PB_HAS_NUL,
	INPUTS_PB_TOO_MANY,
	INPUTS_PB_ERRORS,
};

/* Groups in groups; as deep as protobuf's own readers go. */
#define INPUTS_PB_DEPTH 100

/* What is wrong, for a message: "it ends in the middle of a field (truncated?)". */
const char *inputs_pb_error_text(enum inputs_pb_error error);

struct inputs_pb_size {
	size_t length; /* of the message */
	size_t pairs;  /* at most so many */
	size_t memory; /* bytes that inputs_pb_decode() needs, aligned as a pointer */
};

/* Is `data` such a message? `size` is filled where it is. */
enum inputs_pb_error inputs_pb_check(const void *data, size_t length, struct inputs_pb_size *size);

/*
 * Decodes the context of a message that inputs_pb_check() accepted into `memory`; `pairs` points
 * into it and needs the message no longer. Of a key that is there twice the last value counts,
 * as in every protobuf map; reserved keys are left out.
 */
void inputs_pb_decode(const void *data, const struct inputs_pb_size *size, void *memory,
		      struct context_pairs *pairs);

#endif
