/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library_check - would ld.so take this file as a library on this machine?
 */
#ifndef FLYTECTX_LIBRARY_CHECK_H
#define FLYTECTX_LIBRARY_CHECK_H

/* NULL if so, else why not. */
const char *library_check(const char *path);

#endif
