/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict seccomp: any system call but read, write and exit kills. Contexts are read, entered and
 * left there, and the environment is changed.
 */
#include <sys/prctl.h>

#include "hostile.h"

static bool work(void)
{
	flyte_token token = enter("scope", "inner");
	bool right = sees(preloaded() ? "inner" : "nothing");

	flyte_ctx_release(flyte_ctx_retain(flyte_ctx_get()));
	setenv("NAME", "value", 1);
	unsetenv("NAME");
	return flyte_context_exit(token) == 0 && right;
}

int main(int argc, char **argv)
{
	pid_t pid;

	hostile_begin(argc, argv);
	pid = fork();
	if (pid == 0) {
		bool right = work(); /* what is allocated once is there */

		if (prctl(PR_SET_SECCOMP, 1))
			_exit(77);
		for (int i = 0; i < 1000; i++)
			right = work() && right;
		syscall(SYS_exit, !right); /* _exit() is another call, that of all threads */
	}
	hostile_failures = ended(pid);
	if (hostile_failures == 77)
		return cannot("no strict seccomp");
	return hostile_end();
}
