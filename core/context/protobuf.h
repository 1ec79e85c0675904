/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protobuf - what inputs_pb and inputs_stream know of protobuf's wire format.
 */
#ifndef FLYTECTX_PROTOBUF_H
#define FLYTECTX_PROTOBUF_H

#include <stdint.h>

enum wire_type { VARINT, FIXED64, LENGTH, GROUP_START, GROUP_END, FIXED32 };

#define FIELD_NUMBER_MAX (((uint64_t)1 << 29) - 1)

/* A varint has at most ten bytes: 7 bits in each, and one in the tenth. */
#define VARINT_LAST_SHIFT 63

/* The field of Inputs that is read. */
#define FIELD_CONTEXT 2

#endif
