/* SPDX-License-Identifier: Apache-2.0 */
/*
 * absolute_path - a path that means the same in every directory. Links in it stay: their targets
 * may have other names.
 */
#ifndef FLYTECTX_ABSOLUTE_PATH_H
#define FLYTECTX_ABSOLUTE_PATH_H

/* Kept until the process ends. */
const char *absolute_path(const char *path);

#endif
