/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw - syscall(2): SYS_execve and SYS_execveat are starts of a program like any other, and what
 * sets a seccomp filter is noted (seccomp.c). All is handed on by a jump, not a call
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

/* The caller's argument `envp` is the third of execve, the fourth of execveat. */
static long execute(long number, long a, long b, long c, long d, long e, long f)
{
	long *place = number == SYS_execve ? &c : &d;
	struct program program = { AT_FDCWD, (const char *)a, false };
	struct child_env env;
	long result;

	if (number == SYS_execveat)
		program = (struct program) { (int)a, (const char *)b, false };
	child_env_begin(&env, (char *const *)*place, &program);
	do {
		*place = (long)env.envp;
		result = REAL(syscall)(number, a, b, c, d, e, f);
	} while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

long syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (number == SYS_execve || number == SYS_execveat)
		return execute(number, a, b, c, d, e, f);
	if (number == SYS_seccomp || (number == SYS_prctl && a == PR_SET_SECCOMP))
		machine_look_no_more();
	return REAL(syscall)(number, a, b, c, d, e, f);
}
