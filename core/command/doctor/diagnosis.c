/* SPDX-License-Identifier: Apache-2.0 */
/* See diagnosis.h. */
#include "command/doctor/diagnosis.h"
#include "command/terminal/message.h"
#include "command/terminal/printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void diagnosis_begin(struct diagnosis *diagnosis)
{
	*diagnosis = (struct diagnosis) { .verdict = CARRIED };
	diagnosis->stream = open_memstream(&diagnosis->lines, &diagnosis->length);
	if (!diagnosis->stream)
		message_fail("memory", "%s", strerror(errno));
}

void diagnosis_add(struct diagnosis *diagnosis, enum verdict verdict, const char *what,
		   const char *why, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, why);
	if (vasprintf(&text, why, arguments) < 0)
		message_fail("memory", "%s", strerror(ENOMEM));
	va_end(arguments);
	printable_write(diagnosis->stream, what);
	fputs(": ", diagnosis->stream);
	printable_write(diagnosis->stream, text);
	fputc('\n', diagnosis->stream);
	free(text);
	if (verdict > diagnosis->verdict)
		diagnosis->verdict = verdict;
}

void diagnosis_print(struct diagnosis *diagnosis, const char *program)
{
	static const char *const words[] = {
		[CARRIED] = "carried",         [PARTLY] = "carried in part",
		[UNTESTED] = "untested",       [ENVIRONMENT] = "by environment only",
		[NOT_CARRIED] = "not carried",
	};

	fclose(diagnosis->stream);
	printable_write(stdout, program);
	printf(": %s\n%s", words[diagnosis->verdict], diagnosis->lines);
	free(diagnosis->lines);
}
