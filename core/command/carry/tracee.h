/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tracee - a stopped process under ptrace: its memory, its registers, and a system call that it is
 * made to do (SPEC 5.15). What differs between machines is here.
 */
#ifndef FLYTECTX_TRACEE_H
#define FLYTECTX_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#if defined(__x86_64__)
#include <sys/user.h>
typedef struct user_regs_struct tracee_registers;
#elif defined(__aarch64__)
#include <asm/ptrace.h>
typedef struct user_pt_regs tracee_registers;
#else
typedef struct {
	int unused;
} tracee_registers;
#endif

/* Can programs be traced on this machine? */
bool tracee_is_possible(void);

/* Is it a program of this machine's own word, after its exec? Fills the registers. */
bool tracee_get_registers(pid_t pid, tracee_registers *registers);

bool tracee_set_registers(pid_t pid, const tracee_registers *registers);

uint64_t tracee_stack(const tracee_registers *registers);
void tracee_set_stack(tracee_registers *registers, uint64_t stack);

/*
 * How many bytes could be read or written, from the start of the range. Where the process belongs
 * to another user, word by word: that asks only for the tracer.
 */
size_t tracee_read(pid_t pid, uint64_t address, void *to, size_t size);
bool tracee_write(pid_t pid, uint64_t address, const void *from, size_t size);

/*
 * At the stop after an exec: makes the process do a system call through the instruction of its
 * vdso, with all signals held back, and gives it `registers` afterwards. False with the status of
 * waitpid(2) in `status` where the process has ended meanwhile; else 0 is there.
 */
bool tracee_call(pid_t pid, const tracee_registers *registers, uint64_t vdso, long number,
		 const uint64_t arguments[5], int *status);

#endif
