/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heap - built with AddressSanitizer. `heap sound` runs what follows it and says so; `heap freed`
 * reads memory that it gave back, which the sanitizer has to report, preload or not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char *argv[])
{
	char *volatile memory = malloc(10);
	int status = 0;

	if (argc < 2 || !memory)
		return 2;
	memory[0] = 'x';
	if (argc > 2)
		status = system(argv[2]);
	if (!strcmp(argv[1], "sound"))
		printf("sound: %c, status %d\n", memory[0], status);
	free(memory);
	if (!strcmp(argv[1], "freed"))
		return memory[0];
	return 0;
}
