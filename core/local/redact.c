/* SPDX-License-Identifier: Apache-2.0 */
/* See redact.h. */
#include "local/redact.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

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

/* Ends of the names that parameters of signed URLs and parts of connection strings have. */
static const char *const secrets[] = { "sig",        "signature", "token",   "credential",
				       "accountkey", "secret",    "password" };

static bool is_secret(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		size_t end = strlen(secrets[i]);

		if (length >= end && strncasecmp(name + length - end, secrets[i], end) == 0)
			return true;
	}
	return false;
}

/* The next value of such a parameter, behind '?', '&' or ';', and where it ends; NULL. */
static const char *next_parameter(const char *text, const char **end)
{
	while (*(text += strcspn(text, "?&;"))) {
		const char *name = ++text;

		text += strcspn(text, "=?&; '\"");
		*end = *text == '=' ? text + strcspn(text, "&; '\"\r\n") : text;
		if (*text == '=' && is_secret(name, (size_t)(text - name)))
			return text + 1;
	}
	return NULL;
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

/* What comes first. */
static const char *next_secret(const char *text, const char **end)
{
	const char *end_of_parameter, *password;
	const char *parameter = next_parameter(text, &end_of_parameter);

	*end = NULL;
	password = next_password(text, end);
	if (!parameter || (password && password < parameter))
		return password;
	*end = end_of_parameter;
	return parameter;
}

void redact(char *to, size_t size, const char *text)
{
	const char *secret, *end;
	size_t used = 0;

	while ((secret = next_secret(text, &end))) {
		used = append(to, size, used, text, (size_t)(secret - text));
		used = append(to, size, used, "***", strlen("***"));
		text = end;
	}
	used = append(to, size, used, text, strlen(text));
	to[used] = '\0';
}
