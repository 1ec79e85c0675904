/* SPDX-License-Identifier: Apache-2.0 */
/* See real_missing.h. The column `missing` of hooks.def and imports.def is read here alone. */
#include <errno.h>
#include <signal.h>

#include "real.h"
#include "real_missing.h"
#include "sys.h"

static long missing_none(void)
{
	return 0;
}

static long missing_errno(void)
{
	real_set_errno(ENOSYS);
	return -1;
}

static long missing_code(void)
{
	return ENOSYS;
}

/* --- those that are a system call --- */

static long answer(long result)
{
	if (result >= 0 || result < -4095)
		return result;
	real_set_errno((int)-result);
	return -1;
}

static int raw_execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)answer(sys_call(SYS_execve, (long)path, (long)argv, (long)envp, 0, 0, 0));
}

static int raw_execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags)
{
	return (int)answer(
		sys_call(SYS_execveat, fd, (long)path, (long)argv, (long)envp, flags, 0));
}

static long raw_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	return answer(sys_call(number, a, b, c, d, e, f));
}

static int raw_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	return (int)answer(sys_call(SYS_prctl, option, (long)a, (long)b, (long)c, (long)d, 0));
}

static pid_t raw_fork(void)
{
	return (pid_t)answer(sys_call(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0));
}

/* --- pidfd_spawn, before glibc 2.39 and in musl --- */

/* Numbers of all machines: new system calls have the same everywhere. */
#define NUMBER_PIDFD_OPEN 434

static int pidfd_of(long pid)
{
	return (int)sys_call(NUMBER_PIDFD_OPEN, pid, 0, 0, 0, 0, 0);
}

/* Asked before there is a child: that could not be taken back. */
static int check_pidfds(void)
{
	int fd = pidfd_of(sys_call(SYS_getpid, 0, 0, 0, 0, 0, 0));

	if (fd >= 0)
		sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
	return fd < 0 ? -fd : 0;
}

/* A child that is not waited for (SIGCHLD ignored) may be gone: then the caller hears of ESRCH. */
static int take_pidfd(pid_t pid, int *pidfd)
{
	int fd = pidfd_of(pid);

	if (fd < 0)
		return -fd;
	*pidfd = fd;
	return 0;
}

static int older_pidfd_spawn(int *pidfd, const char *path, const void *actions,
			     const void *attributes, char *const argv[], char *const envp[])
{
	int error = check_pidfds();
	pid_t pid;

	if (!error)
		error = REAL(posix_spawn)(&pid, path, actions, attributes, argv, envp);
	return error ? error : take_pidfd(pid, pidfd);
}

static int older_pidfd_spawnp(int *pidfd, const char *file, const void *actions,
			      const void *attributes, char *const argv[], char *const envp[])
{
	int error = check_pidfds();
	pid_t pid;

	if (!error)
		error = REAL(posix_spawnp)(&pid, file, actions, attributes, argv, envp);
	return error ? error : take_pidfd(pid, pidfd);
}

/* --- which of them --- */

enum missing { NONE, ERRNO, CODE, OWN };

static const unsigned char kinds[] = {
#define HOOK(file, ret, name, presence, missing, signature) missing,
#define IMPORT(ret, name, presence, missing, signature)     missing,
#define POOL(file, ret, name, signature)
#define POOL_IMPORT(ret, name, signature)
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
#undef POOL
#undef POOL_IMPORT
};

static real_function *own(enum real_index index)
{
	switch ((int)index) {
	case REAL_execve:
		return (real_function *)raw_execve;
	case REAL_execveat:
		return (real_function *)raw_execveat;
	case REAL_syscall:
		return (real_function *)raw_syscall;
	case REAL_prctl:
		return (real_function *)raw_prctl;
	case REAL_pidfd_spawn:
		return (real_function *)older_pidfd_spawn;
	case REAL_pidfd_spawnp:
		return (real_function *)older_pidfd_spawnp;
	default:
		return (real_function *)raw_fork;
	}
}

real_function *real_missing(enum real_index index)
{
	switch (kinds[index]) {
	case OWN:
		return own(index);
	case ERRNO:
		return (real_function *)missing_errno;
	case CODE:
		return (real_function *)missing_code;
	default:
		return (real_function *)missing_none;
	}
}
