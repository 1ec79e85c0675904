/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template - what a command line of a task may have in place of a value: {{.input}}, {{ $Input }},
 * and so on, which the backend fills in, in any case of letters, where it knows the name. What it
 * does not know, or where there is no backend, stays as it is.
 */
#ifndef FLYTECTX_TEMPLATE_H
#define FLYTECTX_TEMPLATE_H

#include <stdbool.h>

/* Is the value one, as the SDK sees it: does it begin as one? */
bool template_is(const char *value);

/* Is there one in it, spelt in a way that the backend would have known? */
bool template_is_in(const char *value);

#endif
