/* SPDX-License-Identifier: Apache-2.0 */
/* See elf_symbols.h. */
#include "command/program/elf_symbols.h"

#include <gelf.h>
#include <string.h>

static void note_symbol(const char *name, struct elf_file *file)
{
	if (!strcmp(name, "__asan_init"))
		file->has_asan = true;
	if (!strcmp(name, "__asan_default_options"))
		file->has_asan_options = true;
}

static void read_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, struct elf_file *file)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t size = gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
	size_t count = data && size ? data->d_size / size : 0;
	GElf_Sym symbol;

	for (size_t i = 0; i < count && gelf_getsym(data, (int)i, &symbol); i++) {
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

		if (name && symbol.st_shndx != SHN_UNDEF)
			note_symbol(name, file);
	}
}

void elf_symbols_read(Elf *elf, struct elf_file *file)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) < 0)
		return;
	while ((section = elf_nextscn(elf, section)) && gelf_getshdr(section, &header)) {
		const char *name = elf_strptr(elf, names, header.sh_name);

		if (name && !strcmp(name, ".go.buildinfo"))
			file->is_go = true;
		if (header.sh_type == SHT_DYNSYM)
			read_symbols(elf, section, &header, file);
	}
}
