/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_values - what the values of options of `flytectx run` say. A wrong one ends flytectx.
 */
#ifndef FLYTECTX_RUN_VALUES_H
#define FLYTECTX_RUN_VALUES_H

#include "command/carry/carry.h"
#include "flyte_ctx.h"

/* A checkpoint path without what stands around it; "" says that there is none. */
const char *run_value_checkpoint(const char *value);

/* Refuses SCHEME:/..., which would be a local path, before CMD works for a checkpoint there. */
void run_value_url(const char *option, const char *value);

int64_t run_value_number(const char *option, const char *value, int64_t least, int64_t most);

/* Seconds, or with s, m, h behind them. More than 0. */
double run_value_seconds(const char *option, const char *value);

/* local, remote or hybrid */
enum flyte_mode run_value_mode(const char *value);

/* NULL or all */
enum carry_mode run_value_carry(const char *value);

#endif
