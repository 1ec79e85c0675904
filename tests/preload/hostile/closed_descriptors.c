/* SPDX-License-Identifier: Apache-2.0 */
/* All descriptors are closed, the first three as well: the preload has none to lose. */
#include "hostile.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

int main(int argc, char **argv)
{
	flyte_token token;

	hostile_begin(argc, argv);
	if (syscall(SYS_close_range, 3, ~0U, 0))
		return cannot("this kernel has no close_range");
	token = enter("scope", "inner");
	expect_every_way("inner", environ);
	/* From here on the exit status alone says what is wrong. */
	syscall(SYS_close_range, 0, ~0U, 0);
	expect_every_way("inner", environ);
	expect(open("/", O_RDONLY | O_DIRECTORY) == 0); /* nobody opened anything */
	flyte_context_exit(token);
	return hostile_end();
}
