/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

#ifdef __GLIBC__
#include <ucontext.h>

/* It reports where it goes on: its starter has left its scope by then, and entered another. */
static ucontext_t caller, coroutine;

static void body(void)
{
	swapcontext(&coroutine, &caller);
	probe_report();
}
#endif

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
#ifdef __GLIBC__
	static const struct flyte_pair other = { "scope", "other" };
	static char stack[65536] __attribute__((aligned(16)));

	if (getcontext(&coroutine))
		return 1;
	coroutine.uc_stack.ss_sp = stack;
	coroutine.uc_stack.ss_size = sizeof(stack);
	coroutine.uc_link = &caller;
	makecontext(&coroutine, body, 0);
	if (swapcontext(&caller, &coroutine) || !flyte_custom_context_enter(&other, 1))
		return 1;
	return swapcontext(&caller, &coroutine);
#else
	return probe_skip("this libc has no swapcontext");
#endif
}
