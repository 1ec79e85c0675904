/* SPDX-License-Identifier: Apache-2.0 */
/* See child_env.h. */
#include <errno.h>
#include <stdatomic.h>

#include "argument_room.h"
#include "child_env.h"
#include "context/env.h"
#include "environ_lock.h"
#include "own_path.h"
#include "program.h"
#include "provider.h"
#include "scope.h"
#include "state.h"
#include "sys.h"
#include "thread_end.h"

/*
 * For environments that don't fit the stack. A thread keeps one and uses it again: a map made in
 * a vfork child would stay in the parent, once for each start. `user` is the thread that is
 * writing it, by kernel id: our own id there means that we are in a signal handler which came in
 * between; another one means a vfork child that is gone since, for our thread slept meanwhile.
 */
struct child_env_buffer {
	size_t size;
	atomic_int user;
	bool kept; /* by the thread */
	_Alignas(16) char memory[];
};

static __thread struct child_env_buffer *kept_buffer;

static struct child_env_buffer *map_buffer(size_t size)
{
	/* Room for growth: environments of one process are much alike. */
	size_t whole = (sizeof(struct child_env_buffer) + size + size / 2 + 4095) & ~(size_t)4095;
	struct child_env_buffer *buffer = sys_map(whole);

	if (buffer)
		buffer->size = whole;
	return buffer;
}

/* A buffer for `size` bytes, marked as ours, or NULL. */
static struct child_env_buffer *take_buffer(size_t size)
{
	struct child_env_buffer *buffer = kept_buffer;
	int self = sys_gettid();

	if (buffer && atomic_load(&buffer->user) == self)
		return map_buffer(size);
	if (buffer && buffer->size >= sizeof(*buffer) + size) {
		atomic_store(&buffer->user, self);
		return buffer;
	}
	kept_buffer = NULL;
	if (buffer)
		sys_unmap(buffer, buffer->size);
	buffer = map_buffer(size);
	if (buffer) {
		buffer->kept = true;
		atomic_store(&buffer->user, self);
		kept_buffer = buffer;
		thread_end_arm();
	}
	return buffer;
}

static void give_back(struct child_env *env)
{
	struct child_env_buffer *buffer = env->buffer;

	env->buffer = NULL;
	if (buffer && buffer->kept)
		atomic_store(&buffer->user, 0);
	else if (buffer)
		sys_unmap(buffer, buffer->size);
}

void child_env_thread_ends(void)
{
	struct child_env_buffer *buffer = kept_buffer;

	kept_buffer = NULL;
	if (buffer)
		sys_unmap(buffer, buffer->size);
}

static void *memory_for(struct child_env *env, size_t size)
{
	if (size <= sizeof(env->memory))
		return env->memory;
	env->buffer = take_buffer(size);
	return env->buffer ? env->buffer->memory : NULL;
}

/* Where there is no memory the program runs without context: better than not at all. */
static void rebuild(struct child_env *env, const struct env_wish *wish, const struct env_plan *plan)
{
	void *memory = plan->right ? NULL : memory_for(env, plan->memory);

	env->envp = memory ? env_fill(env->given, wish, plan, memory) : env->given;
}

static void begin(struct child_env *env, char *const envp[], const struct program *program)
{
	enum machine machine =
		child_env_has_nothing_to_carry() ? MACHINE_OURS : program_machine(program);

	env->given = env->envp = envp;
	env->stripped = env->once = false;
	env->buffer = NULL;
	env->foreign = machine != MACHINE_OURS;
	env->library = library_for(machine);
}

/* With FLYTECTX_BAGGAGE=1: what BAGGAGE is to have. */
static const struct flyte_pair_list *baggage(void)
{
	const char *const *kept = state()->kept;

	if (!kept || !kept[ENV_WRITE_BAGGAGE] ||
	    !text_equal(kept[ENV_WRITE_BAGGAGE], ENV_BAGGAGE_ON))
		return NULL;
	return &scope_context()->task.custom_context;
}

/* `trace` has room for ENV_TRACE values. */
static void make_wish(const struct child_env *env, const char *carrier, const char *trace[],
		      struct env_wish *wish)
{
	*wish = (struct env_wish) { .carrier = carrier,
				    .library = env->library,
				    .foreign = env->foreign,
				    .strip = scope_is_outside(),
				    .kept = state()->kept,
				    .baggage = carrier ? baggage() : NULL };
	/* The root's trace came with its carrier: it is among the kept ones. */
	if (carrier && !scope_is_root(scope_current())) {
		env_trace_since(scope_context(), scope_root_context(), wish->kept, trace);
		wish->trace = trace;
	}
}

/* As the caller has it, and where that is not right, what would be. */
static void plan_first(const struct child_env *env, const char *trace[], struct env_wish *wish,
		       struct env_plan *plan)
{
	make_wish(env, scope_carrier(), trace, wish);
	env_plan(env->given, wish, plan);
}

/* Nearly always the child is to have what its starter has; else all that is known is looked at. */
static void repair(struct child_env *env, const struct program *program)
{
	const char *trace[ENV_TRACE], *carrier;
	struct env_wish wish;
	struct env_plan plan;

	plan_first(env, trace, &wish, &plan);
	if (plan.right)
		return;
	carrier = scope_sound_carrier();
	if (carrier != wish.carrier) {
		make_wish(env, carrier, trace, &wish);
		env_plan(env->given, &wish, &plan);
	}
	if (program->in_place && !plan.right && !plan.strip) {
		if (!repairs_go_on(program, env->marker))
			return;
		wish.marker = *env->marker ? env->marker : NULL;
	}
	rebuild(env, &wish, &plan);
}

/* In the first page of memory or the last, as error numbers are: the kernel says EFAULT. */
static bool is_bad_pointer(char *const envp[])
{
	return envp && (uintptr_t)envp + 4096 < 8192;
}

void child_env_begin(struct child_env *env, char *const envp[], const struct program *program)
{
	/* Most programs pass environ, which other threads may move: that is read as such. */
	if (envp && envp == state_environ()) {
		child_env_begin_own(env, program);
		return;
	}
	env->before = provider_enter();
	begin(env, envp, program);
	if (!state()->inert && !is_bad_pointer(envp))
		repair(env, program);
}

void child_env_begin_own(struct child_env *env, const struct program *program)
{
	env->before = provider_enter();
	begin(env, state_environ(), program);
	/* Not obtained: to the kernel unread, which copies it safely, as it does without us. */
	if (!state()->inert && environ_read_begin()) {
		env->given = env->envp = state_environ();
		repair(env, program);
		environ_read_end();
	}
}

static void strip(struct child_env *env)
{
	struct env_wish nothing = { .strip = true };
	struct env_plan plan;

	give_back(env);
	env->stripped = true;
	env_plan(env->given, &nothing, &plan);
	rebuild(env, &nothing, &plan);
}

void child_env_begin_once(struct child_env *env, char *const envp[], char *const argv[],
			  const struct program *program)
{
	child_env_begin(env, envp, program);
	env->once = true;
	if (!child_env_is_given(env) && argument_room_is_short(program->path, argv, env->envp))
		strip(env);
}

bool child_env_again(struct child_env *env, int error)
{
	if (error != E2BIG || env->stripped || env->once || state()->inert)
		return false;
	strip(env);
	return true;
}

void child_env_end(struct child_env *env)
{
	give_back(env);
	provider_leave(env->before);
}

bool child_env_has_nothing_to_carry(void)
{
	return state()->inert || (scope_is_root(scope_current()) && !state()->carrier);
}

bool child_env_own_is_right(const struct program *program)
{
	const char *trace[ENV_TRACE];
	struct child_env env;
	struct env_wish wish;
	struct env_plan plan;
	bool right = true;

	begin(&env, NULL, program);
	if (!state()->inert && environ_read_begin()) {
		env.given = state_environ();
		plan_first(&env, trace, &wish, &plan);
		right = plan.right;
		environ_read_end();
	}
	return right;
}
