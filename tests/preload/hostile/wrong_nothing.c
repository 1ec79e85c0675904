/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing is wrong here, and nobody may say so: OpenMP where the compiler was told, threads and
 * programs in a scope, their context read. See wrong_memory.c.
 */
#include <string.h>

#include "hostile.h"

static void *look(void *unused)
{
	return sees(preloaded() ? "inner" : "nothing") ? unused : NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[4];
	flyte_token token;
	void *result;
	int sum = 0;

	hostile_begin(argc, argv);
#ifdef _OPENMP
#pragma omp parallel for reduction(+ : sum) num_threads(2)
#endif
	for (int i = 0; i < 100; i++)
		sum += i;
	expect(sum == 4950);
	token = enter("scope", "inner");
	for (int i = 0; i < 4; i++)
		expect(pthread_create(&threads[i], NULL, look, &sum) == 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		expect(result == &sum);
	}
	expect_every_way("inner", environ);
	flyte_context_exit(token);
	return hostile_end();
}
