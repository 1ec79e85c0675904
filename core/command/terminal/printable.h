/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printable - any text as a part of one line for people: UTF-8 as it is, all that could break the
 * line or talk to the terminal as an escape of C.
 *
 * A backslash is written \\, the usual control characters \a \b \t \n \v \f \r, and the bytes of
 * every other one \xHH: C0 and C1 controls, DEL, line and paragraph separators, characters that
 * turn the direction of writing, and what is not UTF-8. So the text can be told again from it.
 */
#ifndef FLYTECTX_PRINTABLE_H
#define FLYTECTX_PRINTABLE_H

#include <stdio.h>

void printable_write(FILE *to, const char *text);

#endif
