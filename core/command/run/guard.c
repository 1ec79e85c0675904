/* SPDX-License-Identifier: Apache-2.0 */
/* See guard.h. */
#include "command/run/guard.h"
#include "command/run/below.h"
#include "command/run/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* How long one that was killed may take to be gone. */
#define DEATH_SECONDS 5

double monotonic_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct guarded *guarded_new(void)
{
	struct guarded *guarded = mmap(NULL, sizeof(*guarded), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (guarded == MAP_FAILED)
		return NULL;
	guarded->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return guarded;
}

/* --- the stop ----------------------------------------------------------------------------- */

static void let_go_on(const struct stopped *stopped)
{
	char state = below_state(stopped->pid, stopped->start);

	/* Where /proc does not say, one signal too many is better than one too few. */
	if (state || below_state(getpid(), 0) == '\0')
		kill(stopped->pid, SIGCONT);
}

static void let_all_go_on(struct guarded *guarded)
{
	for (unsigned i = atomic_load(&guarded->count); i-- > 0;)
		let_go_on(&guarded->items[i]);
}

void stop_begin(struct guarded *guarded)
{
	const uint64_t one = 1;
	ssize_t written;

	atomic_store(&guarded->count, 0);
	atomic_store(&guarded->begun, (int64_t)(monotonic_now() * 1e9));
	atomic_store(&guarded->state, STOP_ON);
	written = write(guarded->wake, &one, sizeof(one));
	(void)written;
}

bool stop_add(struct guarded *guarded, pid_t pid, uint64_t start)
{
	unsigned count = atomic_load(&guarded->count);

	if (count == STOPPED_MAX || atomic_load(&guarded->state) != STOP_ON)
		return false;
	/* Known before it is stopped: death may come between. */
	guarded->items[count] = (struct stopped) { pid, start };
	atomic_store(&guarded->count, count + 1);
	if (kill(pid, SIGSTOP) < 0)
		atomic_store(&guarded->count, count);
	if (atomic_load(&guarded->state) == STOP_ON)
		return true;
	kill(pid, SIGCONT);
	return false;
}

bool stop_end(struct guarded *guarded)
{
	int on = STOP_ON;
	bool mine;

	let_all_go_on(guarded);
	mine = atomic_compare_exchange_strong(&guarded->state, &on, STOP_NONE);
	if (mine)
		atomic_store(&guarded->count, 0);
	return mine;
}

void stop_revoke(struct guarded *guarded)
{
	int on = STOP_ON;

	if (atomic_compare_exchange_strong(&guarded->state, &on, STOP_REVOKED) ||
	    on == STOP_REVOKED)
		let_all_go_on(guarded);
}

double stop_deadline(const struct guarded *guarded)
{
	double end = (double)atomic_load(&guarded->begun) / 1e9 + STOP_SECONDS;
	double earlier = (double)atomic_load(&guarded->revoke) / 1e9;

	return earlier > 0 && earlier < end ? earlier : end;
}

/* --- the guard ---------------------------------------------------------------------------- */

static int milliseconds_left(const struct guarded *guarded)
{
	double left;

	if (atomic_load(&guarded->state) != STOP_ON)
		return -1;
	/* The others have their own eyes on the clock. */
	left = stop_deadline(guarded) + 0.1 - monotonic_now();
	return left > 0 ? (int)(left * 1e3) + 1 : 0;
}

/* Waits for the end of a process that is not ours to wait for. */
static void wait_for(pid_t pid, int timeout)
{
	struct pollfd poll_fd = { (int)syscall(SYS_pidfd_open, pid, 0), POLLIN, 0 };

	if (poll_fd.fd >= 0) {
		while (poll(&poll_fd, 1, timeout) < 0 && errno == EINTR)
			;
		close(poll_fd.fd);
		return;
	}
	for (int waited = 0; kill(pid, 0) == 0 && (timeout < 0 || waited < timeout); waited += 100)
		poll(NULL, 0, 100);
}

/* flytectx is gone. A snapshot that is past its stop is whole, and goes on to be saved. */
static void take_over(struct guarded *guarded)
{
	pid_t worker = atomic_load(&guarded->worker), command = atomic_load(&guarded->command);

	stop_revoke(guarded);
	if (worker && atomic_load(&guarded->phase) < SNAPSHOT_THAWED) {
		kill(worker, SIGKILL);
		wait_for(worker, DEATH_SECONDS * 1000);
	}
	let_all_go_on(guarded);
	if (command)
		wait_for(command, -1);
}

static void keep_watch(struct guarded *guarded, int life)
{
	struct pollfd polls[] = { { life, POLLIN, 0 }, { guarded->wake, POLLIN, 0 } };
	uint64_t count;

	for (;;) {
		int ready = poll(polls, 2, milliseconds_left(guarded));

		if (ready < 0 && errno != EINTR)
			break;
		if (ready == 0)
			stop_revoke(guarded);
		if (ready > 0 && polls[1].revents && read(guarded->wake, &count, 8) < 0)
			continue;
		if (ready > 0 && polls[0].revents)
			break;
	}
	/* A byte says that all is over; the end of the file, that flytectx is gone. */
	if (read(life, &count, 1) != 1)
		take_over(guarded);
}

pid_t guard_start(struct guarded *guarded, int *life)
{
	int ends[2], null;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(ends[1]);
		setsid();
		prctl(PR_SET_NAME, "checkpoint-keep");
		null = open("/dev/null", O_RDWR);
		for (int fd = 0; null >= 0 && fd < 3; fd++)
			dup2(null, fd);
		/* Its directory would be in use. */
		null = chdir("/");
		keep_watch(guarded, ends[0]);
		_exit(null < 0);
	}
	close(ends[0]);
	*life = ends[1];
	if (pid < 0) {
		close(ends[1]);
		*life = -1;
	}
	return pid;
}
