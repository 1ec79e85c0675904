/* SPDX-License-Identifier: Apache-2.0 */
/* objects_early - the libraries of a process whose loader has not relocated this one yet. */
#ifndef FLYTECTX_OBJECTS_EARLY_H
#define FLYTECTX_OBJECTS_EARLY_H

#include "objects.h"

/* See objects_walk(). Finds none where /proc is not there, or the loader is not glibc's. */
bool objects_early_walk(object_look *look, void *given);

const void *objects_early_own_dynamic(void);

#endif
