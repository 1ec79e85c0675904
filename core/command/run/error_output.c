/* SPDX-License-Identifier: Apache-2.0 */
/* See error_output.h. */
#include "command/run/error_output.h"
#include "command/run/guard.h"
#include "command/run/signals.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_MILLISECONDS 50

struct error_output_kept {
	_Atomic uint64_t end; /* so many bytes were written */
	char bytes[ERROR_OUTPUT_KEPT];
};

/* --- the process that passes on ----------------------------------------------------------- */

enum { FROM, MARKS, TO = STDERR_FILENO }; /* its descriptors */
enum { DONE, REFUSED };                   /* its exit status */

static void remember(struct error_output_kept *kept, const char *data, size_t size)
{
	uint64_t end = atomic_load(&kept->end);

	for (size_t i = 0; i < size; i++)
		kept->bytes[(end + i) % ERROR_OUTPUT_KEPT] = data[i];
	atomic_store(&kept->end, end + size);
}

/* What can't be written is lost, as it were for CMD. A reader that is gone is CMD's to hear of. */
static void write_all(const char *data, size_t size)
{
	struct pollfd ready = { TO, POLLOUT, 0 };

	while (size) {
		ssize_t count = write(TO, data, size);

		if (count < 0 && errno == EPIPE)
			_exit(REFUSED);
		if (count < 0 && errno == EAGAIN)
			poll(&ready, 1, -1);
		else if (count < 0 && errno != EINTR)
			return;
		if (count > 0) {
			data += count;
			size -= (size_t)count;
		}
	}
}

/* Passes on at most `size` bytes; how many there were. 0: all writers are gone. */
static size_t pass_on(struct error_output_kept *kept, size_t size)
{
	static char piece[1 << 16];
	ssize_t count;

	do
		count = read(FROM, piece, size < sizeof(piece) ? size : sizeof(piece));
	while (count < 0 && errno == EINTR);
	if (count <= 0)
		return 0;
	remember(kept, piece, (size_t)count);
	write_all(piece, (size_t)count);
	return (size_t)count;
}

/* All that was there when flytectx asked. */
static void answer(struct error_output_kept *kept, struct pollfd *marks)
{
	int there = 0;
	char mark;

	if (read(MARKS, &mark, 1) != 1) {
		marks->fd = -1; /* flytectx is gone */
		return;
	}
	if (ioctl(FROM, FIONREAD, &there) < 0)
		there = 0;
	for (size_t left = (size_t)there, count = 1; left && count; left -= count)
		count = pass_on(kept, left);
	if (write(MARKS, &mark, 1) != 1)
		marks->fd = -1;
}

__attribute__((noreturn)) static void keep(struct error_output_kept *kept)
{
	struct pollfd polls[] = { { FROM, POLLIN, 0 }, { MARKS, POLLIN, 0 } };

	for (;;) {
		if (poll(polls, 2, -1) < 0)
			continue;
		if (polls[1].revents)
			answer(kept, &polls[1]);
		else if (polls[0].revents && !pass_on(kept, SIZE_MAX))
			_exit(DONE);
	}
}

/* A lock or a pipe of flytectx's is not to stay open here. */
static void close_others(void)
{
	long most = sysconf(_SC_OPEN_MAX);

#ifdef SYS_close_range
	if (syscall(SYS_close_range, TO + 1U, ~0U, 0) == 0)
		return;
#endif
	for (int fd = TO + 1; fd < (most > 0 && most < 65536 ? most : 65536); fd++)
		close(fd);
}

__attribute__((noreturn)) static void be_keeper(struct error_output_kept *kept, int from, int marks)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	setsid();
	prctl(PR_SET_NAME, "stderr-keep");
	/* Both are above the three of standard. */
	if (dup2(from, FROM) < 0 || dup2(marks, MARKS) < 0 || chdir("/") < 0)
		_exit(REFUSED);
	close_others();
	keep(kept);
}

/* --- flytectx ----------------------------------------------------------------------------- */

static bool start(struct error_output *output)
{
	int marks[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, marks) < 0)
		return false;
	output->keeper = fork();
	if (output->keeper == 0)
		be_keeper(output->kept, output->ends[0], marks[1]);
	close(marks[1]);
	output->marks = marks[0];
	if (output->keeper > 0)
		return true;
	close(marks[0]);
	output->keeper = 0;
	output->marks = -1;
	return false;
}

void error_output_open(struct error_output *output)
{
	int flags = fcntl(STDERR_FILENO, F_GETFL);

	*output = (struct error_output) { .ends = { -1, -1 }, .marks = -1 };
	/* Where it is closed, flytectx keeps its number: keep_stdio_closed.h. */
	if (flags < 0 || flags & O_PATH || isatty(STDERR_FILENO))
		return;
	output->kept = mmap(NULL, sizeof(*output->kept), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (output->kept == MAP_FAILED || pipe2(output->ends, O_CLOEXEC) < 0 || !start(output))
		message_fail("--report-errors", "can't read the stderr of CMD: %s",
			     strerror(errno));
}

void error_output_begin(struct error_output *output)
{
	if (output->kept)
		output->begin = atomic_load(&output->kept->end);
}

void error_output_become(const struct error_output *output)
{
	if (output->ends[1] >= 0)
		dup2(output->ends[1], STDERR_FILENO);
}

bool error_output_reaped(struct error_output *output, pid_t pid, int status)
{
	if (!output->keeper || pid != output->keeper)
		return false;
	close(output->marks);
	output->marks = -1;
	output->keeper = 0;
	/* Writers hear that the reader is gone, as they would without flytectx. */
	if (WIFEXITED(status) || !start(output)) {
		close(output->ends[0]);
		output->ends[0] = -1;
	}
	return true;
}

/* Waits for the answer to a mark: 1; 0: a signal asks to end, -1: the one that answers has died. */
static int await_answer(int marks)
{
	struct pollfd answer = { marks, POLLIN, 0 };
	char mark;

	while (poll(&answer, 1, LOOK_MILLISECONDS) <= 0)
		if (signals_wait_end(monotonic_now()))
			return 0;
	return recv(marks, &mark, 1, 0) == 1 ? 1 : -1;
}

bool error_output_drain(struct error_output *output)
{
	while (output->marks >= 0) {
		int status, answer = -1;

		if (send(output->marks, "", 1, MSG_NOSIGNAL) == 1)
			answer = await_answer(output->marks);
		if (answer >= 0)
			return answer;
		/* Another one passes on what this one has left. */
		if (waitpid(output->keeper, &status, 0) != output->keeper)
			return true;
		error_output_reaped(output, output->keeper, status);
	}
	return true;
}

size_t error_output_tail(const struct error_output *output, char to[ERROR_OUTPUT_KEPT])
{
	uint64_t end, size;

	if (!output->kept)
		return 0;
	end = atomic_load(&output->kept->end);
	size = end - output->begin;
	if (size > ERROR_OUTPUT_KEPT)
		size = ERROR_OUTPUT_KEPT;
	for (uint64_t i = 0; i < size; i++)
		to[i] = output->kept->bytes[(end - size + i) % ERROR_OUTPUT_KEPT];
	return (size_t)size;
}
