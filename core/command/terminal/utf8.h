/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8 - is this UTF-8? Values of a context are bytes; people and JSON want characters.
 *
 * Not mbrtowc(): that asks the locale, and in a container that is often C.
 */
#ifndef FLYTECTX_UTF8_H
#define FLYTECTX_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of the character at `text`, and which one it is; 0 where it is no UTF-8. */
size_t utf8_next(const char *text, uint32_t *code);

#endif
