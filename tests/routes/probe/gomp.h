/* SPDX-License-Identifier: Apache-2.0 */
/* gomp - what the probes of GNU OpenMP share. */
#ifndef FLYTECTX_PROBE_GOMP_H
#define FLYTECTX_PROBE_GOMP_H

#include "pool.h"

#define GOMP(name, ...) (*(void (**)(__VA_ARGS__)) & (void *) { pool_function(#name) })

typedef void gomp_work(void *data);

static inline void gomp_nothing(void *unused)
{
	(void)unused;
}

/* A region's: the submitting thread waits in it, so the report is another's. */
static inline void gomp_report(void *unused)
{
	(void)unused;
	pool_report();
	pool_wait();
}

/* Makes a pool of two. False: there is no runtime here. */
static inline int gomp_begin(void)
{
	if (!pool_open("libgomp.so.1"))
		return 0;
	GOMP(GOMP_parallel, gomp_work *, void *, unsigned, unsigned)(gomp_nothing, NULL, 2, 0);
	return 1;
}

#define GOMP_MISSING probe_skip("this libc has no libgomp here")

#endif
