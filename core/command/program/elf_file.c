/* SPDX-License-Identifier: Apache-2.0 */
/* See elf_file.h. Symbols: elf_symbols.c. */
#include "command/program/elf_file.h"
#include "command/program/elf_symbols.h"
#include "command/terminal/memory.h"

#include <gelf.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE ((size_t)PATH_MAX)

/* More libraries than any program has, less than a hostile file could make us hold. */
#define NEEDED_MAX 4096

/* A file being read. */
struct reading {
	Elf *elf;
	int fd;
	size_t segments;
	GElf_Off size;
	struct elf_file *file;
};

bool elf_file_is_elf(int fd)
{
	char start[SELFMAG];

	return pread(fd, start, SELFMAG, 0) == SELFMAG && !memcmp(start, ELFMAG, SELFMAG);
}

/* The string at an offset of the file; NULL where it has no end that is near, or is not there. */
static const char *string_at(const struct reading *reading, GElf_Off offset)
{
	char text[PATH_SIZE];
	ssize_t length;

	if (offset >= reading->size)
		return NULL;
	length = pread(reading->fd, text, sizeof(text), (off_t)offset);
	if (length <= 0 || !memchr(text, '\0', (size_t)length))
		return NULL;
	return memory_text("%s", text);
}

/* Where in the file the byte is that will be at this address. */
static bool offset_of(const struct reading *reading, GElf_Addr address, GElf_Off *offset)
{
	GElf_Phdr segment;

	for (size_t i = 0; i < reading->segments; i++) {
		if (!gelf_getphdr(reading->elf, (int)i, &segment) || segment.p_type != PT_LOAD ||
		    address < segment.p_vaddr || address - segment.p_vaddr >= segment.p_filesz)
			continue;
		*offset = segment.p_offset + (address - segment.p_vaddr);
		return true;
	}
	return false;
}

/* The value of the first entry with this tag. */
static bool dynamic_value(Elf_Data *data, size_t count, GElf_Sxword tag, GElf_Xword *value)
{
	GElf_Dyn entry;

	for (size_t i = 0; i < count; i++) {
		if (!gelf_getdyn(data, (int)i, &entry) || entry.d_tag == DT_NULL)
			return false;
		*value = entry.d_un.d_val;
		if (entry.d_tag == tag)
			return true;
	}
	return false;
}

/* The string that an entry with this tag names, or NULL. */
static const char *dynamic_string(const struct reading *reading, Elf_Data *data, size_t count,
				  GElf_Off strings, GElf_Sxword tag)
{
	GElf_Xword value;

	return dynamic_value(data, count, tag, &value) ? string_at(reading, strings + value) : NULL;
}

static void read_needed(const struct reading *reading, Elf_Data *data, size_t count,
			GElf_Off strings)
{
	struct elf_file *file = reading->file;
	GElf_Dyn entry;

	file->needed = memory_get((count < NEEDED_MAX ? count : NEEDED_MAX) * sizeof(char *) + 1);
	for (size_t i = 0; i < count && file->needed_count < NEEDED_MAX; i++) {
		const char *name;

		if (!gelf_getdyn(data, (int)i, &entry) || entry.d_tag == DT_NULL)
			return;
		name = entry.d_tag == DT_NEEDED ? string_at(reading, strings + entry.d_un.d_val)
						: NULL;
		if (name)
			file->needed[file->needed_count++] = name;
	}
}

static const char *read_dynamic(const struct reading *reading, const GElf_Phdr *segment)
{
	Elf_Data *data = elf_getdata_rawchunk(reading->elf, (int64_t)segment->p_offset,
					      segment->p_filesz, ELF_T_DYN);
	size_t entry = gelf_fsize(reading->elf, ELF_T_DYN, 1, EV_CURRENT);
	size_t count = data && entry ? data->d_size / entry : 0;
	GElf_Xword address;
	GElf_Off strings;

	if (!data)
		return "its dynamic section is damaged or truncated";
	reading->file->dynamic = true;
	/* Of several the loader takes the last. */
	reading->file->needed_count = 0;
	reading->file->runpath = NULL;
	if (!dynamic_value(data, count, DT_STRTAB, &address) ||
	    !offset_of(reading, address, &strings))
		return NULL;
	read_needed(reading, data, count, strings);
	reading->file->runpath = dynamic_string(reading, data, count, strings, DT_RUNPATH);
	if (!reading->file->runpath)
		reading->file->runpath = dynamic_string(reading, data, count, strings, DT_RPATH);
	return NULL;
}

static const char *read_segment(const struct reading *reading, const GElf_Phdr *segment)
{
	if (segment->p_type == PT_DYNAMIC)
		return read_dynamic(reading, segment);
	if (segment->p_type == PT_LOAD && (segment->p_offset > reading->size ||
					   segment->p_filesz > reading->size - segment->p_offset))
		return "it is truncated";
	if (segment->p_type != PT_INTERP)
		return NULL;
	reading->file->interpreter = string_at(reading, segment->p_offset);
	return reading->file->interpreter ? NULL : "the name of its loader is damaged or truncated";
}

static const char *read_segments(struct reading *reading)
{
	const char *why_not = NULL;
	GElf_Phdr segment;

	if (elf_getphdrnum(reading->elf, &reading->segments) < 0 || !reading->segments)
		return "its program headers are damaged or truncated";
	for (size_t i = 0; i < reading->segments && !why_not; i++) {
		if (!gelf_getphdr(reading->elf, (int)i, &segment))
			return "its program headers are damaged or truncated";
		why_not = read_segment(reading, &segment);
	}
	return why_not;
}

static const char *read_all(struct reading *reading)
{
	struct elf_file *file = reading->file;
	const char *why_not;
	GElf_Ehdr header;

	if (!reading->elf || elf_kind(reading->elf) != ELF_K_ELF ||
	    !gelf_getehdr(reading->elf, &header))
		return "its ELF header is damaged or truncated";
	file->class = header.e_ident[EI_CLASS];
	file->machine = header.e_machine;
	file->position_independent = header.e_type == ET_DYN;
	if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
		return "it is an ELF file, but no program";
	why_not = read_segments(reading);
	if (!why_not)
		elf_symbols_read(reading->elf, file);
	return why_not;
}

const char *elf_file_read(int fd, struct elf_file *file)
{
	struct reading reading = { .fd = fd, .file = file };
	struct stat status;
	const char *why_not;

	*file = (struct elf_file) { 0 };
	elf_version(EV_CURRENT);
	/* Not mapped: a file that is cut short meanwhile would be a SIGBUS. */
	reading.elf = elf_begin(fd, ELF_C_READ, NULL);
	reading.size = fstat(fd, &status) < 0 ? 0 : (GElf_Off)status.st_size;
	why_not = read_all(&reading);
	elf_end(reading.elf);
	return why_not;
}
