/* SPDX-License-Identifier: Apache-2.0 */
/* See number.h. */
#include "local/number.h"

#include <bsd/stdlib.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool number_read(const char *text, long long least, long long most, long long *number)
{
	const char *error = NULL;
	size_t length;
	char *digits;

	while (isspace((unsigned char)*text))
		text++;
	for (length = strlen(text); length && isspace((unsigned char)text[length - 1]);)
		length--;
	digits = strndup(text, length);
	if (!digits)
		return false;
	*number = strtonum(digits, least, most, &error);
	free(digits);
	return !error;
}
