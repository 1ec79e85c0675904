/* SPDX-License-Identifier: Apache-2.0 */
/* Decides by a value that was never set: see wrong_memory.c. */
#include <stdlib.h>

int main(void)
{
	int *volatile memory = malloc(4 * sizeof(*memory));

	return memory[2] ? 3 : 4;
}
