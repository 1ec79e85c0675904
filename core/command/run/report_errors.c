/* SPDX-License-Identifier: Apache-2.0 */
/* See report_errors.h. */
#include "command/run/report_errors.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/outcome/outcome_here.h"
#include "command/run/job.h"
#include "command/run/signals.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/terminal/utf8_repaired.h"
#include "local/raw_outputs.h"
#include "local/variable.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#define LINES_MAX      80
#define NAME_MAX_SHOWN 200 /* bytes of CMD's name */

/* --- the message -------------------------------------------------------------------------- */

/* The last lines, at most LINES_MAX. The first may be cut: then it is no line. */
static char *last_lines(char *text, bool is_cut)
{
	char *begin = text + strlen(text), *newline = begin;

	for (int lines = 0; lines < LINES_MAX && newline; lines++) {
		newline = memrchr(text, '\n', (size_t)(newline - text));
		if (newline || !is_cut || !lines)
			begin = newline ? newline + 1 : text;
	}
	return begin;
}

/* What a terminal would still show of lines that a carriage return overwrites, as progress bars. */
static void drop_overwritten(char *text)
{
	char *to = text, *line = text;

	for (; *text; text++) {
		if (*text == '\r' && text[1] != '\n' && text[1] != '\r' && text[1])
			to = line;
		else
			*to++ = *text;
		if (*text == '\n')
			line = to;
	}
	*to = '\0';
}

/* Text of what CMD has written to its stderr last. */
static const char *error_lines(const struct error_output *output)
{
	char *text = memory_get(ERROR_OUTPUT_KEPT + 1);
	size_t size = error_output_tail(output, text);
	const bool is_cut = size == ERROR_OUTPUT_KEPT;

	/* A NUL is no text, and neither is this byte. */
	for (size_t i = 0; i < size; i++)
		if (!text[i])
			text[i] = '\xff';
	while (size && strchr("\r\n", text[size - 1]))
		size--;
	text[size] = '\0';
	text = last_lines(text, is_cut);
	drop_overwritten(text);
	return text;
}

static const char *cause(const struct supervision *this, int status)
{
	if (this->watch.exec_error)
		return strerror(this->watch.exec_error);
	if (WIFEXITED(status))
		return memory_text("exit status %d", WEXITSTATUS(status));
	return memory_text("ended by signal %d (%s)%s", WTERMSIG(status),
			   strsignal(WTERMSIG(status)), WCOREDUMP(status) ? ", core dumped" : "");
}

static const char *code(const struct supervision *this, int status)
{
	if (this->watch.exec_error)
		return this->watch.exec_error == ENOENT ? "CommandNotFound"
							: "CommandNotExecutable";
	return WIFEXITED(status) ? "CommandFailed" : "CommandKilled";
}

/* --- the document ------------------------------------------------------------------------- */

struct document {
	const struct flyte_task_context *task;
	const char *code, *message;
};

/* What the child says: is there a document, CMD's own or this one? */
enum { IS_NONE, IS_THERE };

static int write_document(void *argument)
{
	const struct document *document = argument;
	const struct checkpoint_library *library = checkpoint_library();
	int result = library->outcome(document->task);

	if (result > 0)
		return IS_THERE;
	/* It may be tried again: only CMD can know that this makes no sense. */
	if (!result)
		result = library->fail(document->task, document->code, document->message, 1);
	outcome_warn("error.pb", result);
	return result == 0 ? IS_THERE : IS_NONE;
}

void report_errors_begin(struct supervision *this)
{
	if (!this->context->task.output_path)
		message_fail("--report-errors", "the task has no output path (--outputs-path)");
	checkpoint_library();
	error_output_open(&this->output);
	this->watch.output = &this->output;
	this->snapshot.keeper = &this->output.keeper;
}

/*
 * Workers of a clustered task are judged by their status: their JobSet starts them again by it. Of
 * a raw container with outputs that ends with 0 the copilot would write that its outputs lack.
 */
static bool is_judged_by_status(void)
{
	return !run_context_is_of_pod() || raw_outputs_directory() ||
	       variable_first("FLYTE_CLUSTERED_WORKER", "TORCHELASTIC_RUN_ID",
			      "JOBSET_RESTART_ATTEMPT", NULL);
}

bool report_errors(struct supervision *this, int status)
{
	struct document document = { &this->context->task, code(this, status), NULL };
	const char *lines;
	int asked;
	bool is_there;

	if (!error_output_drain(&this->output))
		return false;
	lines = error_lines(&this->output);
	document.message =
		utf8_repaired(memory_text("%.*s: %s%s%s", NAME_MAX_SHOWN, this->options->command[0],
					  cause(this, status), *lines ? "\n" : "", lines));
	is_there = job_run(write_document, &document, &asked) == IS_THERE;
	if (!is_there || is_judged_by_status())
		return false;
	message_warn(this->options->command[0],
		     "%s; flytectx ends with 0, error.pb says it to Flyte", cause(this, status));
	return true;
}
