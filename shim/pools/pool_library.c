/* SPDX-License-Identifier: Apache-2.0 */
/* See pool_library.h. */
#define _GNU_SOURCE /* struct dl_phdr_info */
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>

#include "arena.h"
#include "pools/pool_library.h"
#include "context/text.h"

/*
 * What one library is bound to, of LLVM's functions or of the others: it may need both runtimes.
 * Such a record is never given back, and what it is for never changes.
 */
struct binding {
	struct binding *next;
	uintptr_t start, size;
	bool is_llvm;
	atomic_uint generation; /* good as long as that is the current one */
	_Atomic(real_function *) functions[POOL_COUNT];
};

static _Atomic(struct binding *) bindings;

/* Of the libraries that are loaded: the next begins when some may be gone. */
atomic_uint pool_library_generation = 1;

/* One after the other, in the order of enum pool_index. */
static const char names[] =
#define HOOK(file, ret, name, presence, missing, signature)
#define IMPORT(ret, name, presence, missing, signature)
#define POOL(file, ret, name, signature)  #name "\0"
#define POOL_IMPORT(ret, name, signature) #name "\0"
#include "hooks.def"
#include "imports.def"
#undef HOOK
#undef IMPORT
#undef POOL
#undef POOL_IMPORT
	;

/* Names of LLVM's runtime: Debian's, LLVM's own and Intel's. */
static const char llvm_libraries[] = "libomp.so.5\0libomp.so\0libiomp5.so\0";

/* The library that an address is in. */
struct place {
	uintptr_t address;
	unsigned position; /* in the order of loading, from 1; found once there is a size */
	uintptr_t start, size;
	const char *path; /* "" for the program */
};

static int look(struct dl_phdr_info *library, size_t size, void *given)
{
	struct place *place = given;

	(void)size;
	place->position++;
	for (unsigned i = 0; i < library->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &library->dlpi_phdr[i];

		place->start = library->dlpi_addr + segment->p_vaddr;
		if (segment->p_type != PT_LOAD || place->address - place->start >= segment->p_memsz)
			continue;
		place->size = segment->p_memsz;
		place->path = library->dlpi_name;
		return 1;
	}
	return 0;
}

static struct place place_of(uintptr_t address)
{
	struct place place = { .address = address };

	REAL(dl_iterate_phdr)(look, &place);
	return place;
}

/*
 * Which of two runtimes a library is bound to that finds `own` among what it needs, and the search
 * order of the whole process has `global`: the latter, if that was there in time.
 */
static bool is_global(struct place *library, real_function *global, real_function *own)
{
	unsigned position;

	if (!global || !own)
		return global;
	position = place_of((uintptr_t)global).position;
	return position < library->position || position < place_of((uintptr_t)own).position;
}

/* A handle of what is loaded already, or NULL. */
static void *loaded(const char *path)
{
	void *handle = REAL(dlopen)(path, RTLD_LAZY | RTLD_NOLOAD);

	if (!handle)
		REAL(dlerror)(); /* the program did not ask */
	return handle;
}

bool pool_library_exports(const void *address, const char *name)
{
	struct place place = place_of((uintptr_t)address);
	void *library = place.size && *place.path ? loaded(place.path) : NULL;
	bool found = library && real_symbol(library, name);

	if (library)
		REAL(dlclose)(library);
	return found;
}

/* A plugin may rely on what others have opened: there is one choice at most then. */
static void *opened_by_others(bool is_llvm)
{
	void *found = NULL;

	if (!is_llvm)
		return loaded("libgomp.so.1");
	for (const char *name = llvm_libraries; !found && *name; name += text_length(name) + 1)
		found = loaded(name);
	return found;
}

/*
 * Work of ours, given to a runtime that hands it on to its own exported functions: GOMP_task() of
 * LLVM's does so. What it calls is not to be looked up in this library, where it would be the hook.
 */
static bool is_ours(const struct place *library)
{
	return (uintptr_t)pool_function - library->start < library->size;
}

/* RTLD_NEXT, or a handle that is to be closed. */
static void *search_order(struct place *library, const char *name, bool is_llvm)
{
	bool is_named = library->size && *library->path && !is_ours(library);
	void *needed = is_named ? loaded(library->path) : NULL;
	real_function *own = needed ? real_symbol(needed, name) : NULL;

	if (!is_global(library, real_symbol(REAL_NEXT, name), own)) {
		if (own)
			return needed;
		needed = opened_by_others(is_llvm);
		if (needed)
			return needed;
	}
	if (needed)
		REAL(dlclose)(needed);
	return REAL_NEXT;
}

static bool of_llvm(enum pool_index index)
{
	return index >= POOL_FIRST_OF_LLVM && index <= POOL_LAST_OF_LLVM;
}

static struct binding *binding_for(const struct place *library, bool is_llvm)
{
	struct binding *binding = atomic_load(&bindings);

	for (; binding; binding = binding->next)
		if (binding->start == library->start && binding->size == library->size &&
		    binding->is_llvm == is_llvm)
			return binding;
	binding = arena_take(sizeof(*binding));
	if (!binding)
		return NULL;
	binding->start = library->start;
	binding->size = library->size;
	binding->is_llvm = is_llvm;
	binding->next = atomic_load(&bindings);
	while (!atomic_compare_exchange_weak(&bindings, &binding->next, binding))
		;
	return binding;
}

/*
 * All functions at once: the next to be needed may be called by a thread of the pool, while the
 * thread that opens the library holds the loader's lock and waits for it.
 */
static void fill(struct binding *binding, void *order)
{
	const char *name = names;

	for (int i = 0; i < POOL_COUNT; i++, name += text_length(name) + 1)
		atomic_store_explicit(&binding->functions[i], real_symbol(order, name),
				      memory_order_relaxed);
}

static struct binding *learn(enum pool_index index, real_function *code)
{
	unsigned now = atomic_load(&pool_library_generation);
	struct place library = place_of((uintptr_t)code);
	struct binding *binding = binding_for(&library, of_llvm(index));
	const char *name = names;
	void *order;

	for (unsigned i = 0; i < index; i++)
		name += text_length(name) + 1;
	if (!binding)
		return NULL;
	order = search_order(&library, name, of_llvm(index));
	fill(binding, order);
	atomic_store_explicit(&binding->generation, now, memory_order_release);
	if (order != REAL_NEXT)
		REAL(dlclose)(order);
	return binding;
}

static bool is_for(const struct binding *binding, enum pool_index index, real_function *code,
		   unsigned now)
{
	return binding->is_llvm == of_llvm(index) &&
	       atomic_load_explicit(&binding->generation, memory_order_acquire) == now &&
	       (uintptr_t)code - binding->start < binding->size;
}

real_function *pool_function(enum pool_index index, real_function *code)
{
	unsigned now = atomic_load_explicit(&pool_library_generation, memory_order_relaxed);
	struct binding *binding = atomic_load_explicit(&bindings, memory_order_acquire);
	int error;

	while (binding && !is_for(binding, index, code, now))
		binding = binding->next;
	if (!binding) {
		error = real_errno();
		binding = learn(index, code);
		real_set_errno(error);
	}
	return binding ? atomic_load_explicit(&binding->functions[index], memory_order_relaxed)
		       : NULL;
}

/* What is loaded next may lie where something else was. */
int dlclose(void *handle)
{
	int result = REAL(dlclose)(handle);

	atomic_fetch_add(&pool_library_generation, 1);
	return result;
}
