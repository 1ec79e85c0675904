/* SPDX-License-Identifier: Apache-2.0 */
/* See state.h. */
#include <stdatomic.h>
#include <sys/auxv.h>

#include "debug.h"
#include "env.h"
#include "permanent.h"
#include "pod_env.h"
#include "preload_list.h"
#include "real.h"
#include "state.h"

/*
 * Read through the GOT: a program may hold a copy relocation of it, and then the variable that
 * dlsym() finds in libc is dead. In a program without libc the address itself is NULL.
 */
extern char **environ __attribute__((weak));

extern unsigned long getauxval(unsigned long) __attribute__((weak));

static _Atomic(const struct state *) published;
static const struct state without_memory = { .inert = true };

char **state_environ(void)
{
	return &environ ? environ : NULL;
}

/* Keeps `prefix` and `text` as one string, or NULL. */
static char *keep(const char *prefix, const char *text, size_t length)
{
	size_t prefix_length = text_length(prefix);
	char *kept = permanent(prefix_length + length + 1);

	if (kept)
		text_copy(text_copy(kept, prefix, prefix_length), text, length);
	return kept;
}

/* A carrier that is not what it should be is ignored whole: then there is none. */
static void read_carrier(struct state *state, char *const envp[])
{
	const char *text = env_get(envp, WIRE_PREFIX);
	enum wire_error error;

	if (!text)
		return;
	error = wire_check(text, &state->size);
	if (error == WIRE_OK)
		state->carrier = keep(WIRE_PREFIX, text, state->size.length);
	else
		debug_say(envp, "FLYTE_CTX ignored: ", wire_error_text(error));
}

/* In a pod that Flyte started, its own variables say where we are. */
static void read_pod(struct state *state, char *const envp[])
{
	struct pod_env pod = { 0 };
	struct context context;
	size_t length;
	char *memory;

	for (size_t i = 0; envp && envp[i]; i++)
		pod_env_note(&pod, envp[i]);
	memory = pod_env_is_task(&pod) ? permanent(pod_env_memory(&pod) + 1) : NULL;
	if (!memory)
		return;
	pod_env_context(&pod, memory, &context);
	length = wire_length(&context);
	memory = length <= WIRE_MAX ? permanent(sizeof(WIRE_PREFIX) + length) : NULL;
	if (!memory)
		return;
	wire_encode(&context, length, text_copy(memory, WIRE_PREFIX, sizeof(WIRE_PREFIX) - 1));
	if (wire_check(memory + sizeof(WIRE_PREFIX) - 1, &state->size) == WIRE_OK)
		state->carrier = memory;
}

/* True where the path means the same in every directory that a child may start in. */
static bool holds_anywhere(struct text_span path)
{
	if (path.length && *path.start == '/')
		return true;
	for (size_t i = 0; i < path.length; i++)
		if (path.start[i] == '/')
			return false;
	return path.length > 0;
}

/* Our entry in LD_PRELOAD; where we came otherwise (ld.so.preload), what the loader says. */
static void read_library(struct state *state, char *const envp[])
{
	const char *list = env_get(envp, PRELOAD_PREFIX);
	struct text_span path = preload_list_find(list ? list : "");
	struct library_place place = { 0 };

	if (!holds_anywhere(path)) {
		REAL(dladdr)(&published, &place);
		path = (struct text_span) { place.path, place.path ? text_length(place.path) : 0 };
		if (!path.length || *path.start != '/' || !preload_path_is_sound(path.start))
			return;
	}
	state->library = keep("", path.start, path.length);
}

static bool is_switched_off(char *const envp[])
{
	const char *value = env_get(envp, "FLYTECTX_DISABLE=");

	return value && text_equal(value, "1");
}

static const struct state *build(void)
{
	struct state *made = permanent(sizeof(*made));
	const struct state *first = NULL;
	char *const *envp = state_environ();

	if (!made)
		return &without_memory;
	made->inert = (getauxval && getauxval(AT_SECURE)) || is_switched_off(envp);
	if (!made->inert) {
		read_carrier(made, envp);
		if (!made->carrier)
			read_pod(made, envp);
		read_library(made, envp);
	}
	return atomic_compare_exchange_strong(&published, &first, made) ? made : first;
}

const struct state *state(void)
{
	const struct state *known = atomic_load_explicit(&published, memory_order_acquire);

	return known ? known : build();
}

/*
 * Early, while the environment is what the process was started with: titles are written over it
 * later. Nothing depends on it: musl skips constructors in programs without libc, and glibc runs
 * other libraries' constructors before ours. No system call here.
 */
__attribute__((constructor)) static void start(void)
{
	if (!state_environ())
		return;
	if (!state()->inert)
		real_resolve_exec();
}
