/* SPDX-License-Identifier: Apache-2.0 */
/* See stub.h. */
#define STUB_JUMP(number, stub) "	mov $" number ", %eax\n	jmp " stub "\n"

#define STUB_COMMON(route)                                                                         \
	"	lea 4(%esp), %edx\n"                                                                     \
	"	sub $12, %esp\n"                                                                         \
	"	.cfi_adjust_cfa_offset 12\n"                                                             \
	"	mov %eax, (%esp)\n"                                                                      \
	"	mov %edx, 4(%esp)\n" /* no arguments in registers */                               \
	"	mov %edx, 8(%esp)\n"                                                                     \
	"	call " route "\n"                                                                  \
	"	add $12, %esp\n"                                                                         \
	"	.cfi_adjust_cfa_offset -12\n"                                                            \
	"	jmp *%eax\n"

enum { STUB_REGISTERS = 0, STUB_SLOTS_OF_64_BITS = 2 };
