/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx fail - says why the task fails, to Flyte: error.pb beside the output path
 * (SPEC 6.1, 6.3).
 */
#include "checkpoint/outcome/error_document.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/command.h"
#include "command/outcome/outcome_here.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"usage: flytectx fail [--recoverable] CODE MESSAGE|-\n"
	"\n"
	"Says why the task here fails: writes error.pb beside its output path, which Flyte reads "
	"when the\n"
	"container has ended. The task is then not tried again, and the UI shows MESSAGE. It ends "
	"no\n"
	"process: let the script end with 0, Flyte reads error.pb of a container that has ended "
	"so.\n"
	"\n"
	"  --recoverable  the task may be tried again\n"
	"\n"
	"CODE is a word of letters, digits and _ . : -, MESSAGE is UTF-8 of at most 65,536 bytes; "
	"- "
	"reads\n"
	"it from standard input.\n"
	"\n"
	"Exit status: 0; 1 outside a task, without an output path, for a CODE or MESSAGE that is "
	"none, or\n"
	"where the store can't be written: what was there before stays; 2 for wrong usage.\n";

/* The message from standard input, without the newlines at its end. */
static const char *read_message(void)
{
	size_t room = ERROR_MESSAGE_MAX + 2, length = 0;
	char *text = memory_get(room);
	ssize_t count;

	while (length < room - 1 &&
	       (count = read(STDIN_FILENO, text + length, room - 1 - length)) != 0) {
		if (count < 0 && errno != EINTR)
			message_fail("standard input", "read: %s", strerror(errno));
		length += count > 0 ? (size_t)count : 0;
	}
	if (memchr(text, '\0', length))
		message_fail("message", "it has a NUL byte");
	while (length && length < room - 1 && text[length - 1] == '\n')
		length--;
	text[length] = '\0';
	return text;
}

int command_fail(int argc, char *argv[])
{
	static const struct option options[] = { { "recoverable", no_argument, NULL, 'r' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	const char *message;
	struct context context;
	bool recoverable = false;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		if (option == 'h')
			message_help(help);
		if (option != 'r')
			message_option("fail", option, argv);
		recoverable = true;
	}
	if (argc - optind != 2)
		message_usage("fail", "CODE and MESSAGE are needed (see flytectx fail --help)");
	outcome_here(&context);
	message = argv[optind + 1];
	if (!strcmp(message, "-"))
		message = read_message();
	outcome_end("error.pb",
		    checkpoint_library()->fail(&context.task, argv[optind], message, recoverable));
	return 0;
}
