/* SPDX-License-Identifier: Apache-2.0 */
/* number - a decimal number that a user or an environment gives. */
#ifndef FLYTECTX_NUMBER_H
#define FLYTECTX_NUMBER_H

#include <stdbool.h>

/*
 * As the preload and Python's int() read it: blanks around it, a '+' and leading zeros are fine.
 * False where the text is no such number, or one below `least` or above `most`.
 */
bool number_read(const char *text, long long least, long long most, long long *number);

#endif
