/* SPDX-License-Identifier: Apache-2.0 */
/* Does libc itself have a function? The preload may export it all the same. */
#ifndef FLYTECTX_PROBE_LIBC_H
#define FLYTECTX_PROBE_LIBC_H

#include <dlfcn.h>
#include <stdbool.h>

static inline bool probe_libc_has(const char *name)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD); /* NULL in musl programs */

	return libc && dlsym(libc, name);
}

#endif
