/* SPDX-License-Identifier: Apache-2.0 */
/* See supervise.h. */
#include "command/run/supervise.h"
#include "command/run/attempt.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/terminal/progress.h"
#include "command/run/left_over.h"
#include "command/run/run_environment.h"
#include "command/run/run_exec.h"
#include "command/run/signals.h"
#include "command/run/sub_action.h"
#include "local/tree_remove.h"
#include "local/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the backend calls the object of an attempt, which it counts from 1. */
#define OBJECT "_flytecheckpoints"

struct supervision {
	const struct run_options *options;
	struct context *context;
	enum run_kind kind;
	const char *library;
	struct snapshot snapshot;
	struct watch watch;
	unsigned attempt;
};

/* --- paths of an attempt ----------------------------------------------------------------- */

/* A sub-action's path is shared, by its attempts and by those of its task. */
static bool has_own_paths(const struct supervision *this)
{
	return this->options->has_retries && this->kind != RUN_SUB_ACTION &&
	       !this->options->given.checkpoint_paths.checkpoint_path;
}

static const char *attempt_path(const struct supervision *this)
{
	const char *raw = this->context->task.raw_data_path.path;
	size_t length = raw ? strlen(raw) : 0;

	if (!raw)
		message_fail("--retries", "there is neither a checkpoint path nor a raw data path "
					  "for checkpoints of each attempt");
	while (length > 1 && raw[length - 1] == '/')
		length--;
	return memory_text("%.*s/%u/" OBJECT, (int)length, raw, this->attempt + 1);
}

static void set_first_paths(struct supervision *this)
{
	struct flyte_task_context *task = &this->context->task;

	if (!this->options->has_retries || this->kind == RUN_SUB_ACTION)
		return;
	/* What is inherited is the previous checkpoint of the task around us. */
	task->checkpoint_paths.prev_checkpoint_path =
		this->options->given.checkpoint_paths.prev_checkpoint_path;
	if (task->checkpoint_paths.prev_checkpoint_path &&
	    !*task->checkpoint_paths.prev_checkpoint_path)
		task->checkpoint_paths.prev_checkpoint_path = NULL;
	if (has_own_paths(this))
		task->checkpoint_paths.checkpoint_path = attempt_path(this);
}

static void set_next_paths(struct supervision *this)
{
	struct flyte_task_context *task = &this->context->task;

	/* A directory that this attempt has not saved is still that of the one before. */
	if (!this->snapshot.directory || this->snapshot.saved)
		task->checkpoint_paths.prev_checkpoint_path =
			task->checkpoint_paths.checkpoint_path;
	if (has_own_paths(this))
		task->checkpoint_paths.checkpoint_path = attempt_path(this);
}

/* --- workspaces -------------------------------------------------------------------------- */

/* Where this attempt would load to; NULL where nothing can be there. */
static const char *place_of(const struct supervision *this)
{
	const struct flyte_task_context *task = &this->context->task;
	struct error error;
	char path[PATH_MAX];

	return workspace_place(&task->task_action, task->checkpoint_paths.prev_checkpoint_path,
			       path, &error)
		       ? memory_text("%s", path)
		       : NULL;
}

/* --- attempts ---------------------------------------------------------------------------- */

static void set_attempt_number(struct supervision *this)
{
	char *text;

	if (!this->options->has_retries)
		return;
	text = memory_text("%u", this->attempt);
	this->context->attempt_number = text;
	if (setenv("FLYTE_ATTEMPT_NUMBER", text, 1) < 0)
		message_fail("FLYTE_ATTEMPT_NUMBER", "%s", strerror(errno));
}

static void restore(struct supervision *this)
{
	const char *url = this->context->task.checkpoint_paths.prev_checkpoint_path;
	struct flytectx_transfer transfer;

	if (!url)
		return;
	transfer = progress_begin("restoring", url);
	if (checkpoint_library()->restore(&transfer, this->options->checkpoint_directory) < 0) {
		progress_end();
		message_fail_text(checkpoint_library()->error());
	}
	progress_end();
}

static void make_directory(const char *path)
{
	struct stat status;
	int number = mkdir(path, 0777) < 0 ? errno : 0;

	if (number == EEXIST)
		number = stat(path, &status) < 0 ? errno : S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
	if (number)
		message_fail(path, "can't make it: %s", strerror(number));
}

/* DIR is there when CMD starts, and its name says where it is. */
static void begin_directory(struct supervision *this)
{
	const char *directory = this->options->checkpoint_directory;

	if (!directory)
		return;
	if (!this->context->task.checkpoint_paths.checkpoint_path)
		message_fail("--checkpoint-dir", "no checkpoint path is set");
	make_directory(directory);
	restore(this);
	this->snapshot.directory = realpath(directory, NULL);
	if (!this->snapshot.directory)
		message_fail(directory, "%s", strerror(errno));
	this->snapshot.url = this->context->task.checkpoint_paths.checkpoint_path;
	this->snapshot.every = this->options->checkpoint_every;
	this->watch.snapshot = &this->snapshot;
	snapshot_open(&this->snapshot);
}

/* --- the last state ---------------------------------------------------------------------- */

/* Why DIR is not to be saved as CMD has left it; NULL: it is. */
static const char *why_not_saved(const struct supervision *this, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	if (!this->watch.terminated)
		return WIFEXITED(status)
			       ? ""
			       : memory_text("CMD was ended by signal %d (%s)", WTERMSIG(status),
					     strsignal(WTERMSIG(status)));
	if (WIFEXITED(status) && WEXITSTATUS(status) < 128)
		return NULL;
	if (this->snapshot.end == SNAPSHOT_BUSY)
		return memory_text("%s was being written when CMD was asked to end",
				   this->snapshot.guarded->busy);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return memory_text("CMD was ended by signal %d (%s)", SIGKILL, strsignal(SIGKILL));
	return NULL;
}

/* False: it should have been saved and was not. */
static bool save_last_state(struct supervision *this, int status)
{
	const char *why_not;

	attempt_wait_snapshot(&this->watch);
	why_not = why_not_saved(this, status);
	if (why_not) {
		if (*why_not)
			message_warn(this->snapshot.directory, "not saved, %s", why_not);
		return true;
	}
	if (!snapshot_begin(&this->snapshot, SNAPSHOT_FINAL))
		return false;
	attempt_wait_snapshot(&this->watch);
	return this->snapshot.end == SNAPSHOT_SAVED || this->snapshot.end == SNAPSHOT_UNCHANGED;
}

static bool will_be_tried_again(const struct supervision *this, int status)
{
	return status != 0 && !this->watch.terminated && this->attempt < this->options->retries;
}

static void end_left_over(struct supervision *this)
{
	const struct helpers helpers = snapshot_helpers(&this->snapshot);

	this->watch.terminated |= left_over_end(&helpers);
}

static int run_attempt(struct supervision *this)
{
	const char *place;
	bool had_place, counts, good;
	int status;

	set_attempt_number(this);
	/* The first attempt at a part of a task goes on with the count of the task's. */
	counts = this->kind != RUN_SAME || this->attempt > 0;
	if (counts)
		sub_action_count_anew(this->context);
	begin_directory(this);
	place = place_of(this);
	had_place = place && access(place, F_OK) == 0;
	status = attempt_run(this->context, this->options->command,
			     run_environment(this->context, this->library), &this->watch);
	if (place && !had_place)
		tree_remove(AT_FDCWD, place);
	if (counts)
		sub_action_count_anew(this->context);
	if (this->watch.terminated || will_be_tried_again(this, status))
		end_left_over(this);
	if (!this->snapshot.directory)
		return status;
	good = save_last_state(this, status);
	snapshot_close(&this->snapshot);
	if (!good && status == 0) {
		snapshot_forget(&this->snapshot);
		exit(EXIT_FAILED);
	}
	return status;
}

int supervise(const struct run_options *options, struct context *context, enum run_kind kind,
	      const char *library)
{
	struct supervision this = {
		.options = options, .context = context, .kind = kind, .library = library
	};
	int status;

	/* Says now what it can't do, not when something is to be saved. */
	if (options->checkpoint_directory)
		checkpoint_library();
	set_first_paths(&this);
	signals_take();
	/* What CMD leaves in the background stays below. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (;;) {
		status = run_attempt(&this);
		if (!will_be_tried_again(&this, status))
			break;
		this.attempt++;
		set_next_paths(&this);
	}
	snapshot_forget(&this.snapshot);
	if (WIFSIGNALED(status))
		signal_die_of(WTERMSIG(status));
	return WEXITSTATUS(status);
}
