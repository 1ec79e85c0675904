/* SPDX-License-Identifier: Apache-2.0 */
/* See objects.h; object_find() is in object_symbols.c. */
#define _GNU_SOURCE /* struct dl_phdr_info */
#include <link.h>

#include "context/text.h"
#include "objects.h"
#include "objects_early.h"

extern __typeof__(dl_iterate_phdr) dl_iterate_phdr __attribute__((weak));

bool objects_are_known(void)
{
	return &dl_iterate_phdr != NULL;
}

bool object_contains(const struct object *object, uintptr_t address)
{
	const ElfW(Phdr) *segment = object->segments;

	for (unsigned i = 0; segment && i < object->segment_count; i++, segment++)
		if (segment->p_type == PT_LOAD &&
		    address - (object->base + segment->p_vaddr) < segment->p_memsz)
			return true;
	return false;
}

bool object_is_ours(const struct object *object)
{
	if (object->segments)
		return object_contains(object, (uintptr_t)object_is_ours);
	return object->dynamic == objects_early_own_dynamic();
}

bool object_is_a_copy(const struct object_symbols *symbols)
{
	struct object_name name = object_name("flytectx_copy");

	return object_find(symbols, &name);
}

struct walk {
	object_look *look;
	void *given;
};

static int visit(struct dl_phdr_info *info, size_t size, void *given)
{
	const struct walk *walk = given;
	struct object object = { .base = info->dlpi_addr,
				 .path = info->dlpi_name ? info->dlpi_name : "",
				 .segments = info->dlpi_phdr,
				 .segment_count = info->dlpi_phnum };

	if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof(info->dlpi_subs)) {
		object.loaded = info->dlpi_adds;
		object.dropped = info->dlpi_subs;
	}
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		const char *start = (const char *)info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_DYNAMIC) {
			object.dynamic = start;
			object.dynamic_end = start + segment->p_memsz;
		}
	}
	return walk->look(&object, walk->given);
}

bool objects_walk(object_look *look, void *given)
{
	struct walk walk = { look, given };

	if (!objects_are_known())
		return objects_early_walk(look, given);
	return dl_iterate_phdr(visit, &walk);
}

struct walk_behind {
	object_look *look;
	void *given;
	bool behind;
};

static bool visit_behind(const struct object *object, void *given)
{
	struct walk_behind *walk = given;

	if (walk->behind)
		return walk->look(object, walk->given);
	walk->behind = object_is_ours(object);
	return false;
}

bool objects_walk_behind_us(object_look *look, void *given)
{
	struct walk_behind walk = { look, given, false };

	return objects_walk(visit_behind, &walk);
}

struct search {
	struct object_name name;
	void *found;
};

static bool look_for(const struct object *object, void *given)
{
	struct search *search = given;
	struct object_symbols symbols;

	if (object_is_ours(object))
		return false;
	object_read_symbols(object, &symbols);
	search->found = object_find(&symbols, &search->name);
	if (search->found && object_is_a_copy(&symbols))
		search->found = NULL;
	return search->found;
}

void *objects_find(const char *name, bool behind_us)
{
	struct search search = { object_name(name), NULL };

	if (behind_us)
		objects_walk_behind_us(look_for, &search);
	else
		objects_walk(look_for, &search);
	return search.found;
}
