/* SPDX-License-Identifier: Apache-2.0 */
/* pool_scope - where the loader looks for the functions that a library needs. During a walk only.
 */
#ifndef FLYTECTX_POOL_SCOPE_H
#define FLYTECTX_POOL_SCOPE_H

#include "objects.h"

/*
 * Is it in the search order of the whole process: there since the start, or opened with
 * RTLD_GLOBAL?
 */
bool pool_scope_is_global(const struct object *object);

/* Is `other` among what `library` needs, or what that needs? */
bool pool_scope_needs(const struct object *library, const struct object *other);

#endif
