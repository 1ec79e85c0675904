/* SPDX-License-Identifier: Apache-2.0 */
/* object_symbols - the symbols of one library by its hash table and versions; see objects.h. */
#define _GNU_SOURCE
#include <link.h>

#include "context/text.h"
#include "objects.h"
#include "real.h"

/* In VERSYM: a version that only programs of before ask for. */
#define HIDDEN_VERSION 0x8000

/* Beyond every chain of a hash table. */
#define END_OF_CHAIN 1

/* --- where the tables are --- */

static struct object_table readable(const struct object *object, uintptr_t address)
{
	const ElfW(Phdr) *segment = object->segments;
	struct object_table table = { NULL, NULL };

	for (unsigned i = 0; i < object->segment_count; i++, segment++) {
		uintptr_t start = object->base + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_R &&
		    address - start < segment->p_filesz) {
			table.start = (const char *)address;
			table.end = (const char *)start + segment->p_filesz;
		}
	}
	return table;
}

/* glibc has added the base to most addresses of the dynamic section, musl to none. */
static struct object_table table_at(const struct object *object, uintptr_t address)
{
	struct object_table table = { (const char *)address, (const char *)UINTPTR_MAX };

	if (!object->segments) {
		if (address < object->base)
			table.start += object->base;
		return table;
	}
	table = readable(object, address);
	return table.start ? table : readable(object, object->base + address);
}

void object_read_symbols(const struct object *object, struct object_symbols *symbols)
{
	const ElfW(Dyn) *entry = object->dynamic;
	const char *end = object->dynamic_end;

	*symbols = (struct object_symbols) { .object = object };
	for (; entry && (const char *)(entry + 1) <= end && entry->d_tag != DT_NULL; entry++) {
		if (entry->d_tag == DT_SYMTAB)
			symbols->symbols = table_at(object, entry->d_un.d_ptr);
		else if (entry->d_tag == DT_STRTAB)
			symbols->strings = table_at(object, entry->d_un.d_ptr);
		else if (entry->d_tag == DT_GNU_HASH)
			symbols->gnu_hash = table_at(object, entry->d_un.d_ptr);
		else if (entry->d_tag == DT_HASH)
			symbols->hash = table_at(object, entry->d_un.d_ptr);
		else if (entry->d_tag == DT_VERSYM)
			symbols->versions = table_at(object, entry->d_un.d_ptr);
	}
}

/* --- what is in them --- */

struct object_name object_name(const char *text)
{
	struct object_name name = { .text = text, .gnu_hash = 5381 };

	for (; text[name.length]; name.length++) {
		unsigned char byte = (unsigned char)text[name.length];

		name.gnu_hash = name.gnu_hash * 33 + byte;
		name.hash = (name.hash << 4) + byte;
		name.hash = (name.hash ^ (name.hash >> 24 & 0xf0)) & 0x0fffffff;
	}
	return name;
}

static bool holds(const struct object_table *table, size_t index, size_t size)
{
	return table->start && index < (size_t)(table->end - table->start) / size;
}

static uint32_t word_at(const struct object_table *table, size_t index)
{
	if (!holds(table, index, sizeof(uint32_t)))
		return END_OF_CHAIN;
	return ((const uint32_t *)(const void *)table->start)[index];
}

static bool is_name(const struct object_symbols *symbols, size_t at, const struct object_name *name)
{
	const char *text = symbols->strings.start + at;

	if (!symbols->strings.start ||
	    at + name->length >= (size_t)(symbols->strings.end - symbols->strings.start))
		return false;
	for (size_t i = 0; i <= name->length; i++)
		if (text[i] != name->text[i])
			return false;
	return true;
}

static bool is_default_version(const struct object_symbols *symbols, size_t index)
{
	const uint16_t *versions = (const uint16_t *)(const void *)symbols->versions.start;

	return !holds(&symbols->versions, index, sizeof(*versions)) ||
	       !(versions[index] & HIDDEN_VERSION);
}

static const ElfW(Sym) *
	match(const struct object_symbols *symbols, size_t index, const struct object_name *name)
{
	const ElfW(Sym) *symbol = (const ElfW(Sym) *)(const void *)symbols->symbols.start + index;

	if (!holds(&symbols->symbols, index, sizeof(*symbol)) || symbol->st_shndx == SHN_UNDEF ||
	    !symbol->st_value || ELF32_ST_BIND(symbol->st_info) == STB_LOCAL ||
	    !is_name(symbols, symbol->st_name, name) || !is_default_version(symbols, index))
		return NULL;
	return symbol;
}

/* Is the name's hash in the filter before the buckets? Most objects don't have most names. */
static bool may_have(const struct object_table *table, uint32_t hash)
{
	uint32_t size = word_at(table, 2), shift = word_at(table, 3);
	const ElfW(Addr) *filter = (const ElfW(Addr) *)(const void *)(table->start + 16);
	unsigned bits = 8 * sizeof(*filter);
	struct object_table rest = { table->start + 16, table->end };
	size_t index = size ? hash / bits % size : 0;

	if (!size || !holds(&rest, index, sizeof(*filter)))
		return false;
	return filter[index] >> hash % bits & filter[index] >> (hash >> (shift & 31)) % bits & 1;
}

static const ElfW(Sym) *
	by_gnu_hash(const struct object_symbols *symbols, const struct object_name *name)
{
	const struct object_table *table = &symbols->gnu_hash;
	uint32_t buckets = word_at(table, 0), first = word_at(table, 1), there;
	size_t filter = (size_t)word_at(table, 2) * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
	const ElfW(Sym) *symbol = NULL;
	size_t index;

	if (!holds(table, 4, sizeof(uint32_t)) || !buckets || !may_have(table, name->gnu_hash))
		return NULL;
	index = word_at(table, 4 + filter + name->gnu_hash % buckets);
	if (index < first || !index)
		return NULL;
	do {
		there = word_at(table, 4 + filter + buckets + (index - first));
		if ((there | 1) == (name->gnu_hash | 1))
			symbol = match(symbols, index, name);
		index++;
	} while (!symbol && !(there & END_OF_CHAIN));
	return symbol;
}

static const ElfW(Sym) *
	by_hash(const struct object_symbols *symbols, const struct object_name *name)
{
	const struct object_table *table = &symbols->hash;
	uint32_t buckets = word_at(table, 0), chain = word_at(table, 1), index;
	const ElfW(Sym) *symbol = NULL;

	if (!holds(table, 2, sizeof(uint32_t)) || !buckets)
		return NULL;
	index = word_at(table, 2 + name->hash % buckets);
	/* A chain that goes round ends with as many steps as there are symbols. */
	for (uint32_t step = 0; index && index < chain && step < chain && !symbol; step++) {
		symbol = match(symbols, index, name);
		index = word_at(table, 2 + (size_t)buckets + index);
	}
	return symbol;
}

/* aarch64 tells resolvers what the processor can; in bit 62, that a structure follows. */
static void *chosen(uintptr_t resolver)
{
#if defined(__aarch64__)
	struct {
		unsigned long size, hwcap, hwcap2;
	} argument = { sizeof(argument), REAL(getauxval)(AT_HWCAP), REAL(getauxval)(AT_HWCAP2) };
	typedef void *choose(unsigned long, const void *);

	return ((choose *)resolver)(argument.hwcap | 1UL << 62, &argument);
#else
	typedef void *choose(void);

	return ((choose *)resolver)();
#endif
}

void *object_find(const struct object_symbols *symbols, const struct object_name *name)
{
	const ElfW(Sym) *symbol =
		symbols->gnu_hash.start ? by_gnu_hash(symbols, name) : by_hash(symbols, name);
	uintptr_t address;

	if (!symbol)
		return NULL;
	address = symbols->object->base + symbol->st_value;
	if (symbols->object->segments && !object_contains(symbols->object, address))
		return NULL;
	if (ELF32_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC)
		return chosen(address);
	return (void *)address;
}
