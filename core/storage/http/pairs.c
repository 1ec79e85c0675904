/* SPDX-License-Identifier: Apache-2.0 */
/* See pairs.h. */
#include "storage/http/pairs.h"
#include "local/wiped_memory.h"
#include "storage/http/buffer.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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
		wiped_free(pair.name);
		wiped_free(pair.value);
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
	wiped_free(pair->value);
	pair->value = copy;
}

void pairs_format(struct pairs *pairs, const char *name, const char *format, ...)
{
	struct buffer value = { 0 };
	va_list arguments;

	va_start(arguments, format);
	buffer_vformat(&value, format, arguments);
	va_end(arguments);
	if (value.failed)
		pairs->failed = true;
	else
		pairs_set(pairs, name, buffer_string(&value));
	buffer_free(&value);
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
		wiped_free(pairs->items[i].name);
		wiped_free(pairs->items[i].value);
	}
	free(pairs->items);
	*pairs = (struct pairs) { 0 };
}
