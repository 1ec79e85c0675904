/* SPDX-License-Identifier: Apache-2.0 */
/* See utf8_repaired.h. */
#include "command/terminal/utf8_repaired.h"
#include "command/terminal/memory.h"
#include "command/terminal/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

const char *utf8_repaired(const char *text)
{
	char *copy = memory_get((sizeof(REPLACEMENT) - 1) * strlen(text) + 1), *to = copy;
	uint32_t code;

	while (*text) {
		size_t length = utf8_next(text, &code);

		to = length ? mempcpy(to, text, length)
			    : mempcpy(to, REPLACEMENT, sizeof(REPLACEMENT) - 1);
		text += length ? length : 1;
	}
	*to = '\0';
	return copy;
}
