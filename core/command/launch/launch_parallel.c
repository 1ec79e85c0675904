/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_parallel - GNU parallel hands the environment to jobs on this machine, and to those of
 * --sshlogin what --env names. --env may be given several times, the environment variable PARALLEL
 * and profiles included.
 */
#include "command/launch/launch.h"

void launch_parallel(struct launch *launch)
{
	for (size_t i = 0; i < launch->variable_count; i++) {
		const char *const option[] = { "--env", launch->variables[i] };

		command_line_insert(&launch->words, 1, option, 2);
	}
}
