/* SPDX-License-Identifier: Apache-2.0 */
/* Starts while another thread changes the environment, without a pause. */
#include <stdatomic.h>

#include "hostile.h"

static atomic_bool stop;

static void *change(void *unused)
{
	char name[32], value[256];

	for (unsigned i = 0; !stop; i++) {
		snprintf(name, sizeof(name), "CHANGED_%u", i % 300);
		snprintf(value, sizeof(value), "%0*u", (int)(i % 200) + 1, i);
		setenv(name, value, 1);
		if (i % 3 == 0)
			unsetenv(name);
	}
	return unused;
}

int main(int argc, char **argv)
{
	char *const fixed[] = { (char *)(uintptr_t) "A=1", NULL };
	pthread_t thread;
	flyte_token token;

	hostile_begin(argc, argv);
	if (!preloaded())
		return 0; /* libc alone does not promise it */
#ifndef __GLIBC__
	/* With or without us: what is there while it is looked at may be gone when the kernel reads
	 * it. */
	return cannot("the setenv of this libc frees what an exec may be reading");
#endif
	pthread_create(&thread, NULL, change, NULL);
	token = enter("scope", "inner");
	for (int i = 0; i < 30; i++)
		expect_every_way("inner", fixed);
	flyte_context_exit(token);
	stop = true;
	pthread_join(thread, NULL);
	return hostile_end();
}
