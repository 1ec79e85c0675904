/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor - the two halves of `flytectx doctor`: what CMD is, and what the environment here does.
 */
#ifndef FLYTECTX_DOCTOR_H
#define FLYTECTX_DOCTOR_H

#include "command/doctor/diagnosis.h"
#include "command/program/elf_libc.h"

/*
 * Looks at the file `path` and, where it is a script, at what runs it. Returns the loader of the
 * last program that is started, LOADER_UNKNOWN where it has none that we know.
 */
enum elf_loader doctor_program(struct diagnosis *diagnosis, const char *path);

/* Asks a Python for the package flytectx in it. */
void doctor_python(struct diagnosis *diagnosis, const char *path);

/* Looks at the variables here, for a program with that loader. */
void doctor_environment(struct diagnosis *diagnosis, enum elf_loader loader);

/* The LD_PRELOAD that ld.so reads, which is the last; "" where there is none. */
const char *doctor_preload_list(void);

#endif
