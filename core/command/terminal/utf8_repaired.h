/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8_repaired - bytes as UTF-8, for JSON. Apart from utf8.c: messages stand on that, and the
 * memory here ends in a message where there is none.
 */
#ifndef FLYTECTX_UTF8_REPAIRED_H
#define FLYTECTX_UTF8_REPAIRED_H

/* A copy of `text` where each byte that is no UTF-8 is U+FFFD; kept until the process ends. */
const char *utf8_repaired(const char *text);

#endif
