/* SPDX-License-Identifier: Apache-2.0 */
/*
 * task_properties - the place of a process in a distributed job, by the names that flyte_ctx.h
 * gives it: variables of the environment that are read anew at each call, as the SDK does
 * (SPEC 1.5).
 */
#ifndef FLYTECTX_TASK_PROPERTIES_H
#define FLYTECTX_TASK_PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>

struct task_property {
	const char *name;
	const char *variable; /* with its '=' */
	bool is_number;       /* from 0 to INT_MAX */
};

#define TASK_PROPERTIES 9
extern const struct task_property task_properties[TASK_PROPERTIES];

/*
 * The value in `envp` as text, borrowed or kept until the process ends: a number is written in
 * decimal without blanks. NULL where it is unset. A text that is no number ends flytectx.
 */
const char *task_property_value(char *const envp[], const struct task_property *property);

#endif
