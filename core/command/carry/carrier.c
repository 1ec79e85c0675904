/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See carrier.h. A loop over the stops of the traced: which is what, ptrace(2) says. Nothing here
 * may take long, since what has stopped waits.
 */
#include "command/carry/carrier.h"
#include "command/carry/carried.h"
#include "command/carry/new_stack.h"
#include "command/look/process_environ.h"
#include "command/look/process_files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS                                                                                    \
	(PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |     \
	 PTRACE_O_TRACESYSGOOD)

struct carrier {
	enum carry_mode mode;
	const char *library;
};

static void go_on(pid_t tid, int number)
{
	ptrace(PTRACE_CONT, tid, NULL, (void *)(intptr_t)number);
}

/* --- forks, clones ------------------------------------------------------------------------- */

static void release_waiting(struct carrier_thread *thread)
{
	if (!thread->waits)
		return;
	thread->waits = false;
	go_on(thread->tid, 0);
}

/* The parent, or for a thread its process, as /proc says. */
static pid_t parent_of(pid_t tid)
{
	char path[64], text[4096], *line;
	int group = 0, parent = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	process_read_file(path, text, sizeof(text));
	line = strstr(text, "\nTgid:");
	if (line)
		group = atoi(line + strlen("\nTgid:"));
	line = strstr(text, "\nPPid:");
	if (line)
		parent = atoi(line + strlen("\nPPid:"));
	return group && group != tid ? group : parent;
}

/* What its memory was started with is its parent's. */
static struct carried *from_environment(pid_t tid)
{
	char *none[] = { NULL }, **envp = process_environ_try(tid);
	struct carried *carried = carried_new(envp ? envp : none, NULL);

	/* Of one block, the first string. */
	if (envp)
		free(*envp);
	free(envp);
	return carried;
}

/*
 * The first stop of a new thread may come before its parent's event: then it waits for that. A
 * parent that has ended in between says nothing any more.
 */
static void begin(pid_t tid)
{
	struct carrier_thread *thread = carried_find(tid, true);

	if (!thread || thread->carried) {
		go_on(tid, 0);
		return;
	}
	thread->waits_for = parent_of(tid);
	thread->waits = true;
	if (carried_find(thread->waits_for, false))
		return;
	thread->carried = from_environment(tid);
	release_waiting(thread);
}

static void note_child(pid_t parent)
{
	struct carrier_thread *from = carried_find(parent, false), *child;
	unsigned long number = 0;

	if (ptrace(PTRACE_GETEVENTMSG, parent, NULL, &number) < 0 || !number)
		return;
	child = carried_find((pid_t)number, true);
	if (!child)
		return;
	carried_release(child->carried);
	child->carried = from ? carried_retain(from->carried) : from_environment((pid_t)number);
	release_waiting(child);
}

static struct carrier_thread *ending;

static void inherit_from_ending(struct carrier_thread *child)
{
	child->carried = carried_retain(ending->carried);
	release_waiting(child);
}

static void end(pid_t tid)
{
	ending = carried_find(tid, false);
	if (ending)
		carried_each_waiting(tid, inherit_from_ending);
	carried_forget(tid);
}

/* --- exec ---------------------------------------------------------------------------------- */

/* An exec makes its thread the only one, under the number of the process. */
static struct carrier_thread *take_over(pid_t pid)
{
	unsigned long before = 0;
	struct carrier_thread *from;
	struct carried *carried = NULL;

	ptrace(PTRACE_GETEVENTMSG, pid, NULL, &before);
	from = carried_find((pid_t)before, false);
	if (from)
		carried = carried_retain(from->carried);
	if ((pid_t)before != pid && from)
		carried_forget((pid_t)before);
	from = carried_find(pid, true);
	if (from) {
		carried_release(from->carried);
		from->carried = carried;
	} else {
		carried_release(carried);
	}
	return from;
}

static void let_go(pid_t pid)
{
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	carried_forget(pid);
}

static void see_exec(const struct carrier *carrier, pid_t pid)
{
	struct carrier_thread *thread = take_over(pid);
	struct carried *after = NULL;
	enum stack_result result;
	int status = 0;

	if (!thread) {
		go_on(pid, 0);
		return;
	}
	result = new_stack_put_right(pid, carrier->library, thread->carried, &after, &status);
	if (after) {
		carried_release(thread->carried);
		thread->carried = after;
	}
	if (result == STACK_ENDED)
		end(pid);
	else if (result == STACK_FORGETS || (result == STACK_ENTERED && carrier->mode != CARRY_ALL))
		let_go(pid);
	else
		go_on(pid, 0);
}

/* --- stops --------------------------------------------------------------------------------- */

static bool is_stop(int number)
{
	return number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

static void see_stop(const struct carrier *carrier, pid_t tid, int status)
{
	const int number = WSTOPSIG(status);
	struct carrier_thread *thread;

	switch (status >> 16) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		note_child(tid);
		go_on(tid, 0);
		break;
	case PTRACE_EVENT_EXEC:
		see_exec(carrier, tid);
		break;
	case PTRACE_EVENT_STOP:
		thread = carried_find(tid, false);
		if (!thread || !thread->carried)
			begin(tid);
		else if (is_stop(number))
			ptrace(PTRACE_LISTEN, tid, NULL, NULL);
		else
			go_on(tid, 0);
		break;
	default:
		/* A signal on its way; a stop of a system call has none. */
		go_on(tid, number == (SIGTRAP | 0x80) ? 0 : number);
	}
}

static void trace(const struct carrier *carrier)
{
	int status;
	pid_t tid;

	for (;;) {
		tid = waitpid(-1, &status, __WALL);
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			return;
		if (WIFSTOPPED(status))
			see_stop(carrier, tid, status);
		else
			end(tid);
	}
}

void carrier_work(int socket, enum carry_mode mode, const char *library)
{
	const struct carrier carrier = { mode, library };
	const pid_t own = getpid();
	struct carrier_request request;
	struct carrier_thread *thread;
	int answer = 0;

	if (write(socket, &own, sizeof(own)) != sizeof(own) ||
	    recv(socket, &request, sizeof(request), MSG_WAITALL) != sizeof(request))
		return;
	thread = carried_find(request.pid, true);
	if (thread)
		thread->carried = from_environment(request.pid);
	if (!thread || !thread->carried)
		answer = ENOMEM;
	else if (ptrace(PTRACE_SEIZE, request.pid, NULL, (void *)(uintptr_t)OPTIONS) < 0)
		answer = errno;
	if (write(socket, &answer, sizeof(answer)) != sizeof(answer))
		answer = EPIPE;
	close(socket);
	if (!answer)
		trace(&carrier);
}
