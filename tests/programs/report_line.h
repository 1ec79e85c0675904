/* SPDX-License-Identifier: Apache-2.0 */
/* report_line - the line that report.c writes, with room for an end. */
#ifndef REPORT_LINE_H
#define REPORT_LINE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct line {
	size_t length;
	char text[8192];
};

static inline void put_character(struct line *line, char c)
{
	if (line->length < sizeof(line->text) - 1)
		line->text[line->length++] = c;
}

/* Keeps what separates fields and nodes out. */
static inline void put(struct line *line, const char *text)
{
	for (; *text; text++)
		put_character(line, strchr("\t\n|", *text) ? '_' : *text);
}

__attribute__((format(printf, 2, 3))) static inline void print(struct line *line,
							       const char *format, ...)
{
	va_list list;
	size_t room = sizeof(line->text) - line->length;
	int length;

	va_start(list, format);
	length = vsnprintf(line->text + line->length, room, format, list);
	va_end(list);
	if (length > 0)
		line->length += (size_t)length < room ? (size_t)length : room - 1;
}

#endif
