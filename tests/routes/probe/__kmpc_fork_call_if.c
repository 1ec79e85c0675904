/* SPDX-License-Identifier: Apache-2.0 */
#include "kmpc.h"

static void report(int *thread, int *number, void *argument)
{
	(void)thread, (void)number;
	if (argument != &kmpc_place)
		exit(1);
	pool_report();
	pool_wait();
}

int main(int argc, char **argv)
{
	void (*fork_if)(struct kmpc_place *, int, void (*)(int *, int *, void *), int, void *);

	if (!kmpc_begin())
		return KMPC_MISSING;
	*(void **)&fork_if = dlsym(pool_runtime, "__kmpc_fork_call_if");
	if (!fork_if)
		return probe_skip("LLVM has it since version 16");
	*(void **)&fork_if = pool_function("__kmpc_fork_call_if");
	probe_begin(argc, argv);
	fork_if(&kmpc_place, 1, report, 1, &kmpc_place);
	return 0;
}
