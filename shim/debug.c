/* SPDX-License-Identifier: Apache-2.0 */
/* See debug.h. */
#include "debug.h"
#include "env.h"
#include "sys.h"

void debug_say(char *const envp[], const char *what, const char *why)
{
	const char *wanted = env_get(envp, "FLYTECTX_DEBUG=");
	char line[160], *end = line;

	if (!wanted || !*wanted || text_equal(wanted, "0"))
		return;
	if (text_length(what) + text_length(why) + sizeof("flytectx: \n") > sizeof(line))
		return;
	end = text_copy(end, "flytectx: ", sizeof("flytectx: ") - 1);
	end = text_copy(end, what, text_length(what));
	end = text_copy(end, why, text_length(why));
	*end++ = '\n';
	sys_write_error(line, (size_t)(end - line)); /* one write: lines of processes don't mix */
}
