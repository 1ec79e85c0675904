/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool_record - a region's record outlives it. The next region of the same code, nearly always with
 * its data at the same place of the same stack and in the same scope, finds all as it should be and
 * writes nothing: so the other threads still have the line of the record.
 *
 * A record is its first user's for good: so taking it is no atomic exchange, which would wait for
 * all that the last region has written. One whose thread has ended waits for a thread whose
 * variables lie at the same place. Where there is none for a region, because it is taken already or
 * another thread's, the region has one on its starter's stack: that costs more, and is as right.
 */
#include "arena.h"
#include "pools/pool.h"

_Atomic(struct pool_record *) pool_records;

static struct pool_record *all_records(void)
{
	struct pool_record *known = atomic_load(&pool_records), *made;

	if (known)
		return known;
	made = arena_take(sizeof(*made) << POOL_RECORDS_LOG2);
	return made && !atomic_compare_exchange_strong(&pool_records, &known, made) ? known : made;
}

struct pool_record *pool_record_take(real_function *code)
{
	struct pool_record *records = all_records(), *record;
	const void *nobody = NULL;

	if (!records)
		return NULL;
	record = pool_record_in(records, code);
	if (!atomic_load_explicit(&record->owner, memory_order_relaxed))
		atomic_compare_exchange_strong(&record->owner, &nobody, self_thread());
	return pool_record_hold(record) ? record : NULL;
}

void pool_region_begin(struct pool_region *region, real_function *code)
{
	struct scope *old = region->scope;

	if (region->code != code)
		region->code = code;
	if (old == scope_current())
		return;
	region->scope = scope_retain_current();
	if (old)
		scope_release(old, true);
}
