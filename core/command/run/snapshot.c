/* SPDX-License-Identifier: Apache-2.0 */
/* See snapshot.h. */
#include "command/run/snapshot.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/run/stop_processes.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/terminal/progress.h"
#include "command/run/run_workspace.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Between two looks at a busy tool: at most this long, at random, so as not to keep its step. */
#define PAUSE_MAX 50000000u /* nanoseconds */

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void pause_a_little(void)
{
	const struct timespec time = { 0, (long)arc4random_uniform(PAUSE_MAX) };

	nanosleep(&time, NULL);
}

/* A file that has no name: it is gone with whoever has it open. */
static int open_scratch(void)
{
	char *path = memory_text("%s/snapshot-XXXXXX", workspace_root_path());
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		unlink(path);
	else
		message_warn(path, "can't make a file for a snapshot: %s", strerror(errno));
	return fd;
}

/* Somebody waits for us: a signal is to be passed on, or CMD has ended. */
static bool is_asked(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && !sigisemptyset(&pending);
}

static bool has_ended(pid_t child)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid;
}

/* Stops all, at a moment when nobody is in the middle of a file, or has been killed there. */
static bool stop_processes_quietly(const struct snapshot *snapshot, double seconds,
				   struct frozen *frozen)
{
	const double end = now() + seconds;
	const char *busy;

	for (;;) {
		if (!freeze(frozen)) {
			message_warn(snapshot->directory, "not saved, some process does not stop");
			return false;
		}
		busy = frozen_writes(frozen, snapshot->directory);
		if (!busy && !has_ended(snapshot->command))
			return true;
		thaw(frozen);
		if (!busy || is_asked())
			return false;
		if (now() >= end)
			break;
		pause_a_little();
	}
	message_warn(snapshot->directory, "not saved, %s is being written all the time", busy);
	return false;
}

static bool pack(const struct snapshot *snapshot, double seconds, int fd)
{
	struct frozen frozen;
	int packed;

	if (!stop_processes_quietly(snapshot, seconds, &frozen))
		return false;
	packed = checkpoint_library()->pack(snapshot->directory, fd);
	thaw(&frozen);
	if (packed < 0)
		message_warn_text(checkpoint_library()->error());
	return packed == 0;
}

static bool save(const struct snapshot *snapshot, int fd)
{
	const struct flytectx_transfer transfer = { .size = sizeof(transfer),
						    .url = snapshot->url };

	if (checkpoint_library()->save_packed(&transfer, fd) == 0)
		return true;
	message_warn_text(checkpoint_library()->error());
	return false;
}

/* A store may take its time, and a signal is to be passed on. */
static bool saver_ends(struct snapshot *snapshot, double seconds)
{
	const double end = now() + seconds;
	int status;

	while (snapshot->saver) {
		pid_t pid = waitpid(snapshot->saver, &status, WNOHANG);

		if (pid != 0)
			snapshot_reaped(snapshot, snapshot->saver, pid < 0 ? -1 : status);
		else if (now() >= end)
			return false;
		else
			pause_a_little();
	}
	return true;
}

bool snapshot_begin(struct snapshot *snapshot, double seconds)
{
	bool packed;
	int fd;

	if (!saver_ends(snapshot, seconds)) {
		message_warn(snapshot->directory,
			     "not saved, the snapshot before is still being saved");
		return false;
	}
	fd = open_scratch();
	packed = fd >= 0 && pack(snapshot, seconds, fd);
	if (packed) {
		snapshot->saver = fork();
		if (snapshot->saver == 0)
			_exit(!save(snapshot, fd));
		if (snapshot->saver < 0) {
			message_warn("snapshot", "%s", strerror(errno));
			snapshot->saver = 0;
			packed = false;
		}
	}
	if (fd >= 0)
		close(fd);
	return packed;
}

bool snapshot_reaped(struct snapshot *snapshot, pid_t pid, int status)
{
	if (!snapshot->saver || pid != snapshot->saver)
		return false;
	snapshot->saver = 0;
	snapshot->saved = snapshot->saved || status == 0;
	return true;
}

void snapshot_wait(struct snapshot *snapshot)
{
	int status;
	pid_t pid;

	if (!snapshot->saver)
		return;
	do
		pid = waitpid(snapshot->saver, &status, 0);
	while (pid < 0 && errno == EINTR);
	snapshot_reaped(snapshot, snapshot->saver, pid < 0 ? -1 : status);
}

/* CMD may have put something else there, and a file would be saved as one. */
static bool is_directory(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		message_warn(path, "not saved: %s", strerror(errno));
	else
		close(fd);
	return fd >= 0;
}

bool snapshot_final(struct snapshot *snapshot)
{
	struct flytectx_transfer transfer;
	bool saved;

	snapshot_wait(snapshot);
	if (!is_directory(snapshot->directory))
		return false;
	transfer = progress_begin("saving", snapshot->url);
	saved = checkpoint_library()->save(&transfer, snapshot->directory, -1) == 0;
	progress_end();
	if (!saved)
		message_warn_text(checkpoint_library()->error());
	snapshot->saved = snapshot->saved || saved;
	return saved;
}
