/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workspace_root - the directory for what flytectx keeps on this machine (SPEC 4, workspace.h).
 */
#ifndef FLYTECTX_WORKSPACE_ROOT_H
#define FLYTECTX_WORKSPACE_ROOT_H

/* Its absolute path; made (0700) where it is missing. One that is not safe ends flytectx. */
const char *workspace_root_path(void);

#endif
