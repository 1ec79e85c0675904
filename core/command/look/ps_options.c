/* SPDX-License-Identifier: Apache-2.0 */
/* See ps_options.h. */
#include "command/look/ps_options.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"

#include <bsd/stdlib.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static pid_t read_pid(const char *text)
{
	const char *error;
	long long number = strtonum(text, 1, INT_MAX, &error);

	if (error)
		message_usage(text, "not the number of a process: %s", error);
	return (pid_t)number;
}

void ps_options_read(int argc, char *argv[], const char *help, size_t most,
		     struct ps_options *options)
{
	static const struct option long_options[] = {
		{ "all", no_argument, NULL, 'A' },  { "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' }, { "threads", no_argument, NULL, 'T' },
		{ "wide", no_argument, NULL, 'w' }, { 0 }
	};
	int option;

	*options = (struct ps_options) { 0 };
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":hATw", long_options, NULL)) != -1) {
		if (option == 'h')
			message_help(help);
		if (!strchr("AjTw", option))
			message_option(argv[0], option, argv);
		options->all |= option == 'A';
		options->json |= option == 'j';
		options->all_threads |= option == 'T';
		options->wide |= option == 'w';
	}
	options->pid_count = (size_t)(argc - optind);
	if (options->pid_count > most)
		message_usage(argv[0], "one PID at most (see flytectx %s --help)", argv[0]);
	options->pids = memory_get(options->pid_count * sizeof(*options->pids));
	for (size_t i = 0; i < options->pid_count; i++)
		options->pids[i] = read_pid(argv[optind + (int)i]);
}

bool seen_process_counts(const struct seen_process *process)
{
	for (size_t i = 0; i < process->thread_count; i++)
		if (seen_has_context(&process->threads[i].context))
			return true;
	return seen_has_context(&process->context);
}

size_t ps_width(const struct ps_options *options)
{
	struct winsize size = { 0 };

	if (options->wide || !isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

/* A character is counted as a column. */
void ps_print_cut(const char *line, size_t width)
{
	size_t columns = 0, length = 0;

	for (; line[length]; length++) {
		bool begins = ((unsigned char)line[length] & 0xc0) != 0x80;

		if (width && begins && columns == width)
			break;
		columns += begins;
	}
	while (length && line[length - 1] == ' ')
		length--;
	fwrite(line, 1, length, stdout);
	fputc('\n', stdout);
}
