/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The size of arguments and environment from which on the kernel says E2BIG is the same to the
 * byte as without us, with a context of 90 KB. Where that does not fit the program runs without.
 */
#include <sys/resource.h>

#include "hostile.h"

#define CHUNK 100000
#define MOST  10

/* Strings of `size` bytes in all. */
static char **strings_of_size(size_t size)
{
	static char memory[MOST][CHUNK + 3], *list[MOST + 3];
	size_t count = 0;

	list[count++] = hostile_self;
	list[count++] = (char *)(uintptr_t) "no-arguments";
	while (size > 2 && count < MOST) {
		size_t length = (size > CHUNK + 2 ? CHUNK : size) - 1;

		memset(memory[count], 'v', length);
		memory[count][1] = '=';
		memory[count][length] = '\0';
		list[count] = memory[count];
		size -= length + 1;
		count++;
	}
	list[count] = NULL;
	return list;
}

/* Not by any function that could be hooked. */
static long kernels_execve(const char *path, char *const argv[], char *const envp[])
{
	long result = SYS_execve;

	__asm__ volatile("syscall"
			 : "+a"(result)
			 : "D"(path), "S"(argv), "d"(envp)
			 : "rcx", "r11", "memory");
	return result;
}

static int by_kernel(char *const argv[], char *const envp[])
{
	pid_t pid = fork();

	if (pid == 0) {
		kernels_execve(hostile_self, argv, envp);
		_exit(126);
	}
	return ended(pid);
}

typedef int start_function(char *const argv[], char *const envp[]);

static bool starts(start_function *start, size_t size, bool arguments)
{
	static char *const few[] = { hostile_self, (char *)(uintptr_t) "no-arguments", NULL };
	char **many = strings_of_size(size);

	environ = arguments ? (char **)(uintptr_t)few : many;
	return start(arguments ? many : few, environ) == NO_ARGUMENTS;
}

static size_t limit_of(start_function *start, bool arguments)
{
	size_t low = 1000, high = 600000;

	expect(starts(start, low, arguments));
	expect(!starts(start, high, arguments));
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (starts(start, middle, arguments))
			low = middle;
		else
			high = middle;
	}
	return low;
}

int main(int argc, char **argv)
{
	const struct rlimit stack = { 1 << 20, 1 << 20 }; /* a quarter may be arguments */
	static char value[90001];
	char **before = environ;
	flyte_token token;

	hostile_begin(argc, argv);
	setrlimit(RLIMIT_STACK, &stack);
	memset(value, 'c', sizeof(value) - 1);
	token = enter("large", value);
	expect(token);
	for (int arguments = 0; arguments < 2; arguments++) {
		size_t limit = limit_of(by_kernel, arguments);

		expect(limit_of(by_execve, arguments) == limit);
		expect(limit_of(by_execvp, arguments) == limit);
		expect(limit_of(by_vfork, arguments) == limit);
		expect(limit_of(by_posix_spawn, arguments) == limit);
	}
	environ = before;
	expect(by_execve(looking_for("-"), environ) == 0);
	flyte_context_exit(token);
	return hostile_end();
}
