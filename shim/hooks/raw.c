/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw - syscall(2): SYS_execve and SYS_execveat are starts of a program like any other, and what
 * sets a seccomp filter is noted (seccomp.c). All is handed on by a jump of a stub, not a call
 * (tests/checks/check_elf looks): a child of SYS_clone or SYS_vfork returns on a stack that has no
 * frame of ours.
 */
#include <fcntl.h>
#include <linux/prctl.h>
#include <sys/syscall.h>

#include "child_env.h"
#include "machine.h"
#include "program.h"
#include "real.h"
#include "stub.h"

/* The caller's argument `envp` is the third of execve, the fourth of execveat. */
static long execute(long number, long a, long b, long c, long d, long e, long f)
{
	long *place = number == SYS_execve ? &c : &d;
	struct program program = { AT_FDCWD, (const char *)a, false, .in_place = true };
	struct child_env env;
	long result;

	if (number == SYS_execveat)
		program = (struct program) { (int)a, (const char *)b, false, .in_place = true };
	child_env_begin(&env, (char *const *)*place, &program);
	do {
		*place = (long)env.envp;
		result = REAL(syscall)(number, a, b, c, d, e, f);
	} while (result && child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

stub_route raw_route;

/* Where syscall() goes on. */
__attribute__((used)) real_function *raw_route(int stub, void **registers, void **stack)
{
	struct stub_call call = { registers, stack };
	long number = (long)*stub_argument(call, 0), option = (long)*stub_argument(call, 1);

	(void)stub;
	if (number == SYS_execve || number == SYS_execveat)
		return (real_function *)execute;
	if (number == SYS_seccomp || (number == SYS_prctl && option == PR_SET_SECCOMP))
		machine_look_no_more();
	return real(REAL_syscall);
}

/* clang-format off */
__asm__(".text\n.cfi_startproc\n"
	".hidden hook_syscall\n" STUB_BEGIN("hook_syscall") STUB_COMMON("raw_route") STUB_END("hook_syscall")
	".cfi_endproc\n");
/* clang-format on */
