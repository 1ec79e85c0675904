/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ompt - where LLVM's OpenMP runtime is linked into the program, nothing comes between the
 * two. But it tells a tool what it does: OMPT, chapter 4 of OpenMP 5.0. A tool is found by the name
 * ompt_start_tool, and there can be one: where the user has one, we step back, and this runtime's
 * threads keep the context that they started with. Where our hooks are in between (kmpc.c),
 * there is no tool of ours: that there is any costs a region of two threads 4 to 9 %.
 *
 * The runtime keeps a word for each region and task of ours: the scope that it is to run in, with
 * a reference. A task that runs has NULL there, its scope is current then; one that is suspended
 * has what was current in it. As in gomp_region.c, a thread keeps a region's context till its next
 * work.
 */
#include "objects.h"
#include "pools/pool.h"
#include "state.h"
#include "context/text.h"

/* Our own declarations of what is in omp-tools.h, which not every compiler has. */
union word {
	uint64_t value;
	struct scope *scope;
};

enum { BEGIN = 1 };
enum { COMPLETE = 1, CANCEL = 3, DETACH = 4 };
enum { EXPLICIT_TASK = 4 };
enum event { PARALLEL_BEGIN = 3, PARALLEL_END, TASK_CREATE, TASK_SCHEDULE, IMPLICIT_TASK };

typedef int set_callback(enum event event, real_function *callback);
typedef real_function *look_up(const char *name);

struct tool {
	int (*initialize)(look_up *find, int device, union word *data);
	void (*finalize)(union word *data);
	union word data;
};

static void parallel_begin(union word *task, const void *frame, union word *region,
			   unsigned threads, int flags, const void *caller)
{
	(void)task, (void)frame, (void)threads, (void)flags, (void)caller;
	region->scope = scope_retain_current();
}

/* On the thread that began it: what its own part left entered is undone. */
static void parallel_end(union word *region, union word *task, int flags, const void *caller)
{
	(void)task, (void)flags, (void)caller;
	pool_become(region->scope);
	scope_release(region->scope, false);
}

/* Not for the first of all tasks, that of the program: it is in no region that has begun. */
static void implicit_task(int endpoint, union word *region, union word *task, unsigned threads,
			  unsigned index, int flags)
{
	(void)task, (void)threads, (void)index, (void)flags;
	if (endpoint == BEGIN && region && region->scope)
		pool_become(region->scope);
}

static void task_create(union word *creator, const void *frame, union word *task, int flags,
			int has_dependences, const void *caller)
{
	(void)creator, (void)frame, (void)has_dependences, (void)caller;
	if (flags & EXPLICIT_TASK)
		task->scope = scope_retain_current();
}

/* Without `next` it says only that the event of a detached task came: by any thread. */
static void task_schedule(union word *prior, int status, union word *next)
{
	bool ended = status == COMPLETE || status == CANCEL || status == DETACH;
	struct scope *left = prior->scope; /* set where it was cancelled before it ran */

	if (!next)
		return;
	if (next->scope) {
		left = scope_swap(next->scope);
		next->scope = NULL;
	}
	prior->scope = ended ? NULL : left;
	if (ended && left)
		scope_release(left, true);
}

static int initialize(look_up *find, int device, union word *data)
{
	set_callback *set = (set_callback *)find("ompt_set_callback");

	(void)device, (void)data;
	if (!set)
		return 0;
	set(PARALLEL_BEGIN, (real_function *)parallel_begin);
	set(PARALLEL_END, (real_function *)parallel_end);
	set(TASK_CREATE, (real_function *)task_create);
	set(TASK_SCHEDULE, (real_function *)task_schedule);
	set(IMPLICIT_TASK, (real_function *)implicit_task);
	return 1;
}

static void finalize(union word *data)
{
	(void)data;
}

/* ThreadSanitizer's tool for OpenMP is loaded only where there is no other. */
static bool is_left_to_others(void)
{
	char *const *entry = state_environ();

	for (; entry && *entry; entry++) {
		const char *value = text_after(*entry, "OMP_TOOL_LIBRARIES=");

		if (value && *value)
			return true;
	}
	return state()->inert || objects_find("__tsan_init", false);
}

EXPORT struct tool *ompt_start_tool(unsigned version, const char *runtime);

/* libomp has one itself, which looks for others: so the next is asked, not only looked for. */
EXPORT struct tool *ompt_start_tool(unsigned version, const char *runtime)
{
	static struct tool tool;
	typedef struct tool *start_tool(unsigned version, const char *runtime);
	void *place = objects_find("ompt_start_tool", true);
	start_tool *next = *(start_tool **)(void *)&place;
	struct tool *other = next ? next(version, runtime) : NULL;

	if (other || is_left_to_others() ||
	    pool_library_exports(__builtin_return_address(0), "__kmpc_fork_call"))
		return other;
	tool.initialize = initialize;
	tool.finalize = finalize;
	return &tool;
}
