/* SPDX-License-Identifier: Apache-2.0 */
/*
 * properties - what a task reads from its environment at each call, as the SDK does: the attempt
 * number and the place in a distributed job (SPEC 1.5). The program's environ is walked here, under
 * the lock of environ_lock.h: bash and others bring a getenv of their own.
 */
#include <errno.h>

#include "context/env.h"
#include "environ_lock.h"
#include "real.h"
#include "scope.h"
#include "state.h"

EXPORT const char *flytectx_environment_text(const char *name_and_equals)
{
	bool reading = environ_read_begin();
	const char *value = env_value(state_environ(), name_and_equals);

	if (reading)
		environ_read_end();
	return value;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * A decimal number from 0 to INT_MAX, or -1 with errno. As Python's int(): blanks around it, a
 * '+' and leading zeros are fine.
 */
static int to_number(const char *text)
{
	int64_t value = 0;
	const char *digits;

	while (is_blank(*text))
		text++;
	text += *text == '+';
	for (digits = text; *text >= '0' && *text <= '9' && value <= INT32_MAX; text++)
		value = value * 10 + *text - '0';
	if (text > digits)
		while (is_blank(*text))
			text++;
	if (text > digits && !*text && value <= INT32_MAX)
		return (int)value;
	real_set_errno(EINVAL);
	return -1;
}

EXPORT int flytectx_environment_number(const char *name_and_equals)
{
	const char *text = flytectx_environment_text(name_and_equals);

	if (text)
		return to_number(text);
	real_set_errno(ENODATA);
	return -1;
}

EXPORT int flytectx_attempt_number(void)
{
	const char *text = flytectx_environment_text("FLYTE_ATTEMPT_NUMBER=");

	/* Somebody has cleaned the environment: the carrier knows it still. */
	if (!text)
		text = scope_context()->attempt_number;
	return text ? to_number(text) : 0;
}
