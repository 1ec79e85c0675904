/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process_environ - the environment that another process was started with.
 */
#ifndef FLYTECTX_PROCESS_ENVIRON_H
#define FLYTECTX_PROCESS_ENVIRON_H

/* Kept until the process ends. A process that can't be looked at ends flytectx, with the reason. */
char **process_environ(const char *pid);

#endif
