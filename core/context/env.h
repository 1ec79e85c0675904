/* SPDX-License-Identifier: Apache-2.0 */
/*
 * env - the environment of a child: what the caller of exec gave, with the carrier and our
 * library in it, and the variables that go with a context (SPEC 3.14, 3.17).
 *
 * Two passes, so that a vfork child needs no allocator: env_plan() looks and says how much memory
 * the new environment takes, env_fill() writes it. Entries that are not ours are handed on by
 * pointer, in place, whatever is in them. Pure; memory is the caller's.
 */
#ifndef FLYTECTX_ENV_H
#define FLYTECTX_ENV_H

#include "flyte_ctx.h"
#include "context/text.h"

struct context;

/* The longest variable that the kernel takes, with its NUL (MAX_ARG_STRLEN on 4 KiB pages). */
#define ENV_STRING_MAX ((size_t)128 * 1024)

/* In a child's environment: neither the carrier nor our library for it and its descendants. */
#define ENV_PROPAGATE_OFF "FLYTECTX_PROPAGATE=0"

/*
 * In a child's environment: how often its process has been given one that was put right. A program
 * that cleans its environment and starts itself again would go round for ever.
 */
#define ENV_REPAIRED "FLYTECTX_REPAIRED="

/* The loader runs nothing then, it lists what it would load: a preload is not to be among that. */
#define ENV_TRACED "LD_TRACE_LOADED_OBJECTS="

/* In a process's environment: the shim does nothing there. */
#define ENV_DISABLE "FLYTECTX_DISABLE=1"

/*
 * The variables that a process hands on as it was given them, where the child's environment lacks
 * them: those of W3C Trace Context and baggage, and what says that we write baggage.
 */
enum { ENV_TRACEPARENT, ENV_TRACESTATE, ENV_BAGGAGE, ENV_WRITE_BAGGAGE, ENV_KEPT };

/* Which one an entry sets, or ENV_KEPT. */
size_t env_kept(const char *entry);

#define ENV_BAGGAGE_ON "FLYTECTX_BAGGAGE=1"

/*
 * The first three of them, where the custom context has them: Flyte's OpenTelemetry plugin puts the
 * trace of a task there, under the keys traceparent, tracestate and baggage (SPEC 3.20).
 */
#define ENV_TRACE (ENV_BAGGAGE + 1)

/* Is this one of those keys? */
bool env_trace_has(const char *key);

/* Their values in `context`, borrowed; NULL where unset or empty. */
void env_trace_of(const struct context *context, const char *trace[ENV_TRACE]);

/*
 * The same, where the process began in the context `first` and with the variables `kept` (ENV_KEPT
 * entries; NULL: none): a value that it has had from the start is left to them, since its starter
 * may have set another.
 */
void env_trace_since(const struct context *context, const struct context *first,
		     const char *const *kept, const char *trace[ENV_TRACE]);

/* What a child is to have. */
struct env_wish {
	const char *carrier; /* "FLYTE_CTX=..."; NULL: outside a task, nothing is to be changed */
	const char *library; /* the path of ours, for LD_PRELOAD; NULL: unknown, leave that alone */
	bool foreign; /* entries of our name are for another machine: `library` comes instead */
	bool strip;   /* neither: take out what is ours */
	const char *const *kept; /* ENV_KEPT entries, each NULL if unset; NULL: none is set */
	const struct flyte_pair_list *baggage; /* what is to be in BAGGAGE; NULL: nothing */
	const char *const *trace; /* ENV_TRACE values, see env_trace_of(); NULL: none is set */
	const char *marker;       /* ENV_REPAIRED with its value; NULL: none */
};

struct env_plan {
	bool right;     /* the environment is as it should be: use the caller's own */
	bool strip;     /* wished, or the environment itself says so */
	size_t count;   /* entries that the caller gave */
	size_t carrier; /* where the first carrier is; `count`: there is none */
	size_t preload; /* where the LD_PRELOAD is that ld.so reads (the last); or `count` */
	bool add_library;
	bool foreign;        /* entries of our name are to go */
	unsigned has_kept;   /* which of them the caller gave, a bit each */
	unsigned add_kept;   /* which are to be added */
	unsigned replaced;   /* which come from the custom context, or go: not the caller's */
	const char *baggage; /* the BAGGAGE that ours goes into; NULL: it stays as it is */
	size_t memory;       /* bytes that env_fill() needs, aligned as a pointer */
};

/* Looks at `envp` (NULL counts as empty, as it does for the kernel). */
void env_plan(char *const envp[], const struct env_wish *wish, struct env_plan *plan);

/* Writes the environment that was planned into `memory`. It points into `envp` and `wish`. */
char **env_fill(char *const envp[], const struct env_wish *wish, const struct env_plan *plan,
		void *memory);

/* The value of variable `name` (given with its '='), borrowed; NULL if unset. The first counts. */
const char *env_get(char *const envp[], const char *name);

/* The same, where a variable that is empty counts as unset. */
const char *env_value(char *const envp[], const char *name);

#endif
