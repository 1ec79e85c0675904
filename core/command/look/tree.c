/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx tree - the processes that are in a context below each other, with the context where it
 * changes (SPEC 5.14).
 */
#include "command/command.h"
#include "command/look/tree_nodes.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/terminal/printable.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
	"usage: flytectx tree [--json] [-A] [-T] [-w] [PID]\n"
	"\n"
	"Draws the processes that are in the context of a task, and what is below them; or PID "
	"and\n"
	"what is below it. The context stands in brackets where it is another than above: action,\n"
	"group= and the custom context. A thread has a line where it is in another context than "
	"its\n"
	"process. Siblings that are alike, with all below them, are one line that begins with "
	"their\n"
	"number and \"x\". No process is stopped or notices.\n"
	"\n"
	"  -A, --all       all processes of the machine\n"
	"  -T, --threads   all threads, and no siblings as one line\n"
	"  -w, --wide      no line is cut to the width of the terminal\n"
	"  --json          the processes as `flytectx ps --json` prints them\n"
	"  --help          this text\n"
	"\n"
	"Exit status: 0; 1 if PID is no process, or no process is in a context; 2 for wrong "
	"usage.\n";

struct drawing {
	const struct tree_nodes *tree;
	size_t width;
};

static void write_context(FILE *to, const struct seen_context *context)
{
	if (!seen_has_context(context)) {
		fprintf(to, "[%s]",
			context->from == SEEN_NONE ? "no context" : seen_from_name(context->from));
		return;
	}
	fputc('[', to);
	printable_write(to, context->action ? context->action : "-");
	if (context->group) {
		fputs(" group=", to);
		printable_write(to, context->group);
	}
	if (context->count) {
		fputc(' ', to);
		seen_write_custom(to, context);
	}
	fputc(']', to);
}

/* Takes `prefix` to what stands before the lines below. */
static const char *indented(const char *prefix, bool is_last, bool is_root)
{
	return is_root ? prefix : memory_text("%s%s", prefix, is_last ? "   " : "\u2502  ");
}

static const char *branch(bool is_last, bool is_root)
{
	return is_root ? "" : is_last ? "\u2514\u2500 " : "\u251c\u2500 ";
}

static FILE *begin_line(char **line, size_t *length)
{
	FILE *stream = open_memstream(line, length);

	if (!stream)
		message_fail("memory", "no room for the tree");
	return stream;
}

static void end_line(const struct drawing *drawing, FILE *stream, char **line)
{
	fclose(stream);
	ps_print_cut(*line, drawing->width);
	free(*line);
}

static void draw_thread(const struct drawing *drawing, const struct seen_thread *thread,
			const struct seen_context *above, const char *prefix, bool is_last)
{
	char *line;
	size_t length;
	FILE *stream = begin_line(&line, &length);

	fprintf(stream, "%s%s{%d ", prefix, branch(is_last, false), thread->tid);
	printable_write(stream, thread->name);
	fputc('}', stream);
	if (!seen_is_same(&thread->context, above)) {
		fputs("  ", stream);
		write_context(stream, &thread->context);
	}
	end_line(drawing, stream, &line);
}

static void draw_line(const struct drawing *drawing, const struct tree_node *node,
		      const struct seen_context *above, const char *before)
{
	const struct seen_process *process = node->process;
	char *line;
	size_t length;
	FILE *stream = begin_line(&line, &length);

	fputs(before, stream);
	if (node->alike > 1)
		fprintf(stream, "%zu x ", node->alike);
	else
		fprintf(stream, "%d ", process->pid);
	printable_write(stream, process->command);
	if (process->space)
		fprintf(stream, " (%d in %s)", process->inner, process->space);
	if (!above || !seen_is_same(&process->context, above)) {
		fputs("  ", stream);
		write_context(stream, &process->context);
	}
	end_line(drawing, stream, &line);
}

static void draw(const struct drawing *drawing, const struct tree_node *node,
		 const struct seen_context *above, const char *prefix, bool is_last, bool is_root)
{
	const struct seen_process *process = node->process;
	size_t left = process->thread_count;

	draw_line(drawing, node, above, memory_text("%s%s", prefix, branch(is_last, is_root)));
	prefix = indented(prefix, is_last, is_root);
	for (const struct tree_node *child = node->first; child; child = child->next)
		left += child->alike > 0;
	for (size_t i = 0; i < process->thread_count; i++)
		draw_thread(drawing, &process->threads[i], &process->context, prefix, --left == 0);
	for (const struct tree_node *child = node->first; child; child = child->next)
		if (child->alike)
			draw(drawing, child, &process->context, prefix, --left == 0, false);
}

/* Below a PID, that process and all below it, else all that count: for JSON. */
static void print_json(const struct tree_nodes *tree)
{
	const struct seen_process **shown = memory_get(tree->count * sizeof(*shown));
	size_t count = 0;

	for (size_t i = 0; i < tree->count; i++)
		if (tree->nodes[i].is_shown)
			shown[count++] = tree->nodes[i].process;
	ps_json(shown, count);
}

int command_tree(int argc, char *argv[])
{
	struct ps_options options;
	struct seen_processes processes;
	struct tree_nodes tree;
	struct drawing drawing = { .tree = &tree };
	size_t roots = 0;

	ps_options_read(argc, argv, help, 1, &options);
	processes = seen_processes_look(options.all_threads);
	tree_nodes_make(&tree, &processes, &options);
	drawing.width = ps_width(&options);
	for (size_t i = 0; i < tree.count; i++)
		roots += tree.nodes[i].is_root;
	if (!roots && options.pid_count)
		message_fail(memory_text("%d", options.pids[0]), "no such process");
	if (options.json)
		print_json(&tree);
	for (size_t i = 0; i < tree.count && !options.json; i++)
		if (tree.nodes[i].is_root)
			draw(&drawing, &tree.nodes[i], NULL, "", true, true);
	message_end_output();
	return !roots;
}
