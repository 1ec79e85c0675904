/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	FILE *stream = popen(probe_reporter, "we");
	int (*volatile end)(FILE *) = fclose; /* so that compilers don't warn of the mismatch */
	int result = stream ? end(stream) : 1;

	/* In musl nobody has waited yet. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	return result;
}
