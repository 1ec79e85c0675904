/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launcher - which launchers `flytectx launch` knows, and which one a program is.
 */
#ifndef FLYTECTX_LAUNCHER_H
#define FLYTECTX_LAUNCHER_H

#include "command/launch/launch.h"

#define LAUNCHER_NAMES                                                                             \
	"  ssh                                        OpenSSH\n"                                   \
	"  mpirun, mpiexec, orterun, oshrun           Open MPI, MPICH\n"                           \
	"  srun, sbatch, salloc                       Slurm\n"                                     \
	"  parallel                                   GNU parallel"

struct launcher {
	const char *names;   /* separated by blanks, one at both ends too */
	const char *version; /* what --version prints; NULL: nobody asks */
	void (*carry)(struct launch *launch);
};

/* By its name, and where that is not enough by what it says itself; else flytectx ends. */
const struct launcher *launcher_find(const char *program);

#endif
