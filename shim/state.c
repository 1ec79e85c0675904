/* SPDX-License-Identifier: Apache-2.0 */
/* See state.h. */
#include <stdatomic.h>
#include <sys/auxv.h>

#include "debug.h"
#include "context/env.h"
#include "arena.h"
#include "pod.h"
#include "context/preload_list.h"
#include "real.h"
#include "repairs.h"
#include "state.h"

/*
 * By the name that both libcs read it by themselves, and through the GOT: a program may hold a copy
 * relocation of it, which has this name too. A program that defines an `environ` of its own, which
 * libc knows nothing of, does not define this one. In a program without libc the address is NULL.
 */
extern char **__environ __attribute__((weak));

static _Atomic(const struct state *) published;
static const struct state without_memory = { .inert = true };

char **state_environ(void)
{
	return &__environ ? __environ : NULL;
}

/* Keeps `prefix` and `text` as one string, or NULL. */
static char *keep(const char *prefix, const char *text, size_t length)
{
	size_t prefix_length = text_length(prefix);
	char *kept = arena_take(prefix_length + length + 1);

	if (kept)
		text_copy(text_copy(kept, prefix, prefix_length), text, length);
	return kept;
}

/*
 * Keeps the carrier if its header is right; the rest is read when it is needed. A bad one is
 * ignored whole: then there is none.
 */
static void keep_carrier(struct state *state, const char *text)
{
	size_t length = text_length(text);

	if (wire_check_header(text, length) != WIRE_OK)
		return;
	state->carrier = keep(WIRE_PREFIX, text, length);
}

/* The variables that matter to us, each NULL if unset, and where the environment ends. */
struct findings {
	const char *carrier, *preload, *disable, *debug, *repaired;
	const char *kept[ENV_KEPT + 1]; /* whole; behind them, what is none of them */
	bool any_kept;
	char *const *end;
};

static void note_kept(struct findings *found, const char *entry)
{
	size_t which = env_kept(entry);

	if (!found->kept[which])
		found->kept[which] = entry;
	found->any_kept |= which < ENV_KEPT;
}

static void note(const char **value, const char *entry, const char *name)
{
	if (!*value)
		*value = text_after(entry, name);
}

static void note_ours(struct findings *found, const char *entry)
{
	if (entry[sizeof("FLYTE") - 1] == '_') {
		note(&found->carrier, entry, WIRE_PREFIX);
		return;
	}
	note(&found->disable, entry, "FLYTECTX_DISABLE=");
	note(&found->debug, entry, "FLYTECTX_DEBUG=");
	note(&found->repaired, entry, ENV_REPAIRED);
	note_kept(found, entry);
}

/* One pass over the environment: every process does this once. */
static struct findings look(char *const envp[])
{
	struct findings found = { 0 };

	for (; envp && *envp; envp++) {
		if (**envp == 'F' && text_after(*envp, "FLYTE"))
			note_ours(&found, *envp);
		else if (**envp == 'L')
			note(&found.preload, *envp, PRELOAD_PREFIX);
		else if (**envp == 'B' || **envp == 'T')
			note_kept(&found, *envp);
	}
	found.end = envp;
	return found;
}

static void say_what_is_wrong(const struct findings *found)
{
	struct wire_size size;
	enum wire_error error = wire_check(found->carrier, &size);

	if (error != WIRE_OK)
		debug_say("FLYTE_CTX ignored: ", wire_error_text(error));
}

/*
 * Two copies at different paths (ld.so.preload and LD_PRELOAD, say): of an exported variable
 * everybody sees the one that was loaded first, of its hidden name each its own.
 */
EXPORT extern const char flytectx_copy;
extern const char own_copy __attribute__((alias("flytectx_copy"), visibility("hidden")));

const char flytectx_copy = 1;

static bool is_second_copy(void)
{
	return &flytectx_copy != &own_copy;
}

/*
 * AT_SECURE of the auxiliary vector. It stands behind the environment as the kernel laid that out;
 * for a privileged program the loader has removed variables, and each left one more NULL.
 */
static bool is_secure(char *const *end_of_block)
{
	const unsigned long *pair = (const unsigned long *)end_of_block;

	while (pair && !*pair)
		pair++;
	for (; pair && *pair != AT_NULL; pair += 2)
		if (*pair == AT_SECURE)
			return pair[1];
	return REAL(getauxval)(AT_SECURE);
}

/* Few processes have any of these. */
static void keep_kept(struct state *state, const struct findings *found)
{
	const char **kept = arena_take(ENV_KEPT * sizeof(*kept));

	for (size_t i = 0; kept && i < ENV_KEPT; i++)
		kept[i] = found->kept[i] ? keep("", found->kept[i], text_length(found->kept[i]))
					 : NULL;
	state->kept = kept;
}

static EVERY_START void fill(struct state *made, char *const envp[], bool is_block)
{
	struct findings found = look(envp);

	made->inert = is_secure(is_block ? found.end : NULL) || is_second_copy() ||
		      (found.disable && text_equal(found.disable, "1"));
	if (made->inert)
		return;
	if (found.carrier)
		keep_carrier(made, found.carrier);
	if (found.carrier && found.debug && *found.debug && !text_equal(found.debug, "0"))
		say_what_is_wrong(&found);
	if (!made->carrier)
		made->carrier = pod_carrier(envp);
	if (found.preload)
		made->preload = keep("", found.preload, text_length(found.preload));
	if (found.any_kept)
		keep_kept(made, &found);
	if (found.repaired)
		repairs_read(found.repaired, &made->repaired);
}

static const struct state *build(bool is_block)
{
	struct state *made = arena_take(sizeof(*made));
	const struct state *first = NULL;

	if (!made)
		return &without_memory;
	fill(made, state_environ(), is_block);
	return atomic_compare_exchange_strong(&published, &first, made) ? made : first;
}

const struct state *state(void)
{
	static const struct state nothing_yet;
	const struct state *known = atomic_load_explicit(&published, memory_order_acquire);

	if (known)
		return known;
	return state_environ() ? build(false) : &nothing_yet;
}

bool state_is_known(void)
{
	return atomic_load_explicit(&published, memory_order_relaxed) || state_environ();
}

static struct state_carrier read_carrier(const struct state *start)
{
	struct state_carrier read = { start->carrier, { 0 } };

	if (read.text && wire_check(read.text + sizeof(WIRE_PREFIX) - 1, &read.size) == WIRE_OK)
		return read;
	read.text = start->inert ? NULL : pod_carrier(state_environ());
	if (read.text)
		wire_check(read.text + sizeof(WIRE_PREFIX) - 1, &read.size);
	return read;
}

const struct state_carrier *state_carrier(void)
{
	static const struct state_carrier none;
	static _Atomic(const struct state_carrier *) published_carrier;
	const struct state_carrier *known =
		atomic_load_explicit(&published_carrier, memory_order_acquire);
	struct state_carrier *made;

	if (known)
		return known;
	made = state_is_known() ? arena_take(sizeof(*made)) : NULL;
	if (!made)
		return &none;
	*made = read_carrier(state());
	return atomic_compare_exchange_strong(&published_carrier, &known, made) ? made : known;
}

/*
 * Early, while the environment is what the process was started with: titles are written over it
 * later. Nothing depends on it: musl skips constructors in programs without libc, and glibc runs
 * other libraries' constructors before ours. No system call here, but for pod. glibc passes what
 * main gets, musl nothing: only where the three fit together are they what the kernel laid out.
 */
EVERY_START __attribute__((constructor)) static void start(int argc, char **argv, char **envp)
{
	bool is_block = envp == state_environ() &&
			(uintptr_t)argv + ((uintptr_t)(unsigned)argc + 1) * sizeof(*argv) ==
				(uintptr_t)envp;

	if (!atomic_load_explicit(&published, memory_order_acquire) && state_environ())
		build(is_block);
}
