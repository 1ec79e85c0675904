/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch - what `flytectx launch` hands to one of the files launch_*: each knows a launcher, and
 * writes into its command line or its environment what takes the context to other machines.
 */
#ifndef FLYTECTX_LAUNCH_H
#define FLYTECTX_LAUNCH_H

#include "command/launch/command_line.h"

#define LAUNCH_VARIABLES 8

struct launch {
	struct command_line words;                   /* the launcher and what stands behind it */
	const char *variables[LAUNCH_VARIABLES + 1]; /* names of what is carried; all are set */
	size_t variable_count;                       /* at least one: FLYTE_CTX */
	const char *library; /* the preload on the other machines; NULL: it is not carried */
};

void launch_ssh(struct launch *launch);
void launch_open_mpi(struct launch *launch);
void launch_mpich(struct launch *launch);
void launch_srun(struct launch *launch);
void launch_sbatch(struct launch *launch);
void launch_salloc(struct launch *launch);
void launch_parallel(struct launch *launch);

/* `list` is what the user sets LD_PRELOAD to on the other machines: the same with the preload. */
const char *launch_preload(const struct launch *launch, const char *list);

/* `list` with the names that are not in it behind it; names in it may have "=VALUE". */
const char *launch_names(const struct launch *launch, const char *list, char separator);

#endif
