/* SPDX-License-Identifier: Apache-2.0 */
/* The program that probes start: says what context it sees. */
#include "probe.h"

int main(void)
{
	probe_report();
	return 0;
}
