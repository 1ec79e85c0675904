/* SPDX-License-Identifier: Apache-2.0 */
/* See thread_end.h. */
#include "child_env.h"
#include "real.h"
#include "scope_memory.h"
#include "thread_end.h"

/* A destructor of somebody else that enters a scope after us arms the key again: it comes back. */
static void end(void *armed)
{
	(void)armed;
	scope_thread_ends();
	scope_memory_thread_ends();
	child_env_thread_ends();
}

void thread_end_arm(void)
{
	static atomic_uint key_plus_one;
	unsigned known = atomic_load_explicit(&key_plus_one, memory_order_relaxed), key;

	if (!known) {
		/* No key left: what the thread had is lost memory at its end, and no more. */
		if (REAL(pthread_key_create)(&key, end) != 0)
			return;
		if (atomic_compare_exchange_strong(&key_plus_one, &known, key + 1))
			known = key + 1;
	}
	REAL(pthread_setspecific)(known - 1, &key_plus_one);
}
