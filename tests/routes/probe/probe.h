/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe - what the probes share. A probe starts something by the one call that it is named after,
 * and whatever it starts reports the context that it sees:
 *
 *	PROBE REPORTER MODE
 *
 * MODE is `inherit` (nothing is done before), `clean` (the environment is emptied first; calls
 * that take an environment get an empty one) or `scope` (a custom context is entered first).
 * REPORTER is the probe `report`, for calls that start programs. Exit status 77: this libc or
 * kernel does not have the call, said on stderr.
 */
#ifndef FLYTECTX_PROBE_H
#define FLYTECTX_PROBE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flyte_ctx.h"

extern char **environ;

static char *probe_reporter;
static char *probe_argv[2];
static char **probe_envp; /* for calls that take one */

/* One line, in one write: action name, custom context, whether the preload is in this process. */
static inline void probe_report(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();
	const char *increment = flyte_custom_context_get("increment");
	const char *scope = flyte_custom_context_get("scope");
	const struct flyte_task_context *(*loaded)(void);
	char line[256];
	int length;

	FLYTE_ADDRESS(flyte_ctx, loaded);
	length = snprintf(line, sizeof(line), "%s %s %s %s\n", context ? context->action.name : "-",
			  increment ? increment : "-", scope ? scope : "-",
			  loaded ? "mapped" : "absent");
	if (write(1, line, (size_t)length) != length)
		_exit(1);
}

static inline void probe_begin(int argc, char **argv)
{
	static const struct flyte_pair inner = { "scope", "inner" };
	static char *empty[] = { NULL };

	if (argc != 3) {
		fprintf(stderr, "usage: PROBE REPORTER inherit|clean|scope\n");
		exit(2);
	}
	probe_reporter = probe_argv[0] = argv[1];
	probe_envp = environ;
	if (!strcmp(argv[2], "clean")) {
		clearenv();
		probe_envp = empty;
	} else if (!strcmp(argv[2], "scope") && !flyte_custom_context_enter(&inner, 1)) {
		exit(1);
	}
}

/* Waits for a child; the probe ends as it did. */
static inline int probe_wait(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static inline int probe_skip(const char *why)
{
	fprintf(stderr, "%s\n", why);
	return 77;
}

/* After a call that failed: one that the kernel, or its emulation, lacks is no failure of ours. */
static inline int probe_failed(void)
{
	return errno == ENOSYS ? probe_skip("this kernel does not have the call") : 1;
}

#endif
