/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_workspace - the directory for what flytectx keeps on this machine (SPEC 4.5, workspace.h).
 */
#ifndef FLYTECTX_RUN_WORKSPACE_H
#define FLYTECTX_RUN_WORKSPACE_H

/* Its absolute path; made (0700) where it is missing. One that is not safe ends flytectx. */
const char *workspace_root_path(void);

#endif
