/* SPDX-License-Identifier: Apache-2.0 */
/*
 * repairs - the end of a circle: a program that finds something in its environment, and starts
 * itself again without it, would be given it back each time. So what exec puts right is counted,
 * for each process, in the environment (ENV_REPAIRED): there alone does it get to the program that
 * takes the place of this one. The third time that one program comes next, and the ninth in all, it
 * gets the environment that its starter wanted.
 */
#ifndef FLYTECTX_REPAIRS_H
#define FLYTECTX_REPAIRS_H

#include <stdbool.h>

/* The name, eight digits, a NUL. */
#define REPAIRS_MARKER 32

struct program;
struct repaired;

/* The value of ENV_REPAIRED; what is none counts as never. */
void repairs_read(const char *value, struct repaired *repaired);

/*
 * False: the environment is not to be put right any more. Else `marker` is what it is to have: ""
 * where this process is a fork's child, which begins to count when it starts a program.
 */
bool repairs_go_on(const struct program *program, char marker[REPAIRS_MARKER]);

/* Before a fork: its child is to know that it is one. */
void repairs_before_fork(void);

#endif
