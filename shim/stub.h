/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stub - hooks that leave the call as it came: they ask a function where to go on, and jump there.
 * All arguments stay in place, as many as there are, and so does the return address. No frame of
 * ours is left behind, at whatever level the compiler optimises: a call may return twice, or on
 * another stack.
 *
 * STUB_JUMP(number, stub) is the code of one hook of several, which share a stub:
 * STUB_COMMON(route), with the function that is asked. A hook alone is STUB_COMMON.
 */
#ifndef FLYTECTX_STUB_H
#define FLYTECTX_STUB_H

#include "real.h"

#if defined(__x86_64__)
#include "stub_x86_64.h"
#elif defined(__i386__)
#include "stub_i386.h"
#elif defined(__aarch64__)
#include "stub_aarch64.h"
#else
#error "stub.h knows the calls of x86-64, i386 and aarch64"
#endif

/* Whatever jumps here does so by an address: where the processor checks that, it is a mark. */
#define STUB_BEGIN(name) ".globl " name "\n.type " name ", %function\n" name ":\n\t" STUB_MARK "\n"
#define STUB_END(name)   ".size " name ", . - " name "\n"

/*
 * A function that a stub asks: which hook it is, and its arguments, the first ones in registers,
 * the others on the stack. It returns where the call goes on: a function that takes the same. Only
 * code of stubs calls it, so it is marked as used.
 */
typedef real_function *stub_route(int number, void **registers, void **stack);

struct stub_call {
	void **registers, **stack;
};

/* Where the n-th argument is, from 0; for a long long it counts as STUB_SLOTS_OF_64_BITS. */
static inline void **stub_argument(struct stub_call call, int n)
{
	return n < STUB_REGISTERS ? &call.registers[n] : &call.stack[n - STUB_REGISTERS];
}

#endif
