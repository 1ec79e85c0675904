/* SPDX-License-Identifier: Apache-2.0 */
/* See tracee.h. */
#include "command/carry/tracee.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

/* Of the vdso so much is looked through. */
#define VDSO_MAX 8192

#if defined(__x86_64__)

static const unsigned char call_instruction[] = { 0x0f, 0x05 };

bool tracee_is_possible(void)
{
	return true;
}

uint64_t tracee_stack(const tracee_registers *registers)
{
	return registers->rsp;
}

void tracee_set_stack(tracee_registers *registers, uint64_t stack)
{
	registers->rsp = stack;
}

/* In 64-bit mode: a 32-bit program has another stack than ours. */
static bool is_own_word(const tracee_registers *registers, size_t size)
{
	return size == sizeof(*registers) && registers->cs == 0x33;
}

static void set_call(tracee_registers *registers, uint64_t at, long number,
		     const uint64_t arguments[5])
{
	registers->rip = at;
	registers->rax = (uint64_t)number;
	registers->orig_rax = (uint64_t)-1;
	registers->rdi = arguments[0];
	registers->rsi = arguments[1];
	registers->rdx = arguments[2];
	registers->r10 = arguments[3];
	registers->r8 = arguments[4];
}

#elif defined(__aarch64__)

static const unsigned char call_instruction[] = { 0x01, 0x00, 0x00, 0xd4 };

bool tracee_is_possible(void)
{
	return true;
}

uint64_t tracee_stack(const tracee_registers *registers)
{
	return registers->sp;
}

void tracee_set_stack(tracee_registers *registers, uint64_t stack)
{
	registers->sp = stack;
}

static bool is_own_word(const tracee_registers *registers, size_t size)
{
	return size == sizeof(*registers);
}

static void set_call(tracee_registers *registers, uint64_t at, long number,
		     const uint64_t arguments[5])
{
	registers->pc = at;
	registers->regs[8] = (uint64_t)number;
	for (int i = 0; i < 5; i++)
		registers->regs[i] = arguments[i];
}

#else

static const unsigned char call_instruction[] = { 0 };

bool tracee_is_possible(void)
{
	return false;
}

uint64_t tracee_stack(const tracee_registers *registers)
{
	(void)registers;
	return 0;
}

void tracee_set_stack(tracee_registers *registers, uint64_t stack)
{
	(void)registers;
	(void)stack;
}

static bool is_own_word(const tracee_registers *registers, size_t size)
{
	(void)registers;
	(void)size;
	return false;
}

static void set_call(tracee_registers *registers, uint64_t at, long number,
		     const uint64_t arguments[5])
{
	(void)registers;
	(void)at;
	(void)number;
	(void)arguments;
}

#endif

bool tracee_get_registers(pid_t pid, tracee_registers *registers)
{
	struct iovec vector = { registers, sizeof(*registers) };

	return ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector) == 0 &&
	       is_own_word(registers, vector.iov_len);
}

bool tracee_set_registers(pid_t pid, const tracee_registers *registers)
{
	struct iovec vector = { (void *)registers, sizeof(*registers) };

	return ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &vector) == 0;
}

/* --- memory -------------------------------------------------------------------------------- */

static size_t peek(pid_t pid, uint64_t address, char *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		uint64_t start = (address + done) & ~(uint64_t)(sizeof(long) - 1);
		size_t skip = (size_t)(address + done - start);
		size_t count = sizeof(long) - skip;
		long word;

		errno = 0;
		word = ptrace(PTRACE_PEEKDATA, pid, (void *)(uintptr_t)start, NULL);
		if (errno)
			break;
		if (count > size - done)
			count = size - done;
		memcpy(to + done, (char *)&word + skip, count);
		done += count;
	}
	return done;
}

size_t tracee_read(pid_t pid, uint64_t address, void *to, size_t size)
{
	const struct iovec here = { to, size };
	const struct iovec there = { (void *)(uintptr_t)address, size };
	ssize_t count = process_vm_readv(pid, &here, 1, &there, 1, 0);

	if (count < 0 && errno == EPERM)
		return peek(pid, address, to, size);
	return count > 0 ? (size_t)count : 0;
}

/* `address` and `size` are multiples of a word. */
static bool poke(pid_t pid, uint64_t address, const char *from, size_t size)
{
	for (size_t done = 0; done < size; done += sizeof(long)) {
		long word = 0;

		memcpy(&word, from + done, size - done < sizeof(word) ? size - done : sizeof(word));
		if (ptrace(PTRACE_POKEDATA, pid, (void *)(uintptr_t)(address + done), word) < 0)
			return false;
	}
	return true;
}

bool tracee_write(pid_t pid, uint64_t address, const void *from, size_t size)
{
	const struct iovec here = { (void *)from, size };
	const struct iovec there = { (void *)(uintptr_t)address, size };
	ssize_t count = process_vm_writev(pid, &here, 1, &there, 1, 0);

	if (count < 0 && errno == EPERM)
		return poke(pid, address, from, size);
	return count == (ssize_t)size;
}

/* --- a system call ------------------------------------------------------------------------- */

static uint64_t find_instruction(pid_t pid, uint64_t vdso)
{
	unsigned char bytes[VDSO_MAX];
	size_t size = vdso ? tracee_read(pid, vdso, bytes, sizeof(bytes)) : 0;

	for (size_t i = 0; i + sizeof(call_instruction) <= size; i++)
		if (!memcmp(bytes + i, call_instruction, sizeof(call_instruction)))
			return vdso + i;
	return 0;
}

/*
 * On to the next start or end of a system call. All signals are held back but SIGSTOP: that is
 * noted, to be sent again. False: the process has ended, or can't be traced any more.
 */
static bool to_next(pid_t pid, int *status, bool *is_stopped)
{
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) < 0 && errno != ESRCH)
			return false;
		if (waitpid(pid, status, __WALL) != pid || !WIFSTOPPED(*status))
			return false;
		if (WSTOPSIG(*status) == (SIGTRAP | 0x80))
			return true;
		*is_stopped |= WSTOPSIG(*status) == SIGSTOP;
	}
}

bool tracee_call(pid_t pid, const tracee_registers *registers, uint64_t vdso, long number,
		 const uint64_t arguments[5], int *status)
{
	const uint64_t all = ~(uint64_t)0;
	const uint64_t at = find_instruction(pid, vdso);
	tracee_registers call = *registers;
	bool is_stopped = false;
	uint64_t mask;

	*status = 0;
	if (!at || ptrace(PTRACE_GETSIGMASK, pid, sizeof(mask), &mask) < 0 ||
	    ptrace(PTRACE_SETSIGMASK, pid, sizeof(all), &all) < 0)
		return tracee_set_registers(pid, registers);
	set_call(&call, at, number, arguments);
	/* First the end of the exec, which writes its own result over what is set before. */
	if (to_next(pid, status, &is_stopped) && tracee_set_registers(pid, &call) &&
	    to_next(pid, status, &is_stopped))
		to_next(pid, status, &is_stopped);
	if (*status && !WIFSTOPPED(*status))
		return false;
	*status = 0;
	ptrace(PTRACE_SETSIGMASK, pid, sizeof(mask), &mask);
	if (is_stopped)
		kill(pid, SIGSTOP);
	return tracee_set_registers(pid, registers);
}
