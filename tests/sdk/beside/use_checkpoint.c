/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The attempt of use_checkpoint.py in C: use_checkpoint N_ITERATIONS bytes|directory. Its letter is
 * c. Exit 1 where it stops before the end, 2 where something is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "flyte_ctx.h"

struct state {
	int index;
	char trail[256];
};

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", what, strerror(errno), flyte_checkpoint_error());
	exit(2);
}

static FILE *open_in(const char *directory, const char *name, const char *mode)
{
	char path[4096 + 64];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s%s", directory, *name ? "/" : "", name);
	file = fopen(path, mode);
	if (!file)
		fail(path);
	return file;
}

static struct state load(void)
{
	struct state state = { 0, "" };
	char path[4096];
	struct stat status;
	FILE *file;

	switch (flyte_checkpoint_load(path, sizeof(path))) {
	case -1:
		fail("load");
	case 0:
		return state;
	}
	file = open_in(path, stat(path, &status) == 0 && S_ISDIR(status.st_mode) ? "state" : "",
		       "r");
	if (fscanf(file, "%d %255s", &state.index, state.trail) != 2)
		fail(path);
	fclose(file);
	return state;
}

static void save_directory(const struct state *state)
{
	const char *directory = flyte_checkpoint_path();
	char name[4096 + 64];
	FILE *file;

	if (!directory)
		fail("workspace");
	snprintf(name, sizeof(name), "%s/steps", directory);
	mkdir(name, 0777);
	snprintf(name, sizeof(name), "steps/%d", state->index);
	fclose(open_in(directory, name, "w"));
	file = open_in(directory, "state", "w");
	fprintf(file, "%d %s", state->index, state->trail);
	fclose(file);
	if (flyte_checkpoint_save_path(directory) < 0)
		fail("save");
}

static void save(const struct state *state, const char *form)
{
	char text[300];

	if (strcmp(form, "bytes") != 0) {
		save_directory(state);
		return;
	}
	snprintf(text, sizeof(text), "%d %s", state->index, state->trail);
	if (flyte_checkpoint_save_bytes(text, strlen(text)) < 0)
		fail("save");
}

int main(int argc, char *argv[])
{
	int iterations = argc == 3 ? atoi(argv[1]) : 0;
	struct state state;
	int start;

	if (iterations <= 0)
		return 2;
	state = load();
	for (start = state.index; state.index < iterations && state.index < start + 2;) {
		state.index++;
		strcat(state.trail, "c");
		save(&state, argv[2]);
	}
	return state.index < iterations;
}
