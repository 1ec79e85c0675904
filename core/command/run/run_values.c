/* SPDX-License-Identifier: Apache-2.0 */
/* See run_values.h. */
#include "command/run/run_values.h"
#include "command/look/task_fields.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "local/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* As the SDK: blanks off, then quotes; on a first attempt the backend writes just two of those. */
const char *run_value_checkpoint(const char *value)
{
	size_t length = strlen(value);

	while (length && isspace((unsigned char)*value))
		value++, length--;
	while (length && isspace((unsigned char)value[length - 1]))
		length--;
	while (length && *value == '"')
		value++, length--;
	while (length && value[length - 1] == '"')
		length--;
	/* A path of blanks alone, in quotes, is none either. */
	if (strspn(value, " \t\n\v\f\r") >= length)
		length = 0;
	return memory_text("%.*s", (int)length, value);
}

void run_value_url(const char *option, const char *value)
{
	static const char *const schemes[] = { "s3:", "gs:", "abfs:", "abfss:", "file:" };
	size_t length = strcspn(value, ":") + 1;

	if (value[length - 1] != ':' || value[length] != '/' || value[length + 1] == '/')
		return;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strlen(schemes[i]) == length && !strncmp(value, schemes[i], length))
			message_usage(option, "%s is not a URL: write %s//", value, schemes[i]);
}

int64_t run_value_number(const char *option, const char *value, int64_t least, int64_t most)
{
	long long number;

	if (!number_read(value, least, most, &number))
		message_usage(option, "%s is not a number from %lld to %lld", value,
			      (long long)least, (long long)most);
	return number;
}

double run_value_seconds(const char *option, const char *value)
{
	static const char units[] = "smh";
	static const double seconds[] = { 1, 60, 3600 };
	double number;
	char *end;
	const char *unit;

	number = isdigit((unsigned char)*value) ? strtod(value, &end) : 0;
	if (number > 0 && *end) {
		unit = end[1] ? NULL : strchr(units, *end);
		number *= unit ? seconds[unit - units] : 0;
	}
	if (!(number > 0 && number < 1e9))
		message_usage(option, "%s is no time, as 30, 90s, 5m or 1h are", value);
	return number;
}

enum flyte_mode run_value_mode(const char *value)
{
	enum flyte_mode mode = mode_from_name(value);

	if (mode == FLYTE_MODE_UNSET)
		message_usage("--mode", "%s is not local, remote or hybrid", value);
	return mode;
}

enum carry_mode run_value_carry(const char *value)
{
	if (value && strcmp(value, "all") != 0)
		message_usage("--carry", "%s is not all", value);
	return value ? CARRY_ALL : CARRY;
}
