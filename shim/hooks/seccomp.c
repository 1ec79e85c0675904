/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp - who sets a filter may allow what the next program needs and nothing else, and kill for
 * the rest: from then on programs are not looked into before they are started. See raw.c as well.
 */
#include <linux/prctl.h>

#include "machine.h"
#include "real.h"

int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	if (option == PR_SET_SECCOMP)
		machine_look_no_more();
	return REAL(prctl)(option, a, b, c, d);
}
