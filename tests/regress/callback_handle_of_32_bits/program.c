/* SPDX-License-Identifier: Apache-2.0 */
/* The first of many notifications comes after the last was registered, in the same place. */
#include "flyte_ctx.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

extern struct sigevent kept __attribute__((weak));

static int first, second;

static void one(union sigval value)
{
	(void)value;
	first++;
}

static void other(union sigval value)
{
	(void)value;
	second++;
}

static struct sigevent registered(void (*function)(union sigval))
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };
	timer_t timer;

	event.sigev_notify_function = function;
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	return *&kept;
}

int main(void)
{
	const struct flyte_pair pair = { "scope", "inner" };
	struct sigevent event, last;

	if (!&kept)
		return 0;
	flyte_custom_context_enter(&pair, 1);
	event = registered(one);
	/* Before its place is another's: it is called though the scope is gone. */
	event.sigev_notify_function(event.sigev_value);
	for (int i = 0; i < 65535; i++)
		registered(one);
	last = registered(other);
	event.sigev_notify_function(event.sigev_value);
	last.sigev_notify_function(last.sigev_value);
	printf("first, second: %d, %d\n", first, second);
	return 0;
}
