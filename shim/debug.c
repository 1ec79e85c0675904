/* SPDX-License-Identifier: Apache-2.0 */
/* See debug.h. */
#include "debug.h"
#include "sys.h"
#include "context/text.h"

void debug_say(const char *what, const char *why)
{
	char line[160], *end = line;

	if (text_length(what) + text_length(why) + sizeof("flytectx: \n") > sizeof(line))
		return;
	end = text_copy(end, "flytectx: ", sizeof("flytectx: ") - 1);
	end = text_copy(end, what, text_length(what));
	end = text_copy(end, why, text_length(why));
	*end++ = '\n';
	sys_write_error(line, (size_t)(end - line)); /* one write: lines of processes don't mix */
}
