/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error_document - why a task has failed, as Flyte's backend reads it: the message
 * flyteidl2.core.ErrorDocument in the encoding of Protocol Buffers (SPEC 6.1, 6.3).
 *
 *	ErrorDocument  { ContainerError error = 1; }
 *	ContainerError { string code = 1; string message = 2; Kind kind = 3; ErrorKind origin = 4; }
 *
 * By hand: two messages with four fields do not pay for a library. tests/sdk/outcome holds it
 * against the published definitions. Pure but for the memory of the buffer.
 */
#ifndef FLYTECTX_ERROR_DOCUMENT_H
#define FLYTECTX_ERROR_DOCUMENT_H

#include "storage/http/buffer.h"

#include <stdbool.h>

#define ERROR_CODE_MAX    128         /* bytes */
#define ERROR_MESSAGE_MAX (64 * 1024) /* bytes */

/* ContainerError.Kind: a task that fails for good is not tried again. */
enum error_kind { ERROR_NON_RECOVERABLE, ERROR_RECOVERABLE };

/* NULL, or why this is no code: it is to be a word, as names of exceptions are. */
const char *error_code_check(const char *code);

/* NULL, or why this is no message: proto3 takes UTF-8 alone. */
const char *error_message_check(const char *message);

/* Appends the document; its origin is the user's. Where memory is short, `failed` stays set. */
void error_document_write(struct buffer *document, const char *code, const char *message,
			  enum error_kind kind);

/* Reads the kind of a document. False: it is none, or has no error. */
bool error_document_kind(const void *document, size_t size, enum error_kind *kind);

#endif
