/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver - calls one hooked function in one of the states that a process can be in:
 *
 *	driver hooks | states      the names, one a line
 *	driver STATE HOOK          one line of what came of it
 *	driver report              what a started program says: its context
 *
 * The line has the result, errno and what the child said. It ends with the context of the caller
 * and that of what was started. With STATES_SCOPE set the caller is in a scope.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "flyte_ctx.h"

const char *self, *plugin;
char started[256];
sem_t heard;
static const struct hook *hook;

const char *scope(void)
{
	const char *value = flyte_custom_context_get("scope");

	return value ? value : flyte_ctx_get() ? "root" : "-";
}

void say(const char *text)
{
	if (write(1, text, strlen(text)) < 0)
		_exit(98);
}

char *report_argv[] = { (char *)"report", (char *)"report", NULL };
char *search_argv[] = { (char *)"env", NULL, (char *)"report", NULL };

void end_line(const char *name, long result, int error)
{
	char line[512];

	snprintf(line, sizeof(line), "%s: %ld %d child=%s caller=%s\n", name, result,
		 result ? error : 0, started, scope());
	say(line);
}

void end_call(const char *name, long result)
{
	end_line(name, result, errno);
}

void hear(int fd)
{
	ssize_t got = read(fd, started, sizeof(started) - 1);

	started[got > 0 ? got : 0] = '\0';
	started[strcspn(started, "\n")] = '\0';
	close(fd);
}

void call(void)
{
	hook->call();
	if (hook->kind == STARTS)
		_exit(96);
}

static const struct hook *const hooks[] = { starting_hooks, process_hooks, thread_hooks, NULL };
static const struct state *const states[] = { library_states, process_states, NULL };

static void list_cells_of(const struct state *state)
{
	for (size_t t = 0; hooks[t]; t++)
		for (const struct hook *h = hooks[t]; h->name; h++) {
			/* These call themselves again. */
			int again = !strncmp(state->name, "atfork", 6) && strstr(h->name, "ork");

			if (state->kinds & h->kind && !again)
				printf("%s %s\n", state->name, h->name);
		}
}

static int list_cells(void)
{
	for (size_t t = 0; states[t]; t++)
		for (const struct state *s = states[t]; s->name; s++)
			list_cells_of(s);
	return 0;
}

static const struct state *find(const char *state_name, const char *hook_name)
{
	const struct state *found = NULL;

	for (size_t t = 0; states[t]; t++)
		for (const struct state *s = states[t]; s->name; s++)
			if (!strcmp(s->name, state_name))
				found = s;
	for (size_t t = 0; hooks[t]; t++)
		for (const struct hook *h = hooks[t]; h->name; h++)
			if (!strcmp(h->name, hook_name))
				hook = h;
	return found;
}

int main(int argc, char **argv)
{
	struct flyte_pair pair = { "scope", "inner" };
	const struct state *state;

	if (argc == 2 && !strcmp(argv[1], "cells"))
		return list_cells();
	if (argc == 2 && !strcmp(argv[1], "report"))
		return puts(scope()) < 0;
	self = getenv("STATES_SELF");
	plugin = getenv("STATES_PLUGIN");
	search_argv[1] = (char *)(uintptr_t)self;
	state = argc == 3 ? find(argv[1], argv[2]) : NULL;
	if (!state || !hook)
		return 2;
	sem_init(&heard, 0, 0);
	if (getenv("STATES_SCOPE"))
		flyte_custom_context_enter(&pair, 1);
	state->enter();
	return 0;
}
