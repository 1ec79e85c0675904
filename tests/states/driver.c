/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver - calls one hooked function in one of the states that a process can be in:
 *
 *	driver hooks | states      the names, one a line
 *	driver STATE HOOK          one line of what came of it
 *	driver report              what a started program says: its context
 *
 * The line has the result, errno and what the child said. It ends with the context of the caller
 *and that of what was started. With STATES_SCOPE set the caller is in a scope.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "flyte_ctx.h"

extern char **environ;

static const char *self, *plugin;

/* --- the context --- */

static const char *scope(void)
{
	const char *value = flyte_custom_context_get("scope");

	return value ? value : flyte_ctx_get() ? "root" : "-";
}

/* With one write(2): no lock of stdio's, nothing that is left in a buffer of a child. */
static void say(const char *text)
{
	if (write(1, text, strlen(text)) < 0)
		_exit(98);
}

static char *report_argv[] = { (char *)"report", (char *)"report", NULL };
static char *search_argv[] = { (char *)"env", NULL, (char *)"report", NULL };

/* --- the hooks: each says what came of it, or starts the report in its place --- */

static char started[256];

static void end_line(const char *name, long result, int error)
{
	char line[512];

	snprintf(line, sizeof(line), "%s: %ld %d child=%s caller=%s\n", name, result,
		 result ? error : 0, started, scope());
	say(line);
}

/* Once the call is made: arguments are evaluated in any order. */
static void end_call(const char *name, long result)
{
	end_line(name, result, errno);
}

static void hear(int fd)
{
	ssize_t got = read(fd, started, sizeof(started) - 1);

	started[got > 0 ? got : 0] = '\0';
	started[strcspn(started, "\n")] = '\0';
	close(fd);
}

static void before_exec(void)
{
	char line[128];

	snprintf(line, sizeof(line), "caller=%s child=", scope());
	say(line);
}

static void do_execve(void)
{
	before_exec();
	execve(self, report_argv, environ);
}
static void do_execv(void)
{
	before_exec();
	execv(self, report_argv);
}
static void do_execvp(void)
{
	before_exec();
	execvp("env", search_argv);
}
static void do_execvpe(void)
{
	before_exec();
	execvpe("env", search_argv, environ);
}
static void do_execl(void)
{
	before_exec();
	execl(self, "report", "report", (char *)NULL);
}
static void do_execlp(void)
{
	before_exec();
	execlp("env", "env", self, "report", (char *)NULL);
}
static void do_execle(void)
{
	before_exec();
	execle(self, "report", "report", (char *)NULL, environ);
}
static void do_fexecve(void)
{
	int fd = open(self, O_RDONLY | O_CLOEXEC);
	before_exec();
	fexecve(fd, report_argv, environ);
}
static void do_syscall_execve(void)
{
	before_exec();
	syscall(SYS_execve, self, report_argv, environ);
}

static void spawned(const char *name, int p)
{
	posix_spawn_file_actions_t actions;
	int fds[2], error, status = -1;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		_exit(97);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	error = p ? posix_spawnp(&pid, "env", &actions, NULL, search_argv, environ)
		  : posix_spawn(&pid, self, &actions, NULL, report_argv, environ);
	close(fds[1]);
	hear(fds[0]);
	if (!error)
		waitpid(pid, &status, 0);
	end_line(name, error ? error : status, 0);
}

static void do_posix_spawn(void)
{
	spawned("posix_spawn", 0);
}
static void do_posix_spawnp(void)
{
	spawned("posix_spawnp", 1);
}

static void do_system(void)
{
	char command[4096];

	snprintf(command, sizeof(command), "exec '%s' report >&2", self);
	snprintf(started, sizeof(started), "below");
	end_call("system", system(command));
}

static void do_popen(void)
{
	char command[4096];
	FILE *stream;

	snprintf(command, sizeof(command), "exec '%s' report", self);
	stream = popen(command, "r");
	if (!stream || !fgets(started, sizeof(started), stream))
		snprintf(started, sizeof(started), "nothing");
	started[strcspn(started, "\n")] = '\0';
	end_call("popen", stream ? pclose(stream) : -1);
}

static void do_fclose(void)
{
	FILE *file = fopen("/dev/null", "w");

	end_call("fclose", fclose(file));
}

static void forked(const char *name, pid_t pid)
{
	int status = -1;

	if (pid == 0) {
		char line[64];

		snprintf(line, sizeof(line), "in the child: %s\n", scope());
		if (write(2, line, strlen(line)) < 0)
			_exit(9);
		_exit(7);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	end_line(name, status, 0);
}

extern pid_t _Fork(void) __attribute__((weak));

static void do_fork(void)
{
	forked("fork", fork());
}
static void do__Fork(void)
{
	if (_Fork)
		forked("_Fork", _Fork());
	else
		say("no _Fork\n");
}
static void do_setenv(void)
{
	end_call("setenv", setenv("STATES", "1", 1));
}
static void do_unsetenv(void)
{
	end_call("unsetenv", unsetenv("STATES"));
}
static void do_putenv(void)
{
	static char entry[] = "STATES=2";
	end_call("putenv", putenv(entry));
}
static void do_syscall(void)
{
	end_call("syscall", syscall(SYS_getuid) != (long)getuid());
}
static void do_prctl(void)
{
	end_call("prctl", prctl(PR_SET_NAME, "states"));
}

static sem_t heard;

static void *note(void *unused)
{
	snprintf(started, sizeof(started), "%s", scope());
	sem_post(&heard);
	return unused;
}

static int note_c11(void *unused)
{
	note(unused);
	return 0;
}
static void notified(union sigval value)
{
	note(value.sival_ptr);
}

static void do_pthread_create(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, note, NULL);

	if (!error)
		pthread_join(thread, NULL);
	end_line("pthread_create", error, 0);
}

static void do_thrd_create(void)
{
	thrd_t thread;
	int error = thrd_create(&thread, note_c11, NULL);

	if (!error)
		thrd_join(thread, NULL);
	end_line("thrd_create", error, 0);
}

static void do_timer_create(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notified };
	struct itimerspec soon = { .it_value.tv_nsec = 1 };
	timer_t timer;
	int result = timer_create(CLOCK_MONOTONIC, &event, &timer), error = errno;

	if (!result) {
		timer_settime(timer, 0, &soon, NULL);
		sem_wait(&heard);
		timer_delete(timer);
	}
	end_line("timer_create", result, error);
}

static void do_mq_notify(void)
{
	end_call("mq_notify", mq_notify((mqd_t)-1, NULL));
}

static ucontext_t caller, other;
static char stack[65536];

static void switched(void)
{
	note(NULL);
	swapcontext(&other, &caller);
}

__attribute__((unused)) static void do_swapcontext(void)
{
	int result;

	getcontext(&other);
	other.uc_stack.ss_sp = stack;
	other.uc_stack.ss_size = sizeof(stack);
	makecontext(&other, switched, 0);
	result = swapcontext(&caller, &other);
	end_call("swapcontext", result);
}

enum { STARTS = 1, CALLS = 2 };

static const struct hook {
	const char *name;
	void (*call)(void);
	int kind; /* STARTS: it takes the place of the process */
} hooks[] = {
	{ "execve", do_execve, STARTS },
	{ "execv", do_execv, STARTS },
	{ "execvp", do_execvp, STARTS },
	{ "execvpe", do_execvpe, STARTS },
	{ "execl", do_execl, STARTS },
	{ "execlp", do_execlp, STARTS },
	{ "execle", do_execle, STARTS },
	{ "fexecve", do_fexecve, STARTS },
	{ "syscall_execve", do_syscall_execve, STARTS },
	{ "posix_spawn", do_posix_spawn, CALLS },
	{ "posix_spawnp", do_posix_spawnp, CALLS },
	{ "system", do_system, CALLS },
	{ "popen", do_popen, CALLS },
	{ "fclose", do_fclose, CALLS },
	{ "fork", do_fork, CALLS },
	{ "_Fork", do__Fork, CALLS },
	{ "setenv", do_setenv, CALLS },
	{ "unsetenv", do_unsetenv, CALLS },
	{ "putenv", do_putenv, CALLS },
	{ "syscall", do_syscall, CALLS },
	{ "prctl", do_prctl, CALLS },
	{ "pthread_create", do_pthread_create, CALLS },
	{ "thrd_create", do_thrd_create, CALLS },
	{ "timer_create", do_timer_create, CALLS },
	{ "mq_notify", do_mq_notify, CALLS },
#ifdef __GLIBC__
	{ "swapcontext", do_swapcontext, CALLS },
#endif
};

static const struct hook *hook;

static void call(void)
{
	hook->call();
	if (hook->kind == STARTS)
		_exit(96);
}

/* --- the states --- */

static void *call_on_thread(void *unused)
{
	call();
	return unused;
}

static void call_and_wait(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, call_on_thread, NULL) == 0)
		pthread_join(thread, NULL);
}

/* What the plugin calls, by name. */
void (*states_constructor)(void), (*states_destructor)(void), (*states_resolver)(void);

static void *load(void)
{
	void *library = dlopen(plugin, RTLD_NOW);

	if (!library)
		say("the plugin can't be loaded\n");
	return library;
}

static void plain(void)
{
	call();
}
static void second_thread(void)
{
	call_and_wait();
}
static void constructor(void)
{
	states_constructor = call_and_wait;
	load();
}
static void destructor(void)
{
	states_destructor = call_and_wait;
	dlclose(load());
}
__attribute__((unused)) static void resolver(void)
{
	states_resolver = call;
	load();
}
static void atfork_prepare(void)
{
	pthread_atfork(call, NULL, NULL);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
}
static void atfork_parent(void)
{
	pthread_atfork(NULL, call, NULL);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
}
static void atfork_child(void)
{
	pthread_atfork(NULL, NULL, call);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
}
static void at_exit(void)
{
	atexit(call);
	exit(0);
}

static pthread_key_t key;

static void end_of_thread(void *unused)
{
	(void)unused;
	call();
}
static void *set_key(void *unused)
{
	pthread_setspecific(key, &key);
	return unused;
}

static void key_destructor(void)
{
	pthread_t thread;

	pthread_key_create(&key, end_of_thread);
	pthread_create(&thread, NULL, set_key, NULL);
	pthread_join(thread, NULL);
}

static void in_handler(int number)
{
	(void)number;
	call();
}
static void handler(void)
{
	signal(SIGUSR1, in_handler);
	raise(SIGUSR1);
}

static sem_t loading;
static volatile int loaded;

static void load_slowly(void)
{
	sem_post(&loading);
	sleep(2);
}
static void *load_on_thread(void *unused)
{
	load();
	loaded = 1;
	return unused;
}

/* By order, not by time: the call is back before the load. */
static void beside_dlopen(void)
{
	pthread_t thread;

	states_constructor = load_slowly;
	pthread_create(&thread, NULL, load_on_thread, NULL);
	sem_wait(&loading);
	call();
	say(loaded ? "after the load\n" : "before the load ends\n");
	_exit(0);
}

static void in_child(pid_t pid)
{
	if (pid == 0) {
		call();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void fork_child(void)
{
	in_child(fork());
}
static void raw_child(void)
{
	in_child((pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static int on_stack(void *unused)
{
	(void)unused;
	call();
	return 0;
}

static void on_stack_of(size_t size)
{
	char *memory = mmap(NULL, size + 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	mprotect(memory, 65536, PROT_NONE);
	waitpid(clone(on_stack, memory + 65536 + size, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL),
		NULL, 0);
}

static void clone_vm(void)
{
	on_stack_of(65536);
}
static void stack_of_4_kib(void)
{
	on_stack_of(4096);
}
static void stack_of_16_kib(void)
{
	on_stack_of(16384);
}

static void vfork_child(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		call();
	waitpid(pid, NULL, 0);
}

static void *hold(void *unused)
{
	flockfile(stdout);
	flockfile(stderr);
	sem_post(&loading);
	pause();
	return unused;
}

static void stdio_locked(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, hold, NULL);
	sem_wait(&loading);
	call();
	_exit(0);
}

static const struct state {
	const char *name;
	void (*enter)(void);
	int kinds;
} states[] = {
	{ "plain", plain, STARTS | CALLS },
	{ "second_thread", second_thread, STARTS | CALLS },
	{ "constructor", constructor, STARTS | CALLS },
	{ "destructor", destructor, STARTS | CALLS },
#ifdef __GLIBC__
	{ "resolver", resolver, STARTS | CALLS },
#endif
	{ "atfork_prepare", atfork_prepare, CALLS },
	{ "atfork_parent", atfork_parent, CALLS },
	{ "atfork_child", atfork_child, STARTS | CALLS },
	{ "at_exit", at_exit, STARTS | CALLS },
	{ "key_destructor", key_destructor, STARTS | CALLS },
	{ "handler", handler, STARTS | CALLS },
	{ "beside_dlopen", beside_dlopen, STARTS | CALLS },
	{ "fork_child", fork_child, STARTS | CALLS },
	{ "raw_child", raw_child, STARTS | CALLS },
	{ "vfork_child", vfork_child, STARTS },
	{ "clone_vm", clone_vm, STARTS },
	{ "stack_of_4_kib", stack_of_4_kib, STARTS },
	{ "stack_of_16_kib", stack_of_16_kib, STARTS },
	{ "stdio_locked", stdio_locked, STARTS | CALLS },
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static int list_cells(void)
{
	for (size_t s = 0; s < COUNT(states); s++)
		for (size_t h = 0; h < COUNT(hooks); h++) {
			/* These call themselves again. */
			int again = !strncmp(states[s].name, "atfork", 6) &&
				    strstr(hooks[h].name, "ork");

			if (states[s].kinds & hooks[h].kind && !again)
				printf("%s %s\n", states[s].name, hooks[h].name);
		}
	return 0;
}

int main(int argc, char **argv)
{
	struct flyte_pair pair = { "scope", "inner" };
	const struct state *state = NULL;

	if (argc == 2 && !strcmp(argv[1], "cells"))
		return list_cells();
	if (argc == 2 && !strcmp(argv[1], "report"))
		return puts(scope()) < 0;
	self = getenv("STATES_SELF");
	plugin = getenv("STATES_PLUGIN");
	search_argv[1] = (char *)(uintptr_t)self;
	for (size_t i = 0; argc == 3 && i < COUNT(states); i++)
		if (!strcmp(states[i].name, argv[1]))
			state = &states[i];
	for (size_t i = 0; argc == 3 && i < COUNT(hooks); i++)
		if (!strcmp(hooks[i].name, argv[2]))
			hook = &hooks[i];
	if (!state || !hook)
		return 2;
	sem_init(&heard, 0, 0);
	sem_init(&loading, 0, 0);
	if (getenv("STATES_SCOPE"))
		flyte_custom_context_enter(&pair, 1);
	state->enter();
	return 0;
}
