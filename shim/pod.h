/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pod - the first process of a pod that Flyte started: its own variables say where we are
 * (SPEC 1.4).
 */
#ifndef FLYTECTX_POD_H
#define FLYTECTX_POD_H

/* "FLYTE_CTX=...", kept for good; NULL where this is no such pod, or there is no memory. */
char *pod_carrier(char *const envp[]);

#endif
