/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workspace_root - the directory for what flytectx keeps on this machine:
 * ${FLYTECTX_WORKSPACE:-${TMPDIR:-/tmp}/flytectx-UID} (SPEC 4).
 *
 * /tmp belongs to everybody: whoever makes the directory before us, or a symbolic link in its
 * place, could read our data or have us write elsewhere. So it must be ours.
 */
#ifndef FLYTECTX_WORKSPACE_ROOT_H
#define FLYTECTX_WORKSPACE_ROOT_H

/* Its absolute path; made (0700) where it is missing. One that is not safe ends flytectx. */
const char *workspace_root(void);

#endif
