/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw_error - the file _ERROR among the outputs of a raw container: its word that it has failed,
 * for Flyte's copilot, which uploads them when the container has ended (SPEC 6.5).
 *
 * It needs no access to a store. The copilot makes an error document of the text, and writes one of
 * its own over error.pb where outputs lack: in a container with outputs _ERROR is what counts.
 */
#ifndef FLYTECTX_RAW_ERROR_H
#define FLYTECTX_RAW_ERROR_H

#include "flyte_ctx.h"
#include "storage/storage.h"

/* Is this process in a raw container with outputs? Only tasks that run in a cluster are. */
bool raw_error_may_be(const struct flyte_task_context *context);

/* Writes _ERROR: the text "CODE: MESSAGE", whole or not at all. */
bool raw_error_write(const char *code, const char *message, struct error *error);

/* Is there an _ERROR? */
bool raw_error_is_there(void);

/* Removes it. */
bool raw_error_clear(struct error *error);

#endif
