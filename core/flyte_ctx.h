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
 *		printf("running action %s\n", ctx->action.name);
 *
 *	FLYTE_CUSTOM_CONTEXT("increment", "1") {
 *		system("./downstream"); // its flyte_custom_context_get("increment") is "1"
 *	}
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
#include <stdlib.h>
#include <string.h>
#if __STDC_HOSTED__
#include <unistd.h>
#define FLYTE_SELF_() getpid()
#else
#define FLYTE_SELF_() 1
#endif

/* The version of this header; the libraries and the command of the same release have the same. */
#define FLYTECTX_VERSION_MAJOR 0
#define FLYTECTX_VERSION_MINOR 1
#define FLYTECTX_VERSION_PATCH 0
#define FLYTECTX_VERSION       "0.1.0"

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

/* Where raw data goes, and a prefix of input paths that is to be read as another one. */
struct flyte_raw_data_path {
	const char *path;
	struct {
		const char *old_prefix; /* both set, or both NULL */
		const char *new_prefix;
	} path_rewrite;
};

/* Pairs in the order of insertion. */
struct flyte_pair_list {
	size_t count;
	const struct flyte_pair *items;
};

/*
 * What a task knows about where it is (SPEC 1.2). Immutable: a scope makes a new one. All that it
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
	struct flyte_raw_data_path raw_data_path;
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
	struct flyte_pair_list custom_context; /* keys are unique */
	const char *task_name;                 /* since 0.2.0 */
};

/* What an enter returns and flyte_context_exit() takes. Opaque; 0 and FLYTE_TOKEN_NONE are fixed.
 */
typedef uintptr_t flyte_token;

/* Entering was a no-op (outside a task, or no preload); exiting it returns 0. */
#ifdef __cplusplus
#define FLYTE_TOKEN_NONE (flyte_token { 1 })
#else
#define FLYTE_TOKEN_NONE ((flyte_token)1)
#endif

/*
 * A runtime with contexts of its own, see flyte_provider_set(). That it may be asked is found out
 * first, by the functions from running() on, in this order, on any thread, also in signal
 * handlers: they may only look.
 */
struct flyte_provider {
	size_t size;
	/*
	 * Leaves the calling thread's context in `*answer`, borrowed; NULL, which is there before:
	 * it has nothing to say, what is current stays.
	 */
	void *(*ask)(void *argument);
	void *argument;
	const struct flyte_task_context **answer;
	/* Unless NULL: given what ask() has returned; then called to drop an error of ask(). */
	void (*finish)(void *result);
	void (*recover)(void);
	/* The thread of the runtime that runs here, and the one that is this thread's: */
	void *(*running)(void); /* it is asked only where there is one, and both are the same, */
	void *(*own)(void);
	/* unless NULL: only where it returns this, */
	void *(*instance)(void);
	const void *of_instance;
	/* and where this returns NULL: no error of the runtime is on its way. */
	void *(*pending)(void);
};

/* Room for the name of a sub-action, with its NUL. */
#define FLYTE_ACTION_NAME_SIZE 40

#if defined(__GNUC__)
#define FLYTE_WEAK __attribute__((weak))
#else
#error "flyte_ctx.h needs weak symbols: use gcc or clang"
#endif

/* --- what the preload defines: call the inline functions below instead ------------------ */

/* The one symbol that is called by its own name; see flyte_ctx_get(). */
extern const struct flyte_task_context *flyte_ctx(void) FLYTE_WEAK;

extern const struct flyte_task_context *
flytectx_ctx_retain(const struct flyte_task_context *) FLYTE_WEAK;
extern void flytectx_ctx_release(const struct flyte_task_context *) FLYTE_WEAK;
extern const struct flyte_task_context *
flytectx_ctx_swap(const struct flyte_task_context *) FLYTE_WEAK;
extern const struct flyte_task_context *
flytectx_ctx_new(const struct flyte_task_context *) FLYTE_WEAK;
extern int flytectx_provider_set(const struct flyte_provider *) FLYTE_WEAK;
extern void *flytectx_provider_enter(void) FLYTE_WEAK;
extern void flytectx_provider_leave(void *) FLYTE_WEAK;
extern flyte_token flytectx_custom_context_enter(const struct flyte_pair *, size_t) FLYTE_WEAK;
extern flyte_token flytectx_group_enter(const char *) FLYTE_WEAK;
extern flyte_token flytectx_new_raw_data_path(const struct flyte_raw_data_path *) FLYTE_WEAK;
extern flyte_token flytectx_new_metadata(const struct flyte_pair *, size_t) FLYTE_WEAK;
extern flyte_token flytectx_trace_enter(const struct flyte_action_id *) FLYTE_WEAK;
extern flyte_token flytectx_replace_task_context(const struct flyte_task_context *) FLYTE_WEAK;
extern int flytectx_context_exit(flyte_token) FLYTE_WEAK;
extern void *flytectx_context_save(void) FLYTE_WEAK;
extern void flytectx_context_restore(void *) FLYTE_WEAK;
extern const char *flytectx_custom_context_get(const char *) FLYTE_WEAK;
extern const struct flyte_pair_list *flytectx_metadata(void) FLYTE_WEAK;
extern const struct flyte_raw_data_path *flytectx_raw_data(void) FLYTE_WEAK;
extern int flytectx_raw_data_random_path(const char *, char *, size_t) FLYTE_WEAK;
extern int flytectx_path_rewrite(const char *, char *, size_t) FLYTE_WEAK;
extern int flytectx_attempt_number(void) FLYTE_WEAK;
extern int flytectx_environment_number(const char *) FLYTE_WEAK;
extern const char *flytectx_environment_text(const char *) FLYTE_WEAK;
extern size_t flytectx_action_sub_name(const struct flyte_action_id *, uint64_t, const char *,
				       const char *, const char *, char *) FLYTE_WEAK;
extern bool flytectx_action_random_name(char *) FLYTE_WEAK;
extern size_t flytectx_action_unique_id(const struct flyte_action_id *, const char *, char *,
					size_t) FLYTE_WEAK;

/* The address of a weak function, or NULL: from the GOT where the linker would fold it to 0. */
#if defined(__PIC__) || defined(__PIE__)
#define FLYTE_ADDRESS(function, pointer) ((pointer) = (function))
#elif defined(__x86_64__)
#define FLYTE_ADDRESS(function, pointer)                                                           \
	__asm__(".weak " #function "\n\tmovq " #function "@GOTPCREL(%%rip), %0" : "=r"(pointer))
#elif defined(__i386__)
#define FLYTE_ADDRESS(function, pointer)                                                           \
	__asm__(".weak " #function "\n\tcall 1f\n1:\tpopl %0\n2:\taddl "                           \
		"$_GLOBAL_OFFSET_TABLE_+(2b-1b), %0\n\tmovl " #function "@GOT(%0), %0"             \
		: "=r"(pointer))
#elif defined(__aarch64__)
#define FLYTE_ADDRESS(function, pointer)                                                           \
	__asm__(".weak " #function "\n\tadrp %0, :got:" #function                                  \
		"\n\tldr %0, [%0, :got_lo12:" #function "]"                                        \
		: "=r"(pointer))
#else
#define FLYTE_ADDRESS(function, pointer) ((pointer) = (function))
#endif

/* --- reading the context ---------------------------------------------------------------- */

/*
 * The current thread's context, or NULL outside a task (SPEC 1.1). Borrowed: valid until the scope
 * that made it current exits on this thread; flyte_ctx_retain() holds it longer. Costs about as
 * much as a thread-local read; never allocates, never locks. Async-signal-safe. errno is untouched.
 */
static inline const struct flyte_task_context *flyte_ctx_get(void)
{
	const struct flyte_task_context *(*function)(void);

	FLYTE_ADDRESS(flyte_ctx, function);
	return function ? function() : NULL;
}

/*
 * Takes a reference on a context that is current on this thread, or held already: it stays valid,
 * on any thread, until flyte_ctx_release(). Returns `context`; NULL is allowed.
 * Async-signal-safe.
 */
static inline const struct flyte_task_context *
flyte_ctx_retain(const struct flyte_task_context *context)
{
	const struct flyte_task_context *(*function)(const struct flyte_task_context *);

	FLYTE_ADDRESS(flytectx_ctx_retain, function);
	return function ? function(context) : context;
}

/* Gives back a reference. Async-signal-safe: what it frees is freed later. NULL is allowed. */
static inline void flyte_ctx_release(const struct flyte_task_context *context)
{
	void (*function)(const struct flyte_task_context *);

	FLYTE_ADDRESS(flytectx_ctx_release, function);
	if (function)
		function(context);
}

/*
 * The value of `key` in the current custom context; NULL if it is unset, or outside a task.
 * Borrowed like the context. All pairs, in the order of insertion, are in
 * flyte_ctx_get()->custom_context. Async-signal-safe; errno is untouched.
 */
static inline const char *flyte_custom_context_get(const char *key)
{
	const char *(*function)(const char *);

	FLYTE_ADDRESS(flytectx_custom_context_get, function);
	return function ? function(key) : NULL;
}

/* Does the task run in the cluster? False for NULL. */
static inline bool flyte_context_is_in_cluster(const struct flyte_task_context *context)
{
	return context && context->mode == FLYTE_MODE_REMOTE;
}

/*
 * The metadata of the current context, inside a task or not (SPEC 2.3). Never NULL; borrowed like
 * the context. Async-signal-safe.
 */
static inline const struct flyte_pair_list *flyte_metadata(void)
{
	static const struct flyte_pair_list none = { 0, NULL };
	const struct flyte_pair_list *(*function)(void);

	FLYTE_ADDRESS(flytectx_metadata, function);
	return function ? function() : &none;
}

/* --- scopes (SPEC 2.1) -------------------------------------------------------------------- */
/*
 * An enter makes a new context, a copy of the current one with something changed, and makes it
 * current on this thread; flyte_context_exit() restores what was. Threads and processes that are
 * started in between have the new one. All enters copy what they are given, are not
 * async-signal-safe, for they allocate, and return one of
 *
 * - a token, for flyte_context_exit() on the same thread;
 * - FLYTE_TOKEN_NONE where entering is a no-op: without the preload, or outside a task where the
 *   call needs one. Exiting it is a no-op too;
 * - 0 on an error, the context being unchanged. errno is EINVAL (NULL, or a name or key that is
 *   NULL or empty), E2BIG (the carrier would be over 96 KiB) or ENOMEM.
 *
 * However a scope is left: the end of its thread (return, pthread_exit, cancellation) drops what
 * is entered on it. longjmp() leaves scopes entered; exiting one further out closes them. A fork
 * child starts with the scopes of the forking thread and its tokens are valid there.
 */

/*
 * Custom context: the current one plus `count` pairs; where a key is in both, or twice in `pairs`,
 * the later value wins and the place stays. Keys that the SDK reserves are left out. Needs a task.
 */
static inline flyte_token flyte_custom_context_enter(const struct flyte_pair *pairs, size_t count)
{
	flyte_token (*function)(const struct flyte_pair *, size_t);

	FLYTE_ADDRESS(flytectx_custom_context_enter, function);
	return function ? function(pairs, count) : FLYTE_TOKEN_NONE;
}

/* The group under which sub-actions are shown. Needs a task. */
static inline flyte_token flyte_group_enter(const char *name)
{
	flyte_token (*function)(const char *);

	FLYTE_ADDRESS(flytectx_group_enter, function);
	return function ? function(name) : FLYTE_TOKEN_NONE;
}

/*
 * Raw data for where a task has none of its own: flyte_raw_data() prefers the task's. Inside a
 * task or not. EINVAL also for a rewrite that is half, empty, or changes nothing.
 */
static inline flyte_token flyte_new_raw_data_path(const struct flyte_raw_data_path *raw_data)
{
	flyte_token (*function)(const struct flyte_raw_data_path *);

	FLYTE_ADDRESS(flytectx_new_raw_data_path, function);
	return function ? function(raw_data) : FLYTE_TOKEN_NONE;
}

/* Metadata: these pairs and no others. Inside a task or not. */
static inline flyte_token flyte_new_metadata(const struct flyte_pair *pairs, size_t count)
{
	flyte_token (*function)(const struct flyte_pair *, size_t);

	FLYTE_ADDRESS(flytectx_new_metadata, function);
	return function ? function(pairs, count) : FLYTE_TOKEN_NONE;
}

/*
 * A trace: `action` takes the place of the action, in_trace is set, task_action stays. Needs a
 * task.
 */
static inline flyte_token flyte_trace_enter(const struct flyte_action_id *action)
{
	flyte_token (*function)(const struct flyte_action_id *);

	FLYTE_ADDRESS(flytectx_trace_enter, function);
	return function ? function(action) : FLYTE_TOKEN_NONE;
}

/*
 * A copy that a program made of *flyte_ctx() has the size that the preload gave it, but no more
 * members than this header knows: `known` says so.
 */
static inline const struct flyte_task_context *
flyte_known_context_(const struct flyte_task_context *context, struct flyte_task_context *known)
{
	if (!context || context->size <= sizeof(*context))
		return context;
	*known = *context;
	known->size = sizeof(*known);
	return known;
}

/*
 * A whole task context, inside a task or not. `size` must be set; members beyond it count as
 * unset. action.name is required; an unset run_name becomes the name, an unset task_action becomes
 * the action.
 */
static inline flyte_token flyte_replace_task_context(const struct flyte_task_context *context)
{
	flyte_token (*function)(const struct flyte_task_context *);
	struct flyte_task_context known;

	FLYTE_ADDRESS(flytectx_replace_task_context, function);
	return function ? function(flyte_known_context_(context, &known)) : FLYTE_TOKEN_NONE;
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
 * For schedulers of fibers and coroutines, but those that switch by swapcontext, which does this by
 * itself: installs another context on this thread and returns the one that was current. References
 * move: the caller gives one on `context` (as flyte_ctx_retain() made it, or an earlier swap) and
 * gets one on the result. NULL is the context outside of tasks; raw data and metadata that were
 * entered there are not kept by it, and programs started under it have no context. Tokens belong to
 * the thread that entered: exit a fiber's scopes there. Async-signal-safe, but for the first call
 * on a thread, which may allocate.
 */
static inline const struct flyte_task_context *
flyte_ctx_swap(const struct flyte_task_context *context)
{
	const struct flyte_task_context *(*function)(const struct flyte_task_context *);

	FLYTE_ADDRESS(flytectx_ctx_swap, function);
	return function ? function(context) : NULL;
}

/*
 * Makes a task context as flyte_replace_task_context() does, but enters it nowhere: what is in
 * `context` and nothing else, with a reference for the caller. For flyte_ctx_swap(), and for what
 * answers as a provider. NULL with EINVAL, E2BIG, ENOMEM, or ENOSYS (no preload).
 */
static inline const struct flyte_task_context *
flyte_ctx_new(const struct flyte_task_context *context)
{
	const struct flyte_task_context *(*function)(const struct flyte_task_context *);
	struct flyte_task_context known;

	FLYTE_ADDRESS(flytectx_ctx_new, function);
	if (function)
		return function(flyte_known_context_(context, &known));
	errno = ENOSYS;
	return NULL;
}

/*
 * For runtimes that keep contexts of their own, as CPython does: `provider` is asked when a thread
 * of this process is about to start a program or a thread, forks, registers a callback, or begins
 * a parallel region of GNU OpenMP. What it answers is current on the thread while that is started,
 * and stays so in a fork child. One provider a process; NULL takes it back. It is not copied: it
 * has to be there as long as the process.
 *
 * It is never asked in a child of vfork(), nor in one of fork() until it was set again there; nor
 * while it is being asked on the same thread; nor where the thread itself has entered the current
 * scope: that is newer; nor where the thread has a signal blocked: it may be in a handler. errno is
 * kept. Returns 0, or -1: EINVAL, ENOSYS (no preload, or it is inert here).
 */
static inline int flyte_provider_set(const struct flyte_provider *provider)
{
	int (*function)(const struct flyte_provider *);

	FLYTE_ADDRESS(flytectx_provider_set, function);
	if (function)
		return function(provider);
	errno = ENOSYS;
	return -1;
}

/*
 * Asks the provider, by the same rules, before a start at which nobody can: by vfork(), or after
 * the runtime's lock was given up. What it answers is current until flyte_provider_leave(), which
 * takes what this has returned; NULL where nothing changes.
 */
static inline void *flyte_provider_enter(void)
{
	void *(*function)(void);

	FLYTE_ADDRESS(flytectx_provider_enter, function);
	return function ? function() : NULL;
}

static inline void flyte_provider_leave(void *before)
{
	void (*function)(void *);

	FLYTE_ADDRESS(flytectx_provider_leave, function);
	if (function)
		function(before);
}

static inline void *flyte_context_save_(void)
{
	void *(*function)(void);

	FLYTE_ADDRESS(flytectx_context_save, function);
	return function ? function() : NULL;
}

static inline void flyte_context_restore_(void **saved)
{
	void (*function)(void *);

	FLYTE_ADDRESS(flytectx_context_restore, function);
	if (function)
		function(*saved);
}

/*
 * Runs fn(arg) in a copy of the current context and returns what it returns. Whatever it enters
 * and leaves open, or exits of its caller's, is undone when it returns (SPEC 2.6); in C++ also when
 * it throws, in C when it is unwound and was compiled with -fexceptions. Where it is left by
 * longjmp() nothing is undone, and one reference on the caller's scope is never given back.
 */
static inline int flyte_contextual_run(int (*fn)(void *), void *arg)
{
	void *saved __attribute__((cleanup(flyte_context_restore_), unused)) =
		flyte_context_save_();

	return fn(arg);
}

/* --- raw data (SPEC 2.5) ------------------------------------------------------------------ */

/*
 * Where raw data goes: the task's path, else the context's own, else NULL with ENODATA ("Raw data
 * path has not been set in the context."). A path that is set to "" counts. Borrowed like the
 * context. Async-signal-safe.
 */
static inline const struct flyte_raw_data_path *flyte_raw_data(void)
{
	const struct flyte_raw_data_path *(*function)(void);

	FLYTE_ADDRESS(flytectx_raw_data, function);
	if (function)
		return function();
	errno = ENODATA;
	return NULL;
}

/*
 * Writes a path of its own below the raw data path: PREFIX/32 random hex digits, and /FILE where
 * `file` is not NULL. On this machine (no scheme, or file://) the path is absolute and the
 * directory that it is to be in is made; in an object store nothing is.
 *
 * `size` is that of `path` in bytes. Returns the length without NUL, or -1: ENODATA (no raw data
 * path), ERANGE (`path` is too small), EINVAL, ENOSYS (no preload), or why the directory can't be
 * made.
 */
static inline int flyte_raw_data_random_path(const char *file, char *path, size_t size)
{
	int (*function)(const char *, char *, size_t);

	FLYTE_ADDRESS(flytectx_raw_data_random_path, function);
	if (function)
		return function(file, path, size);
	errno = ENOSYS;
	return -1;
}

/*
 * Writes `uri` with the old prefix of the raw data path's rewrite replaced by the new one, where
 * it starts with it; else `uri` as it is. As snprintf: at most `size` bytes with the NUL, and
 * returns the length of the whole. -1 with EINVAL for NULL.
 */
static inline int flyte_path_rewrite(const char *uri, char *path, size_t size)
{
	int (*function)(const char *, char *, size_t);
	size_t length, fits;

	FLYTE_ADDRESS(flytectx_path_rewrite, function);
	if (function)
		return function(uri, path, size);
	if (!uri || (!path && size)) {
		errno = EINVAL;
		return -1;
	}
	length = strlen(uri);
	fits = length < size ? length : size ? size - 1 : 0;
	if (size) {
		memcpy(path, uri, fits);
		path[fits] = '\0';
	}
	return (int)length;
}

/* --- the environment, read at each call (SPEC 1.5) ---------------------------------------- */

/*
 * FLYTE_ATTEMPT_NUMBER as Python's int() reads it, from 0; where the environment was cleaned, the
 * number that the carrier brought, else 0. -1: EINVAL (it is not a number), ENOSYS (no preload).
 */
static inline int flyte_attempt_number(void)
{
	int (*function)(void);

	FLYTE_ADDRESS(flytectx_attempt_number, function);
	if (function)
		return function();
	errno = ENOSYS;
	return -1;
}

static inline int flyte_environment_number_(const char *name_and_equals)
{
	int (*function)(const char *);

	FLYTE_ADDRESS(flytectx_environment_number, function);
	if (function)
		return function(name_and_equals);
	errno = ENOSYS;
	return -1;
}

static inline const char *flyte_environment_text_(const char *name_and_equals)
{
	const char *(*function)(const char *);

	FLYTE_ADDRESS(flytectx_environment_text, function);
	return function ? function(name_and_equals) : NULL;
}

/*
 * The place in a distributed job. Numbers from 0; -1: ENODATA (unset), EINVAL (not a number),
 * ENOSYS (no preload). Texts are borrowed from the environment, NULL if unset.
 */
static inline int flyte_rank(void)
{
	return flyte_environment_number_("RANK=");
}

static inline int flyte_local_rank(void)
{
	return flyte_environment_number_("LOCAL_RANK=");
}

static inline int flyte_world_size(void)
{
	return flyte_environment_number_("WORLD_SIZE=");
}

static inline int flyte_local_world_size(void)
{
	return flyte_environment_number_("LOCAL_WORLD_SIZE=");
}

static inline int flyte_node_rank(void)
{
	return flyte_environment_number_("NODE_RANK=");
}

static inline int flyte_nnodes(void)
{
	return flyte_environment_number_("NNODES=");
}

static inline const char *flyte_master_addr(void)
{
	return flyte_environment_text_("MASTER_ADDR=");
}

static inline int flyte_master_port(void)
{
	return flyte_environment_number_("MASTER_PORT=");
}

static inline int flyte_restart_attempt(void)
{
	return flyte_environment_number_("JOBSET_RESTART_ATTEMPT=");
}

/* --- actions (SPEC 1.6) ------------------------------------------------------------------- */

/*
 * A sub-action of `action`: the same but for its name. With `name` NULL that is a random UUID,
 * written to `buffer`; else it is `name` itself, borrowed. Returns 0, or -1: EINVAL, ENOSYS (no
 * preload and no name), EIO (no randomness).
 */
static inline int flyte_action_new_sub_action(const struct flyte_action_id *action,
					      const char *name, char buffer[FLYTE_ACTION_NAME_SIZE],
					      struct flyte_action_id *sub_action)
{
	bool (*function)(char *);

	if (!action || !sub_action || (!name && !buffer)) {
		errno = EINVAL;
		return -1;
	}
	FLYTE_ADDRESS(flytectx_action_random_name, function);
	if (!name && (!function || !function(buffer))) {
		errno = function ? EIO : ENOSYS;
		return -1;
	}
	*sub_action = *action;
	sub_action->run_name = action->run_name ? action->run_name : action->name;
	sub_action->name = name ? name : buffer;
	return 0;
}

/*
 * The sub-action that the SDK would make for the `sequence`th call (from 1) of a task with these
 * hashes: its name is base 36 of md5 of "NAME-INPUT_HASH-TASK_HASH-SEQUENCE[-GROUP]", written to
 * `buffer`. `group` may be NULL. Returns 0, or -1: EINVAL, ENOSYS (no preload).
 */
static inline int flyte_action_new_sub_action_from(const struct flyte_action_id *action,
						   uint64_t sequence, const char *task_hash,
						   const char *input_hash, const char *group,
						   char buffer[FLYTE_ACTION_NAME_SIZE],
						   struct flyte_action_id *sub_action)
{
	size_t (*function)(const struct flyte_action_id *, uint64_t, const char *, const char *,
			   const char *, char *);

	FLYTE_ADDRESS(flytectx_action_sub_name, function);
	if (!action || !action->name || !task_hash || !input_hash || !buffer || !sub_action) {
		errno = EINVAL;
		return -1;
	}
	if (!function) {
		errno = ENOSYS;
		return -1;
	}
	function(action, sequence, task_hash, input_hash, group, buffer);
	*sub_action = *action;
	sub_action->run_name = action->run_name ? action->run_name : action->name;
	sub_action->name = buffer;
	return 0;
}

/*
 * Writes "PROJECT-DOMAIN-RUN_NAME-NAME[-SALT]", where what is unset reads "None". As snprintf: at
 * most `size` bytes with the NUL, and returns the length of the whole. -1: EINVAL, ENOSYS (no
 * preload).
 */
static inline int flyte_action_unique_id(const struct flyte_action_id *action, const char *salt,
					 char *id, size_t size)
{
	size_t (*function)(const struct flyte_action_id *, const char *, char *, size_t);

	FLYTE_ADDRESS(flytectx_action_unique_id, function);
	if (!action || (!id && size)) {
		errno = EINVAL;
		return -1;
	}
	if (!function) {
		errno = ENOSYS;
		return -1;
	}
	return (int)function(action, salt, id, size);
}

/* Puts `text` behind the `at` characters that are there, as far as it fits. How many there are. */
static inline size_t flyte_put_(char *to, size_t size, size_t at, const char *text)
{
	for (; *text; text++, at++)
		if (at + 1 < size)
			to[at] = *text;
	if (size)
		to[at < size ? at : size - 1] = '\0';
	return at;
}

/* Can a name be one part of a path? */
static inline bool flyte_is_path_part_(const char *name)
{
	return name && *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       !strchr(name, '/');
}

static inline int flyte_sub_action_path_of_(const struct flyte_task_context *task, const char *name,
					    char *path, size_t size)
{
	const char *base = task ? task->run_base_dir : NULL;
	size_t length;

	if (!flyte_is_path_part_(name) || (!path && size)) {
		errno = EINVAL;
		return -1;
	}
	if (task && (!base || !*base))
		base = task->output_path;
	if (!base || !*base) {
		errno = ENODATA;
		return -1;
	}
	length = flyte_put_(path, size, 0, base);
	if (base[length - 1] != '/')
		length = flyte_put_(path, size, length, "/");
	return (int)flyte_put_(path, size, length, name);
}

/*
 * Writes the folder of a sub-action of the current task: RUN_BASE_DIR/NAME; where no base is known
 * OUTPUT_PATH/NAME. As snprintf: at most `size` bytes with the NUL, and returns the length of the
 * whole. -1: ENODATA (outside a task, or neither is set), EINVAL (NULL, or a name that can be no
 * part of a path: empty, ".", "..", with a slash).
 */
static inline int flyte_sub_action_path(const struct flyte_action_id *sub_action, char *path,
					size_t size)
{
	return flyte_sub_action_path_of_(flyte_ctx_get(), sub_action ? sub_action->name : NULL,
					 path, size);
}

/* What the checkpoint of a sub-action is called in its folder, and room for both. */
#define FLYTE_CHECKPOINT_NAME_ "/_flytecheckpoints"
struct flyte_sub_action_paths_ {
	char output[4096];
	char checkpoint[4096 + sizeof(FLYTE_CHECKPOINT_NAME_)];
};

/*
 * Makes of a task's context that of a sub-action. What belongs to one action alone is not
 * inherited: group, trace, inputs, outputs, checkpoint. The checkpoint is also the one before: an
 * attempt of the task gives its sub-actions the names that they had in the last one.
 */
static inline int flyte_sub_action_make_(struct flyte_task_context *task,
					 const struct flyte_action_id *sub_action,
					 struct flyte_sub_action_paths_ *paths)
{
	int length = flyte_sub_action_path_of_(task, sub_action->name, paths->output,
					       sizeof(paths->output));

	if (length < 0 && errno != ENODATA)
		return -1;
	if (length >= (int)sizeof(paths->output)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (length >= 0) {
		memcpy(paths->checkpoint, paths->output, (size_t)length);
		memcpy(paths->checkpoint + length, FLYTE_CHECKPOINT_NAME_,
		       sizeof(FLYTE_CHECKPOINT_NAME_));
	}
	task->action = *sub_action;
	task->input_path = NULL;
	task->output_path = length < 0 ? NULL : paths->output;
	task->checkpoint_paths.checkpoint_path = length < 0 ? NULL : paths->checkpoint;
	task->checkpoint_paths.prev_checkpoint_path = task->checkpoint_paths.checkpoint_path;
	task->group = NULL;
	task->in_trace = false;
	return 0;
}

/*
 * A scope in which the action is `sub_action`, and task_action stays: what is started there is part
 * of it. It has a folder of its own, flyte_sub_action_path(), as its output path, and its own
 * checkpoint there, which is its previous one as well: what it has saved in one attempt of the task
 * it finds in the next, under the same name. It begins without a group. Needs a task. EINVAL also
 * for a name that can be no part of a path, ENAMETOOLONG for a path of more than 4095 bytes.
 */
static inline flyte_token flyte_sub_action_enter(const struct flyte_action_id *sub_action)
{
	const struct flyte_task_context *task = flyte_ctx_get();
	struct flyte_task_context inside;
	struct flyte_sub_action_paths_ paths;

	if (!task)
		return FLYTE_TOKEN_NONE;
	if (!sub_action) {
		errno = EINVAL;
		return 0;
	}
	memset(&inside, 0, sizeof(inside));
	memcpy(&inside, task, task->size < sizeof(inside) ? task->size : sizeof(inside));
	inside.size = sizeof(inside);
	if (flyte_sub_action_make_(&inside, sub_action, &paths) < 0)
		return 0;
	return flyte_replace_task_context(&inside);
}

/* --- checkpoints (SPEC 4.2) --------------------------------------------------------------- */
/*
 * A checkpoint is what an attempt leaves for the next one: bytes, a file, or a directory, as one
 * object that the Python SDK reads and writes too.
 *
 *	char path[4096];
 *	if (flyte_checkpoint_load(path, sizeof(path)) == 1)
 *		resume_from(path);
 *	...
 *	if (flyte_checkpoint_save_path("state") < 0)
 *		fprintf(stderr, "%s\n", flyte_checkpoint_error());
 *
 * The work is done by libflytectx-checkpoint.so.1, which the first call loads with dlopen(): from
 * beside the preload if it is there, else by name. Where it can't be loaded (a static program, one
 * of musl, it is not installed) and without the preload calls fail with ENOSYS, loading as well;
 *outside a task, or where no checkpoint path is set, saving fails with ENODATA and there is nothing
 *to load.
 *
 * Other errors are those of the files and stores, and EBADMSG: what was saved is damaged, or has
 * members that are refused. flyte_checkpoint_error() has the whole story. None of these calls is
 * async-signal-safe. They block; the twins whose names end in _async don't.
 */

/* A checkpoint of a task, as long as the process lives. Strings are NULL if unset. */
struct flyte_task_checkpoint {
	size_t size;                    /* as that of struct flyte_task_context */
	const char *path;               /* the workspace: a directory, where trees are loaded to */
	const char *remote_source;      /* what an earlier attempt has saved */
	const char *remote_destination; /* where this one saves */
};

/* Work that is under way. */
struct flyte_checkpoint_job;

/* What dladdr() fills in. */
struct flyte_object_ {
	const char *path;
	void *base;
	const char *symbol;
	void *address;
};

/* dlopen(), dlsym() and dladdr(). */
struct flyte_loader_ {
	void *(*open)(const char *, int);
	void *(*lookup)(void *, const char *);
	int (*locate)(const void *, struct flyte_object_ *);
};

/*
 * The loader's functions, as the preload has found them; false where there are none, as before
 * glibc 2.34 in a program without libdl. The header itself names none of them: a program links
 * nothing for it, and its own dlsym() stays as its own declarations make it.
 */
extern bool flytectx_loader(struct flyte_loader_ *) FLYTE_WEAK;

#ifdef __GLIBC__
#define FLYTE_CHECKPOINT_LIBRARY_ "libflytectx-checkpoint.so.1"
#else
#define FLYTE_CHECKPOINT_LIBRARY_ "libflytectx-checkpoint-musl.so.1"
#endif

/* The library, from beside the preload or by name; NULL. */
static inline void *flyte_checkpoint_open_(const struct flyte_loader_ *loader)
{
	const struct flyte_task_context *(*preload)(void);
	struct flyte_object_ object = { NULL, NULL, NULL, NULL };
	char path[4096];
	size_t length = 0;
	void *library = NULL, *place = NULL;

	FLYTE_ADDRESS(flyte_ctx, preload);
	memcpy(&place, &preload, sizeof(place));
	if (loader->locate(place, &object) && object.path) {
		const char *slash = strrchr(object.path, '/');

		/* A relative path is in the directory of that moment, which may be anywhere by now.
		 */
		length = *object.path == '/' ? (size_t)(slash - object.path) + 1 : 0;
	}
	if (length && length + sizeof(FLYTE_CHECKPOINT_LIBRARY_) <= sizeof(path)) {
		memcpy(path, object.path, length);
		memcpy(path + length, FLYTE_CHECKPOINT_LIBRARY_, sizeof(FLYTE_CHECKPOINT_LIBRARY_));
		library = loader->open(path, 2 /* RTLD_NOW */);
	}
	return library ? library : loader->open(FLYTE_CHECKPOINT_LIBRARY_, 2 /* RTLD_NOW */);
}

/*
 * A function of the library, or NULL with ENOSYS. Without the preload nothing is loaded: there is
 * no task. In a child that was forked while another thread loaded the library the loader has half
 * of it, and the other thread is gone: nothing is called there.
 */
static inline void *flyte_checkpoint_symbol_(const char *name)
{
	static void *opened;
	static int opener; /* the process that loads it now */
	bool (*find)(struct flyte_loader_ *);
	struct flyte_loader_ loader;
	void *library = __atomic_load_n(&opened, __ATOMIC_ACQUIRE), *symbol = NULL;

	FLYTE_ADDRESS(flytectx_loader, find);
	if (!find || !find(&loader)) {
		errno = ENOSYS;
		return NULL;
	}
	if (!library) {
		const int self = FLYTE_SELF_(), other = __atomic_load_n(&opener, __ATOMIC_ACQUIRE);

		if (other && other != self) {
			errno = ENOSYS;
			return NULL;
		}
		__atomic_store_n(&opener, self, __ATOMIC_RELEASE);
		library = flyte_checkpoint_open_(&loader);
		__atomic_store_n(&opened, library, __ATOMIC_RELEASE);
		__atomic_store_n(&opener, 0, __ATOMIC_RELEASE);
	}
	if (library)
		symbol = loader.lookup(library, name);
	if (!symbol)
		errno = ENOSYS;
	return symbol;
}

/* The function NAME of the library as `pointer`, which is NULL where there is none. */
#define FLYTE_CHECKPOINT_FUNCTION_(name, pointer)                                                  \
	do {                                                                                       \
		void *flyte_symbol_ = flyte_checkpoint_symbol_(name);                              \
		memcpy(&(pointer), &flyte_symbol_, sizeof(pointer));                               \
	} while (0)

/*
 * Counts a call, and returns which one of its kind it is: 1 for the first call of a task with these
 * hashes in that group (NULL: none) by the current action in this attempt of it. That is the
 * `sequence` of flyte_action_new_sub_action_from(). The SDK's controllers count in the same way,
 * each in its process; here all threads and processes of the task on this machine count together,
 * and `flytectx run --sub-action`. It is the checkpoint library that counts, in files below
 * ${FLYTECTX_WORKSPACE:-${TMPDIR:-/tmp}/flytectx-UID}. -1: EINVAL, ENODATA (outside a task),
 * ENOSYS, or why it can't count: flyte_checkpoint_error().
 */
static inline int64_t flyte_action_call_sequence(const char *task_hash, const char *input_hash,
						 const char *group)
{
	const struct flyte_task_context *task = flyte_ctx_get();
	int64_t (*function)(const struct flyte_task_context *, int, const char *, const char *,
			    const char *);
	int attempt;

	if (!task || !task_hash || !input_hash) {
		errno = task ? EINVAL : ENODATA;
		return -1;
	}
	attempt = flyte_attempt_number();
	if (attempt < 0)
		return -1;
	FLYTE_CHECKPOINT_FUNCTION_("flytectx_call_sequence", function);
	return function ? function(task, attempt, task_hash, input_hash, group) : -1;
}

/*
 * The task's checkpoint; NULL with ENODATA where no checkpoint path is set or outside a task, with
 * ENOSYS, or with why the workspace can't be made. The first call makes the workspace, empty:
 * a directory of its own per action and previous checkpoint below
 * ${FLYTECTX_WORKSPACE:-${TMPDIR:-/tmp}/flytectx-UID}.
 */
static inline const struct flyte_task_checkpoint *flyte_checkpoint(void)
{
	const struct flyte_task_checkpoint *(*function)(const struct flyte_task_context *);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint", function);
	return function ? function(flyte_ctx_get()) : NULL;
}

/* Its members; NULL as flyte_checkpoint(), or if unset. */
static inline const char *flyte_checkpoint_path(void)
{
	const struct flyte_task_checkpoint *checkpoint = flyte_checkpoint();

	return checkpoint ? checkpoint->path : NULL;
}

static inline const char *flyte_checkpoint_remote_source(void)
{
	const struct flyte_task_checkpoint *checkpoint = flyte_checkpoint();

	return checkpoint ? checkpoint->remote_source : NULL;
}

static inline const char *flyte_checkpoint_remote_destination(void)
{
	const struct flyte_task_checkpoint *checkpoint = flyte_checkpoint();

	return checkpoint ? checkpoint->remote_destination : NULL;
}

/*
 * Was this attempt told of a checkpoint before it? Says nothing of whether the object is there:
 * that is what loading finds out. Reads the context and nothing else; async-signal-safe.
 */
static inline bool flyte_checkpoint_prev_exists(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	return context && context->checkpoint_paths.checkpoint_path &&
	       context->checkpoint_paths.prev_checkpoint_path;
}

/*
 * Saves bytes as the task's checkpoint. 0, or -1 with errno. Afterwards the checkpoint is the new
 * one, whole and durable; at any failure or kill it is the old one, whole.
 */
static inline int flyte_checkpoint_save_bytes(const void *data, size_t size)
{
	int (*function)(const struct flyte_task_context *, const void *, size_t);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint_save_bytes", function);
	if (function && !data && size) {
		errno = EINVAL;
		return -1;
	}
	return function ? function(flyte_ctx_get(), data, size) : -1;
}

/* The same with the content of a file, or with a directory and all that is in it. */
static inline int flyte_checkpoint_save_path(const char *path)
{
	int (*function)(const struct flyte_task_context *, const char *);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint_save_path", function);
	if (function && !path) {
		errno = EINVAL;
		return -1;
	}
	return function ? function(flyte_ctx_get(), path) : -1;
}

/*
 * Can't it be told whether there is a checkpoint? Without the preload it can't, nor where the
 * environment has a task and the preload has no context: it is switched off, or can't read that.
 */
static inline bool flyte_checkpoint_is_unknown_(void)
{
	const struct flyte_task_context *(*preload)(void);

	FLYTE_ADDRESS(flyte_ctx, preload);
	return !preload || (!preload() && (getenv("FLYTE_CTX") || getenv("ACTION_NAME")));
}

/*
 * Loads what the attempt before has saved. 1: it is there, and `path` (of `size` bytes) says
 * where: the workspace for a directory, WORKSPACE/payload for bytes and files. 0: there is none,
 * the object is missing or empty. -1 with errno; the workspace is then as it was. The first answer
 * that is not -1 holds for the whole process.
 */
static inline int flyte_checkpoint_load(char *path, size_t size)
{
	const struct flyte_task_context *context = flyte_ctx_get();
	int (*function)(const struct flyte_task_context *, char *, size_t);

	if (flyte_checkpoint_is_unknown_()) {
		errno = ENOSYS;
		return -1;
	}
	if (!context || !context->checkpoint_paths.checkpoint_path)
		return 0;
	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint_load", function);
	return function ? function(flyte_ctx_get(), path, size) : -1;
}

static inline struct flyte_checkpoint_job *flyte_checkpoint_start_(const void *data, size_t size,
								   const char *path)
{
	struct flyte_checkpoint_job *(*function)(const struct flyte_task_context *, const void *,
						 size_t, const char *);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint_start", function);
	return function ? function(flyte_ctx_get(), data, size, path) : NULL;
}

/*
 * The same on a thread of its own. Each returns a job, which flyte_checkpoint_job_finish() ends
 * and frees, or NULL with errno. `data` and what `path` names must stay as they are until then.
 */
static inline struct flyte_checkpoint_job *flyte_checkpoint_save_bytes_async(const void *data,
									     size_t size)
{
	if (data || !size)
		return flyte_checkpoint_start_(data ? data : "", size, NULL);
	errno = EINVAL;
	return NULL;
}

static inline struct flyte_checkpoint_job *flyte_checkpoint_save_path_async(const char *path)
{
	if (path)
		return flyte_checkpoint_start_(NULL, 0, path);
	errno = EINVAL;
	return NULL;
}

static inline struct flyte_checkpoint_job *flyte_checkpoint_load_async(void)
{
	return flyte_checkpoint_start_(NULL, 0, NULL);
}

/* A descriptor that polls as readable when the job is done. It is the job's: don't close it. */
static inline int flyte_checkpoint_job_fd(const struct flyte_checkpoint_job *job)
{
	int (*function)(const struct flyte_checkpoint_job *);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint_job_fd", function);
	return function ? function(job) : -1;
}

/* Asks the job to give up: it then soon ends with ECANCELED, and the old checkpoint stays. */
static inline void flyte_checkpoint_job_cancel(struct flyte_checkpoint_job *job)
{
	void (*function)(struct flyte_checkpoint_job *);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint_job_cancel", function);
	if (function)
		function(job);
}

/*
 * Waits for the job, frees it, and returns what the blocking call would have returned. `path` and
 * `size` are those of flyte_checkpoint_load(); for a save they may be NULL and 0.
 */
static inline int flyte_checkpoint_job_finish(struct flyte_checkpoint_job *job, char *path,
					      size_t size)
{
	int (*function)(struct flyte_checkpoint_job *, char *, size_t);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint_job_finish", function);
	return function ? function(job, path, size) : -1;
}

/*
 * The newest file or directory (by modification time) below the directory `root` whose relative
 * path matches `glob`; NULL stands for "**" "/last.ckpt", what training frameworks write. A leading
 * `**` and a slash stand for any number of directories. 1 and its path, 0: none, -1 with errno.
 */
static inline int flyte_latest_checkpoint(const char *root, const char *glob, char *path,
					  size_t size)
{
	int (*function)(const char *, const char *, char *, size_t);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_latest_checkpoint", function);
	return function ? function(root, glob, path, size) : -1;
}

/* --- the way back (SPEC 6.1, 6.3) ----------------------------------------------------------------
 */

/*
 * Says why the task fails: writes the error document that Flyte reads, error.pb beside the task's
 * output path, whole or not at all. `code` is a word (letters, digits, _ . : -, at most 128 bytes),
 * `message` is UTF-8 of at most 65,536 bytes; both are borrowed. Where not `recoverable` the task
 * is not tried again. It does not end the program; Flyte reads the document of a container that
 * has ended with 0. Returns 0, also where it leaves it to rank 0 of
 * a clustered task or to a restart of its JobSet; -1 with errno: ENODATA outside a task or without
 * an output path, EINVAL, ENOSYS, or why the store can't be written: flyte_checkpoint_error().
 * Thread-safe, not async-signal-safe.
 */
static inline int flyte_fail(const char *code, const char *message, bool recoverable)
{
	int (*function)(const struct flyte_task_context *, const char *, const char *, int);

	if (!code || !message) {
		errno = EINVAL;
		return -1;
	}
	FLYTE_CHECKPOINT_FUNCTION_("flytectx_fail", function);
	return function && function(flyte_ctx_get(), code, message, recoverable) >= 0 ? 0 : -1;
}

/*
 * Makes the file `path` (HTML) the task's report: report.html beside its output path. A report that
 * another program has written there stays: -1 with EEXIST. As flyte_fail() in all else.
 */
static inline int flyte_report_file(const char *path)
{
	int (*function)(const struct flyte_task_context *, const char *);

	if (!path) {
		errno = EINVAL;
		return -1;
	}
	FLYTE_CHECKPOINT_FUNCTION_("flytectx_report_file", function);
	return function && function(flyte_ctx_get(), path) >= 0 ? 0 : -1;
}

/* Why the last checkpoint call on this thread has failed: "WHAT: WHY". Borrowed; never NULL. */
static inline const char *flyte_checkpoint_error(void)
{
	const char *(*function)(void);

	FLYTE_CHECKPOINT_FUNCTION_("flytectx_checkpoint_error", function);
	return function ? function() : FLYTE_CHECKPOINT_LIBRARY_ ": it can't be loaded";
}

/* --- blocks ----------------------------------------------------------------------------- */

/* A name for each line, so that blocks in blocks, on lines of their own, don't shadow each other.
 */
#define FLYTE_NAME_(line)        FLYTE_PASTE_(flyte_scope_, line)
#define FLYTE_PASTE_(name, line) name##line

#ifdef __cplusplus
}

#include <initializer_list>

namespace flyte
{

/*
 * A scope for as long as the object lives: entered by the constructor, left by the destructor,
 * also when an exception passes. Where entering fails ok() is false, errno says why, and the
 * context is unchanged.
 *
 *	flyte::custom_context scope{ { "increment", "1" }, { "team", "genomics" } };
 */
class scope
{
      public:
	explicit scope(flyte_token token) noexcept : token_(token), once_(true)
	{
	}
	~scope()
	{
		if (token_)
			flyte_context_exit(token_);
	}
	scope(const scope &) = delete;
	scope &operator=(const scope &) = delete;

	bool ok() const noexcept
	{
		return token_ != 0;
	}
	/* True the first time: for the block macro. */
	bool once() noexcept
	{
		bool first = once_;

		once_ = false;
		return first;
	}

      private:
	flyte_token token_;
	bool once_;
};

class custom_context : public scope
{
      public:
	custom_context(std::initializer_list<flyte_pair> pairs) noexcept
	    : scope(flyte_custom_context_enter(pairs.begin(), pairs.size()))
	{
	}
};

class group : public scope
{
      public:
	explicit group(const char *name) noexcept : scope(flyte_group_enter(name))
	{
	}
};

/* The pairs of "key", "value", ... */
template <typename... Texts> flyte_token enter_texts(Texts... texts) noexcept
{
	static_assert(sizeof...(texts) % 2 == 0, "FLYTE_CUSTOM_CONTEXT takes keys and values");
	const char *list[] = { texts... };
	flyte_pair pairs[sizeof...(texts) / 2];

	for (size_t i = 0; i < sizeof...(texts) / 2; i++)
		pairs[i] = flyte_pair { list[2 * i], list[2 * i + 1] };
	return flyte_custom_context_enter(pairs, sizeof...(texts) / 2);
}

} /* namespace flyte */

/* clang-format off */
#define FLYTE_CUSTOM_CONTEXT(...)                                                                  \
	for (::flyte::scope FLYTE_NAME_(__LINE__){ ::flyte::enter_texts(__VA_ARGS__) };            \
	     FLYTE_NAME_(__LINE__).once();)
/* clang-format on */

#else /* C */

struct flyte_scope_ {
	flyte_token token;
	bool once;
};

static inline void flyte_scope_leave_(struct flyte_scope_ *scope)
{
	if (scope->token)
		flyte_context_exit(scope->token);
}

/* "key", "value", ...: 'count' texts. */
static inline flyte_token flyte_scope_enter_(const char *const *texts, size_t count)
{
	struct flyte_pair pairs[16];

	if (count % 2 || count / 2 > sizeof(pairs) / sizeof(*pairs)) {
		errno = EINVAL;
		return 0;
	}
	for (size_t i = 0; i < count / 2; i++) {
		pairs[i].key = texts[2 * i];
		pairs[i].value = texts[2 * i + 1];
	}
	return flyte_custom_context_enter(pairs, count / 2);
}

/*
 * The `with` of C (SPEC 2.2): a block whose custom context has these keys and values, 16 pairs at
 * most. It is left by its end, return, break or goto; break and continue leave the block itself,
 * not a loop around it. Where entering fails the block runs in the context outside it.
 *
 *	FLYTE_CUSTOM_CONTEXT("increment", "1", "team", "genomics") {
 *		...
 *	}
 */
/* clang-format off */
#define FLYTE_CUSTOM_CONTEXT(...)                                                                  \
	for (struct flyte_scope_ FLYTE_NAME_(__LINE__)                                             \
		     __attribute__((cleanup(flyte_scope_leave_))) =                                \
		     { flyte_scope_enter_((const char *const[]) { __VA_ARGS__ },                   \
					  sizeof((const char *const[]) { __VA_ARGS__ }) /          \
						  sizeof(const char *)),                           \
		       true };                                                                     \
	     FLYTE_NAME_(__LINE__).once; FLYTE_NAME_(__LINE__).once = false)
/* clang-format on */

#endif

#endif /* FLYTE_CTX_H */
