/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gomp_target - GOMP_target_ext: a target region with a nowait clause, which the host runs, is a
 * task of the pool, and runs in the context in which it was created.
 *
 * Where there is a device the function only names the code that is to run there, and another would
 * not be known. Else the runtime copies what is firstprivate when it makes the task, and gives the
 * function the places of all that is mapped: our record goes first among those.
 */
#include "pools/pool.h"

enum { NOWAIT = 1, HOST = -2 };

/* firstprivate, and in the upper byte the alignment as a power of two */
#define KIND (12 | 3 << 8)

struct record {
	_Alignas(8) work *fn;
	struct scope *scope; /* with a reference */
};

static void run(void *given)
{
	void **addresses = given;
	const struct record *record = addresses[0];

	pool_run(record->scope, record->fn, addresses + 1);
}

static bool is_of_host(int device, work *fn)
{
	real_omp_get_num_devices *count = POOL_REAL(omp_get_num_devices, fn);

	return device == HOST || (count && !count());
}

/* What is mapped, in the runtime's three arrays. */
struct map {
	void **addresses;
	size_t *sizes;
	unsigned short *kinds;
};

/* With the record before the others, in memory that the caller frees; NULL: there is none. */
static void *map_with(struct record *record, size_t count, const struct map *given, struct map *map)
{
	size_t one = sizeof(*map->addresses) + sizeof(*map->sizes) + sizeof(*map->kinds);
	char *memory = REAL(malloc)((count + 1) * one);

	if (!memory)
		return NULL;
	map->addresses = (void **)(void *)memory;
	map->sizes = (size_t *)(void *)(map->addresses + count + 1);
	map->kinds = (unsigned short *)(void *)(map->sizes + count + 1);
	map->addresses[0] = record;
	map->sizes[0] = sizeof(*record);
	map->kinds[0] = KIND;
	for (size_t i = 0; i < count; i++) {
		map->addresses[i + 1] = given->addresses[i];
		map->sizes[i + 1] = given->sizes[i];
		map->kinds[i + 1] = given->kinds[i];
	}
	return memory;
}

void GOMP_target_ext(int device, work *fn, size_t count, void **addresses, size_t *sizes,
		     unsigned short *kinds, unsigned flags, void **depend, void **arguments)
{
	real_GOMP_target_ext *runtime = POOL_REAL(GOMP_target_ext, fn);
	struct map given = { addresses, sizes, kinds }, map;
	struct record record = { fn, NULL };
	void *memory = NULL;

	if (!runtime) { /* no runtime: the host, at once */
		fn(addresses);
		return;
	}
	/* A task that is dropped would keep its scope. */
	if (flags & NOWAIT && scope_root_was_left() && is_of_host(device, fn) &&
	    !pool_may_cancel(fn))
		memory = map_with(&record, count, &given, &map);
	if (!memory) {
		runtime(device, fn, count, addresses, sizes, kinds, flags, depend, arguments);
		return;
	}
	record.scope = scope_retain_current();
	runtime(device, run, count + 1, map.addresses, map.sizes, map.kinds, flags, depend,
		arguments);
	REAL(free)(memory);
}
