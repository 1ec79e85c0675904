/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmpc_stub - hooks of LLVM's runtime that leave the call as it came: they ask pool_kmpc_route()
 * where to go on, and jump there. All arguments stay in place, as many as there are, and so does
 * the return address: it is what the runtime tells tools of the place in the program.
 */
#ifndef FLYTECTX_KMPC_STUB_H
#define FLYTECTX_KMPC_STUB_H

#include "pools/pool.h"

#if defined(__x86_64__)
#include "pools/kmpc_stub_x86_64.h"
#elif defined(__i386__)
#include "pools/kmpc_stub_i386.h"
#elif defined(__aarch64__)
#include "pools/kmpc_stub_aarch64.h"
#else
#error "kmpc_stub.h knows the calls of x86-64, i386 and aarch64"
#endif

/* The arguments of a call: the first ones are in registers, the others on the stack. */
struct stub_call {
	void **registers, **stack;
};

/* Where the n-th is, from 0; for a long long it counts as STUB_SLOTS_OF_64_BITS. */
static inline void **stub_argument(struct stub_call call, int n)
{
	return n < STUB_REGISTERS ? &call.registers[n] : &call.stack[n - STUB_REGISTERS];
}

/* Where a call goes on: in the runtime itself, or in a function of ours that takes the same. */
real_function *pool_kmpc_route(int number, void **registers, void **stack);

#endif
