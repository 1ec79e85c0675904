/* SPDX-License-Identifier: Apache-2.0 */
/* See supervise.h. */
#include "command/run/supervise.h"
#include "command/run/attempt_paths.h"
#include "command/run/attempt.h"
#include "command/run/attempt_outcome.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/run/destination.h"
#include "command/run/directory.h"
#include "command/run/left_over.h"
#include "command/run/local_copies.h"
#include "command/run/local_run.h"
#include "command/run/report_errors.h"
#include "command/run/run_carry.h"
#include "command/run/run_environment.h"
#include "command/run/run_exec.h"
#include "command/run/signals.h"
#include "command/run/sub_action.h"
#include "command/run/workspace_use.h"
#include "local/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* DIR is there when CMD starts, and its name says where it is. */
static void begin_directory(struct supervision *this)
{
	const struct run_options *options = this->options;
	struct flyte_task_context *task = &this->context->task;

	if (!options->checkpoint_directory)
		return;
	if (!task->checkpoint_paths.checkpoint_path)
		message_fail("--checkpoint-dir", "no checkpoint path is set");
	if (!this->directory.path)
		directory_open(&this->directory, options->checkpoint_directory,
			       options->checkpoint_dir_replace);
	/* Whatever a failed attempt has left is not what the next one begins with. */
	this->directory.may_replace |= this->attempt > 0;
	directory_restore(&this->directory, task->checkpoint_paths.prev_checkpoint_path,
			  this->attempt == 0 ? task->checkpoint_paths.checkpoint_path : NULL);
	this->snapshot.directory = this->directory.path;
	this->snapshot.url = task->checkpoint_paths.checkpoint_path;
	this->snapshot.every = options->checkpoint_every;
	this->watch.snapshot = &this->snapshot;
	snapshot_open(&this->snapshot);
}

static bool is_there(const char *url)
{
	int asked;
	enum destination_answer answer = destination_ask(url, &asked);

	if (asked) {
		message_warn(url, "CMD is not started: %s", strsignal(asked));
		signal_die_of(asked);
	}
	if (answer == DESTINATION_UNKNOWN)
		exit(EXIT_FAILED);
	return answer == DESTINATION_HAS;
}

static void resume(struct flyte_task_context *task)
{
	const char *own = task->checkpoint_paths.checkpoint_path;

	if (destination_may_resume(task) && is_there(own))
		task->checkpoint_paths.prev_checkpoint_path = own;
}

/* What is there would be overwritten. A store may take its time: it is asked before the first save.
 */
static void warn_of_checkpoint(struct supervision *this)
{
	const struct flyte_task_context *task = &this->context->task;
	const char *own = task->checkpoint_paths.checkpoint_path;

	if (!this->options->checkpoint_directory || !own ||
	    task->checkpoint_paths.prev_checkpoint_path)
		return;
	this->snapshot.is_not_loaded = destination_is_remote(own);
	if (!this->snapshot.is_not_loaded && is_there(own))
		message_warn(own, DESTINATION_NOT_LOADED);
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
	return status != 0 && !this->watch.terminated && !this->is_permanent &&
	       this->attempt < this->options->retries;
}

static void end_left_over(struct supervision *this)
{
	const struct helpers helpers = snapshot_helpers(&this->snapshot);

	this->watch.terminated |= left_over_end(&helpers);
}

/* Ends as CMD has ended. */
static int end_as(struct supervision *this, int status)
{
	if (status != 0 && this->options->report_errors && !this->watch.terminated &&
	    report_errors(this, status))
		return 0;
	if (this->watch.exec_error)
		run_exec_failed(this->options->command[0], this->watch.exec_error);
	if (WIFSIGNALED(status))
		signal_die_of(WTERMSIG(status));
	local_copies_end(WEXITSTATUS(status) == 0);
	return WEXITSTATUS(status);
}

static int run_attempt(struct supervision *this)
{
	const char *place;
	bool counts, good;
	int status;

	set_attempt_number(this);
	destination_lock(this->context->task.checkpoint_paths.checkpoint_path);
	/* The first attempt at a part of a task goes on with the count of the task's. */
	counts = this->kind != RUN_SAME || this->attempt > 0;
	if (counts)
		sub_action_count_anew(this->context);
	begin_directory(this);
	place = place_of(this);
	if (place)
		workspace_use_begin(place);
	error_output_begin(&this->output);
	this->watch.carry = run_carry_start(this->options->carry, this->library, true);
	this->snapshot.carrier = this->watch.carry.pid;
	status = attempt_run(this->context, this->options->command,
			     run_environment(this->context, this->library), &this->watch);
	if (this->watch.exec_error)
		exit(end_as(this, status));
	workspace_use_end();
	if (counts)
		sub_action_count_anew(this->context);
	this->is_permanent =
		will_be_tried_again(this, status) && attempt_outcome_is_permanent(this->context);
	if (this->watch.terminated || will_be_tried_again(this, status))
		end_left_over(this);
	if (!this->snapshot.directory)
		return status;
	good = save_last_state(this, status);
	snapshot_close(&this->snapshot);
	if (!good && status == 0)
		exit(EXIT_FAILED);
	return status;
}

static struct supervision *supervision;

/* Whatever way flytectx ends. */
static void tidy(void)
{
	workspace_use_end();
	local_copies_end(false);
	snapshot_forget(&supervision->snapshot);
	destination_unlock();
	if (supervision->directory.path)
		directory_close(&supervision->directory);
}

int supervise(const struct run_options *options, struct context *context, enum run_kind kind,
	      const char *library)
{
	static struct supervision this_one;
	struct supervision *this = &this_one;
	int status;

	*this = (struct supervision) {
		.options = options, .context = context, .kind = kind, .library = library
	};

	/* Says now what it can't do, not when something is to be saved. */
	if (options->checkpoint_directory)
		checkpoint_library();
	attempt_paths_first(this);
	supervision = this;
	if (options->report_errors)
		report_errors_begin(this);
	signals_take();
	signals_before_death(tidy);
	local_copies_begin(local_run_directory());
	resume(&context->task);
	warn_of_checkpoint(this);
	if (options->retries || options->report_errors)
		attempt_outcome_begin(context, kind == RUN_TASK);
	/* What CMD leaves in the background stays below. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (;;) {
		status = run_attempt(this);
		if (!will_be_tried_again(this, status))
			break;
		this->attempt++;
		this->snapshot.is_not_loaded = false;
		attempt_paths_next(this);
		/* A signal came while a store was asked. */
		if (this->watch.terminated)
			break;
	}
	return end_as(this, status);
}
