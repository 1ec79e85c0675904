/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baggage - the custom context in a list of W3C baggage (SPEC 3.19).
 *
 * A list is `key=value;properties,key=value`. Merging keeps the members that are there, but for
 * those whose key is one of ours, and adds ours behind them, percent-encoded. A trace that is in
 * the custom context is no member of it (env.h). Pure; memory is the caller's.
 */
#ifndef FLYTECTX_BAGGAGE_H
#define FLYTECTX_BAGGAGE_H

#include "flyte_ctx.h"

/* As many bytes as the standard asks everybody to take; what would go beyond stays out. */
#define BAGGAGE_MAX ((size_t)8192)

/* How much room baggage_merge() needs at most, with its NUL. */
size_t baggage_room(const char *list, const struct flyte_pair_list *pairs);

/* Writes `list` with `pairs` in it, and a NUL. Returns the length. */
size_t baggage_merge(const char *list, const struct flyte_pair_list *pairs, char *to);

#endif
