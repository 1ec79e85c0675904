/* SPDX-License-Identifier: Apache-2.0 */
/*
 * system - where environ has what the child is to have, libc's own; else the same over posix_spawn,
 * for libc's takes environ as it is. What POSIX asks for is kept: while it waits the caller ignores
 * SIGINT and SIGQUIT, also under concurrent calls, and blocks SIGCHLD; the child has the
 * dispositions and the mask from before; a cancellation kills the child and reaps it.
 *
 * Each of the two counts its own callers, and one that began within the other's would find the
 * signals ignored and leave them so. Hence what was before is noted by the first of all; beside one
 * of ours none of libc's begins, and where one of libc's ends within ours, it is made up for.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>

#include "child_env.h"
#include "provider.h"
#include "real.h"
#include "hooks/shell.h"
#include "short_lock.h"
#include "state.h"
#include "sys.h"

/* The kernel's own struct sigaction: restoring it byte for byte keeps libc's restorer. */
struct disposition {
	unsigned long handler, flags, restorer;
	uint64_t mask;
};

/* spawn.h would declare the hooks with types of its own. The values are those of both libcs. */
#define SPAWN_SETSIGDEF  4
#define SPAWN_SETSIGMASK 8

struct signals {
	uint64_t mask;                      /* of this thread, before */
	struct disposition interrupt, quit; /* before the first of the concurrent calls */
};

/* The calls that are under way; the first saves the dispositions, the last restores them. */
static struct short_lock lock;
static unsigned ours, libcs;
static struct disposition saved_interrupt, saved_quit;

static void set_disposition(int number, const struct disposition *new, struct disposition *old)
{
	sys_call(SYS_rt_sigaction, number, (long)new, (long)old, sizeof(new->mask), 0, 0);
}

static uint64_t bit(int number)
{
	return (uint64_t)1 << (number - 1);
}

static void set_mask(int how, const uint64_t *set, uint64_t *old)
{
	sys_call(SYS_rt_sigprocmask, how, (long)set, (long)old, sizeof(*set), 0, 0);
}

/* Until the last of all has ended. */
static void save_signals(void)
{
	if (ours + libcs)
		return;
	set_disposition(SIGINT, NULL, &saved_interrupt);
	set_disposition(SIGQUIT, NULL, &saved_quit);
}

static void ignore(void)
{
	static const struct disposition ignore = { .handler = (unsigned long)SIG_IGN };

	set_disposition(SIGINT, &ignore, NULL);
	set_disposition(SIGQUIT, &ignore, NULL);
}

static void ignore_signals(struct signals *before)
{
	uint64_t child = bit(SIGCHLD);
	bool locked = short_lock_take(&lock);

	save_signals();
	if (!ours++)
		ignore();
	before->interrupt = saved_interrupt;
	before->quit = saved_quit;
	if (locked)
		short_lock_drop(&lock);
	set_mask(SIG_BLOCK, &child, &before->mask);
}

/* Where libc's go on, they restore what they have found; that may be what we have set. */
static void restore_signals(const struct signals *before)
{
	bool locked = short_lock_take(&lock);

	if (--ours == 0 && !libcs) {
		set_disposition(SIGINT, &saved_interrupt, NULL);
		set_disposition(SIGQUIT, &saved_quit, NULL);
	}
	if (locked)
		short_lock_drop(&lock);
	set_mask(SIG_SETMASK, &before->mask, NULL);
}

/* False: one of ours is under way. */
static bool libcs_may_begin(void)
{
	bool locked = short_lock_take(&lock), may = !ours;

	if (may) {
		save_signals();
		libcs++;
	}
	if (locked)
		short_lock_drop(&lock);
	return may;
}

/* The last of libc's has restored what it found before the first. */
static void libcs_ends(void *unused)
{
	bool locked = short_lock_take(&lock);

	(void)unused;
	if (--libcs == 0 && ours)
		ignore();
	if (locked)
		short_lock_drop(&lock);
}

/* The child is to start with the signals as they were before us. */
static int spawn(pid_t *pid, const char *command, const struct signals *before)
{
	shell_opaque attributes;
	union {
		sigset_t set;
		uint64_t word;
	} mask = { .set = { { 0 } } }, defaults = { .set = { { 0 } } };
	int error;

	mask.word = before->mask;
	if (before->interrupt.handler != (unsigned long)SIG_IGN)
		defaults.word |= bit(SIGINT);
	if (before->quit.handler != (unsigned long)SIG_IGN)
		defaults.word |= bit(SIGQUIT);
	REAL(posix_spawnattr_init)(attributes);
	REAL(posix_spawnattr_setsigmask)(attributes, &mask.set);
	REAL(posix_spawnattr_setsigdefault)(attributes, &defaults.set);
	REAL(posix_spawnattr_setflags)(attributes, SPAWN_SETSIGDEF | SPAWN_SETSIGMASK);
	error = shell_spawn(pid, command, NULL, attributes);
	REAL(posix_spawnattr_destroy)(attributes);
	return error;
}

struct waiting {
	pid_t pid;
	const struct signals *before;
};

static void cancelled(void *argument)
{
	const struct waiting *waiting = argument;
	int status;

	sys_call(SYS_kill, waiting->pid, SIGKILL, 0, 0, 0, 0);
	shell_wait(waiting->pid, &status);
	restore_signals(waiting->before);
}

/* A cancellation point, as system() is one. */
static int wait_for(pid_t pid, const struct signals *before)
{
	struct waiting waiting = { pid, before };
	long cleanup[8]; /* struct _pthread_cleanup_buffer, or musl's __ptcb: 32 and 24 bytes */
	int status;
	pid_t result;

	REAL(_pthread_cleanup_push)(cleanup, cancelled, &waiting);
	do
		result = REAL(waitpid)(pid, &status, 0);
	while (result < 0 && real_errno() == EINTR);
	REAL(_pthread_cleanup_pop)(cleanup, 0);
	return result == pid ? status : -1;
}

/* A shell that can't be started: glibc says what a shell that can't start would, musl -1. */
static int not_started(int error)
{
	real_set_errno(error);
	return real_glibc_version() ? 127 << 8 : -1;
}

static int run(const char *command)
{
	struct signals before;
	int status, error;
	pid_t pid;

	ignore_signals(&before);
	error = spawn(&pid, command, &before);
	status = error ? not_started(error) : wait_for(pid, &before);
	error = real_errno();
	restore_signals(&before);
	real_set_errno(error);
	return status;
}

/* A cancellation point. */
static int libcs_system(const char *command)
{
	long cleanup[8]; /* as above */
	int status;

	REAL(_pthread_cleanup_push)(cleanup, libcs_ends, NULL);
	status = REAL(system)(command);
	REAL(_pthread_cleanup_pop)(cleanup, 0);
	libcs_ends(NULL);
	return status;
}

static int start(const char *command)
{
	if (!child_env_own_is_right(&shell_program))
		return run(command);
	if (!real_is_of_libc(REAL_system))
		return REAL(system)(command);
	return libcs_may_begin() ? libcs_system(command) : run(command);
}

int system(const char *command)
{
	struct scope *before;
	int status;

	if (!command || state()->inert)
		return REAL(system)(command);
	before = provider_enter();
	status = start(command);
	provider_leave(before);
	return status;
}
