/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver - calls one hooked function in one of the states that a process can be in:
 *
 *	driver cells                    STATE CHILD HOOK FLAGS, one a line: what this libc has
 *	driver STATE CHILD HOOK         one line of what came of it
 *	driver report                   what a started program says: its context
 *
 * The line has the result, errno and what the child said. It ends with the context of the caller
 * and that of what was started. With STATES_SCOPE set the caller is in a scope. Built with -DBARE
 *it needs libc alone, also where threads and dlopen are in libraries of their own.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "flyte_ctx.h"

const char *self, *plugin;
char started[256];
static const struct hook *hook;
static const struct child *child;

const char *scope(void)
{
	if (!flyte_ctx_get())
		return "<->";
	return flyte_custom_context_get("scope") ? "<inner>" : "<root>";
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
		 result < 0 ? error : 0, started, scope());
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

void call_here(void)
{
	hook->call();
	if (hook->kind & STARTS)
		_exit(96);
}

void call(void)
{
	child->call();
}

static const struct hook *const hooks[] = {
	starting_hooks,
	process_hooks,
#ifndef BARE
	thread_hooks,
#endif
	NULL,
};

static const struct state *const states[] = {
	process_states,
#ifndef BARE
	library_states, thread_states,
#endif
	step_states,    NULL,
};

static void list_cells_of(const struct state *state, const struct child *c)
{
	if (((state->flags & ALONE) && strcmp(c->name, "none") != 0) ||
	    ((state->flags & NO_FORK) && !strcmp(c->name, "fork")) ||
	    (c->is_missing && c->is_missing()))
		return;
	for (size_t t = 0; hooks[t]; t++)
		for (const struct hook *h = hooks[t]; h->name; h++) {
			if (!(state->kinds & h->kind) || !(c->kinds & h->kind) ||
			    ((state->flags & NO_FORK) && (h->kind & FORKS)) ||
			    (h->is_missing && h->is_missing()))
				continue;
			printf("%s %s %s %d\n", state->name, c->name, h->name, state->flags);
		}
}

static int list_cells(void)
{
	for (size_t t = 0; states[t]; t++)
		for (const struct state *s = states[t]; s->name; s++)
			for (const struct child *c = children; c->name; c++)
				if (!s->is_missing || !s->is_missing())
					list_cells_of(s, c);
	return 0;
}

static const struct state *find(char **names)
{
	const struct state *found = NULL;

	for (size_t t = 0; states[t]; t++)
		for (const struct state *s = states[t]; s->name; s++)
			if (!strcmp(s->name, names[0]))
				found = s;
	for (const struct child *c = children; c->name; c++)
		if (!strcmp(c->name, names[1]))
			child = c;
	for (size_t t = 0; hooks[t]; t++)
		for (const struct hook *h = hooks[t]; h->name; h++)
			if (!strcmp(h->name, names[2]))
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
	state = argc == 4 ? find(argv + 1) : NULL;
	if (!state || !hook || !child)
		return 2;
	if (getenv("STATES_SCOPE"))
		flyte_custom_context_enter(&pair, 1);
	state->enter();
	return 0;
}
