/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp - RFC 3339 and nanoseconds since 1970-01-01T00:00:00Z, both ways.
 */
#ifndef FLYTECTX_TIMESTAMP_H
#define FLYTECTX_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads 2026-08-21T10:00:00[.fraction][Z|+02:00]. Without an offset it is UTC, as for the SDK;
 * digits beyond the nanosecond are dropped. False: it is no time, or none that int64_t holds.
 */
bool timestamp_read(const char *text, int64_t *nanoseconds);

/* As 2026-08-21T10:00:00.000000000Z; kept until the process ends. */
const char *timestamp_text(int64_t nanoseconds);

#endif
