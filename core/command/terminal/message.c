/* SPDX-License-Identifier: Apache-2.0 */
/* See message.h. */
#include "command/terminal/message.h"
#include "command/terminal/printable.h"
#include "local/redact.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failure_status = 1;
static int usage_status = 2;

void message_set_status(int failure, int usage)
{
	failure_status = failure;
	usage_status = usage;
}

void message_warn_text(const char *text)
{
	size_t size = REDACT_SIZE(strlen(text));
	char *shown = malloc(size);

	if (!shown) {
		fputs("flytectx: no memory\n", stderr);
		return;
	}
	redact(shown, size, text);
	fputs("flytectx: ", stderr);
	printable_write(stderr, shown);
	fputc('\n', stderr);
	free(shown);
}

static void print_line(const char *what, const char *why, va_list arguments)
{
	char *text = NULL, *whole = NULL;

	if (vasprintf(&text, why, arguments) < 0 || asprintf(&whole, "%s: %s", what, text) < 0) {
		fputs("flytectx: no memory\n", stderr);
		return;
	}
	message_warn_text(whole);
	free(whole);
	free(text);
}

void message_warn(const char *what, const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	print_line(what, why, arguments);
	va_end(arguments);
}

void message_fail(const char *what, const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	print_line(what, why, arguments);
	va_end(arguments);
	exit(failure_status);
}

void message_fail_text(const char *text)
{
	message_warn_text(text);
	exit(failure_status);
}

void message_usage(const char *what, const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	print_line(what, why, arguments);
	va_end(arguments);
	exit(usage_status);
}

void message_exit(int status, const char *what, const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	print_line(what, why, arguments);
	va_end(arguments);
	exit(status);
}

void message_option(const char *what, int result, char *const argv[])
{
	const char *word = argv[optind - 1];
	char letter[] = { '-', (char)optopt, '\0' };
	bool is_short = optopt > 0 && optopt < 256 && strncmp(word, "--", 2) != 0;
	const char *name = is_short ? letter : word;

	if (result == ':')
		message_usage(what, "option %s needs a value (see flytectx %s --help)", name, what);
	if (optopt && !is_short)
		message_usage(what, "option %s takes no value (see flytectx %s --help)", name,
			      what);
	message_usage(what, "no such option %s (see flytectx %s --help)", name, what);
}

void message_help(const char *text)
{
	fputs(text, stdout);
	message_end_output();
	exit(0);
}

void message_end_output(void)
{
	/* Why an earlier write failed is forgotten by now; mostly the last one fails as well. */
	int error = ferror(stdout) ? EIO : 0;

	/* A full disk may show only at the last write, and that is in fclose(). */
	if (fclose(stdout) != 0)
		error = errno;
	if (error)
		message_fail("standard output", "%s", strerror(error));
}
