/* SPDX-License-Identifier: Apache-2.0 */
/*
 * action_name - the names of sub-actions and the ids of actions, equal to the SDK's (SPEC 1.6).
 *
 * Pure. Lengths are those of the whole, as snprintf's, without NUL.
 */
#ifndef FLYTECTX_ACTION_NAME_H
#define FLYTECTX_ACTION_NAME_H

#include "flyte_ctx.h"
#include "context/text.h"

#define ACTION_NAME_RANDOM 16 /* bytes of randomness in a name */

/*
 * The name of the `sequence`th call (from 1) of a task with such hashes by the action `parent`:
 * base 36 of md5 of "PARENT-INPUT_HASH-TASK_HASH-SEQUENCE[-GROUP]", without leading zeros. A NULL
 * or empty group is none. At most 25 characters, and a NUL.
 */
size_t action_name_derive(const char *parent, uint64_t sequence, const char *task_hash,
			  const char *input_hash, const char *group, char *name);

/* A version 4 UUID of these bytes, in lower case: 36 characters and a NUL. */
size_t action_name_random(const unsigned char random[ACTION_NAME_RANDOM], char *name);

/*
 * "PROJECT-DOMAIN-RUN_NAME-NAME[-SALT]", where what is unset reads "None"; an unset run name is
 * the name, an unset salt NULL.
 */
size_t action_name_unique_id(const struct flyte_action_id *action, const char *salt, char *to,
			     size_t size);

#endif
