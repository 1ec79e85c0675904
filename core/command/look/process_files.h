/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process_files - what /proc says of a process and its threads. Texts are kept until flytectx
 * ends.
 */
#ifndef FLYTECTX_PROCESS_FILES_H
#define FLYTECTX_PROCESS_FILES_H

#include <stdbool.h>
#include <sys/types.h>

/* Calls `visit` for each number that is a name in the directory; false where `visit` said so. */
bool process_each_number(const char *directory, bool (*visit)(int number, void *argument),
			 void *argument);

/* The start of a file, with a NUL; its length, or -1. Takes no memory. */
ssize_t process_read_file(const char *path, char *to, size_t room);

/* Its parent and the name of its program; false: there is no such process. */
bool process_read_stat(pid_t pid, pid_t *parent, const char **name);

/* Its arguments with blanks between; `name` in brackets where it shows none. */
const char *process_command(pid_t pid, const char *name);

const char *process_thread_name(pid_t pid, pid_t tid);

/* Its PID namespace; NULL where that is ours or can't be known. */
const char *process_space(pid_t pid);

/* The number of a thread in the innermost namespace that it is in. */
pid_t process_inner_number(pid_t pid, pid_t tid);

#endif
