/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See pool_runtime.h. Where there is one runtime, that is it. Of several a library is bound to the
 * first in the search order of the whole process that was there in time, else to one of those that
 * it needs (pool_scope.h).
 */
#include "objects.h"
#include "pools/pool_runtime.h"
#include "pools/pool_scope.h"

/* One after the other, in the order of enum pool_index. */
static const struct names {
#define HOOK(file, ret, name, presence, missing, signature)
#define IMPORT(ret, name, presence, missing, signature)
#define POOL(file, ret, name, signature)  char name[sizeof(#name)];
#define POOL_IMPORT(ret, name, signature) char name[sizeof(#name)];
#include "hooks.def"
#include "imports.def"
#undef POOL
#undef POOL_IMPORT
} names = {
#define POOL(file, ret, name, signature)  #name,
#define POOL_IMPORT(ret, name, signature) #name,
#include "hooks.def"
#include "imports.def"
#undef POOL
#undef POOL_IMPORT
};

static const unsigned short name_at[] = {
#define POOL(file, ret, name, signature)  offsetof(struct names, name),
#define POOL_IMPORT(ret, name, signature) offsetof(struct names, name),
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
#undef POOL
#undef POOL_IMPORT
};

/* More runtimes than any process has. */
enum { CANDIDATES = 12 };

struct candidate {
	struct object object;
	unsigned position; /* in the order of loading, from 1 */
	bool behind_us;
	void *function;
};

struct query {
	struct object_name name;
	bool of_llvm; /* a function that others have too */
	uintptr_t code;
	unsigned position;
	bool behind_us;
	struct object library; /* that the code is in */
	unsigned library_position;
	unsigned count;
	struct candidate candidates[CANDIDATES];
	void *function;
};

static bool has(const struct object_symbols *symbols, const char *text)
{
	struct object_name name = object_name(text);

	return object_find(symbols, &name);
}

static bool look(const struct object *object, void *given)
{
	struct query *query = given;
	struct candidate *candidate = &query->candidates[query->count];
	struct object_symbols symbols;

	query->position++;
	if (object_is_ours(object)) {
		query->behind_us = true;
		return false;
	}
	if (!query->library_position && object_contains(object, query->code)) {
		query->library = *object;
		query->library_position = query->position;
	}
	if (query->count == CANDIDATES)
		return false;
	object_read_symbols(object, &symbols);
	candidate->function = object_find(&symbols, &query->name);
	if (!candidate->function || object_is_a_copy(&symbols) ||
	    (query->of_llvm && !has(&symbols, "__kmpc_fork_call")))
		return false;
	candidate->object = *object;
	candidate->position = query->position;
	candidate->behind_us = query->behind_us;
	query->count++;
	return false;
}

enum rank { IN_TIME, NEEDED, TOO_LATE, OTHERS, BEFORE_US };

static enum rank rank_of(const struct query *query, const struct candidate *candidate)
{
	bool is_global = pool_scope_is_global(&candidate->object);

	if (!candidate->behind_us)
		return BEFORE_US;
	if (is_global &&
	    (!query->library_position || candidate->position < query->library_position))
		return IN_TIME;
	if (query->library_position && pool_scope_needs(&query->library, &candidate->object))
		return NEEDED;
	return is_global ? TOO_LATE : OTHERS;
}

static void *first_of(const struct query *query)
{
	enum rank best = BEFORE_US;
	void *found = NULL;

	for (unsigned i = 0; i < query->count; i++) {
		enum rank rank = rank_of(query, &query->candidates[i]);

		if (!found || rank < best)
			found = query->candidates[i].function;
		if (rank < best)
			best = rank;
	}
	return found;
}

/* From within a walk: no library is closed meanwhile. */
static bool ask(const struct object *first, void *given)
{
	struct query *query = given;

	(void)first;
	objects_walk(look, query);
	if (query->count == 1)
		query->function = query->candidates[0].function;
	else if (query->count)
		query->function = first_of(query);
	return true;
}

struct loads {
	unsigned count;
	struct query *query;
};

static bool count_and_ask(const struct object *first, void *given)
{
	struct loads *loads = given;

	loads->count = (unsigned)(first->loaded + first->dropped);
	return ask(first, loads->query);
}

struct pool_runtime pool_runtime_of(enum pool_index index, uintptr_t code)
{
	struct query query = { .name = object_name((const char *)&names + name_at[index]),
			       .of_llvm = index == POOL_omp_get_cancellation_,
			       .code = code };
	struct loads loads = { 0, &query };
	struct pool_runtime runtime;

	objects_walk(count_and_ask, &loads);
	*(void **)(void *)&runtime.function = query.function;
	runtime.of_library = query.library_position;
	runtime.loads = loads.count;
	return runtime;
}

struct place {
	uintptr_t address;
	const char *name;
	bool found;
};

static bool look_at(const struct object *object, void *given)
{
	struct place *place = given;
	struct object_symbols symbols;

	if (!object_contains(object, place->address))
		return false;
	object_read_symbols(object, &symbols);
	place->found = *object->path && has(&symbols, place->name);
	return true;
}

bool pool_library_exports(const void *address, const char *name)
{
	struct place place = { (uintptr_t)address, name, false };

	objects_walk(look_at, &place);
	return place.found;
}
