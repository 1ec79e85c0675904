/* SPDX-License-Identifier: Apache-2.0 */
/* See kmpc_stub.h. */
#include "pools/kmpc_stub.h"

#define STUB(name, number) STUB_BEGIN(name) STUB_JUMP(number, "pool_stub") STUB_END(name)

/* The number is the line's among those of LLVM in hooks.def. */
/* clang-format off */
__asm__(".text\n.cfi_startproc\n"
	STUB("__kmpc_fork_call", "0")
	STUB("__kmpc_fork_teams", "1")
	STUB("__kmpc_fork_call_if", "2")
	STUB("__kmpc_omp_task", "3")
	STUB("__kmpc_omp_task_parts", "4")
	STUB("__kmpc_omp_task_with_deps", "5")
	STUB("__kmpc_omp_task_begin_if0", "6")
	STUB("__kmpc_omp_task_complete_if0", "7")
	STUB("__kmpc_taskloop", "8")
	STUB("__kmpc_taskloop_5", "9")
	".type pool_stub, %function\npool_stub:\n" STUB_COMMON("pool_kmpc_route") STUB_END("pool_stub")
	".cfi_endproc\n");
/* clang-format on */

#define STUB_IS(name, number)                                                                      \
	_Static_assert(POOL_##name - POOL_FIRST_OF_LLVM == number, "the order of hooks.def")
STUB_IS(__kmpc_fork_call_if, 2);
STUB_IS(__kmpc_omp_task, 3);
STUB_IS(__kmpc_omp_task_complete_if0, 7);
STUB_IS(__kmpc_taskloop_5, 9);
