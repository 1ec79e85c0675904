/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx ps - the processes of this machine that are in a context, and their threads where these
 * are in another (SPEC 5.14).
 */
#include "command/command.h"
#include "command/look/ps_options.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/terminal/printable.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"usage: flytectx ps [--json] [-A] [-T] [-w] [PID...]\n"
	"\n"
	"Lists the processes that are in the context of a task: a line each, and a line for each\n"
	"thread that is in another context than its process. No process is stopped or notices.\n"
	"\n"
	"  -A, --all       also processes without a context, and those that can't be looked at\n"
	"  -T, --threads   all threads\n"
	"  -w, --wide      no line is cut to the width of the terminal\n"
	"  --json          one JSON object\n"
	"  --help          this text\n"
	"\n"
	"FROM says how a context is known:\n"
	"\n"
	"  live     it is current there now, read in the memory of the process\n"
	"  start    the process was started with it: it has not entered another, can't be "
	"preloaded,\n"
	"           or its memory may not be read\n"
	"  none     there is none\n"
	"  moved    at each look the thread was in another, or what it has is no context\n"
	"  denied   the process can't be looked at\n"
	"\n"
	"Texts are escaped as by `flytectx show`. A process of another PID namespace has that\n"
	"namespace and its number there behind its command.\n"
	"\n"
	"Exit status: 0; 1 if a PID is no process or can't be looked at, or without PID no "
	"process is\n"
	"in a context; 2 for wrong usage.\n";

enum { PID, TID, FROM, ACTION, GROUP, CUSTOM, COMMAND, COLUMNS };

/* Beyond that a column is cut where lines are. */
#define COLUMN_MAX 28

struct row {
	const char *cells[COLUMNS];
};

struct table {
	struct row *rows;
	size_t count;
};

static const char *escaped(const char *text)
{
	char *memory = NULL;
	size_t length;
	FILE *stream = open_memstream(&memory, &length);

	if (!stream)
		message_fail("memory", "no room for the table");
	printable_write(stream, text);
	fclose(stream);
	return memory;
}

static const char *custom_text(const struct seen_context *context)
{
	char *memory = NULL;
	size_t length;
	FILE *stream = open_memstream(&memory, &length);

	if (!stream)
		message_fail("memory", "no room for the table");
	seen_write_custom(stream, context);
	fclose(stream);
	return memory;
}

static void add_row(struct table *table, pid_t pid, const char *tid, const char *command,
		    const struct seen_context *context)
{
	struct row *row;

	if (!(table->count & (table->count - 1)))
		table->rows = memory_more(table->rows, (table->count * 2 + 1) * sizeof(*row));
	row = &table->rows[table->count++];
	*row = (struct row) { { [PID] = memory_text("%d", pid),
				[TID] = tid,
				[FROM] = seen_from_name(context->from),
				[ACTION] = context->action ? escaped(context->action) : "-",
				[GROUP] = context->group ? escaped(context->group) : "-",
				[CUSTOM] = custom_text(context),
				[COMMAND] = escaped(command) } };
}

static void add_process(struct table *table, const struct seen_process *process)
{
	const char *command = process->command;

	if (process->space)
		command = memory_text("%s (%d in %s)", command, process->inner, process->space);
	add_row(table, process->pid, "-", command, &process->context);
	for (size_t i = 0; i < process->thread_count; i++)
		add_row(table, process->pid, memory_text("%d", process->threads[i].tid),
			process->threads[i].name, &process->threads[i].context);
}

static size_t columns_of(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}

/* Ends with '~' where it was cut. */
static const char *cell(const char *text, size_t most)
{
	size_t columns = 0, length = 0;

	if (columns_of(text) <= most)
		return text;
	for (; columns < most; length++)
		columns += ((unsigned char)text[length] & 0xc0) != 0x80;
	return memory_text("%.*s~", (int)length - 1, text);
}

static void print_row(const struct row *row, const size_t widths[COLUMNS], size_t width)
{
	char *line = NULL;
	size_t length;
	FILE *stream = open_memstream(&line, &length);

	if (!stream)
		message_fail("memory", "no room for the table");
	for (int i = 0; i < COLUMNS; i++) {
		const char *text = i == COMMAND ? row->cells[i] : cell(row->cells[i], widths[i]);

		fputs(text, stream);
		for (size_t at = columns_of(text); i < COMMAND && at < widths[i] + 1; at++)
			fputc(' ', stream);
	}
	fclose(stream);
	ps_print_cut(line, width);
	free(line);
}

static void print_table(const struct table *table, size_t width)
{
	static const struct row head = { { "PID", "TID", "FROM", "ACTION", "GROUP", "CUSTOM",
					   "COMMAND" } };
	size_t widths[COLUMNS];

	for (int i = 0; i < COLUMNS; i++) {
		widths[i] = columns_of(head.cells[i]);
		for (size_t at = 0; at < table->count; at++) {
			size_t columns = columns_of(table->rows[at].cells[i]);

			widths[i] = columns > widths[i] ? columns : widths[i];
		}
		if (width && widths[i] > COLUMN_MAX)
			widths[i] = COLUMN_MAX;
	}
	print_row(&head, widths, width);
	for (size_t at = 0; at < table->count; at++)
		print_row(&table->rows[at], widths, width);
}

/* The processes that are asked for; `*fails`: one of them is none, or can't be looked at. */
static struct seen_processes look(const struct ps_options *options, bool *fails)
{
	struct seen_processes processes = { 0 };

	if (!options->pid_count)
		return seen_processes_look(options->all_threads);
	processes.items = memory_get(options->pid_count * sizeof(*processes.items));
	for (size_t i = 0; i < options->pid_count; i++) {
		struct seen_process *process = &processes.items[processes.count];
		bool is_there = seen_process_look(options->pids[i], options->all_threads, process);

		if (!is_there)
			message_warn(memory_text("%d", options->pids[i]), "no such process");
		*fails |= !is_there || process->context.from == SEEN_DENIED;
		processes.count += is_there;
	}
	return processes;
}

int command_ps(int argc, char *argv[])
{
	struct ps_options options;
	struct seen_processes processes;
	const struct seen_process **shown;
	struct table table = { 0 };
	size_t count = 0;
	bool fails = false;

	ps_options_read(argc, argv, help, SIZE_MAX, &options);
	processes = look(&options, &fails);
	shown = memory_get(processes.count * sizeof(*shown));
	for (size_t i = 0; i < processes.count; i++)
		if (options.all || options.pid_count || seen_process_counts(&processes.items[i]))
			shown[count++] = &processes.items[i];
	for (size_t i = 0; i < count; i++)
		add_process(&table, shown[i]);
	if (options.json)
		ps_json(shown, count);
	else if (count)
		print_table(&table, ps_width(&options));
	message_end_output();
	return fails || (!count && !options.pid_count);
}
