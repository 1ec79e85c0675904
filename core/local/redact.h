/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redact - the text of a message without the secrets of the URLs in it: SCHEME://USER:PASSWORD@...,
 * ?sig=SIGNATURE and its kin. Messages end in logs that others read.
 */
#ifndef FLYTECTX_STORAGE_REDACT_H
#define FLYTECTX_STORAGE_REDACT_H

#include <stddef.h>

/* Room for any text of that length and its NUL. */
#define REDACT_SIZE(length) (2 * (length) + 1)

/* Copies `text`, as much of it as there is room for, with *** for each of them. */
void redact(char *to, size_t size, const char *text);

#endif
