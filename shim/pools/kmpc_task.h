/* SPDX-License-Identifier: Apache-2.0 */
/* kmpc_task - tasks of LLVM's runtime, for kmpc.c. */
#ifndef FLYTECTX_KMPC_TASK_H
#define FLYTECTX_KMPC_TASK_H

#include "pools/kmpc_stub.h"

/* Where a call goes on whose third argument is a task. */
real_function *pool_kmpc_route_task(struct stub_call call, enum pool_index index);

#endif
