/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process_environ - the environment that another process was started with.
 */
#ifndef FLYTECTX_PROCESS_ENVIRON_H
#define FLYTECTX_PROCESS_ENVIRON_H

/* Kept until the process ends. A process that can't be looked at ends flytectx, with the reason. */
char **process_environ(const char *pid);

/* So much of it is looked at by the next one. */
#define PROCESS_ENVIRON_MAX ((size_t)1024 * 1024)

/* The same, where NULL with errno stands for one that can't be looked at. */
char **process_environ_try(int pid);

#endif
