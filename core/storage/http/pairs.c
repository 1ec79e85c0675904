/* SPDX-License-Identifier: Apache-2.0 */
/* See pairs.h. */
#include "storage/http/pairs.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void free_text(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static struct pair *find(const struct pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (curl_strequal(pairs->items[i].name, name))
			return &pairs->items[i];
	return NULL;
}

void pairs_add(struct pairs *pairs, const char *name, const char *value)
{
	struct pair *items = realloc(pairs->items, (pairs->count + 1) * sizeof(*items));
	struct pair pair = { strdup(name), strdup(value) };

	if (items)
		pairs->items = items;
	if (!items || !pair.name || !pair.value) {
		free_text(pair.name);
		free_text(pair.value);
		pairs->failed = true;
		return;
	}
	items[pairs->count++] = pair;
}

void pairs_set(struct pairs *pairs, const char *name, const char *value)
{
	struct pair *pair = find(pairs, name);
	char *copy;

	if (!pair) {
		pairs_add(pairs, name, value);
		return;
	}
	copy = strdup(value);
	if (!copy) {
		pairs->failed = true;
		return;
	}
	free_text(pair->value);
	pair->value = copy;
}

void pairs_format(struct pairs *pairs, const char *name, const char *format, ...)
{
	char *value = NULL;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&value, format, arguments);
	va_end(arguments);
	if (length < 0) {
		pairs->failed = true;
		return;
	}
	pairs_set(pairs, name, value);
	free_text(value);
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
	struct pair *pair = find(pairs, name);

	return pair ? pair->value : NULL;
}

static int compare(const void *one, const void *other)
{
	const struct pair *a = one, *b = other;
	int order = strcmp(a->name, b->name);

	return order ? order : strcmp(a->value, b->value);
}

void pairs_sort(struct pairs *pairs)
{
	if (pairs->count)
		qsort(pairs->items, pairs->count, sizeof(*pairs->items), compare);
}

void pairs_free(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		free_text(pairs->items[i].name);
		free_text(pairs->items[i].value);
	}
	free(pairs->items);
	*pairs = (struct pairs) { 0 };
}
