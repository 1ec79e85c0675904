/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmpc_stub - hooks of LLVM's runtime that leave the call as it came (stub.h): the return address
 * is what the runtime tells tools of the place in the program.
 */
#ifndef FLYTECTX_KMPC_STUB_H
#define FLYTECTX_KMPC_STUB_H

#include "pools/pool.h"
#include "stub.h"

/* Where a call goes on: in the runtime itself, or in a function of ours that takes the same. */
stub_route pool_kmpc_route;

#endif
