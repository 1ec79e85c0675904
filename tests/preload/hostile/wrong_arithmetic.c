/* SPDX-License-Identifier: Apache-2.0 */
/* Overflows: see wrong_memory.c. */
#include <limits.h>

int main(int argc, char **argv)
{
	volatile int large = INT_MAX, sum;

	(void)argv;
	sum = large + argc;
	return sum > 0;
}
