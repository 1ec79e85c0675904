/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx report - makes a file the report of the task: report.html beside the output path, which
 * Flyte's UI shows (SPEC 6.1, 6.3).
 */
#include "command/checkpoint/checkpoint_library.h"
#include "command/command.h"
#include "command/outcome/outcome_here.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"usage: flytectx report [--replace] FILE|-\n"
	"\n"
	"Makes FILE (HTML; - is standard input) the report of the task here: report.html beside "
	"its\n"
	"output path. A second call replaces the first one's. A report that another program has "
	"written,\n"
	"such as the SDK's of a Python task, stays: that is an error.\n"
	"\n"
	"  --replace  overwrites it\n"
	"\n"
	"Exit status: 0; 1 outside a task, without an output path, for a FILE that can't be read "
	"or "
	"is\n"
	"empty, or where the store can't be written: what was there before stays; 2 for wrong "
	"usage.\n";

int command_report(int argc, char *argv[])
{
	static const struct option options[] = { { "replace", no_argument, NULL, 'r' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct context context;
	bool replace = false;
	int option, fd = STDIN_FILENO;
	const char *name;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		if (option == 'h')
			message_help(help);
		if (option != 'r')
			message_option("report", option, argv);
		replace = true;
	}
	if (argc - optind != 1)
		message_usage("report", "one FILE is needed (see flytectx report --help)");
	outcome_here(&context);
	name = argv[optind];
	if (!strcmp(name, "-"))
		name = "standard input";
	else if ((fd = open(name, O_RDONLY | O_CLOEXEC)) < 0)
		message_fail(name, "open: %s", strerror(errno));
	outcome_end("report.html", checkpoint_library()->report(&context.task, fd, name, replace));
	return 0;
}
