/* SPDX-License-Identifier: Apache-2.0 */
/*
 * states_step - a handler that interrupts the hook that it calls itself: behind the first
 * instruction of the preload, then further on, until the call is libc's or the kernel's. The
 * processor tells of each one (TF, on x86). Without the preload the handler runs where libc's
 * function begins.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "driver.h"

#if defined(__x86_64__) || defined(__i386__)
#ifdef __x86_64__
enum { FLAGS = REG_EFL, PLACE = REG_RIP, NUMBER = REG_RAX };
#else
enum { FLAGS = REG_EFL, PLACE = REG_EIP, NUMBER = REG_EAX };
#endif
enum { STEP = 0x100 };

/* The first and the last byte of a mapping of code. */
struct range {
	unsigned long begin, end;
};

static struct range preload, program;
static volatile long steps;
static volatile int is_armed;
/* Shared with the children. */
static volatile int *came_to_end, *has_stepped;

static int is_in(struct range range, unsigned long place)
{
	return place >= range.begin && place < range.end;
}

/* A system call behind which no step can be told of. */
static int is_last_call(const unsigned char *code, long number)
{
	static const long last[] = { SYS_rt_sigprocmask, SYS_clone,  SYS_clone3,  SYS_fork,
				     SYS_vfork,          SYS_execve, SYS_execveat };

	if (!(code[0] == 0x0f && (code[1] == 0x05 || code[1] == 0x34)) &&
	    !(code[0] == 0xcd && code[1] == 0x80))
		return 0;
	for (size_t i = 0; i < sizeof(last) / sizeof(*last); i++)
		if (number == last[i])
			return 1;
	return 0;
}

static void on_step(int number, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	unsigned long place = (unsigned long)registers[PLACE];

	(void)number;
	(void)info;
	if (is_in(program, place))
		return;
	*came_to_end = !is_in(preload, place) ||
		       is_last_call((const unsigned char *)place, (long)registers[NUMBER]);
	if (!*came_to_end && --steps > 0)
		return;
	*has_stepped = 1;
	registers[FLAGS] &= ~(greg_t)STEP;
	call();
}

static void step(void)
{
	unsigned long flags;

	__asm__ volatile("pushf\n\tpop %0" : "=r"(flags));
	__asm__ volatile("push %0\n\tpopf" : : "r"(flags | STEP) : "cc", "memory");
}

void come_to_hook(void)
{
	if (!is_armed)
		return;
	is_armed = 0;
	step();
}

static void find_code(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	struct range range;
	char line[1024], mode[8];

	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %7s", &range.begin, &range.end, mode) != 3 ||
		    mode[2] != 'x')
			continue;
		if (strstr(line, "/libflytectx.so"))
			preload = range;
		if (is_in(range, (unsigned long)find_code))
			program = range;
	}
	if (maps)
		fclose(maps);
}

/* By a child: some hooks take the place of the process, and each is to be the first call. */
static void interrupt_behind(long count, char *said, size_t size)
{
	size_t length = 0;
	ssize_t got;
	int fds[2];

	if (pipe(fds) != 0)
		return;
	if (fork() == 0) {
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		steps = count;
		is_armed = 1;
		call();
		_exit(0);
	}
	close(fds[1]);
	while ((got = read(fds[0], said + length, size - 1 - length)) > 0)
		length += (size_t)got;
	said[length] = '\0';
	close(fds[0]);
	wait(NULL);
}

/* All rounds say the same. */
static void interrupted(void)
{
	struct sigaction action = { .sa_sigaction = on_step, .sa_flags = SA_SIGINFO };
	static char before[4096], said[4096];

	find_code();
	came_to_end = mmap(NULL, 2 * sizeof(int), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	has_stepped = came_to_end + 1;
	sigaction(SIGTRAP, &action, NULL);
	for (long count = 1; count < 20000 && !*came_to_end; count += count + 1) {
		interrupt_behind(count, said, sizeof(said));
		if (strcmp(said, before) != 0)
			say(said);
		strcpy(before, said);
	}
	say(*has_stepped ? "stepped\n" : "no step\n");
}
#else
void come_to_hook(void)
{
}
#endif

const struct state step_states[] = {
#if defined(__x86_64__) || defined(__i386__)
	{ "interrupted", interrupted, ANY, ALONE | LONG, NULL },
#endif
	{ NULL, NULL, 0, 0, NULL },
};
