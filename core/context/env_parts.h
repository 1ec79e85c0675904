/* SPDX-License-Identifier: Apache-2.0 */
/* env_parts - names that env_plan() and env_fill() share. */
#ifndef FLYTECTX_ENV_PARTS_H
#define FLYTECTX_ENV_PARTS_H

#include "context/env.h"

/* To the entries that are there: carrier, LD_PRELOAD, the marker, those that are kept, the NULL. */
#define ENV_MAY_COME       (3 + ENV_KEPT + 1)
#define ENV_BAGGAGE_PREFIX "BAGGAGE="

/* The names of ENV_TRACEPARENT and its like, with their '='. */
extern const char env_kept_names[ENV_KEPT][20];

#endif
