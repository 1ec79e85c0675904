# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
#
# tools - LLVM's runtime with tools beside ours, Archer, and what regions leave in memory. test_openmp
# sources this.

# Theirs is the only one that LLVM's runtime has then; ours must not stand in its place.
check_tools()
{
	local expected
	cat >"$work/tool.c" <<-'C'
	#include <omp-tools.h>
	#include <stdio.h>
	static int begin(ompt_function_lookup_t look_up, int device, ompt_data_t *data)
	{
		(void)device, (void)data;
		printf("the user's tool %d\n", look_up("ompt_set_callback") != NULL);
		fflush(stdout);
		return 1;
	}
	static void end(ompt_data_t *data)
	{
		(void)data;
	}
	ompt_start_tool_result_t *ompt_start_tool(unsigned version, const char *runtime)
	{
		static ompt_start_tool_result_t result = { begin, end, { 0 } };
		(void)version, (void)runtime;
		return &result;
	}
	C
	compile clang libtool.so -shared -fPIC "$work/tool.c"
	compile clang regions "$here/regions.c"
	expected="the user's tool 1"
	is "a tool in OMP_TOOL_LIBRARIES" "$expected" "$(preloaded \
		OMP_TOOL_LIBRARIES="$work/libtool.so" "$work/regions" 2>/dev/null | head -n 1)"
	is "a tool in OMP_TOOL_LIBRARIES: each thread has its submitter's context" ', 0 wrong' "$(preloaded \
		OMP_TOOL_LIBRARIES="$work/libtool.so" "$work/regions" 2>&1 >/dev/null | grep -o ', 0 wrong')"
	is 'a tool that is preloaded too' "$expected" "$(LD_PRELOAD=$library:$work/libtool.so \
		"$work/regions" 2>/dev/null | head -n 1)"
	compile clang linked "$here/regions.c" "$work/libtool.so"
	is 'a tool that is linked' "$expected" "$(preloaded LD_LIBRARY_PATH="$work" \
		"$work/linked" 2>/dev/null | head -n 1)"
	is 'OMP_TOOL=disabled' "$("$work/regions" 2>&1)" "$(FLYTE_CTX='' preloaded \
		OMP_TOOL=disabled "$work/regions" 2>&1)"
}

# Archer is LLVM's tool for ThreadSanitizer: without it this program has a race that it has not.
check_archer()
{
	local expected
	cat >"$work/archer.c" <<-'C'
	#include <stdio.h>
	int main(void)
	{
		int value = 0;
	#pragma omp parallel num_threads(2)
		{
	#pragma omp single
			value = 1;
	#pragma omp single
			value++;
		}
		printf("%d\n", value);
	}
	C
	compile clang archer -g -fsanitize=thread "$work/archer.c"
	expected=$(TSAN_OPTIONS=ignore_noninstrumented_modules=1 "$work/archer" 2>&1)
	is 'Archer still sees for ThreadSanitizer' "$expected" \
		"$(preloaded TSAN_OPTIONS=ignore_noninstrumented_modules=1 "$work/archer" 2>&1)"
	is 'and is there' 1 "$(preloaded ARCHER_OPTIONS=verbose=1 "$work/archer" 2>&1 |
		grep -c 'Archer detected OpenMP application with TSan')"
}

check_memory() # NAME [VARIABLE=VALUE]...
{
	local name="memory.c, $1: 100,000 of each take no memory that stays"
	shift
	if preloaded OMP_CANCELLATION=true "$@" "$work/memory" 2>"$work/said"; then
		ok "$name"
	else
		not_ok "$name" "$(cat "$work/said")"
	fi
}

check_memories()
{
	local compiler newest
	for compiler in gcc clang; do
		is "memory.c, $compiler: compiles" '' "$(compile $compiler memory "$here/memory.c")"
		check_memory $compiler
	done
	[ "$size" != quick ] || return
	if newest=$(tests/tools/libomp "$build" 19 2>"$work/said"); then
		check_memory "LLVM's runtime, 19" LD_LIBRARY_PATH="$newest"
	else
		skip "memory.c, LLVM's runtime, 19" "$(tail -n 1 "$work/said")"
	fi
}
