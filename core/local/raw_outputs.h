/* SPDX-License-Identifier: Apache-2.0 */
/* raw_outputs - where a raw container leaves its outputs for Flyte's copilot (SPEC 6.5). */
#ifndef FLYTECTX_LOCAL_RAW_OUTPUTS_H
#define FLYTECTX_LOCAL_RAW_OUTPUTS_H

/*
 * The directory: FLYTECTX_RAW_OUTPUTS, else where the SDK's ContainerTask has it. NULL: it is not
 * there, so this is no raw container with outputs. Only tasks that run in a cluster are one.
 */
const char *raw_outputs_directory(void);

#endif
