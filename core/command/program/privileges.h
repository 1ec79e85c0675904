/* SPDX-License-Identifier: Apache-2.0 */
/*
 * privileges - would the kernel start a file with more rights than this process has (AT_SECURE)?
 * Loaders take no LD_PRELOAD then.
 */
#ifndef FLYTECTX_PRIVILEGES_H
#define FLYTECTX_PRIVILEGES_H

/* NULL if not; else by what: "setuid", "setgid" or "file capabilities". */
const char *privileges_gained(int fd);

#endif
