/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf_libc - which libc a dynamic program has: by its loader, and by the libraries that it needs.
 */
#ifndef FLYTECTX_ELF_LIBC_H
#define FLYTECTX_ELF_LIBC_H

#include "command/program/elf_file.h"

enum elf_loader { LOADER_GLIBC, LOADER_MUSL, LOADER_UNKNOWN };

/* By the name of the file, which is a part of each libc's ABI. */
enum elf_loader elf_loader(const char *interpreter);

enum elf_libc { LIBC_NEEDED, LIBC_NOT_NEEDED, LIBC_UNTOLD };

/*
 * Does the program at `path` need a libc, itself or by a library that it needs? LIBC_UNTOLD: a
 * library is not found where loaders look first (`missing` names it). /etc/ld.so.cache is not read.
 */
enum elf_libc elf_libc(const char *path, const struct elf_file *file, const char **missing);

#endif
