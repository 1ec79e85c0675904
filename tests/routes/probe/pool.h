/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool - what the probes of OpenMP runtimes share. The pool is there before the probe begins: its
 * threads have what they are given with the work, or what they started with.
 */
#ifndef FLYTECTX_PROBE_POOL_H
#define FLYTECTX_PROBE_POOL_H

#include <dlfcn.h>
#include <sched.h>
#include <sys/syscall.h>

#include "probe.h"

static void *pool_runtime;
static int pool_reported, pool_done;

static inline int pool_open(const char *runtime)
{
	pool_runtime = dlopen(runtime, RTLD_NOW | RTLD_GLOBAL);
	return pool_runtime != NULL;
}

/* As a program that is linked with the runtime finds it. */
static inline void *pool_function(const char *name)
{
	void *function = dlsym(RTLD_DEFAULT, name);

	if (!function)
		exit(1);
	return function;
}

/* What the other thread has; its first work is that of making the pool. */
static inline void pool_report(void)
{
	if (syscall(SYS_gettid) == getpid() || __atomic_fetch_add(&pool_reported, 1, 5))
		return;
	probe_report();
	__atomic_store_n(&pool_done, 1, 5);
}

/* On the thread that submitted it: the other one is to do it. */
static inline void pool_wait(void)
{
	while (!__atomic_load_n(&pool_done, 5))
		sched_yield();
}

#endif
