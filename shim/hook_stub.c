/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hook_stub - each hook that programs see is a jump by hook_ways: to the real function where
 * nothing is to be done, else to the hook's body, the C function of its name, whose symbol is
 * hook_NAME. A compiler is not asked for that: at -O0 it would leave a frame, in which a child of
 * SYS_vfork can't return, and which is between the real function and its caller.
 */
#include "hook_way.h"
#include "stub.h"

#define STUB(name)                                                                                 \
	STUB_BEGIN(name)                                                                           \
	STUB_WAY STUB_JUMP("hook_number", "hook_first")                                            \
		STUB_END(name) ".set hook_number, hook_number+1\n"

/* clang-format off */
__asm__(".text\n.hidden hook_ways\n.set hook_number, 0\n");
#define HOOK(file, ret, name, presence, missing, signature) __asm__(STUB(#name));
#define POOL(file, ret, name, signature)
#include "hooks.def"
#undef HOOK
__asm__(".type hook_first, %function\nhook_first:\n.cfi_startproc\n" STUB_COMMON("hook_route") ".cfi_endproc\n"
	STUB_END("hook_first") STUB_WAY_HELPER);

/* How far each body is from the first: addresses would need a relocation each. */
__asm__(".section .rodata\n.p2align 2\n.globl hook_bodies\n.hidden hook_bodies\nhook_bodies:\n"
#define HOOK(file, ret, name, presence, missing, signature) "	.long hook_" #name " - hook_bodies\n"
#include "hooks.def"
#undef HOOK
#undef POOL
	"	.text\n");
/* clang-format on */
