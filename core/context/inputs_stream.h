/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inputs_stream - takes the context out of an inputs.pb that comes piece by piece (SPEC 5.8
 * --inputs).
 *
 * Literals may be of any size: they go by, neither held nor looked at. What is kept is a message of
 * the context alone, for inputs_pb_check(), which looks into it. Pure; what is kept is the caller's
 * to hold, and to bound.
 */
#ifndef FLYTECTX_INPUTS_STREAM_H
#define FLYTECTX_INPUTS_STREAM_H

#include "context/inputs_pb.h"

/* Zeroed, but for `keep` and `argument`. */
struct inputs_stream {
	void (*keep)(void *argument, const void *data, size_t size);
	void *argument;
	enum { STREAM_TAG, STREAM_NUMBER, STREAM_SIZE } awaits;
	uint64_t number; /* a varint as far as it has come */
	unsigned shift;
	uint32_t field;                 /* of the tag before */
	uint64_t left;                  /* bytes of a value that are still to come */
	bool keeps;                     /* these are kept */
	size_t depth;                   /* groups that are open, */
	uint32_t open[INPUTS_PB_DEPTH]; /* and their fields */
};

/* The next piece; once that is an error, the stream is done. */
enum inputs_pb_error inputs_stream_take(struct inputs_stream *stream, const void *data,
					size_t size);

/* INPUTS_PB_TRUNCATED where the end is in the middle of a field. */
enum inputs_pb_error inputs_stream_end(const struct inputs_stream *stream);

#endif
