/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a program, ends it at its first getopt_long(): prints its long options, with 1 for
 * a value. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

int getopt_long(int argc, char *const argv[], const char *letters, const struct option *options,
		int *index)
{
	(void)argc, (void)argv, (void)letters, (void)index;
	for (; options->name; options++)
		printf("%s %d\n", options->name, options->has_arg == required_argument);
	exit(0);
}
