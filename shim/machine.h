/* SPDX-License-Identifier: Apache-2.0 */
/* machine - those that this preload is built for, and which of them a process is of. */
#ifndef FLYTECTX_MACHINE_H
#define FLYTECTX_MACHINE_H

#include <stdbool.h>

enum machine { MACHINE_X86_64, MACHINE_I386, MACHINE_AARCH64, MACHINES };

#if defined(__x86_64__)
#define MACHINE_OURS MACHINE_X86_64
#elif defined(__i386__)
#define MACHINE_OURS MACHINE_I386
#elif defined(__aarch64__)
#define MACHINE_OURS MACHINE_AARCH64
#endif

/* "x86_64"; the longest of them. */
#define MACHINE_NAME_MAX 8
const char *machine_name(enum machine machine);

/* The one of a program with this in its ELF header; MACHINES: one that we know nothing of. */
enum machine machine_of_elf(unsigned char elf_class, unsigned e_machine);

/*
 * Is there a loader of another machine, so that its programs may run here? Asked once in a process,
 * by the system call that ld.so begins with: no seccomp filter under which a process was started
 * kills for that. Filters that it sets later may: see the next.
 */
bool machine_others_run_here(void);

/* From now on the answer is no, without a system call. */
void machine_look_no_more(void);

/* Has that been said? A filter may kill for any system call of ours. */
bool machine_looks_no_more(void);

#endif
