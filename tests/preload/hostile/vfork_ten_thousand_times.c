/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vfork and exec 10,000 times, with more variables than fit the stack: a vfork child runs in our
 * memory, and what it maps would stay. Most of them exec what is not there first, as shells do on
 * PATH.
 */
#include "hostile.h"

static void start(char *const envp[], bool whole)
{
	char *const *argv = looking_for("inner");
	pid_t pid = vfork();

	if (pid == 0) {
		execve("/nowhere", argv, envp);
		if (whole)
			execve(hostile_self, argv, envp);
		_exit(errno == ENOENT && !whole ? 0 : 126);
	}
	expect(ended(pid) == 0);
}

int main(int argc, char **argv)
{
	char **envp = many_variables(400);
	flyte_token token;
	int before = 0;
	long size = 0;

	(void)argc;
	hostile_begin(argc, argv);
	token = enter("scope", "inner");
	for (int i = 0; i < 10000 && !hostile_failures; i++) {
		start(envp, i % 10 == 0);
		if (i == 100) {
			before = count_mappings();
			size = kilobytes_in_use(); /* mappings beside each other are one */
		}
	}
	expect(count_mappings() == before);
	expect(kilobytes_in_use() < size + 64);
	flyte_context_exit(token);
	return hostile_end();
}
