/* SPDX-License-Identifier: Apache-2.0 */
/*
 * byte_text - a number of bytes for people: "12.3 MiB".
 */
#ifndef FLYTECTX_BYTE_TEXT_H
#define FLYTECTX_BYTE_TEXT_H

#define BYTE_TEXT_SIZE 16

/* Returns `text`. */
const char *byte_text(double count, char text[BYTE_TEXT_SIZE]);

#endif
