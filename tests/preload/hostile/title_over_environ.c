/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A title is written over arguments and environment, as servers do to show in ps what they are
 * about. First with environ moved away, then without: its entries are parts of the title then.
 */
#include "hostile.h"

/* From the first argument to the end of the last variable. */
static void write_title(char *from, char *to)
{
	static const char title[] = "FLYTE_CTX=worker TRACEPARENT=idle ";

	for (size_t i = 0; from + i < to; i++)
		from[i] = title[i % (sizeof(title) - 1)];
	to[-1] = '\0';
}

int main(int argc, char **argv)
{
	char **initial = environ, **moved, *end = NULL;
	size_t count = 0;
	flyte_token token;

	hostile_begin(argc, argv);
	while (environ[count])
		count++;
	moved = (char **)calloc(count + 1, sizeof(*moved));
	for (size_t i = 0; i < count; i++) {
		end = environ[i] + strlen(environ[i]) + 1;
		moved[i] = strdup(environ[i]);
	}
	if (!end)
		return cannot("the environment is empty");
	environ = moved;
	write_title(argv[0], end);
	expect(sees(preloaded() ? "-" : "nothing"));
	expect_every_way("-", environ);
	token = enter("scope", "inner");
	expect_every_way("inner", environ);
	environ = initial;
	expect_every_way("inner", environ);
	flyte_context_exit(token);
	expect_every_way("-", environ);
	return hostile_end();
}
