/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw_data - paths below the raw data prefix, and the rewriting of input paths (SPEC 1.7, 2.5).
 *
 * Pure: randomness and directories are the caller's. Every function writes at most `size` bytes
 * with the NUL, and returns the length that the whole would have, as snprintf does.
 */
#ifndef FLYTECTX_RAW_DATA_H
#define FLYTECTX_RAW_DATA_H

#include "flyte_ctx.h"
#include "context/text.h"

#define RAW_DATA_RANDOM 16 /* bytes of randomness in a path */

/* The raw data of a context: the task's, else the context's own, else NULL. */
struct context;
const struct flyte_raw_data_path *raw_data_of(const struct context *context);

/* The one whose rewrite counts: the task's where it has one, also without a path, else the above.
 */
const struct flyte_raw_data_path *raw_data_for_rewrite(const struct context *context);

/* Is the prefix a path of this machine? Without a scheme, or with file://. */
bool raw_data_is_local(const char *prefix);

/* The directory that a local prefix means. */
const char *raw_data_directory(const char *prefix);

/* PREFIX/32 hex digits[/FILE], the FILE where there is one and it is not empty; a '/' at the end of
 * the prefix is not doubled. */
size_t raw_data_random_path(const char *prefix, const unsigned char random[RAW_DATA_RANDOM],
			    const char *file, char *to, size_t size);

/* `path` with the old prefix replaced by the new, where it has it. */
size_t raw_data_rewrite(const struct flyte_raw_data_path *raw_data, const char *path, char *to,
			size_t size);

#endif
