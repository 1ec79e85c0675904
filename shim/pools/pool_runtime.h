/* SPDX-License-Identifier: Apache-2.0 */
/* pool_runtime - which of the OpenMP runtimes of a process a piece of code is bound to. */
#ifndef FLYTECTX_POOL_RUNTIME_H
#define FLYTECTX_POOL_RUNTIME_H

#include <stdint.h>

#include "pools/pool_library.h"

struct pool_runtime {
	real_function *function; /* NULL: there is no runtime */
	bool of_library;         /* the code is part of a library, or of the program */
	unsigned loads;          /* how many libraries were loaded and closed so far */
};

/*
 * Looks at the libraries: no lock of the loader's is waited for that is held while constructors
 * run, and nothing is allocated.
 */
struct pool_runtime pool_runtime_of(enum pool_index index, uintptr_t code);

#endif
