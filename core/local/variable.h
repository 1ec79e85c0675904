/* SPDX-License-Identifier: Apache-2.0 */
/* variable - the environment, where a variable that is empty counts as unset. */
#ifndef FLYTECTX_STORAGE_VARIABLE_H
#define FLYTECTX_STORAGE_VARIABLE_H

#include <stdbool.h>

/* NULL where it is unset or empty. */
const char *variable(const char *name);

/* The first of several that is set: variable_first("A", "B", NULL). */
__attribute__((sentinel)) const char *variable_first(const char *name, ...);

/* Whether it is set to what people write for yes: 1, true, yes, on. */
bool variable_is_true(const char *name);

#endif
