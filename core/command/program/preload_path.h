/* SPDX-License-Identifier: Apache-2.0 */
/*
 * preload_path - finds libflytectx.so for `flytectx run`, and refuses what ld.so would only
 * complain about: CMD would then run without its context, and nobody would notice (SPEC 5.7).
 */
#ifndef FLYTECTX_PRELOAD_PATH_H
#define FLYTECTX_PRELOAD_PATH_H

/* The path of the library that would be preloaded; `why_not` is NULL, or why it can't be. */
const char *library_find(const char **why_not);

/* The absolute path of a library that can be preloaded; without one flytectx ends. */
const char *library_path(void);

#endif
