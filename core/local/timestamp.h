/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp - RFC 3339 and nanoseconds since 1970-01-01T00:00:00Z, both ways.
 */
#ifndef FLYTECTX_TIMESTAMP_H
#define FLYTECTX_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/*
 * Reads 2026-08-21T10:00:00[.fraction][Z|+02:00]. Without an offset it is UTC, as for the SDK;
 * digits beyond the nanosecond are dropped. False: it is no time, or none that int64_t holds.
 */
bool timestamp_read(const char *text, int64_t *nanoseconds);

/* The same in whole seconds; 0 where `text` is NULL or no such time. */
time_t timestamp_seconds(const char *text);

#define TIMESTAMP_SIZE 48

/* As 2026-08-21T10:00:00.000000000Z, in `text`, which is returned. */
const char *timestamp_text(int64_t nanoseconds, char text[TIMESTAMP_SIZE]);

#endif
