/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_temp - the temporary file that a save writes beside its target, and those of saves that
 * were killed (SPEC 4.8: none outlives the next save).
 *
 * A writer holds a lock (flock) on its file for as long as it lives, whatever kills it: what can
 * be locked belongs to nobody. That needs no pid, which another machine on the same directory
 * could not judge.
 */
#ifndef FLYTECTX_FILE_TEMP_H
#define FLYTECTX_FILE_TEMP_H

#include <stdbool.h>

/* ".flytectx-", a checksum of the target's name, "-", random digits, NUL. */
#define FILE_TEMP_MAX 48

/* Whether a file of this name is one. */
bool file_temp_is(const char *name);

/* Makes one for the target `name` in `directory`, open for writing and reading. -1 with errno. */
int file_temp_make(int directory, const char *name, char temp[FILE_TEMP_MAX]);

/* Removes those of saves of `name` that are dead. Best effort: what stays is tried again. */
void file_temp_clean(int directory, const char *name);

#endif
