/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runner - runs cells of the table with the preload and without, and holds them to each other:
 *
 *	runner DRIVER NAME SAMPLE [STATE...]
 *
 * Of all cells, or those of the states named: SAMPLE 1 runs each in all modes, SAMPLE n one of n
 * in one mode, and of those in no child all, or a third from SAMPLE 40 on. The environment has
 *STATES_LIBRARY, the preload, and STATES_CONTEXT, a carrier. STATES_BEFORE and STATES_BEHIND are
 *other preloads, for the runs without ours too. Prints TAP, one line a state.
 *
 * A cell says the same, ends the same and takes no second longer than without the preload, and each
 * context that it names is the caller's. It is static: it runs wherever the driver runs.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_MS = 60000, SLOWER_MS = 1000, TRIES = 5, LATE = 4, LONG = 8 };

enum mode { NATIVE, DISABLED, OUTSIDE, TASK, SCOPE, MODES };

static const char *const mode_names[] = { "without us", "disabled", "outside", "task", "scope" };
static const char *const contexts[] = { "<->", "<->", "<->", "<root>", "<inner>" };

struct cell {
	char state[64], child[32], hook[64];
	int flags;
};

struct result {
	char said[4096];
	int status;
	long ms;
};

static const char *driver;
static long runs, began;

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void preload(enum mode mode)
{
	const char *before = getenv("STATES_BEFORE"), *behind = getenv("STATES_BEHIND");
	char list[4096];

	snprintf(list, sizeof(list), "%s %s %s", before ? before : "",
		 mode == NATIVE ? "" : getenv("STATES_LIBRARY"), behind ? behind : "");
	if (strspn(list, " ") != strlen(list))
		setenv("LD_PRELOAD", list, 1);
	if (mode == DISABLED)
		setenv("FLYTECTX_DISABLE", "1", 1);
	if (mode == DISABLED || mode >= TASK)
		setenv("FLYTE_CTX", getenv("STATES_CONTEXT"), 1);
	if (mode == SCOPE)
		setenv("STATES_SCOPE", "1", 1);
}

static void start(const struct cell *cell, enum mode mode, int fd)
{
	char plugin[4096];

	setpgid(0, 0);
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(fd, 1);
	dup2(fd, 2);
	snprintf(plugin, sizeof(plugin), "%s.so", driver);
	setenv("STATES_SELF", driver, 1);
	setenv("STATES_PLUGIN", plugin, 1);
	preload(mode);
	execl(driver, driver, cell->state, cell->child, cell->hook, (char *)NULL);
	_exit(99);
}

/* What comes until all that hold the pipe have ended, or the limit has passed. */
static void listen_to(int fd, long begin, struct result *result)
{
	size_t length = 0, room = sizeof(result->said) - 1;
	struct pollfd waits = { .fd = fd, .events = POLLIN };
	ssize_t got = 1;

	while (got > 0 && length < room) {
		long left = begin + LIMIT_MS - now_ms();

		if (left <= 0 || poll(&waits, 1, (int)left) == 0)
			break;
		got = read(fd, result->said + length, room - length);
		length += got > 0 ? (size_t)got : 0;
	}
	result->said[length] = '\0';
}

static void run_cell(const struct cell *cell, enum mode mode, struct result *result)
{
	long begin = now_ms();
	int fds[2];
	pid_t pid;

	runs++;
	if (pipe2(fds, O_CLOEXEC) != 0)
		exit(1);
	pid = fork();
	if (pid == 0)
		start(cell, mode, fds[1]);
	setpgid(pid, pid);
	close(fds[1]);
	listen_to(fds[0], begin, result);
	result->ms = now_ms() - begin;
	if (result->ms >= LIMIT_MS)
		kill(-pid, SIGKILL);
	waitpid(pid, &result->status, 0);
	close(fds[0]);
}

/* Takes the contexts out of what a cell says. What is not `wanted`, nor `also`, comes back. */
static const char *take_contexts(char *said, const char *wanted, const char *also)
{
	static char wrong[16];
	char *end;

	wrong[0] = '\0';
	while ((said = strchr(said, '<')) && (end = strchr(said, '>'))) {
		size_t length = (size_t)(end + 1 - said);

		if (strncmp(said, wanted, length) != 0 && strncmp(said, also, length) != 0)
			snprintf(wrong, sizeof(wrong), "%.*s", (int)length, said);
		memmove(said, end + 1, strlen(end + 1) + 1);
	}
	return wrong;
}

/* A loader has a line to say on a preload of another machine, as it has on any. */
static void leave_out_loader(char *said)
{
	char *line, *end;

	while ((line = strstr(said, "ERROR: ld.so: object ")) && (end = strchr(line, '\n')))
		memmove(line, end + 1, strlen(end + 1) + 1);
}

/* 1, and lines of diagnostics, where it differs. */
static int compare(const struct cell *cell, enum mode mode, const struct result *native)
{
	const char *also = cell->flags & LATE && mode == SCOPE ? "<root>" : contexts[mode], *wrong;
	struct result got, bare = *native;
	char said[sizeof(got.said)];
	int is_slow = 1;

	for (int i = 0; i < TRIES && is_slow; i++) {
		run_cell(cell, mode, &got);
		is_slow = !(cell->flags & LONG) && got.ms > native->ms + SLOWER_MS;
	}
	leave_out_loader(got.said);
	strcpy(said, got.said);
	wrong = take_contexts(said, contexts[mode], also);
	take_contexts(bare.said, "<->", "<->");
	if (!strcmp(said, bare.said) && got.status == native->status && !wrong[0] && !is_slow)
		return 0;
	printf("# %s, %s, %s, %s:%s%s%s\n# without us: %d, %ld ms [%s]\n# with us: %d, %ld ms "
	       "[%s]\n",
	       cell->state, cell->child, cell->hook, mode_names[mode], is_slow ? " slower" : "",
	       wrong[0] ? " in context " : "", wrong, native->status, native->ms, native->said,
	       got.status, got.ms, got.said);
	return 1;
}

static int run_modes(const struct cell *cell, int sample, int number)
{
	struct result native;
	int differ = 0, is_alone = !strcmp(cell->child, "none"), every;

	every = !is_alone ? sample : sample >= 40 ? 3 : 1;
	if (number % every != 0)
		return 0;
	run_cell(cell, NATIVE, &native);
	if (native.ms >= LIMIT_MS) {
		printf("# %s, %s, %s: does not end without us\n", cell->state, cell->child,
		       cell->hook);
		return 0;
	}
	for (int mode = DISABLED; mode < MODES; mode++)
		if (sample == 1 || mode == DISABLED + number / every % 4)
			differ |= compare(cell, (enum mode)mode, &native);
	return differ;
}

static int is_wanted(const char *state, char **names)
{
	if (!*names)
		return 1;
	for (; *names; names++)
		if (!strcmp(state, *names))
			return 1;
	return 0;
}

static int end_state(const char *name, const char *state, int differ)
{
	printf("%sok - %s: %s\n# %ld runs in %ld ms\n", differ ? "not " : "", name, state, runs,
	       now_ms() - began);
	runs = 0;
	began = now_ms();
	fflush(stdout);
	return differ;
}

int main(int argc, char **argv)
{
	int differ = 0, failed = 0, number = 0, lines = 0;
	char command[4200], state[64] = "";
	struct cell cell;
	FILE *cells;

	if (argc < 4)
		return 2;
	driver = argv[1];
	began = now_ms();
	snprintf(command, sizeof(command), "exec '%s' cells", driver);
	cells = popen(command, "re");
	while (cells && fscanf(cells, "%63s %31s %63s %d", cell.state, cell.child, cell.hook,
			       &cell.flags) == 4) {
		number++;
		if (!is_wanted(cell.state, argv + 4))
			continue;
		if (strcmp(cell.state, state) != 0) {
			if (state[0])
				failed |= end_state(argv[2], state, differ), lines++;
			strcpy(state, cell.state);
			differ = 0;
		}
		differ |= run_modes(&cell, atoi(argv[3]), number);
	}
	if (state[0])
		failed |= end_state(argv[2], state, differ), lines++;
	printf("1..%d\n", lines);
	return failed || !lines || !cells || pclose(cells) != 0;
}
