/* SPDX-License-Identifier: Apache-2.0 */
/* See redact.h. */
#include "local/redact.h"

#include <stdbool.h>
#include <string.h>

#define DIGITS "0123456789"

/* Behind the ':' of an authority, "HOST:9000". */
static bool is_port(const char *text)
{
	return strspn(text, DIGITS) == strcspn(text, "/?#:, '\"");
}

/* The '@' behind a password. Keys of AWS have '/' in them, and nobody encodes it. */
static const char *end_of(const char *password)
{
	const char *at = memrchr(password, '@', strcspn(password, "/?#"));

	return at ? at : memchr(password, '@', strcspn(password, " '\""));
}

/* The next one, and where it ends; NULL. */
static const char *next_password(const char *text, const char **end)
{
	while ((text = strstr(text, "://"))) {
		text += strlen("://");
		text += strcspn(text, ":[/?#@'\"");
		*end = *text == ':' && !is_port(text + 1) ? end_of(text + 1) : NULL;
		if (*end)
			return text + 1;
	}
	return NULL;
}

static size_t append(char *to, size_t size, size_t used, const char *text, size_t length)
{
	if (length > size - 1 - used)
		length = size - 1 - used;
	memcpy(to + used, text, length);
	return used + length;
}

void redact(char *to, size_t size, const char *text)
{
	const char *password, *end;
	size_t used = 0;

	while ((password = next_password(text, &end))) {
		used = append(to, size, used, text, (size_t)(password - text));
		used = append(to, size, used, "***", strlen("***"));
		text = end;
	}
	used = append(to, size, used, text, strlen(text));
	to[used] = '\0';
}
