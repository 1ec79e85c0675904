/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope ROUNDS - what scopes cost, in nanoseconds, in contexts of 1 to 1,000 keys: entering one
 * more pair and exiting, and a lookup. Run under the preload, in a task.
 */
#include "flyte_ctx.h"
#include "sample.h"

enum { LOOPS = 2000, MOST_KEYS = 1000 };

static char names[MOST_KEYS][16];
static size_t key_count;

static void enter_and_exit(size_t loop)
{
	char value[] = { (char)('0' + loop % 10), '\0' };
	struct flyte_pair pair = { "increment", value };

	if (flyte_context_exit(flyte_custom_context_enter(&pair, 1)))
		abort();
}

static void look_up(size_t loop)
{
	if (!flyte_custom_context_get(names[loop * 7919 % key_count]))
		abort();
}

static double measure(void (*call)(size_t))
{
	double start = now();

	for (size_t loop = 0; loop < LOOPS; loop++)
		call(loop);
	return (now() - start) / LOOPS;
}

int main(int argc, char **argv)
{
	static const size_t sizes[] = { 1, 3, 10, 30, 100, 300, MOST_KEYS };
	enum { SIZES = sizeof(sizes) / sizeof(*sizes) };
	static const char *const titles[2 * SIZES] = {
		"enter 1",   "enter 3",    "enter 10",   "enter 30",    "enter 100",
		"enter 300", "enter 1000", "lookup 1",   "lookup 3",    "lookup 10",
		"lookup 30", "lookup 100", "lookup 300", "lookup 1000",
	};
	static struct flyte_pair pairs[MOST_KEYS];
	double times[2 * SIZES];

	if (argc != 2)
		errx(2, "usage: scope ROUNDS");
	if (!flyte_ctx_get())
		errx(1, "no context: run me under the preload, with FLYTE_CTX");
	for (int i = 0; i < MOST_KEYS; i++) {
		snprintf(names[i], sizeof(names[i]), "key-%d", i);
		pairs[i] = (struct flyte_pair) { names[i], "value" };
	}
	print_row(titles, NULL, 2 * SIZES);
	for (size_t round = number_from(argv[1]); round > 0; round--) {
		for (size_t i = 0; i < SIZES; i++) {
			flyte_token token = flyte_custom_context_enter(pairs, sizes[i]);

			key_count = sizes[i];
			times[i] = measure(enter_and_exit);
			times[SIZES + i] = measure(look_up);
			if (!token || flyte_context_exit(token))
				err(1, "flyte_context_exit");
		}
		print_row(NULL, times, 2 * SIZES);
	}
	return 0;
}
