/* SPDX-License-Identifier: Apache-2.0 */
/* See library_check.h. */
#include "command/program/library_check.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The header of flytectx itself, in memory: of the class and machine that we need. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

static const char not_elf[] = "it is not an ELF file";
static const char truncated[] = "it is truncated";

/* Reads exactly so much; NULL, or why not. */
static const char *read_at(int fd, void *to, size_t size, ElfW(Off) offset, const char *too_short)
{
	ssize_t count = pread(fd, to, size, (off_t)offset);

	if (count < 0)
		return strerror(errno);
	return (size_t)count == size ? NULL : too_short;
}

static const char *check_header(const ElfW(Ehdr) * header)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
		return not_elf;
	if (header->e_ident[EI_CLASS] != __ehdr_start.e_ident[EI_CLASS] ||
	    header->e_ident[EI_DATA] != __ehdr_start.e_ident[EI_DATA] ||
	    header->e_machine != __ehdr_start.e_machine)
		return "it is for another kind of machine";
	return header->e_type == ET_DYN ? NULL : "it is not a shared object";
}

/* A library that was cut short, say by a full disk: ld.so would leave it out. */
static const char *check_segments(int fd, const ElfW(Ehdr) * header, ElfW(Off) size)
{
	for (unsigned i = 0; i < header->e_phnum; i++) {
		ElfW(Phdr) segment;
		ElfW(Off) at = header->e_phoff + (ElfW(Off))i * sizeof(segment);
		const char *why_not = read_at(fd, &segment, sizeof(segment), at, truncated);

		if (why_not)
			return why_not;
		if (segment.p_type == PT_LOAD &&
		    (segment.p_offset > size || segment.p_filesz > size - segment.p_offset))
			return truncated;
	}
	return NULL;
}

static const char *check_file(int fd)
{
	struct stat status;
	ElfW(Ehdr) header;
	const char *why_not;

	if (fstat(fd, &status) < 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "it is not a regular file";
	why_not = read_at(fd, &header, sizeof(header), 0, not_elf);
	if (!why_not)
		why_not = check_header(&header);
	if (!why_not)
		why_not = check_segments(fd, &header, (ElfW(Off))status.st_size);
	return why_not;
}

const char *library_check(const char *path)
{
	/* Not to wait at a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *why_not;

	if (fd < 0)
		return strerror(errno);
	why_not = check_file(fd);
	close(fd);
	return why_not;
}
