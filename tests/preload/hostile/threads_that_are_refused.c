/* SPDX-License-Identifier: Apache-2.0 */
/* EAGAIN from pthread_create, from the kernel: neither memory nor a scope is left behind. */
#include <sys/resource.h>
#include <threads.h>

#include "hostile.h"

static void *never(void *unused)
{
	return unused;
}

static int never_c11(void *unused)
{
	return unused != NULL;
}

static void refused(void)
{
	flyte_token token = enter("scope", "inner");
	pthread_t thread;
	thrd_t c11;

	expect(pthread_create(&thread, NULL, never, NULL) == EAGAIN);
	expect(thrd_create(&c11, never_c11, NULL) != thrd_success);
	expect(sees(preloaded() ? "inner" : "nothing"));
	flyte_context_exit(token);
}

int main(int argc, char **argv)
{
	const struct rlimit none = { 0, 0 };
	pthread_t thread;
	long before = 0;

	hostile_begin(argc, argv);
	/* The limit is not for root. */
	if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
		return cannot("nobody can't be become");
	setrlimit(RLIMIT_NPROC, &none);
	if (pthread_create(&thread, NULL, never, NULL) != EAGAIN)
		return cannot("RLIMIT_NPROC is not observed");
	for (int i = 0; i < 4000 && !hostile_failures; i++) {
		if (i == 500)
			before = kilobytes_in_use();
		refused();
	}
	expect(kilobytes_in_use() < before + 512);
	return hostile_end();
}
