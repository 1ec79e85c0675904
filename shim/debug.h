/* SPDX-License-Identifier: Apache-2.0 */
/*
 * debug - the one thing that the preload ever prints: why it ignored something, on stderr. The
 * caller has looked: only where FLYTECTX_DEBUG is set to something but "0".
 */
#ifndef FLYTECTX_DEBUG_H
#define FLYTECTX_DEBUG_H

void debug_say(const char *what, const char *why);

#endif
