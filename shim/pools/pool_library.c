/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See pool_library.h. What was found is kept by page of code and function, so that neither the
 * number of libraries nor that of regions matters, and code of no library (that a compiler at run
 * time made) is kept like any other. It is a cache of fixed size: what does not fit any more is
 * looked up again.
 */
#include <limits.h>

#include "arena.h"
#include "objects.h"
#include "pools/pool_library.h"
#include "pools/pool_runtime.h"
#include "self.h"

/*
 * The generation is written last, and says so while the others are: a reader that finds it the same
 * before and after them has read what belongs together. No thread waits for a writer.
 */
struct known {
	atomic_uint generation; /* good as long as that is the current one */
	atomic_uint loads;      /* for code of no library: objects that were loaded and closed */
	atomic_uintptr_t key;
	_Atomic(real_function *) function;
};

/* Of a generation: of no library. Other code may come to its place without a dlclose(). */
#define NO_LIBRARY    (1U << 31)

#define BEING_WRITTEN UINT_MAX

enum { WAYS = 4, BUCKETS_LOG2 = 11, PAGE_LOG2 = 12, INDEX_BITS = 6 };

_Static_assert(POOL_COUNT <= 1 << INDEX_BITS, "a key has room for the index");

static _Atomic(struct known *) cache;

/* Of the libraries that are loaded: the next begins when some may be gone. */
atomic_uint pool_library_generation = 1;

static struct known *cache_memory(void)
{
	struct known *known = atomic_load_explicit(&cache, memory_order_acquire), *made;

	if (known)
		return known;
	made = arena_take((sizeof(*made) * WAYS) << BUCKETS_LOG2);
	return made && !atomic_compare_exchange_strong(&cache, &known, made) ? known : made;
}

static uintptr_t key_of(enum pool_index index, real_function *code)
{
	return ((uintptr_t)code >> PAGE_LOG2) << INDEX_BITS | index;
}

static struct known *bucket_of(struct known *all, uintptr_t key)
{
	uint32_t mixed = (uint32_t)(key ^ key >> 16 >> 16) * 2654435769U;

	return all + (size_t)(mixed >> (32 - BUCKETS_LOG2)) * WAYS;
}

static bool note_loads(const struct object *object, void *given)
{
	*(unsigned *)given = (unsigned)(object->loaded + object->dropped);
	return true;
}

static unsigned loads_so_far(void)
{
	unsigned loads = 0;

	objects_walk(note_loads, &loads);
	return loads;
}

static bool is_current(const struct known *known, unsigned generation, unsigned now)
{
	if (generation == now)
		return true;
	return generation == (now | NO_LIBRARY) &&
	       atomic_load_explicit(&known->loads, memory_order_relaxed) == loads_so_far();
}

static struct pool_found read_known(struct known *known, uintptr_t key, unsigned now)
{
	unsigned generation = atomic_load_explicit(&known->generation, memory_order_acquire);
	struct pool_found found = { NULL, 0 };
	real_function *function;

	if (atomic_load_explicit(&known->key, memory_order_relaxed) != key ||
	    !is_current(known, generation, now))
		return found;
	function = atomic_load_explicit(&known->function, memory_order_relaxed);
	atomic_thread_fence(memory_order_acquire);
	if (atomic_load_explicit(&known->generation, memory_order_relaxed) != generation)
		return found;
	found.function = function;
	found.generation = generation == now ? now : 0;
	return found;
}

/* What is not of this generation, else what happens to be there. */
static struct known *victim(struct known *bucket, uintptr_t key, unsigned now)
{
	static atomic_uint turn;
	struct known *old = NULL;

	for (int i = 0; i < WAYS; i++) {
		unsigned generation =
			atomic_load_explicit(&bucket[i].generation, memory_order_relaxed);

		if (atomic_load_explicit(&bucket[i].key, memory_order_relaxed) == key)
			return &bucket[i];
		if ((generation & ~NO_LIBRARY) != now)
			old = &bucket[i];
	}
	return old ? old : &bucket[atomic_fetch_add(&turn, 1) % WAYS];
}

static void keep(uintptr_t key, const struct pool_runtime *runtime, unsigned now)
{
	struct known *all = cache_memory(), *known;
	unsigned generation;

	if (!all)
		return;
	known = victim(bucket_of(all, key), key, now);
	generation = atomic_load(&known->generation);
	if (generation == BEING_WRITTEN ||
	    !atomic_compare_exchange_strong(&known->generation, &generation, BEING_WRITTEN))
		return;
	atomic_store(&known->key, key);
	atomic_store(&known->function, runtime->function);
	atomic_store(&known->loads, runtime->loads);
	atomic_store(&known->generation, runtime->of_library ? now : now | NO_LIBRARY);
}

struct pool_found pool_find(enum pool_index index, real_function *code)
{
	unsigned now = atomic_load(&pool_library_generation);
	struct known *all = atomic_load_explicit(&cache, memory_order_acquire);
	uintptr_t key = key_of(index, code);
	struct known *bucket = all ? bucket_of(all, key) : NULL;
	struct pool_found found = { NULL, 0 };
	struct pool_runtime runtime;

	for (int i = 0; bucket && i < WAYS && !found.function; i++)
		found = read_known(&bucket[i], key, now);
	if (found.function)
		return found;
	runtime = pool_runtime_of(index, (uintptr_t)code);
	if (runtime.function)
		keep(key, &runtime, now);
	return (struct pool_found) { runtime.function, runtime.of_library ? now : 0 };
}

real_function *pool_function(enum pool_index index, real_function *code)
{
	return pool_find(index, code).function;
}

/*
 * What is loaded next may lie where something else was. Counted before, for who looks meanwhile,
 * and after, for what was found meanwhile in what is gone now.
 */
int dlclose(void *handle)
{
	int result;

	atomic_fetch_add(&pool_library_generation, 1);
	result = REAL(dlclose)(handle);
	atomic_fetch_add(&pool_library_generation, 1);
	return result;
}
