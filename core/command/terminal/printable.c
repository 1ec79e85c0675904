/* SPDX-License-Identifier: Apache-2.0 */
/* See printable.h. */
#include "command/terminal/printable.h"
#include "command/terminal/utf8.h"

#include <stdbool.h>
#include <string.h>

/* Characters of more than one byte that are no part of a line. */
static bool breaks_line(uint32_t code)
{
	return (code >= 0x80 && code < 0xa0) ||    /* C1: a terminal may obey them */
	       code == 0x2028 || code == 0x2029 || /* line and paragraph separator */
	       code == 0x200e || code == 0x200f || code == 0x061c ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void write_byte(FILE *to, char byte)
{
	static const char named[] = "\\\a\b\t\n\v\f\r", letters[] = "\\abtnvfr";
	const char *place = byte ? strchr(named, byte) : NULL;

	if (place)
		fprintf(to, "\\%c", letters[place - named]);
	else
		fprintf(to, "\\x%02X", (unsigned)(unsigned char)byte);
}

void printable_write(FILE *to, const char *text)
{
	while (*text) {
		uint32_t code;
		size_t length = utf8_next(text, &code);
		bool as_it_is = length > 1 ? !breaks_line(code)
					   : length && code >= ' ' && code != '\\' && code != 0x7f;

		if (as_it_is) {
			fwrite(text, 1, length, to);
			text += length;
			continue;
		}
		for (size_t i = 0; i < (length ? length : 1); i++)
			write_byte(to, *text++);
	}
}
