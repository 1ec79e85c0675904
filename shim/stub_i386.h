/* SPDX-License-Identifier: Apache-2.0 */
/* See stub.h. */
#define STUB_MARK               "endbr32"

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

/* The place of this hook in hook_ways, where it jumps to if there is an address. */
#define STUB_WAY                                                                                   \
	"	call hook_here\n"                                                                        \
	"2:	mov hook_ways-2b+4*hook_number(%eax), %ecx\n"                                          \
	"	test %ecx, %ecx\n"                                                                       \
	"	je 1f\n"                                                                                 \
	"	jmp *%ecx\n"                                                                             \
	"1:"
#define STUB_WAY_HELPER "hook_here: mov (%esp), %eax\n	ret\n"

enum { STUB_REGISTERS = 0, STUB_SLOTS_OF_64_BITS = 2 };
