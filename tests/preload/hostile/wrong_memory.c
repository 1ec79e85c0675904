/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that are wrong (wrong_*.c): what finds that has to say so under the preload too. This
 * one uses memory that it has freed.
 */
#include <stdlib.h>

int main(void)
{
	int *volatile memory = malloc(4 * sizeof(*memory));

	free(memory);
	return memory[2];
}
