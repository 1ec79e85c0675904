/* SPDX-License-Identifier: Apache-2.0 */
/* Two threads write to one place without a lock, in a task in a scope: see wrong_memory.c. */
#include <pthread.h>

#include "flyte_ctx.h"

static int place;

static void *write_often(void *unused)
{
	for (int i = 0; i < 100000; i++)
		place += i;
	return unused;
}

int main(void)
{
	const struct flyte_pair pair = { "scope", "inner" };
	flyte_token token = flyte_custom_context_enter(&pair, 1);
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, write_often, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	flyte_context_exit(token);
	return 0;
}
