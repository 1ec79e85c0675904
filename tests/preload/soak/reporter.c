/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reporter - what the soak starts, a hundred thousand times and more:
 *
 *	reporter NAME         its exit status is what it sees, compared with NAME
 *	reporter again NAME   replaces itself by that first, with an empty environment
 */
#include <unistd.h>

#include "expected.h"

int main(int argc, char **argv)
{
	char *nothing[] = { NULL };

	if (argc == 3) {
		char *again[] = { argv[0], argv[2], NULL };

		execve(argv[0], again, nothing);
		return FAILED;
	}
	return argc == 2 ? (int)expected_is_here(argv[1]) : FAILED;
}
