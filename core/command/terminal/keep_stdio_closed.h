/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep_stdio_closed - standard input, output and error that are closed stay so: nothing that
 * flytectx opens takes their numbers, where it would be read as input, or get messages in the
 * middle of it.
 */
#ifndef FLYTECTX_KEEP_STDIO_CLOSED_H
#define FLYTECTX_KEEP_STDIO_CLOSED_H

/* Reading from them and writing to them still is EBADF, and CMD finds them closed. */
void keep_stdio_closed(void);

#endif
