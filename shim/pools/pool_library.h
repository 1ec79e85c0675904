/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool_library - the real functions of OpenMP runtimes, looked up through the caller's library.
 *
 * A process may have several of them, and several copies of one (each Python wheel brings its own),
 * often opened so that they are not in the search order behind us. The right one is that which the
 * rest of the caller's library is bound to: its threads know each other through it.
 */
#ifndef FLYTECTX_POOL_LIBRARY_H
#define FLYTECTX_POOL_LIBRARY_H

#include "real.h"

enum pool_index {
#define HOOK(file, ret, name, presence, missing, signature)
#define IMPORT(ret, name, presence, missing, signature)
#define POOL(file, ret, name, signature)  POOL_##name,
#define POOL_IMPORT(ret, name, signature) POOL_##name,
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
#undef POOL
#undef POOL_IMPORT
	POOL_COUNT,
	/* Those of LLVM's runtime; the others are GNU's, which LLVM's has too. */
	POOL_FIRST_OF_LLVM = POOL___kmpc_fork_call,
	POOL_LAST_OF_LLVM = POOL_omp_get_cancellation_
};

/*
 * The function for the library that `code` is a part of, or NULL: the outlined code of a region or
 * task. Not the return address, since a call may be the last thing that its caller does.
 */
real_function *pool_function(enum pool_index index, real_function *code);

/* The same, and in which generation of libraries it is good; 0: for this call only. */
struct pool_found {
	real_function *function;
	unsigned generation;
};

struct pool_found pool_find(enum pool_index index, real_function *code);

/* What pool_function() has found is good as long as this stays the same. */
extern atomic_uint pool_library_generation;

/*
 * Is there a function of this name for others to call, in the library with this address? Not in the
 * program: what is linked into that is called without a way round.
 */
bool pool_library_exports(const void *address, const char *name);

#define POOL_REAL(name, code) ((real_##name *)pool_function(POOL_##name, (real_function *)(code)))

#endif
