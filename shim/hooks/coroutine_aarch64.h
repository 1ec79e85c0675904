/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swapcontext() for aarch64; see coroutine.c. glibc saves nothing of x2 and x3 and loads both from
 * the saved context, libucontext saves both: so they are put into the registers and, at 200 and 208
 * of the ucontext_t, into their places. x18, which is saved by both, is for the case that the call
 * fails.
 */
__asm__(".pushsection .text.swapcontext, \"ax\", @progbits\n"
	".globl hook_swapcontext\n.hidden hook_swapcontext\n"
	".type hook_swapcontext, @function\n"
	"hook_swapcontext:\n"
	"	.cfi_startproc\n"
	"	hint #34\n" /* bti c */
	"	stp x29, x30, [sp, #-64]!\n"
	"	.cfi_def_cfa_offset 64\n"
	"	.cfi_offset 29, -64\n"
	"	.cfi_offset 30, -56\n"
	"	stp x0, x1, [sp, #16]\n"
	"	add x1, sp, #32\n"
	"	bl coroutine_leaves\n"
	"	ldp x16, x3, [sp, #32]\n"
	"	ldr x4, [sp, #48]\n"
	"	ldp x0, x1, [sp, #16]\n"
	"	ldp x29, x30, [sp], #64\n"
	"	.cfi_def_cfa_offset 0\n"
	"	.cfi_restore 29\n"
	"	.cfi_restore 30\n"
	"	cbz x4, 1f\n"
	"	mov x2, x30\n"
	"	mov x30, x4\n"
	"	.cfi_register 30, 2\n"
	"	mov x18, x0\n"
	"	str x2, [x0, #200]\n"
	"	str x3, [x0, #208]\n"
	"1:	br x16\n"
	"	.cfi_endproc\n"
	".size hook_swapcontext, . - hook_swapcontext\n"
	".globl coroutine_resumed\n"
	".hidden coroutine_resumed\n"
	".type coroutine_resumed, @function\n"
	"	.cfi_startproc\n"
	"	.cfi_register 30, 2\n"
	"	nop\n" /* unwinders look before the return address */
	"coroutine_resumed:\n"
	"	hint #38\n" /* bti jc */
	"	cmn w0, #1\n"
	"	b.ne 1f\n"
	"	ldr x2, [x18, #200]\n"
	"	ldr x3, [x18, #208]\n"
	"1:	stp x2, x0, [sp, #-16]!\n"
	"	.cfi_def_cfa_offset 16\n"
	"	.cfi_offset 30, -16\n"
	"	mov x0, x3\n"
	"	bl coroutine_goes_on\n"
	"	ldp x30, x0, [sp], #16\n"
	"	.cfi_def_cfa_offset 0\n"
	"	.cfi_restore 30\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".size coroutine_resumed, . - coroutine_resumed\n"
	".popsection\n");

/* The library does not say that it stands one, so a loader that knows them has switched it off. */
static inline bool has_shadow_stack(void)
{
	return false;
}
