/* SPDX-License-Identifier: Apache-2.0 */
#include <wordexp.h>

#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	char command[4096];
	wordexp_t words;

	snprintf(command, sizeof(command), "$(%s)", probe_reporter);
	if (wordexp(command, &words, 0))
		return 1;
	for (size_t i = 0; i < words.we_wordc; i++)
		printf("%s%c", words.we_wordv[i], i + 1 < words.we_wordc ? ' ' : '\n');
	return 0;
}
