/* SPDX-License-Identifier: Apache-2.0 */
/* See snapshot.h. */
#include "command/run/snapshot.h"
#include "command/run/below.h"
#include "command/run/run_workspace.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "local/lock.h"
#include "local/tree_remove.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Locked for as long as a process of this run is there: flytectx clean leaves it. */
static void make_scratch(struct snapshot *snapshot)
{
	enum lock_result result = LOCK_NONE;
	pid_t owner;
	int fd;

	do {
		char *path = memory_text("%s/snapshot-XXXXXX", workspace_root_path());

		if (!mkdtemp(path))
			message_fail(path, "can't make a directory for snapshots: %s",
				     strerror(errno));
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			result = lock_take(fd, true, &owner);
		snapshot->scratch = path;
		/* clean may have it for the moment in which it looks. */
	} while (result == LOCK_IN_USE);
}

/* One that was killed is started anew. */
static bool start_guard(struct snapshot *snapshot)
{
	if (snapshot->guard)
		return true;
	snapshot->guard = guard_start(snapshot->guarded, &snapshot->life);
	if (snapshot->guard > 0)
		return true;
	snapshot->guard = 0;
	return false;
}

void snapshot_open(struct snapshot *snapshot)
{
	if (!below_is_shown())
		message_fail("/proc", "it does not show this process, and without it the processes "
				      "below CMD can't be stopped for --checkpoint-dir");
	if (!snapshot->guarded)
		snapshot->guarded = guarded_new();
	if (!snapshot->guarded || snapshot->guarded->wake < 0)
		message_fail("--checkpoint-dir", "%s", strerror(errno));
	if (!snapshot->scratch)
		make_scratch(snapshot);
	*snapshot->guarded->busy = '\0';
	atomic_store(&snapshot->guarded->command, 0);
	snapshot->saved = snapshot->has_digest = false;
	snapshot->end = SNAPSHOT_UNCHANGED;
	if (!start_guard(snapshot))
		message_fail("--checkpoint-dir", "can't start the process that watches over it: %s",
			     strerror(errno));
}

void snapshot_close(struct snapshot *snapshot)
{
	if (!snapshot->guard)
		return;
	if (write(snapshot->life, "", 1) == 1)
		waitpid(snapshot->guard, NULL, 0);
	close(snapshot->life);
	snapshot->guard = 0;
}

void snapshot_forget(struct snapshot *snapshot)
{
	if (snapshot->scratch)
		tree_remove(AT_FDCWD, snapshot->scratch);
	snapshot->scratch = NULL;
}

bool snapshot_begin(struct snapshot *snapshot, enum snapshot_kind kind)
{
	const double now = monotonic_now();
	pid_t pid;

	if (!start_guard(snapshot)) {
		message_warn(snapshot->directory, "not saved, can't start a process: %s",
			     strerror(errno));
		return false;
	}
	snapshot->kind = kind;
	atomic_store(&snapshot->guarded->phase, SNAPSHOT_COPYING);
	atomic_store(&snapshot->guarded->revoke,
		     kind == SNAPSHOT_AT_TERM ? (int64_t)((now + TERM_SECONDS) * 1e9) : 0);
	pid = fork();
	if (pid == 0)
		snapshot_work(snapshot);
	if (pid < 0)
		message_warn(snapshot->directory, "not saved, can't start a process: %s",
			     strerror(errno));
	snapshot->worker = pid > 0 ? pid : 0;
	atomic_store(&snapshot->guarded->worker, snapshot->worker);
	return pid > 0;
}

bool snapshot_stops(const struct snapshot *snapshot)
{
	return snapshot->worker && atomic_load(&snapshot->guarded->phase) < SNAPSHOT_THAWED;
}

void snapshot_check(struct snapshot *snapshot)
{
	if (atomic_load(&snapshot->guarded->state) == STOP_ON &&
	    monotonic_now() > stop_deadline(snapshot->guarded))
		stop_revoke(snapshot->guarded);
}

bool snapshot_reaped(struct snapshot *snapshot, pid_t pid, int status)
{
	if (pid == snapshot->guard) {
		close(snapshot->life);
		snapshot->guard = 0;
		return true;
	}
	if (!snapshot->worker || pid != snapshot->worker)
		return false;
	/* It may have died in the middle. */
	stop_revoke(snapshot->guarded);
	snapshot->worker = 0;
	atomic_store(&snapshot->guarded->worker, 0);
	snapshot->end = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (snapshot->end == -1)
		message_warn(snapshot->directory,
			     "not saved, the process that saves it was killed");
	if (snapshot->end == SNAPSHOT_SAVED) {
		snapshot->saved = snapshot->has_digest = true;
		snapshot->digest = atomic_load(&snapshot->guarded->digest);
	}
	return true;
}

void snapshot_cancel(struct snapshot *snapshot, bool hard)
{
	if (snapshot->worker)
		kill(snapshot->worker, hard ? SIGKILL : SIGTERM);
}

struct helpers snapshot_helpers(const struct snapshot *snapshot)
{
	const pid_t keeper = snapshot->keeper ? *snapshot->keeper : 0;

	return (struct helpers) { .root = getpid(),
				  .pids = { snapshot->guard, snapshot->worker, keeper,
					    snapshot->carrier } };
}
