/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swapcontext() for i386; see coroutine.c. What is saved includes ecx and edx as they are at the
 * call, in glibc and libucontext; they come back with the context. Where the call fails they are
 * read from what it has saved: at 60 and 56 of the ucontext_t that the caller gave.
 */
__asm__(".pushsection .text.swapcontext, \"ax\", @progbits\n"
	".globl hook_swapcontext\n.hidden hook_swapcontext\n"
	".type hook_swapcontext, @function\n"
	"hook_swapcontext:\n"
	"	.cfi_startproc\n"
	"	endbr32\n"
	"	subl $28, %esp\n"
	"	.cfi_adjust_cfa_offset 28\n"
	"	movl 32(%esp), %eax\n"
	"	movl %eax, (%esp)\n"
	"	leal 12(%esp), %eax\n"
	"	movl %eax, 4(%esp)\n"
	"	call coroutine_leaves\n"
	"	movl 12(%esp), %eax\n"
	"	movl 16(%esp), %edx\n"
	"	movl 20(%esp), %ecx\n"
	"	addl $28, %esp\n"
	"	.cfi_adjust_cfa_offset -28\n"
	"	testl %ecx, %ecx\n"
	"	je 1f\n"
	"	xchgl %ecx, (%esp)\n"
	"	.cfi_register 8, 1\n"
	"1:	jmp *%eax\n"
	"	.cfi_endproc\n"
	".size hook_swapcontext, . - hook_swapcontext\n"
	".globl coroutine_resumed\n"
	".hidden coroutine_resumed\n"
	".type coroutine_resumed, @function\n"
	"	.cfi_startproc\n"
	"	.cfi_def_cfa_offset 0\n"
	"	.cfi_register 8, 1\n"
	"	nop\n" /* unwinders look before the return address */
	"coroutine_resumed:\n"
	"	endbr32\n"
	"	cmpl $-1, %eax\n"
	"	jne 1f\n"
	"	movl (%esp), %ecx\n"
	"	movl 56(%ecx), %edx\n"
	"	movl 60(%ecx), %ecx\n"
	"1:	pushl %ecx\n"
	"	.cfi_adjust_cfa_offset 4\n"
	"	.cfi_offset 8, -4\n"
	"	pushl %eax\n"
	"	.cfi_adjust_cfa_offset 4\n"
	"	subl $4, %esp\n"
	"	.cfi_adjust_cfa_offset 4\n"
	"	pushl %edx\n"
	"	.cfi_adjust_cfa_offset 4\n"
	"	call coroutine_goes_on\n"
	"	addl $8, %esp\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	popl %eax\n"
	"	.cfi_adjust_cfa_offset -4\n"
	"	popl %ecx\n"
	"	.cfi_adjust_cfa_offset -4\n"
	"	.cfi_register 8, 1\n"
	"	notrack jmp *%ecx\n" /* to behind a call: no mark there */
	"	.cfi_endproc\n"
	".size coroutine_resumed, . - coroutine_resumed\n"
	".popsection\n");

/* Linux has none for programs of 32 bits. */
static inline bool has_shadow_stack(void)
{
	return false;
}
