/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library whose constructor uses scopes: libc runs it before or after ours. Built as a library,
 * with -DLIBRARY, and as the program that links it.
 */
#include "leave.h"

#ifdef LIBRARY

int failures_of_constructor(void);

int failures_of_constructor(void)
{
	return leave_failures;
}

__attribute__((constructor)) static void construct(void)
{
	flyte_token token = enter("scope", "constructor");

	expect("scope", "constructor");
	expect("increment", "1");
	expect_true(flyte_context_exit(token) == 0);
	expect("scope", "-");
}

/* And a destructor, when the program is over. */
__attribute__((destructor)) static void destruct(void)
{
	expect("increment", "1");
	FLYTE_CUSTOM_CONTEXT ("scope", "destructor")
		expect("scope", "destructor");
	if (leave_failures)
		_Exit(1);
}

#else

int failures_of_constructor(void);

int main(void)
{
	leave_failures += failures_of_constructor();
	return leave_end();
}

#endif
