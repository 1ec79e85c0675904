/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	FILE *stream = popen(probe_reporter, "w");

	return stream ? pclose(stream) : 1;
}
