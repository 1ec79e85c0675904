/* SPDX-License-Identifier: Apache-2.0 */
/*
 * absolute - a path that means the same in every directory. Links in it stay: their targets may
 * have other names.
 */
#ifndef FLYTECTX_ABSOLUTE_H
#define FLYTECTX_ABSOLUTE_H

/* Kept until the process ends. */
const char *absolute_path(const char *path);

#endif
