/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope_enter - makes the contexts that scopes have. Every failure leaves what is current alone
 * and returns 0 with errno, as flyte_ctx.h documents.
 */
#ifndef FLYTECTX_SCOPE_ENTER_H
#define FLYTECTX_SCOPE_ENTER_H

#include "scope.h"

flyte_token scope_enter_pairs(const struct flyte_pair *pairs, size_t count);
flyte_token scope_enter_context(const struct flyte_task_context *task);

#endif
