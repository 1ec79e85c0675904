/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf_symbols - which runtimes are linked into an ELF file, by its sections and dynamic symbols.
 */
#ifndef FLYTECTX_ELF_SYMBOLS_H
#define FLYTECTX_ELF_SYMBOLS_H

#include "command/program/elf_file.h"

#include <libelf.h>

/* Sets has_asan, has_asan_options and is_go. A file without sections, or with bad ones, has none.
 */
void elf_symbols_read(Elf *elf, struct elf_file *file);

#endif
