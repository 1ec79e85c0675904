/* SPDX-License-Identifier: Apache-2.0 */
/* See new_stack.h. */
#include "command/carry/new_stack.h"
#include "command/carry/new_environ.h"
#include "command/carry/stack_image.h"
#include "command/carry/tracee.h"
#include "context/preload_list.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What the kernel maps below a new stack pointer, but for a page. */
#define ROOM_BELOW ((size_t)124 * 1024)

/* Is the library there, as the process sees files? Of another user's that may not be looked up. */
static bool sees_library(pid_t pid, const char *library)
{
	char path[PATH_MAX + 32];

	if (snprintf(path, sizeof(path), "/proc/%d/root%s", pid, library) >= (int)sizeof(path))
		return false;
	return access(path, R_OK) == 0 ||
	       ((errno == EACCES || errno == EPERM) && access(library, R_OK) == 0);
}

/* The kernel leaves a program three quarters of its stack. Of another user's ours has to tell. */
static bool leaves_enough(pid_t pid, size_t size)
{
	struct rlimit limit;

	return (prlimit(pid, RLIMIT_STACK, NULL, &limit) == 0 ||
		getrlimit(RLIMIT_STACK, &limit) == 0) &&
	       size <= limit.rlim_cur / 4;
}

/* Writes the array and the strings below the stack pointer; `anew`: all strings, else the new. */
static bool build(const struct stack_image *image, char **filled, bool anew, struct new_environ *to)
{
	size_t count = 0, strings = 0, words;
	uint64_t *array;
	char *at;

	for (; filled[count]; count++)
		if (anew || !stack_image_has(image, filled[count]))
			strings += strlen(filled[count]) + 1;
	words = image->argc + 2 + count + 1 + image->auxv_words;
	to->size = words * sizeof(*array) + strings;
	to->size = (to->size + 15) & ~(size_t)15;
	to->stack = (image->stack - to->size) & ~(uint64_t)15;
	to->bytes = calloc(1, to->size);
	if (!to->bytes)
		return false;
	array = (uint64_t *)(void *)to->bytes;
	at = to->bytes + words * sizeof(*array);
	to->environ_start = to->stack + (uint64_t)(at - to->bytes);
	memcpy(array, image->words, (image->argc + 2) * sizeof(*array));
	array += image->argc + 2;
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(filled[i]) + 1;

		if (!anew && stack_image_has(image, filled[i])) {
			*array++ = stack_image_address(image, filled[i]);
			continue;
		}
		*array++ = to->stack + (uint64_t)(at - to->bytes);
		memcpy(at, filled[i], length);
		at += length;
	}
	to->environ_end = to->stack + (uint64_t)(at - to->bytes);
	memcpy(array + 1, image->auxv, image->auxv_words * sizeof(*array));
	return true;
}

static bool fits(pid_t pid, const struct stack_image *image, const struct new_environ *new)
{
	return new->size <= ROOM_BELOW &&leaves_enough(pid, image->text_size + new->size);
}

/* False: it stays as it is. */
static bool write_new(pid_t pid, const struct stack_image *image, char **filled, int *status)
{
	struct new_environ new = { 0 };
	bool anew = true, is_written = build(image, filled, true, &new);

	if (is_written && !fits(pid, image, &new)) {
		free(new.bytes);
		anew = false;
		is_written = build(image, filled, false, &new) && fits(pid, image, &new);
	}
	is_written = is_written && tracee_write(pid, new.stack, new.bytes, new.size);
	free(new.bytes);
	new.bytes = NULL;
	return is_written && new_environ_install(pid, image, &new, anew, status);
}

static bool put_right(pid_t pid, const struct stack_image *image, const struct env_wish *wish,
		      const struct env_plan *plan, int *status)
{
	void *memory = malloc(plan->memory ? plan->memory : 1);
	bool is_written =
		memory && write_new(pid, image, env_fill(image->envp, wish, plan, memory), status);

	free(memory);
	return is_written;
}

static bool has_entry(char *const envp[])
{
	const char *list = env_get(envp, PRELOAD_PREFIX);

	return list && preload_list_find(list).length;
}

static bool has(char *const envp[], const char *entry)
{
	for (; *envp; envp++)
		if (!strcmp(*envp, entry))
			return true;
	return false;
}

static enum stack_result judge(pid_t pid, const struct stack_image *image, const char *library,
			       bool has_library)
{
	if (!image->interpreter || image->is_secure || !has_library ||
	    has(image->envp, ENV_DISABLE) || !sees_library(pid, library) ||
	    stack_image_is_go(pid, image))
		return STACK_STATIC;
	return STACK_ENTERED;
}

static enum stack_result look_and_put_right(pid_t pid, const struct stack_image *image,
					    const char *library, const struct carried *before,
					    struct carried **after, int *status)
{
	bool adds = !image->is_secure && sees_library(pid, library), is_put;
	struct carried *now;
	struct env_wish wish = { 0 };
	struct env_plan plan;

	if (has(image->envp, ENV_PROPAGATE_OFF))
		return STACK_FORGETS;
	now = *after = carried_new(image->envp, before);
	if (!now || !now->carrier)
		return STACK_STATIC;
	wish.carrier = now->carrier;
	wish.library = adds ? library : NULL;
	wish.kept = (const char *const *)now->kept;
	env_plan(image->envp, &wish, &plan);
	is_put = plan.right || put_right(pid, image, &wish, &plan, status);
	if (*status)
		return STACK_ENDED;
	if (!is_put)
		return STACK_UNTOUCHED;
	return judge(pid, image, library, adds || has_entry(image->envp));
}

enum stack_result new_stack_put_right(pid_t pid, const char *library, const struct carried *before,
				      struct carried **after, int *status)
{
	struct stack_image image;
	enum stack_result result = STACK_UNTOUCHED;

	*after = NULL;
	*status = 0;
	if (stack_image_read(pid, &image))
		result = look_and_put_right(pid, &image, library, before, after, status);
	stack_image_free(&image);
	return result;
}
