/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error - why a call of the hosted parts failed: a class to decide by, an errno for C programs, and
 * one line for people. Every function that can fail takes a `struct error` and fills it in.
 */
#ifndef FLYTECTX_LOCAL_ERROR_H
#define FLYTECTX_LOCAL_ERROR_H

#include <stdbool.h>

enum error_class {
	ERROR_ABSENT =
		1,       /* there is no such object (its bucket or directory lacking is the same) */
	ERROR_DENIED,    /* the store knows us and refuses, or we have no credentials */
	ERROR_TRANSIENT, /* it may work later: network, throttling, 5xx; retries are used up */
	ERROR_CORRUPT,   /* what came is not what was stored */
	ERROR_CHANGED,   /* another object by now has that name: If-Match has failed */
	ERROR_CANCELLED, /* the caller's progress function said so */
	ERROR_INVALID,   /* the URL, or what it names, is nothing that a store can do */
	ERROR_SYSTEM,    /* all else: no space, input/output error, no memory, ... */
};

struct error {
	enum error_class failure;
	int number;      /* the errno that says it best */
	char text[1024]; /* "WHAT: WHY", one line, without a newline at its end */
};

/*
 * Fills in the error, "WHAT: WHY: strerror(number)"; the last part only where number is not 0 and
 * the number is then kept (else EIO). The class is made of the number where `failure` is 0.
 * Returns false, so that `return error_set(...)` reads well.
 */
__attribute__((format(printf, 5, 6))) bool error_set(struct error *error, enum error_class failure,
						     int number, const char *what, const char *why,
						     ...);

#endif
