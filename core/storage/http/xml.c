/* SPDX-License-Identifier: Apache-2.0 */
/* See xml.h. */
#include "storage/http/xml.h"
#include "local/wiped_memory.h"
#include "storage/http/buffer.h"

#include <ctype.h>
#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	XML_Parser parser;
	struct buffer path, text;
	bool is_leaf;
	xml_visit *visit;
	void *argument;
};

static const char *without_namespace(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static void XMLCALL start(void *user, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *reader = user;

	(void)attributes;
	if (reader->path.length)
		buffer_text(&reader->path, "/");
	buffer_text(&reader->path, without_namespace(name));
	reader->text.length = 0;
	reader->is_leaf = true;
}

static void XMLCALL characters(void *user, const XML_Char *data, int size)
{
	struct reader *reader = user;

	buffer_append(&reader->text, data, (size_t)size);
}

static char *trimmed(struct buffer *text)
{
	char *from = text->data;

	while (text->length && isspace((unsigned char)text->data[text->length - 1]))
		text->data[--text->length] = '\0';
	while (isspace((unsigned char)*from))
		from++;
	return from;
}

static void XMLCALL end(void *user, const XML_Char *name)
{
	struct reader *reader = user;
	size_t length = strlen(without_namespace(name));

	buffer_append(&reader->text, "", 0);
	if (reader->text.failed || reader->path.failed)
		return;
	if (reader->is_leaf)
		reader->visit(reader->argument, reader->path.data, trimmed(&reader->text));
	reader->is_leaf = false;
	reader->path.length -= length;
	if (reader->path.length)
		reader->path.length--;
	reader->path.data[reader->path.length] = '\0';
}

/* Stores send no DTD; what has one wants to have its entities expanded, without end. */
static void XMLCALL refuse_dtd(void *user, const XML_Char *name, const XML_Char *system,
			       const XML_Char *public, int internal)
{
	struct reader *reader = user;

	(void)name, (void)system, (void)public, (void)internal;
	XML_StopParser(reader->parser, XML_FALSE);
}

bool xml_read(const char *data, size_t size, xml_visit *visit, void *argument)
{
	static const XML_Memory_Handling_Suite memory = { malloc, wiped_realloc, wiped_free };
	struct reader reader = { .visit = visit, .argument = argument };
	bool good = false;

	reader.parser = XML_ParserCreate_MM(NULL, &memory, NULL);
	if (!reader.parser)
		return false;
	XML_SetUserData(reader.parser, &reader);
	XML_SetElementHandler(reader.parser, start, end);
	XML_SetCharacterDataHandler(reader.parser, characters);
	XML_SetStartDoctypeDeclHandler(reader.parser, refuse_dtd);
	/* A store that needs long keeps the connection alive with blanks, before all else. */
	while (size && isspace((unsigned char)*data))
		data++, size--;
	if (size <= INT_MAX)
		good = XML_Parse(reader.parser, data, (int)size, 1) == XML_STATUS_OK;
	good = good && !reader.path.failed && !reader.text.failed;
	XML_ParserFree(reader.parser);
	buffer_free(&reader.path);
	buffer_free(&reader.text);
	return good;
}

struct search {
	const char *path;
	char *text;
};

static void take_first(void *argument, const char *path, const char *text)
{
	struct search *search = argument;
	const char *name = strrchr(path, '/');

	if (!strchr(search->path, '/') && name)
		path = name + 1;
	if (!search->text && strcmp(path, search->path) == 0)
		search->text = strdup(text);
}

char *xml_text(const char *data, size_t size, const char *path)
{
	struct search search = { path, NULL };

	if (!xml_read(data, size, take_first, &search)) {
		wiped_free(search.text);
		return NULL;
	}
	return search.text;
}
