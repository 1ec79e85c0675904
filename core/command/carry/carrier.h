/* SPDX-License-Identifier: Apache-2.0 */
/*
 * carrier - the process that traces CMD and what is below it: see carry.h.
 */
#ifndef FLYTECTX_CARRIER_H
#define FLYTECTX_CARRIER_H

#include "command/carry/carry.h"

#define CARRIER_NAME "context-carry"

/* What the process that is to be traced says; the answer is an error number, or 0. */
struct carrier_request {
	pid_t pid;
};

/* Says its own number, waits for the request, and traces until nothing is left to trace. */
void carrier_work(int socket, enum carry_mode mode, const char *library);

#endif
