/* SPDX-License-Identifier: Apache-2.0 */
/* See stub.h. */
#define STUB_MARK               "endbr64"

#define STUB_JUMP(number, stub) "	mov $" number ", %eax\n	jmp " stub "\n"

#define STUB_COMMON(route)                                                                         \
	"	sub $56, %rsp\n"                                                                         \
	"	.cfi_adjust_cfa_offset 56\n"                                                             \
	"	mov %rdi, (%rsp)\n"                                                                      \
	"	mov %rsi, 8(%rsp)\n"                                                                     \
	"	mov %rdx, 16(%rsp)\n"                                                                    \
	"	mov %rcx, 24(%rsp)\n"                                                                    \
	"	mov %r8, 32(%rsp)\n"                                                                     \
	"	mov %r9, 40(%rsp)\n"                                                                     \
	"	mov %eax, %edi\n"                                                                        \
	"	mov %rsp, %rsi\n"                                                                        \
	"	lea 64(%rsp), %rdx\n"                                                                    \
	"	call " route "\n"                                                                  \
	"	mov %rax, %r11\n"                                                                        \
	"	xor %eax, %eax\n" /* of no variadic call here is an argument a vector */           \
	"	mov (%rsp), %rdi\n"                                                                      \
	"	mov 8(%rsp), %rsi\n"                                                                     \
	"	mov 16(%rsp), %rdx\n"                                                                    \
	"	mov 24(%rsp), %rcx\n"                                                                    \
	"	mov 32(%rsp), %r8\n"                                                                     \
	"	mov 40(%rsp), %r9\n"                                                                     \
	"	add $56, %rsp\n"                                                                         \
	"	.cfi_adjust_cfa_offset -56\n"                                                            \
	"	jmp *%r11\n"

/* The place of this hook in hook_ways, where it jumps to if there is an address. */
#define STUB_WAY                                                                                   \
	"	mov hook_ways+8*hook_number(%rip), %r11\n"                                               \
	"	test %r11, %r11\n"                                                                       \
	"	je 1f\n"                                                                                 \
	"	jmp *%r11\n"                                                                             \
	"1:"
#define STUB_WAY_HELPER ""

enum { STUB_REGISTERS = 6, STUB_SLOTS_OF_64_BITS = 1 };
