/* SPDX-License-Identifier: Apache-2.0 */
/* See stub.h. */
#define STUB_MARK               "hint #34" /* bti c */

#define STUB_JUMP(number, stub) "	mov w8, #" number "\n	b " stub "\n"

#define STUB_COMMON(route)                                                                         \
	"	stp x29, x30, [sp, #-80]!\n"                                                             \
	"	.cfi_adjust_cfa_offset 80\n"                                                             \
	"	.cfi_offset x29, -80\n"                                                                  \
	"	.cfi_offset x30, -72\n"                                                                  \
	"	mov x29, sp\n"                                                                           \
	"	stp x0, x1, [sp, #16]\n"                                                                 \
	"	stp x2, x3, [sp, #32]\n"                                                                 \
	"	stp x4, x5, [sp, #48]\n"                                                                 \
	"	stp x6, x7, [sp, #64]\n"                                                                 \
	"	mov w0, w8\n"                                                                            \
	"	add x1, sp, #16\n"                                                                       \
	"	add x2, sp, #80\n"                                                                       \
	"	bl " route "\n"                                                                    \
	"	mov x16, x0\n"                                                                           \
	"	ldp x0, x1, [sp, #16]\n"                                                                 \
	"	ldp x2, x3, [sp, #32]\n"                                                                 \
	"	ldp x4, x5, [sp, #48]\n"                                                                 \
	"	ldp x6, x7, [sp, #64]\n"                                                                 \
	"	ldp x29, x30, [sp], #80\n"                                                               \
	"	.cfi_adjust_cfa_offset -80\n"                                                            \
	"	.cfi_restore x29\n"                                                                      \
	"	.cfi_restore x30\n"                                                                      \
	"	br x16\n"

/* The place of this hook in hook_ways, where it jumps to if there is an address. */
#define STUB_WAY                                                                                   \
	"	adrp x16, hook_ways+8*hook_number\n"                                                     \
	"	ldr x16, [x16, :lo12:hook_ways+8*hook_number]\n"                                         \
	"	cbz x16, 1f\n"                                                                           \
	"	br x16\n"                                                                                \
	"1:"
#define STUB_WAY_HELPER ""

enum { STUB_REGISTERS = 8, STUB_SLOTS_OF_64_BITS = 1 };
