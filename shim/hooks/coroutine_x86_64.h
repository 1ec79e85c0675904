/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swapcontext() for x86-64; see coroutine.c. What is saved includes r8 and r9 as they are at the
 * call, in glibc and libucontext; they come back with the context.
 */
__asm__(".pushsection .text.swapcontext, \"ax\", @progbits\n"
	".globl hook_swapcontext\n.hidden hook_swapcontext\n"
	".type hook_swapcontext, @function\n"
	"hook_swapcontext:\n"
	"	.cfi_startproc\n"
	"	endbr64\n"
	"	subq $56, %rsp\n"
	"	.cfi_adjust_cfa_offset 56\n"
	"	movq %rdi, 40(%rsp)\n"
	"	movq %rsi, 48(%rsp)\n"
	"	leaq 8(%rsp), %rsi\n"
	"	call coroutine_leaves\n"
	"	movq 40(%rsp), %rdi\n"
	"	movq 48(%rsp), %rsi\n"
	"	movq 8(%rsp), %rax\n"
	"	movq 16(%rsp), %r9\n"
	"	movq 24(%rsp), %rcx\n"
	"	addq $56, %rsp\n"
	"	.cfi_adjust_cfa_offset -56\n"
	"	testq %rcx, %rcx\n"
	"	je 1f\n"
	"	movq (%rsp), %r8\n"
	"	movq %rcx, (%rsp)\n"
	"	.cfi_register 16, 8\n"
	"1:	jmp *%rax\n"
	"	.cfi_endproc\n"
	".size hook_swapcontext, . - hook_swapcontext\n"
	".globl coroutine_resumed\n"
	".hidden coroutine_resumed\n"
	".type coroutine_resumed, @function\n"
	"	.cfi_startproc\n"
	"	.cfi_def_cfa_offset 0\n"
	"	.cfi_register 16, 8\n"
	"	nop\n" /* unwinders look before the return address */
	"coroutine_resumed:\n"
	"	endbr64\n"
	"	pushq %r8\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_offset 16, -8\n"
	"	pushq %rax\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	movq %r9, %rdi\n"
	"	call coroutine_goes_on\n"
	"	popq %rax\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	popq %r8\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_register 16, 8\n"
	"	notrack jmp *%r8\n" /* to behind a call: no mark there */
	"	.cfi_endproc\n"
	".size coroutine_resumed, . - coroutine_resumed\n"
	".popsection\n");

/*
 * Is there a shadow stack? It has the return address as the caller made it, so the real function
 * could not return to another. Elsewhere the instruction does nothing.
 */
static inline bool has_shadow_stack(void)
{
	unsigned long pointer = 0;

	__asm__("rdsspq %0" : "+r"(pointer));
	return pointer;
}
