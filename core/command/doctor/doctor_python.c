/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `flytectx doctor` asks a Python: is the package flytectx there, and which of its followers
 * have given up? Only the interpreter knows what it would import. See doctor.h.
 */
#include "command/doctor/doctor.h"
#include "command/program/preload_path.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Importing flyte takes two seconds on a cold disk. */
#define PATIENCE_MS 30000

/* Lines of "+" or "-", for well or not, and what there is to say; nothing where neither is there.
 */
static const char question[] =
	"import importlib.util as u\n"
	"there = {name: u.find_spec(name) is not None for name in ('flytectx', 'flyte')}\n"
	"if there['flytectx']:\n"
	"    import flytectx\n"
	"    if there['flyte']: flytectx.install()\n"
	"    status = flytectx.status()\n"
	"    bad = [f for f in status.followers if f.state == 'gave up']\n"
	"    connected = status.connected or not there['flyte']\n"
	"    print('+' if connected else '-', 'the package flytectx', status.version,\n"
	"          'connects it' if status.connected else status.why)\n"
	"    for f in bad: print('-', f'the package does not follow {f.name}: {f.why}')\n"
	"elif there['flyte']:\n"
	"    print('-', 'flyte without the package flytectx: scopes of Python reach no native "
	"code')\n";

/* "python", with a version behind it or none. */
static bool is_python(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	if (strncmp(name, "python", 6) != 0)
		return false;
	for (name += 6; *name; name++)
		if (!isdigit((unsigned char)*name) && *name != '.')
			return false;
	return true;
}

static _Noreturn void run_python(const char *path, int output)
{
	const char *why_not, *library = library_find(&why_not);
	int null = open("/dev/null", O_RDWR);

	if (library && !getenv("FLYTE_CTX")) {
		setenv("ACTION_NAME", "doctor", false);
		setenv("LD_PRELOAD", library, true);
	}
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	setpgid(0, 0);
	execl(path, path, "-c", question, (char *)NULL);
	_exit(127);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* What it says, up to the end or the limit of our patience. */
static size_t read_answer(int fd, char *answer, size_t size)
{
	long long end = now_ms() + PATIENCE_MS;
	size_t length = 0;

	while (length < size - 1) {
		long long left = end - now_ms();
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		ssize_t count;

		if (left <= 0 || poll(&ready, 1, (int)left) <= 0)
			break;
		count = read(fd, answer + length, size - 1 - length);
		if (count <= 0)
			break;
		length += (size_t)count;
	}
	answer[length] = '\0';
	return length;
}

static void add_lines(struct diagnosis *diagnosis, const char *path, char *answer)
{
	char *rest = NULL;

	for (char *line = strtok_r(answer, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if ((*line == '+' || *line == '-') && line[1] == ' ')
			diagnosis_add(diagnosis, *line == '+' ? CARRIED : PARTLY, path, "%s",
				      line + 2);
}

void doctor_python(struct diagnosis *diagnosis, const char *path)
{
	char answer[8192];
	int pipe_ends[2];
	pid_t child;

	if (!is_python(path) || pipe2(pipe_ends, O_CLOEXEC) < 0)
		return;
	child = fork();
	if (!child)
		run_python(path, pipe_ends[1]);
	close(pipe_ends[1]);
	if (child > 0) {
		read_answer(pipe_ends[0], answer, sizeof(answer));
		kill(-child, SIGKILL);
		kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
		add_lines(diagnosis, path, answer);
	}
	close(pipe_ends[0]);
}
