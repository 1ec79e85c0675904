/* SPDX-License-Identifier: Apache-2.0 */
/* See open_checkpoint.h. */
#include "checkpoint/open_checkpoint.h"
#include "checkpoint/restore.h"
#include "checkpoint/save.h"
#include "local/workspace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct open_checkpoint *list;

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_action(const struct flyte_action_id *a, const struct flyte_action_id *b)
{
	return same(a->name, b->name) && same(a->run_name, b->run_name) &&
	       same(a->project, b->project) && same(a->domain, b->domain) && same(a->org, b->org);
}

static bool is_of(const struct open_checkpoint *open, const struct flyte_task_context *context)
{
	return same(open->shown.remote_destination, context->checkpoint_paths.checkpoint_path) &&
	       same(open->shown.remote_source, context->checkpoint_paths.prev_checkpoint_path) &&
	       same_action(&open->action, &context->task_action);
}

/* False: no memory. */
static bool copy_text(const char **copy, const char *text)
{
	*copy = text ? strdup(text) : NULL;
	return *copy || !text;
}

static bool copy_action(struct flyte_action_id *copy, const struct flyte_action_id *action)
{
	return copy_text(&copy->name, action->name) &&
	       copy_text(&copy->run_name, action->run_name) &&
	       copy_text(&copy->project, action->project) &&
	       copy_text(&copy->domain, action->domain) && copy_text(&copy->org, action->org);
}

static void free_checkpoint(struct open_checkpoint *open)
{
	const char *texts[] = { open->action.name,
				open->action.run_name,
				open->action.project,
				open->action.domain,
				open->action.org,
				open->shown.remote_source,
				open->shown.remote_destination };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free((void *)(uintptr_t)texts[i]);
	free(open);
}

static bool make_workspace(struct open_checkpoint *open, struct error *error)
{
	int fd;

	if (open->shown.path)
		return true;
	if (!workspace_place(&open->action, open->shown.remote_source, open->place, error))
		return false;
	fd = workspace_open(open->place, error);
	if (fd < 0)
		return false;
	workspace_close(fd);
	snprintf(open->path, sizeof(open->path), "%.*s/work", PATH_MAX - 6, open->place);
	open->shown.path = open->path;
	return true;
}

bool open_checkpoint_workspace(struct open_checkpoint *open, struct error *error)
{
	bool made;

	pthread_mutex_lock(&open->making);
	made = make_workspace(open, error);
	pthread_mutex_unlock(&open->making);
	return made;
}

/*
 * A child of fork() has none of the threads that may hold a lock at that moment. What was being
 * loaded counts as not loaded there.
 */
static void forget_locks(void)
{
	pthread_mutex_init(&list_lock, NULL);
	for (struct open_checkpoint *open = list; open; open = open->next) {
		pthread_mutex_init(&open->making, NULL);
		pthread_mutex_init(&open->lock, NULL);
	}
}

static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, forget_locks);
}

static struct open_checkpoint *make(const struct flyte_task_context *context, struct error *error)
{
	struct open_checkpoint *open = calloc(1, sizeof(*open));

	if (!open) {
		error_set(error, ERROR_SYSTEM, ENOMEM, "checkpoint", "can't open it");
		return NULL;
	}
	open->shown.size = sizeof(open->shown);
	pthread_mutex_init(&open->making, NULL);
	pthread_mutex_init(&open->lock, NULL);
	if (!copy_text(&open->shown.remote_source,
		       context->checkpoint_paths.prev_checkpoint_path) ||
	    !copy_text(&open->shown.remote_destination,
		       context->checkpoint_paths.checkpoint_path) ||
	    !copy_action(&open->action, &context->task_action))
		error_set(error, ERROR_SYSTEM, ENOMEM, "checkpoint", "can't open it");
	else
		return open;
	free_checkpoint(open);
	return NULL;
}

struct open_checkpoint *open_checkpoint(const struct flyte_task_context *context,
					struct error *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct open_checkpoint *open;

	pthread_once(&once, watch_forks);
	if (!context || !context->checkpoint_paths.checkpoint_path) {
		error_set(error, ERROR_INVALID, ENODATA, "checkpoint",
			  context ? "no checkpoint path is set" : "outside a task");
		return NULL;
	}
	pthread_mutex_lock(&list_lock);
	for (open = list; open && !is_of(open, context); open = open->next)
		;
	if (!open)
		open = make(context, error);
	if (open && !open->is_listed) {
		open->is_listed = true;
		open->next = list;
		/* A fork may come at any time: whole first. */
		atomic_signal_fence(memory_order_seq_cst);
		list = open;
	}
	pthread_mutex_unlock(&list_lock);
	return open;
}

bool open_checkpoint_save(struct open_checkpoint *open, const struct checkpoint_input *input,
			  const struct storage_progress *progress, struct error *error)
{
	struct storage *object = storage_open(open->shown.remote_destination, progress, error);
	bool good = false;

	if (object && input->path)
		good = save_path(object, input->path, error);
	else if (object)
		good = save_bytes(object, input->data, input->size, error);
	storage_close(object);
	return good;
}

int checkpoint_answer(enum load_result result, const char *workspace, char *path, size_t size,
		      struct error *error)
{
	const char *name = result == LOAD_FILE ? "/" LOAD_PAYLOAD : "";

	if (result == LOAD_FAILED)
		return -1;
	if (result == LOAD_NONE)
		return 0;
	if (strlen(workspace) + strlen(name) < size) {
		strcpy(path, workspace);
		strcat(path, name);
		return 1;
	}
	error_set(error, ERROR_INVALID, ERANGE, workspace, "there is no room for the path");
	return -1;
}

static enum load_result load_from(struct open_checkpoint *open, const char *url,
				  const struct storage_progress *progress, struct error *error)
{
	enum load_result result = LOAD_FAILED;
	struct storage *object = NULL;

	if (open_checkpoint_workspace(open, error))
		object = storage_open(url, progress, error);
	if (object)
		result = restore_workspace(object, open->place, error);
	storage_close(object);
	return result;
}

/* In a restart by JobSet what this attempt has saved itself goes first (SPEC 4.4). */
static bool is_restart(void)
{
	const char *restart = getenv("JOBSET_RESTART_ATTEMPT");

	return restart && atoi(restart) > 0;
}

static enum load_result load_once(struct open_checkpoint *open,
				  const struct storage_progress *progress, struct error *error)
{
	enum load_result result = LOAD_NONE;

	if (open->loaded != LOAD_FAILED)
		return open->loaded;
	if (is_restart() && open->shown.remote_destination)
		result = load_from(open, open->shown.remote_destination, progress, error);
	if (result == LOAD_NONE && open->shown.remote_source)
		result = load_from(open, open->shown.remote_source, progress, error);
	open->loaded = result;
	return result;
}

int open_checkpoint_load(struct open_checkpoint *open, const struct storage_progress *progress,
			 char *path, size_t size, struct error *error)
{
	int answer;

	pthread_mutex_lock(&open->lock);
	answer = checkpoint_answer(load_once(open, progress, error), open->path, path, size, error);
	pthread_mutex_unlock(&open->lock);
	return answer;
}
