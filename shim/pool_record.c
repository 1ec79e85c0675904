/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool_record - a region's record outlives it. The next region of the same code, nearly always with
 * its data at the same place of the same stack and in the same scope, finds all as it should be and
 * writes nothing: so the other threads still have the line of the record.
 *
 * A record is its first user's for good: so taking it is no atomic exchange, which would wait for
 * all that the last region has written. Nor does anybody else's use of it begin when its thread has
 * ended; a thread in whose place another one comes leaves it to that one. Where there is no record,
 * because this thread has it taken already or the place is another's, a region has one on the stack
 * of its starter: that costs more, and is as right.
 */
#include "permanent.h"
#include "pool.h"

enum { RECORDS_LOG2 = 8, RECORDS = 1 << RECORDS_LOG2 };

static _Atomic(struct pool_record *) records;

__attribute__((noinline, cold)) static struct pool_record *make_records(void)
{
	struct pool_record *made = permanent(RECORDS * sizeof(*made)), *known = NULL;

	return made && !atomic_compare_exchange_strong(&records, &known, made) ? known : made;
}

static inline struct pool_record *all_records(void)
{
	struct pool_record *known = atomic_load_explicit(&records, memory_order_acquire);

	return known ? known : make_records();
}

static inline bool is_own(struct pool_record *record)
{
	const void *owner = atomic_load_explicit(&record->owner, memory_order_relaxed);

	return owner == scope_thread() ||
	       (!owner && atomic_compare_exchange_strong(&record->owner, &owner, scope_thread()));
}

struct pool_record *pool_record_take(real_function *code)
{
	uint32_t mixed = (uint32_t)((uintptr_t)scope_thread() >> 6 ^ (uintptr_t)code >> 4);
	struct pool_record *record = all_records();

	if (!record)
		return NULL;
	record += mixed * 2654435769U >> (32 - RECORDS_LOG2);
	if (!is_own(record) || record->taken)
		return NULL;
	record->taken = true;
	return record;
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
