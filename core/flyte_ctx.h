/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flyte_ctx.h - the context of a Flyte task, for any C or C++ program.
 *
 * Include this header and link nothing. Where libflytectx.so is preloaded (`flytectx run -- CMD`,
 * or LD_PRELOAD in the pod) the calls below answer; where it is not, they do the no-context thing:
 * NULL, a no-op, or -1 with ENOSYS where a result can't be faked. One binary serves both.
 *
 *	#include "flyte_ctx.h"
 *
 *	const struct flyte_task_context *ctx = flyte_ctx_get();
 *	if (ctx)
 *		printf("%s, increment %s\n", ctx->action.name,
 *flyte_custom_context_get("increment"));
 *
 * How it works: every function is an inline one over a weak symbol. The preload defines that
 * symbol; without it the address is NULL. The one trap: in code compiled neither PIC nor PIE
 * every linker folds the address of an undefined weak symbol to 0, preload or not. The header
 * then reads the address from the GOT in assembly (x86-64). So write flyte_ctx_get(), which is
 * right in every build mode; call flyte_ctx() itself only in PIC or PIE code, after testing it.
 *
 * Thread-safety: all calls may be made from all threads; what they return is the calling
 * thread's. Signal-safety: stated at each call. Nothing here is a cancellation point.
 */
#ifndef FLYTE_CTX_H
#define FLYTE_CTX_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where an action stands. Strings are NUL-terminated UTF-8 as the SDK wrote them; NULL if unset. */
struct flyte_action_id {
	const char *name;
	const char *run_name; /* the name, where no run name is known */
	const char *project;
	const char *domain;
	const char *org;
};

/* One entry of the custom context. The key is not empty. */
struct flyte_pair {
	const char *key;
	const char *value;
};

enum flyte_mode {
	FLYTE_MODE_UNSET = 0,
	FLYTE_MODE_LOCAL = 1,  /* on a machine of one's own */
	FLYTE_MODE_REMOTE = 2, /* in a pod of the cluster */
	FLYTE_MODE_HYBRID = 3, /* here, with actions in the cluster */
};

/*
 * What a task knows about where it is (SPEC 1). Immutable: a scope makes a new one. All that it
 * points to lives as long as it does. It is only ever appended to: `size` is the sizeof that its
 * maker knew, so test it before you read a member that a later header added.
 */
struct flyte_task_context {
	size_t size;
	struct flyte_action_id action;
	struct flyte_action_id task_action; /* stays on the real task inside its sub-actions */
	const char *version;
	const char *input_path;
	const char *output_path;
	const char *run_base_dir;
	struct {
		const char *path; /* prefix for raw data */
		struct {
			const char *old_prefix; /* both set, or both NULL */
			const char *new_prefix;
		} path_rewrite;
	} raw_data_path;
	struct {
		const char *checkpoint_path;
		const char *prev_checkpoint_path;
	} checkpoint_paths;
	const char *group;
	enum flyte_mode mode;
	bool interactive_mode;
	bool disable_run_cache;
	bool in_trace;
	int64_t run_start_time; /* nanoseconds since 1970-01-01T00:00:00Z; 0 if unknown */
	struct {
		size_t count;
		const struct flyte_pair *items; /* in the order of insertion, keys unique */
	} custom_context;
};

/* What an enter returns and flyte_context_exit() takes. Opaque; 0 and FLYTE_TOKEN_NONE are fixed.
 */
typedef uintptr_t flyte_token;

/* Entering was a no-op (outside a task, or no preload); exiting it returns 0. */
#define FLYTE_TOKEN_NONE ((flyte_token)1)

#if defined(__GNUC__)
#define FLYTE_WEAK __attribute__((weak))
#else
#error "flyte_ctx.h needs weak symbols: use gcc or clang"
#endif

/* The one symbol that is called by its own name; see flyte_ctx_get(). */
extern const struct flyte_task_context *flyte_ctx(void) FLYTE_WEAK;

/* What the preload defines. Call the inline functions below instead. */
extern flyte_token flytectx_custom_context_enter(const struct flyte_pair *, size_t) FLYTE_WEAK;
extern flyte_token flytectx_replace_task_context(const struct flyte_task_context *) FLYTE_WEAK;
extern int flytectx_context_exit(flyte_token) FLYTE_WEAK;
extern const char *flytectx_custom_context_get(const char *) FLYTE_WEAK;

/* The address of a weak function, or NULL: from the GOT where the linker would fold it to 0. */
#if defined(__x86_64__) && !defined(__PIC__) && !defined(__PIE__)
#define FLYTE_ADDRESS(function, pointer)                                                           \
	__asm__(".weak " #function "\n\tmovq " #function "@GOTPCREL(%%rip), %0" : "=r"(pointer))
#else
#define FLYTE_ADDRESS(function, pointer) ((pointer) = (function))
#endif

/*
 * The current thread's context, or NULL outside a task (SPEC 1). Borrowed: valid until the scope
 * that made it current exits on this thread. Costs about as much as a thread-local read; never
 * allocates, never locks. Async-signal-safe. errno is untouched.
 */
static inline const struct flyte_task_context *flyte_ctx_get(void)
{
	const struct flyte_task_context *(*function)(void);

	FLYTE_ADDRESS(flyte_ctx, function);
	return function ? function() : NULL;
}

/*
 * Enter a scope whose custom context is the current one plus `count` pairs; where a key is in
 * both, or twice in `pairs`, the later value wins and the place stays (SPEC 2). The strings are
 * copied. Threads and processes started inside the scope have its context.
 *
 * Returns a token for flyte_context_exit() on this thread; FLYTE_TOKEN_NONE outside a task; 0 on
 * an error, the context being unchanged: EINVAL (pairs, a key or a value is NULL, a key empty),
 * E2BIG (over 96 KiB encoded), ENOMEM. Keys that the SDK reserves are left out. Not
 * async-signal-safe: it allocates.
 */
static inline flyte_token flyte_custom_context_enter(const struct flyte_pair *pairs, size_t count)
{
	flyte_token (*function)(const struct flyte_pair *, size_t);

	FLYTE_ADDRESS(flytectx_custom_context_enter, function);
	return function ? function(pairs, count) : FLYTE_TOKEN_NONE;
}

/*
 * Enter a scope whose context is a copy of `context`, inside a task or not (SPEC 2). `size` must
 * be set; members beyond it count as unset. action.name is required; an unset run_name becomes
 * the name, an unset task_action becomes the action. Result, errors and safety are those of
 * flyte_custom_context_enter().
 */
static inline flyte_token flyte_replace_task_context(const struct flyte_task_context *context)
{
	flyte_token (*function)(const struct flyte_task_context *);

	FLYTE_ADDRESS(flytectx_replace_task_context, function);
	return function ? function(context) : FLYTE_TOKEN_NONE;
}

/*
 * Leave the scope that `token` stands for, and with it all that was entered inside and not left.
 * Returns 0, or -1 and changes nothing: EINVAL (no scope that is open: left before, or never
 * entered), EPERM (entered by another thread). Async-signal-safe: what it frees is freed later.
 */
static inline int flyte_context_exit(flyte_token token)
{
	int (*function)(flyte_token);

	FLYTE_ADDRESS(flytectx_context_exit, function);
	if (function)
		return function(token);
	if (token == FLYTE_TOKEN_NONE)
		return 0;
	errno = EINVAL;
	return -1;
}

/*
 * The value of `key` in the current custom context; NULL if it is unset, or outside a task.
 * Borrowed like the context. Async-signal-safe; errno is untouched.
 */
static inline const char *flyte_custom_context_get(const char *key)
{
	const char *(*function)(const char *);

	FLYTE_ADDRESS(flytectx_custom_context_get, function);
	return function ? function(key) : NULL;
}

#ifdef __cplusplus
}
#endif

#endif /* FLYTE_CTX_H */
