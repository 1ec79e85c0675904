/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child_env - the environment for the child that a hook is about to start: the caller's own where
 * it is already right, else one with the carrier and our library in it.
 *
 *	child_env_begin(&env, envp, &program);
 *	do
 *		result = REAL(execve)(path, argv, env.envp);
 *	while (child_env_again(&env, result ? real_errno() : 0));
 *	child_env_end(&env);
 *
 * Works in a vfork child, in a signal handler, on a 16 KiB stack: no malloc, no lock held while
 * the real function runs. errno is left alone.
 */
#ifndef FLYTECTX_CHILD_ENV_H
#define FLYTECTX_CHILD_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "repairs.h"

/*
 * On the stack: enough for some 50 variables; more of them take a buffer of the thread. A clone's
 * stack may have one page, and natively an exec takes 512 bytes of it.
 */
#define CHILD_ENV_STACK 512

struct program;

struct child_env {
	char *const *envp;   /* what the child is to get */
	char *const *given;  /* what the caller gave */
	bool stripped;       /* the second try, without anything of ours */
	bool once;           /* there is no second try */
	bool foreign;        /* the program is of another machine, */
	const char *library; /* and this can go along */
	struct child_env_buffer *buffer;
	struct scope *before; /* a provider's answer, see provider.h */
	char marker[REPAIRS_MARKER];
	void *memory[CHILD_ENV_STACK / sizeof(void *)];
};

void child_env_begin(struct child_env *env, char *const envp[], const struct program *program);

/* The same for a call that takes the program's own environ. */
void child_env_begin_own(struct child_env *env, const struct program *program);

/*
 * The same for a start with file actions, which may not be done twice: what would be too large for
 * the kernel is left out at once, and child_env_again() is always false.
 */
void child_env_begin_once(struct child_env *env, char *const envp[], char *const argv[],
			  const struct program *program);

/* The caller's own environment is what the child gets. */
static inline bool child_env_is_given(const struct child_env *env)
{
	return env->envp == env->given;
}

/*
 * After the real function failed with `error`: true where the call is to be made once more. That
 * is so for E2BIG: with ours the environment is too large, without it the kernel decides.
 */
bool child_env_again(struct child_env *env, int error);

void child_env_end(struct child_env *env);

/* The thread's buffer goes with it. */
void child_env_thread_ends(void);

/* True where this thread has nothing to hand on to a child. */
bool child_env_has_nothing_to_carry(void);

/* True where this program, given environ as it is now, has all that it is to have. */
bool child_env_own_is_right(const struct program *program);

#endif
