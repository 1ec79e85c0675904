/* SPDX-License-Identifier: Apache-2.0 */
/*
 * where - reports the context that it was started with, and that of its ancestors: what every
 * route of the tests and of the demo ends in. See report.h. EXPECTED may be empty; STARTER is the
 * thread that started it, where that is not its parent's first.
 */
#include <stdio.h>
#include <stdlib.h>

#include "report.h"

int main(int argc, char *argv[])
{
	if (argc < 3 || argc > 5) {
		fprintf(stderr, "usage: where LOG LABEL [EXPECTED [STARTER]]\n");
		return 2;
	}
	if (report(argv[1], argv[2], argv[3], argc > 4 ? atoi(argv[4]) : 0)) {
		perror("where: no report");
		return 1;
	}
	return 0;
}
