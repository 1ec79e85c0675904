/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf_file - what an ELF file of any class and machine says about how it is started: for whom it
 * is, its loader, its libraries, and which runtimes are in it. By libelf, which reads damaged and
 * hostile files too.
 */
#ifndef FLYTECTX_ELF_FILE_H
#define FLYTECTX_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Lists and strings are kept until the process ends. */
struct elf_file {
	int class;   /* ELFCLASS32 or ELFCLASS64 */
	int machine; /* EM_X86_64, ... */
	bool dynamic;
	bool position_independent;
	const char *interpreter; /* the loader; NULL: none, it is static */
	const char **needed;     /* names as they stand there */
	size_t needed_count;
	const char *runpath; /* or its forerunner rpath; NULL: none */

	/* By sections, which need not be there: false is no proof. */
	bool has_asan;         /* an AddressSanitizer runtime is linked in, as clang does */
	bool has_asan_options; /* __asan_default_options, of its own */
	bool is_go;
};

/* NULL; or why this is no file that could be started. Reads by pread(), from any offset. */
const char *elf_file_read(int fd, struct elf_file *file);

/* Does it start with the four bytes of ELF? */
bool elf_file_is_elf(int fd);

#endif
