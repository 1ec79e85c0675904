/* SPDX-License-Identifier: Apache-2.0 */
/* Starts from threads that have 16 KiB of stack, with 5,000 variables. */
#include "hostile.h"

static char **variables;

static void *start(void *unused)
{
	expect_every_way("inner", variables);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_attr_t attributes;
	pthread_t threads[2];
	flyte_token token;

	hostile_begin(argc, argv);
	variables = environ = many_variables(5000);
	token = enter("scope", "inner");
	pthread_attr_init(&attributes);
	expect(pthread_attr_setstacksize(&attributes, 16384) == 0);
	for (int i = 0; i < 2; i++)
		expect(pthread_create(&threads[i], &attributes, start, NULL) == 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	flyte_context_exit(token);
	return hostile_end();
}
