/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml - what we ask of the answers of stores: the text of elements. Namespaces and attributes are
 * passed over; a document that is not well-formed is refused whole.
 */
#ifndef FLYTECTX_STORAGE_XML_H
#define FLYTECTX_STORAGE_XML_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Called for each element without children, in the order of the document: `path` is "Error/Code",
 * `text` what is in it, without blanks at its ends. Both are gone after the call.
 */
typedef void xml_visit(void *argument, const char *path, const char *text);

/* false where it is no XML, or memory is short. */
bool xml_read(const char *data, size_t size, xml_visit *visit, void *argument);

/* The text of the first element with that path, or of that name where `path` has no '/', at any
 * depth: the caller frees it. NULL where there is none. */
char *xml_text(const char *data, size_t size, const char *path);

#endif
