/* SPDX-License-Identifier: Apache-2.0 */
/* See byte_text.h. */
#include "command/terminal/byte_text.h"

#include <stddef.h>
#include <stdio.h>

const char *byte_text(double count, char text[BYTE_TEXT_SIZE])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;

	for (; count >= 1024 && unit + 1 < sizeof(units) / sizeof(*units); unit++)
		count /= 1024;
	snprintf(text, BYTE_TEXT_SIZE, "%.*f %s", unit ? 1 : 0, count, units[unit]);
	return text;
}
