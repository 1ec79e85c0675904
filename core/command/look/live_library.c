/* SPDX-License-Identifier: Apache-2.0 */
/* See live_library.h. The numbers of the ELF file come from memory that may hold anything. */
#include "command/look/live_library.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an honest preload stays below by far. */
enum { HEADERS_MAX = 32, DYNAMIC_MAX = 64, RELOCATIONS_MAX = 256, CHAIN_MAX = 1024 };

struct elf {
	struct foreign_memory *memory;
	uint64_t base;
	uint64_t tls; /* the image of its thread-local storage */
	/* Of the dynamic section. */
	uint64_t symbols, names, hash, relocations, relocations_size;
	bool has_addends;
};

static bool is_wide(const struct elf *elf)
{
	return elf->memory->word == 8;
}

/* glibc puts addresses into the dynamic section, musl leaves offsets there. */
static uint64_t address_of(const struct elf *elf, uint64_t value)
{
	return value < elf->base ? elf->base + value : value;
}

static void take_dynamic(struct elf *elf, uint64_t tag, uint64_t value)
{
	switch (tag) {
	case DT_SYMTAB:
		elf->symbols = address_of(elf, value);
		break;
	case DT_STRTAB:
		elf->names = address_of(elf, value);
		break;
	case DT_GNU_HASH:
		elf->hash = address_of(elf, value);
		break;
	case DT_RELA:
	case DT_REL:
		elf->relocations = address_of(elf, value);
		elf->has_addends = tag == DT_RELA;
		break;
	case DT_RELASZ:
	case DT_RELSZ:
		elf->relocations_size = value;
		break;
	}
}

static bool read_dynamic(struct elf *elf, uint64_t at, uint64_t size)
{
	const size_t word = elf->memory->word;
	char bytes[DYNAMIC_MAX * 16];

	if (size > DYNAMIC_MAX * 2 * word || !foreign_read(elf->memory, at, bytes, (size_t)size))
		return false;
	for (size_t i = 0; i + 2 * word <= size; i += 2 * word) {
		uint64_t tag = foreign_word_in(elf->memory, bytes, i);

		if (tag == DT_NULL)
			break;
		take_dynamic(elf, tag, foreign_word_in(elf->memory, bytes, i + word));
	}
	return elf->symbols && elf->names && elf->hash && elf->relocations;
}

static bool read_segments(struct elf *elf, uint64_t headers, unsigned count)
{
	const size_t size = is_wide(elf) ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	char bytes[HEADERS_MAX * sizeof(Elf64_Phdr)];
	uint64_t dynamic = 0, dynamic_size = 0;

	if (count > HEADERS_MAX ||
	    !foreign_read(elf->memory, elf->base + headers, bytes, count * size))
		return false;
	for (size_t i = 0; i < count; i++) {
		Elf64_Phdr wide;
		Elf32_Phdr narrow;

		memcpy(&wide, bytes + i * size, size);
		memcpy(&narrow, &wide, sizeof(narrow));
		if (!is_wide(elf))
			wide = (Elf64_Phdr) { .p_type = narrow.p_type,
					      .p_vaddr = narrow.p_vaddr,
					      .p_memsz = narrow.p_memsz };
		if (wide.p_type == PT_TLS)
			elf->tls = elf->base + wide.p_vaddr;
		if (wide.p_type != PT_DYNAMIC)
			continue;
		dynamic = elf->base + wide.p_vaddr;
		dynamic_size = wide.p_memsz;
	}
	return dynamic && elf->tls && read_dynamic(elf, dynamic, dynamic_size);
}

static bool read_header(struct elf *elf, struct live_library *library)
{
	Elf64_Ehdr wide;
	Elf32_Ehdr narrow;

	if (!foreign_read(elf->memory, elf->base, &wide, sizeof(wide)) ||
	    memcmp(wide.e_ident, ELFMAG, SELFMAG) != 0)
		return false;
	memcpy(&narrow, &wide, sizeof(narrow));
	library->machine = wide.e_machine;
	if (wide.e_ident[EI_CLASS] == ELFCLASS64) {
		elf->memory->word = 8;
		return read_segments(elf, wide.e_phoff, wide.e_phnum);
	}
	elf->memory->word = 4;
	return wide.e_ident[EI_CLASS] == ELFCLASS32 &&
	       read_segments(elf, narrow.e_phoff, narrow.e_phnum);
}

/* --- the constant ------------------------------------------------------------------------- */

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (unsigned char)*name++;
	return hash;
}

/* The address of symbol `index` if that is its name, else 0. */
static uint64_t symbol_value(struct elf *elf, uint64_t index, const char *name)
{
	const size_t size = is_wide(elf) ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	Elf64_Sym wide;
	Elf32_Sym narrow;
	char text[64];

	if (!foreign_read(elf->memory, elf->symbols + index * size, &wide, size))
		return 0;
	memcpy(&narrow, &wide, sizeof(narrow));
	/* The name is the first member in both. */
	if (!foreign_text(elf->memory, elf->names + wide.st_name, text, sizeof(text)) ||
	    strcmp(text, name) != 0)
		return 0;
	return elf->base + (is_wide(elf) ? wide.st_value : narrow.st_value);
}

static uint64_t find_symbol(struct elf *elf, const char *name)
{
	const uint32_t hash = gnu_hash(name);
	uint32_t header[4], index, entry; /* buckets, first symbol, words of the filter, shift */
	uint64_t buckets, chain;

	if (!foreign_read(elf->memory, elf->hash, header, sizeof(header)) || !header[0])
		return 0;
	buckets = elf->hash + sizeof(header) + (uint64_t)header[2] * elf->memory->word;
	chain = buckets + (uint64_t)header[0] * sizeof(index);
	if (!foreign_read(elf->memory, buckets + (uint64_t)(hash % header[0]) * sizeof(index),
			  &index, sizeof(index)) ||
	    index < header[1])
		return 0;
	for (size_t i = 0; i < CHAIN_MAX; i++, index++) {
		uint64_t value;

		if (!foreign_read(elf->memory,
				  chain + (uint64_t)(index - header[1]) * sizeof(entry), &entry,
				  sizeof(entry)))
			return 0;
		value = (entry | 1) == (hash | 1) ? symbol_value(elf, index, name) : 0;
		if (value || entry & 1)
			return value;
	}
	return 0;
}

static bool read_layout(struct elf *elf, struct layout *layout)
{
	uint64_t at = find_symbol(elf, LAYOUT_SYMBOL);

	return at && foreign_read(elf->memory, at, layout, sizeof(*layout)) &&
	       !memcmp(layout->magic, LAYOUT_MAGIC, sizeof(layout->magic)) &&
	       layout->version == LAYOUT_VERSION && layout->length >= sizeof(*layout);
}

/* --- the place in a thread ---------------------------------------------------------------- */

static bool is_thread_offset(unsigned machine, uint64_t type)
{
	return (machine == EM_X86_64 && type == R_X86_64_TPOFF64) ||
	       (machine == EM_386 && type == R_386_TLS_TPOFF) ||
	       (machine == EM_AARCH64 && type == R_AARCH64_TLS_TPREL);
}

/*
 * The loader has put into words of the library where its thread-local variables are, each from the
 * thread pointer on. The smallest belongs to the variable at offset 0.
 */
static bool find_slot(struct elf *elf, struct live_library *library)
{
	const size_t word = elf->memory->word, size = word * (elf->has_addends ? 3 : 2);
	char bytes[RELOCATIONS_MAX * 24];
	bool is_found = false;

	if (elf->relocations_size > RELOCATIONS_MAX * size ||
	    !foreign_read(elf->memory, elf->relocations, bytes, (size_t)elf->relocations_size))
		return false;
	for (size_t i = 0; i + size <= elf->relocations_size; i += size) {
		uint64_t info = foreign_word_in(elf->memory, bytes, i + word), value;
		int64_t offset;

		if (!is_thread_offset(library->machine,
				      is_wide(elf) ? ELF64_R_TYPE(info) : ELF32_R_TYPE(info)))
			continue;
		if (!foreign_word(elf->memory, elf->base + foreign_word_in(elf->memory, bytes, i),
				  &value))
			return false;
		offset = is_wide(elf) ? (int64_t)value : (int32_t)value;
		if (!is_found || offset < library->slot)
			library->slot = offset;
		is_found = true;
	}
	return is_found;
}

enum live_found live_library_read(struct foreign_memory *memory, struct live_library *library)
{
	struct elf elf = { .memory = memory, .base = library->base };

	if (!read_header(&elf, library) || !read_layout(&elf, &library->layout) ||
	    !find_slot(&elf, library) || !foreign_word(memory, elf.tls, &library->root))
		return LIVE_NOT_KNOWN;
	return LIVE_FOUND;
}

/* --- the maps ----------------------------------------------------------------------------- */

static bool ends_with(const char *line, const char *name)
{
	const char *slash = strrchr(line, '/');

	return slash && !strncmp(slash + 1, name, strlen(name)) &&
	       strchr(" \n", slash[1 + strlen(name)]);
}

enum live_found live_library_find(struct foreign_memory *memory, struct live_library *library)
{
	char path[64], *line = NULL, first[1];
	size_t room = 0;
	FILE *maps;

	*library = (struct live_library) { 0 };
	snprintf(path, sizeof(path), "/proc/%d/maps", memory->pid);
	maps = fopen(path, "re");
	if (!maps)
		return errno == ENOENT || errno == ESRCH ? LIVE_NOT_MAPPED : LIVE_DENIED;
	while (getline(&line, &room, maps) > 0) {
		uint64_t start, offset;

		if (ends_with(line, "libflytectx.so") &&
		    sscanf(line, "%" SCNx64 "-%*x %*s %" SCNx64, &start, &offset) == 2 && !offset) {
			library->base = start;
			break;
		}
	}
	free(line);
	fclose(maps);
	if (!library->base)
		return LIVE_NOT_MAPPED;
	if (!foreign_read(memory, library->base, first, sizeof(first)))
		return LIVE_DENIED;
	return live_library_read(memory, library);
}
