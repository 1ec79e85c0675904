/* SPDX-License-Identifier: Apache-2.0 */
/* See machine.h. */
#include <elf.h>
#include <stdatomic.h>

#include "machine.h"
#include "sys.h"

static const struct {
	char name[MACHINE_NAME_MAX];
	char loaders[2][28]; /* of glibc and of musl */
	unsigned char class;
	unsigned char elf; /* e_machine */
} machines[MACHINES] = {
	{ "x86_64",
	  { "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1" },
	  ELFCLASS64,
	  EM_X86_64 },
	{ "i386", { "/lib/ld-linux.so.2", "/lib/ld-musl-i386.so.1" }, ELFCLASS32, EM_386 },
	{ "aarch64",
	  { "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1" },
	  ELFCLASS64,
	  EM_AARCH64 },
};

const char *machine_name(enum machine machine)
{
	return machines[machine].name;
}

enum machine machine_of_elf(unsigned char elf_class, unsigned e_machine)
{
	int i = 0;

	while (i < MACHINES && (machines[i].class != elf_class || machines[i].elf != e_machine))
		i++;
	return (enum machine)i;
}

static bool any_loader(enum machine machine)
{
	return sys_exists(machines[machine].loaders[0]) || sys_exists(machines[machine].loaders[1]);
}

/* 'y', 'n', or 0: not asked yet. */
static atomic_char known;

bool machine_others_run_here(void)
{
	char answer = atomic_load_explicit(&known, memory_order_relaxed);

	for (int i = 0; !answer && i < MACHINES; i++)
		if (i != MACHINE_OURS && any_loader((enum machine)i))
			answer = 'y';
	if (!answer)
		answer = 'n';
	atomic_store_explicit(&known, answer, memory_order_relaxed);
	return answer == 'y';
}

static atomic_bool looks_no_more;

bool machine_looks_no_more(void)
{
	return atomic_load_explicit(&looks_no_more, memory_order_relaxed);
}

void machine_look_no_more(void)
{
	atomic_store_explicit(&looks_no_more, true, memory_order_relaxed);
	atomic_store_explicit(&known, 'n', memory_order_relaxed);
}
