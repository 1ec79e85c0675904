/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is written may never be run (systemd's MemoryDenyWriteExecute): programs that are
 * started inherit that, and load the preload under it.
 */
#include <sys/prctl.h>

#include "hostile.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE              65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

int main(int argc, char **argv)
{
	flyte_token token;

	hostile_begin(argc, argv);
	if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0))
		return cannot("this kernel has no PR_SET_MDWE");
	token = enter("scope", "inner");
	expect_every_way("inner", environ);
	flyte_context_exit(token);
	return hostile_end();
}
