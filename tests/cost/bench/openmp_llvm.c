/* SPDX-License-Identifier: Apache-2.0 */
/* openmp_llvm ROUNDS - what the preload adds to a region of LLVM's OpenMP, see openmp.h. */
#include "openmp.h"

/* What the compiler tells the runtime of a place in the program (ident_t). */
struct place {
	int zero, flags, more[2];
	const char *source;
};

extern int __kmpc_global_thread_num(struct place *place);
extern void __kmpc_push_num_threads(struct place *place, int thread, int count);

static struct place place = { 0, 2, { 0, 0 }, ";unknown;unknown;0;0;;" };

static void microtask(int *thread, int *number, int *variable)
{
	(void)thread, (void)number;
	if (*variable > 0)
		count_scopes();
	little_work(variable);
}

static void region(void *function, int *variable)
{
	void (*fork_call)(struct place *, int, void (*)(int *, int *, int *), ...);

	*(void **)(void *)&fork_call = function;
	__kmpc_push_num_threads(&place, __kmpc_global_thread_num(&place), 2);
	fork_call(&place, 1, microtask, variable);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: openmp_llvm ROUNDS");
	return measure_regions(number_from(argv[1]), "libomp.so.5", "__kmpc_fork_call");
}
