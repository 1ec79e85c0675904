/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show - what the two ways of printing a whole context share.
 */
#ifndef FLYTECTX_SHOW_H
#define FLYTECTX_SHOW_H

#include "context/context.h"

/* A context, and what is read live beside it. */
struct shown {
	struct context context;
	bool has_attempt; /* false: FLYTE_ATTEMPT_NUMBER is not a number */
	long long attempt_number;
};

void show_json(const struct shown *shown);

#endif
