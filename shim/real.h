/* SPDX-License-Identifier: Apache-2.0 */
/*
 * real - the functions behind the hooks, and those that the shim calls itself.
 *
 * REAL(execve)(path, argv, envp) calls the execve that the program would have called without us:
 * the next one in the search order, so that other preloads stay in the chain. Never NULL: where a
 * libc lacks the function, real_missing.h says what is done instead. Async-signal-safe.
 */
#ifndef FLYTECTX_REAL_H
#define FLYTECTX_REAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define EXPORT __attribute__((visibility("default")))

/* What OpenMP runtimes are given to run, and to copy its arguments with. */
typedef void work(void *data);
typedef void copy_work(void *to, void *from);

/* The same for LLVM's: a region's code has as many arguments as it shares variables. */
typedef void microtask(int *thread, int *number, void *a, void *b, void *c, void *d);
typedef int task_entry(int thread, void *task);

/* What dladdr() fills in, of flyte_ctx.h. */
struct flyte_object_;

/* Prototypes of the hooks' bodies, see hook_stub.c: libc's headers are kept out where they would
 * declare them differently.
 */
#define HOOK(file, ret, name, presence, missing, signature)                                        \
	__attribute__((used)) ret name signature __asm__("hook_" #name);
#define POOL(file, ret, name, signature) EXPORT ret name signature;
#include "hooks.def"
#undef HOOK
#undef POOL

#define HOOK(file, ret, name, presence, missing, signature) typedef ret real_##name signature;
#define POOL(file, ret, name, signature)                    typedef ret real_##name signature;
#define IMPORT(ret, name, presence, missing, signature)     typedef ret real_##name signature;
#define POOL_IMPORT(ret, name, signature)                   typedef ret real_##name signature;
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
#undef POOL
#undef POOL_IMPORT

/* In what follows, those of the libc alone. */
#define POOL(file, ret, name, signature)
#define POOL_IMPORT(ret, name, signature)

enum real_index {
#define HOOK(file, ret, name, presence, missing, signature) REAL_##name,
#define IMPORT(ret, name, presence, missing, signature)     REAL_##name,
#include "hooks.def"
	REAL_BEHIND_HOOKS,
	REAL_LAST_HOOK = REAL_BEHIND_HOOKS - 1, /* the next value is that of the first import */
#include "imports.def"
#undef HOOK
#undef IMPORT
	REAL_COUNT
};

#undef POOL
#undef POOL_IMPORT

/* A function of no particular type; what is called is cast back. */
typedef void real_function(void);

extern _Atomic(real_function *) real_table[REAL_COUNT];

/* Looks the function up, and keeps it in the table if there is one: not worth being inlined. */
__attribute__((noinline, cold)) real_function *real_resolve(enum real_index index);

static inline real_function *real(enum real_index index)
{
	real_function *function = atomic_load_explicit(&real_table[index], memory_order_relaxed);

	return function ? function : real_resolve(index);
}

#define REAL(name) ((real_##name *)real(REAL_##name))

/* Which libc this process has: 236 for glibc 2.36, 0 for musl or none. */
int real_glibc_version(void);

/* Is there one behind us, whatever its library? */
bool real_is_found(enum real_index index);

/* Is it libc's own? A library behind us may have one of the same name, and its own results. */
bool real_is_of_libc(enum real_index index);

/*
 * Looks up what most starts need: in a parent before it forks, that not each child does it anew.
 */
void real_resolve_exec(void);

/*
 * Looks up all, and which are libc's own: before the process has a second thread, and before a fork
 * of one that has. Then a child that another thread's look-up was copied into, or that shares our
 * memory, needs none.
 */
void real_resolve_all(void);

/* errno of this thread, where there is a libc. */
int real_errno(void);
void real_set_errno(int error);

#endif
