/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every thread-specific key there can be is taken before the first scope: ours, which lets go of
 * what a thread has at its end, can't be had. All works; memory of such threads is not got back.
 */
#include "hostile.h"

static void *start(void *unused)
{
	flyte_token token = enter("own", "1");
	char **envp = many_variables(1000);

	expect(sees(preloaded() ? "inner" : "nothing"));
	expect(!preloaded() || !strcmp(custom("own"), "1"));
	expect_every_way("inner", envp);
	flyte_context_exit(token);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_key_t key;
	pthread_t thread;
	flyte_token token;
	int keys = 0;

	hostile_begin(argc, argv);
	while (keys < 100000 && pthread_key_create(&key, NULL) == 0)
		keys++;
	expect(keys > 0 && keys < 100000);
	token = enter("scope", "inner");
	for (int i = 0; i < 10; i++) {
		expect(pthread_create(&thread, NULL, start, NULL) == 0);
		pthread_join(thread, NULL);
	}
	expect(flyte_context_exit(token) == 0);
	return hostile_end();
}
