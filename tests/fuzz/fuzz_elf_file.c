/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a program that `flytectx doctor` looks at: what it says of them is whole, and where
 * they are no program it has a reason.
 */
#include "command/program/elf_file.h"
#include "command/terminal/memory.h"
#include "require.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* memory.h, with memory that is given back after each input. */
static void *blocks[8192];
static size_t block_count;

void *memory_get(size_t size)
{
	require(block_count < sizeof(blocks) / sizeof(*blocks));
	return blocks[block_count++] = calloc(1, size);
}

char *memory_text(const char *format, ...)
{
	va_list arguments;
	char *text = memory_get(PATH_MAX);

	va_start(arguments, format);
	require(vsnprintf(text, PATH_MAX, format, arguments) < PATH_MAX);
	va_end(arguments);
	return text;
}

static void check(const struct elf_file *file)
{
	require(!file->interpreter || strlen(file->interpreter) < PATH_MAX);
	require(file->dynamic || (!file->needed_count && !file->runpath));
	for (size_t i = 0; i < file->needed_count; i++)
		require(strlen(file->needed[i]) < PATH_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	struct elf_file file;
	const char *why_not;

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	why_not = elf_file_read(fd, &file);
	require(!why_not || *why_not);
	require(why_not || elf_file_is_elf(fd));
	if (!why_not)
		check(&file);
	close(fd);
	while (block_count)
		free(blocks[--block_count]);
	return 0;
}
