/* SPDX-License-Identifier: Apache-2.0 */
/* See repairs.h. */
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#include "context/env.h"
#include "program.h"
#include "repairs.h"
#include "machine.h"
#include "state.h"
#include "sys.h"

enum { SAME_PROGRAM = 2, ALL_PROGRAMS = 8 };

/* The process that has forked last. */
static atomic_uint forker;

static unsigned this_process(void)
{
	return (unsigned)sys_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

void repairs_before_fork(void)
{
	unsigned self;

	if (atomic_load_explicit(&forker, memory_order_relaxed))
		return;
	self = this_process();
	atomic_store_explicit(&forker, self, memory_order_relaxed);
}

/* True where a process has forked before, and this is not it. */
static bool is_forked(unsigned self)
{
	unsigned known = atomic_load_explicit(&forker, memory_order_relaxed);

	return known && known != self;
}

/* --- the marker: eight hexadecimal digits; of the process and the program what fits there --- */

static unsigned pack(const struct repaired *repaired)
{
	return repaired->pid << 16 | repaired->target << 8 | repaired->same << 4 | repaired->all;
}

void repairs_read(const char *value, struct repaired *repaired)
{
	unsigned number = 0;

	for (; *value; value++)
		number = number << 4 | ((unsigned)(*value & 15) + (*value > '9' ? 9 : 0));
	*repaired = (struct repaired) { .pid = number >> 16,
					.target = number >> 8 & 255,
					.same = number >> 4 & 15,
					.all = number & 15 };
}

static void write_marker(const struct repaired *repaired, char *to)
{
	unsigned number = pack(repaired);
	int digits = 8;

	to = text_copy(to, ENV_REPAIRED, sizeof(ENV_REPAIRED) - 1);
	to[digits] = '\0';
	for (; digits; number >>= 4)
		to[--digits] = "0123456789abcdef"[number & 15];
}

/* A number for the path. It may be a bad address, which the kernel finds out first. */
static unsigned number_of(const char *path)
{
	unsigned number = 0;

	if (!path || sys_call(SYS_faccessat, AT_FDCWD, (long)path, 0, 0, 0, 0) == -EFAULT)
		return 0;
	while (*path)
		number = (number << 1) + (unsigned char)*path++;
	return ((number ^ number >> 8) & 255) | 1;
}

bool repairs_go_on(const struct program *program, char marker[REPAIRS_MARKER])
{
	const struct repaired *before = &state()->repaired;
	struct repaired now = { 0 };

	*marker = '\0';
	if (machine_looks_no_more())
		return true;
	now.pid = this_process();
	if (is_forked(now.pid))
		return true;
	now.pid &= UINT16_MAX;
	/* The first time it is not looked at yet, and counts as the same as the second. */
	if (before->pid == now.pid) {
		now.target = number_of(program->path);
		now.all = before->all;
		now.same = !before->target || before->target == now.target ? before->same : 0;
	}
	if (now.same++ >= SAME_PROGRAM || now.all++ >= ALL_PROGRAMS)
		return false;
	write_marker(&now, marker);
	return true;
}
