/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See objects_early.h. glibc relocates the libraries that a program needs before those that are
 * preloaded, and a resolver of an IFUNC in one of the former may call anything. Then no variable
 * of ours has its address yet, nor has the thread's. The kernel says where the loader is, and the
 * loader has a list for debuggers.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <link.h>

#include "objects_early.h"
#include "sys.h"

extern ElfW(Dyn) _DYNAMIC[] __attribute__((visibility("hidden")));

const void *objects_early_own_dynamic(void)
{
	return _DYNAMIC;
}

/* Where the kernel has mapped the loader; 0 where it does not say. */
static uintptr_t loader_base(void)
{
	unsigned long pairs[64][2];
	long fd = sys_call(SYS_openat, AT_FDCWD, (long)"/proc/self/auxv", O_RDONLY | O_CLOEXEC, 0,
			   0, 0);
	long length = fd < 0 ? -1 : sys_call(SYS_read, fd, (long)pairs, sizeof(pairs), 0, 0, 0);
	uintptr_t base = 0;

	if (fd >= 0)
		sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
	for (long i = 0; length > 0 && (size_t)i < (size_t)length / sizeof(pairs[0]); i++)
		if (pairs[i][0] == AT_BASE)
			base = pairs[i][1];
	return base;
}

static const struct r_debug *list_of(uintptr_t base)
{
	const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)base;
	const ElfW(Phdr) *segment = (const ElfW(Phdr) *)(base + header->e_phoff);
	struct object loader = { .base = base,
				 .segments = segment,
				 .segment_count = header->e_phnum };
	struct object_name name = object_name("_r_debug");
	struct object_symbols symbols;

	for (unsigned i = 0; i < header->e_phnum; i++) {
		if (segment[i].p_type != PT_DYNAMIC)
			continue;
		loader.dynamic = (const char *)base + segment[i].p_vaddr;
		loader.dynamic_end = (const char *)loader.dynamic + segment[i].p_memsz;
	}
	object_read_symbols(&loader, &symbols);
	return object_find(&symbols, &name);
}

bool objects_early_walk(object_look *look, void *given)
{
	uintptr_t base = loader_base();
	const struct r_debug *list = base ? list_of(base) : NULL;
	const struct link_map *map = list ? list->r_map : NULL;

	for (; map; map = map->l_next) {
		struct object object = { .base = map->l_addr,
					 .path = map->l_name ? map->l_name : "",
					 .dynamic = map->l_ld,
					 .dynamic_end = (const void *)UINTPTR_MAX };

		if (look(&object, given))
			return true;
	}
	return false;
}
