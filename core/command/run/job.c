/* SPDX-License-Identifier: Apache-2.0 */
/* See job.h. */
#include "command/run/job.h"
#include "command/run/guard.h"
#include "command/run/signals.h"
#include "command/terminal/message.h"
#include "command/checkpoint/progress.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANCEL_SECONDS 1.5 /* until the child is killed */
#define LOOK_SECONDS   0.1

static volatile sig_atomic_t cancelled;
static struct flytectx_transfer shown;

static void cancel(int number)
{
	(void)number;
	cancelled = 1;
}

__attribute__((noreturn)) static void be_child(int (*work)(void *argument), void *argument)
{
	const struct sigaction on_term = { .sa_handler = cancel };
	struct rlimit limit;
	sigset_t set;

	/* Each level of a tree takes a descriptor. */
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	/* A write that is too long is an error. */
	signal(SIGXFSZ, SIG_IGN);
	sigaction(SIGTERM, &on_term, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(work(argument));
}

static bool has_ended(pid_t pid, int *status)
{
	pid_t ended;

	do
		ended = waitpid(pid, status, WNOHANG);
	while (ended < 0 && errno == EINTR);
	return ended != 0;
}

int job_run(int (*work)(void *argument), void *argument, int *asked)
{
	double killed = 0;
	int status = -1, number;
	pid_t pid = fork();

	*asked = 0;
	if (pid < 0)
		message_fail("run", "can't start a process: %s", strerror(errno));
	if (pid == 0)
		be_child(work, argument);
	while (!has_ended(pid, &status)) {
		number = signals_wait_end(monotonic_now() + LOOK_SECONDS);
		if (number && !*asked) {
			*asked = number;
			killed = monotonic_now() + CANCEL_SECONDS;
			kill(pid, SIGTERM);
		}
		if (killed > 0 && monotonic_now() > killed)
			kill(pid, SIGKILL);
	}
	return !*asked && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int report(void *argument, uint64_t done, uint64_t total)
{
	(void)argument;
	return !cancelled && (!shown.report || shown.report(shown.argument, done, total));
}

struct flytectx_transfer job_transfer(const char *verb, const char *url)
{
	struct flytectx_transfer transfer;

	shown = progress_begin(verb, url);
	transfer = shown;
	transfer.report = report;
	return transfer;
}
