/* SPDX-License-Identifier: Apache-2.0 */
/* Waits, at AT, for a thread that makes the call CALL. */
#define _GNU_SOURCE
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "flyte_ctx.h"

extern char **environ;
extern int pidfd_spawn(int *, const char *, const void *, const void *, char *const[],
		       char *const[]) __attribute__((weak));

static char *const arguments[] = { "true", NULL };

static bool is(const char *name)
{
	return !strcmp(getenv("CALL"), name);
}

static void notified(union sigval value)
{
	(void)value;
}

static int nothing(void *unused)
{
	(void)unused;
	return 0;
}

static void start_programs(void)
{
	pid_t pid;
	int fd;

	if (is("execve") || is("execvp")) {
		pid = vfork();
		if (!pid && is("execve"))
			execve("/bin/true", arguments, environ);
		if (!pid)
			execvp("true", arguments);
		waitpid(pid, NULL, 0);
	}
	if (is("posix_spawn") && !posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ))
		waitpid(pid, NULL, 0);
	if (is("pidfd_spawn") && pidfd_spawn)
		pidfd_spawn(&fd, "/bin/true", NULL, NULL, arguments, environ);
	if (is("system"))
		system("true");
	if (is("popen"))
		pclose(popen("true", "r"));
	if (is("fork")) {
		pid = fork();
		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static void register_callbacks(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };
	struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = 1 };
	timer_t timer;
	mqd_t queue;
	thrd_t thread;

	event.sigev_notify_function = notified;
	if (is("timer_create") || is("timer_delete"))
		if (!timer_create(CLOCK_MONOTONIC, &event, &timer) && is("timer_delete"))
			timer_delete(timer);
	if (is("mq_notify") || is("mq_close")) {
		queue = mq_open("/flytectx-regress", O_RDWR | O_CREAT, 0600, &attributes);
		mq_unlink("/flytectx-regress");
		if (is("mq_notify"))
			mq_notify(queue, &event);
		mq_close(queue);
	}
	if (is("thrd_create") && !thrd_create(&thread, nothing, NULL))
		thrd_join(thread, NULL);
}

static void *call(void *unused)
{
	static ucontext_t here;
	static volatile int times;
	FILE *file;

	if (is("syscall"))
		syscall(SYS_gettid);
	if (is("prctl"))
		prctl(PR_SET_NAME, "worker", 0, 0, 0);
	if (is("setenv"))
		setenv("X", "1", 1);
	if (is("putenv"))
		putenv("X=1");
	if (is("unsetenv"))
		unsetenv("X");
	if (is("fclose") && (file = fopen("/dev/null", "r")))
		fclose(file);
	if (is("swapcontext") && !getcontext(&here) && !times++)
		swapcontext(&here, &here);
	if (is("scope"))
		flyte_context_exit(
			flyte_custom_context_enter(&(struct flyte_pair) { "a", "b" }, 1));
	start_programs();
	register_callbacks();
	if (is("clearenv")) {
		setenv("Y", "1", 1);
		clearenv();
	}
	return unused;
}

static void call_on_a_thread(const char *at)
{
	pthread_t thread;

	if (getenv("AT") && !strcmp(getenv("AT"), at) && !pthread_create(&thread, NULL, call, NULL))
		pthread_join(thread, NULL);
}

__attribute__((constructor)) static void begin(void)
{
	call_on_a_thread("constructor");
}

__attribute__((destructor)) static void end(void)
{
	call_on_a_thread("destructor");
}
