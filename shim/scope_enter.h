/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope_enter - makes the contexts that scopes have, each a copy of the current one with something
 * changed. Every failure leaves what is current alone and returns 0 with errno, as flyte_ctx.h
 * documents for each.
 */
#ifndef FLYTECTX_SCOPE_ENTER_H
#define FLYTECTX_SCOPE_ENTER_H

#include "scope.h"

flyte_token scope_enter_pairs(const struct flyte_pair *pairs, size_t count);
flyte_token scope_enter_group(const char *name);
flyte_token scope_enter_raw_data(const struct flyte_raw_data_path *raw_data);
flyte_token scope_enter_metadata(const struct flyte_pair *pairs, size_t count);
flyte_token scope_enter_trace(const struct flyte_action_id *action);
flyte_token scope_enter_task(const struct flyte_task_context *task);

/* A context that no thread has entered, with a reference for the caller; NULL with errno. */
const struct flyte_task_context *scope_new_task(const struct flyte_task_context *task);

/* The same of the current context with these pairs in its custom context. */
const struct flyte_task_context *scope_new_pairs(const struct flyte_pair *pairs, size_t count);

/* What the makers of contexts share. */

/* No token is so small: a signal handler has exited what the new scope was made from. */
#define SCOPE_AGAIN ((flyte_token)2)

struct scope_entered;

/* Points the scope at its own context, and makes it current inside `outer`; or SCOPE_AGAIN. */
flyte_token scope_push_made(struct scope_entered *entered, struct scope *outer);

/* Sets errno; returns 0. */
flyte_token scope_fail(int error);

/* Are these pairs ones that a context can have? Then 0, and `size` is that of their strings. */
int scope_check_pairs(const struct flyte_pair *pairs, size_t count, size_t *size);

#endif
