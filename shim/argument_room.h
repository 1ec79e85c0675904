/* SPDX-License-Identifier: Apache-2.0 */
/* argument_room - what execve(2) takes: arguments and environment share a part of the stack. */
#ifndef FLYTECTX_ARGUMENT_ROOM_H
#define FLYTECTX_ARGUMENT_ROOM_H

#include <stdbool.h>

/* True where the kernel may say E2BIG of these. It leaves a page for what a script adds to them. */
bool argument_room_is_short(const char *path, char *const argv[], char *const envp[]);

#endif
