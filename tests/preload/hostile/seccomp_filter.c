/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter kills for every system call but those that the program needs which is started behind
 * it: a sandbox. That program is static and does nothing but to end, so of ours none may come,
 * in whichever of the ways the filter is set, also where it is there before the first start.
 *
 *	seccomp_filter PROGRAM    which ends with 7
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "hostile.h"

#define ALLOW(number)                                                                              \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),                                         \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	ALLOW(SYS_execve),
	ALLOW(SYS_exit),
	ALLOW(SYS_seccomp),
	ALLOW(SYS_prctl),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};

static struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

static long by_prctl(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static long by_raw_prctl(void)
{
	return syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

static long by_seccomp(void)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static int start_behind(long (*set_filter)(void), char *path, bool scope)
{
	char *const argv[] = { path, NULL };
	pid_t pid = fork();

	if (pid == 0) {
		if (scope)
			enter("scope", "inner");
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (set_filter())
			_exit(77);
		execve(path, argv, environ);
		_exit(126);
	}
	return ended(pid);
}

int main(int argc, char **argv)
{
	long (*const setters[])(void) = { by_prctl, by_raw_prctl, by_seccomp };

	hostile_begin(argc, argv);
	for (size_t i = 0; i < 3; i++)
		for (int scope = 0; scope < 2; scope++) {
			int status = start_behind(setters[i], argv[1], scope);

			if (status == 77)
				return cannot("no seccomp filters");
			expect(status == 7);
		}
	return hostile_end();
}
