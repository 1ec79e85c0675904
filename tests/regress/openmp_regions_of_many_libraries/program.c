/* SPDX-License-Identifier: Apache-2.0 */
/* Runs regions of many libraries, and of code that is in none, and says when libraries were looked
 * at. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "flyte_ctx.h"

typedef void region(int *done);

static region *regions[1000];
static void *libraries[1000];
static long *looked_at;
static int count, done;

static void run(const char *when)
{
	long before = *looked_at;

	for (int i = 0; i < count; i++)
		regions[i](&done);
	printf("%s: %s, ", when, *looked_at == before ? "not" : "walked");
}

/* A region's code as a compiler at run time makes it: here only a jump. */
static void *copy_of(void *code)
{
	unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

#if defined(__x86_64__)
	memcpy(page, "\x49\xbb", 2); /* mov $code, %r11; jmp *%r11 */
	memcpy(page + 2, &code, 8);
	memcpy(page + 10, "\x41\xff\xe3", 3);
	return page;
#else
	return (void)page, code;
#endif
}

#if defined(__clang__)
extern void __kmpc_fork_call(void *place, int number, void *code, ...);

static void body(int *thread, int *number, int *value)
{
	(void)thread, (void)number;
	*value += 1;
}

static struct {
	int reserved1, flags, reserved2, reserved3;
	const char *source;
} place = { 0, 2, 0, 0, ";unknown;unknown;0;0;;" };

static void fork_call(void *code, int *value)
{
	__kmpc_fork_call(&place, 1, code, value);
}
#else
extern void GOMP_parallel(void *code, void *data, unsigned threads, unsigned flags);

static void body(int *value)
{
	*value += 1;
}

static void fork_call(void *code, int *value)
{
	GOMP_parallel(code, value, 1, 0);
}
#endif

static void open_all(const char *directory)
{
	char path[4096];

	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/region%d.so", directory, i);
		libraries[i] = dlopen(path, RTLD_NOW);
		*(void **)&regions[i] = dlsym(libraries[i], "region");
	}
}

int main(int argc, char **argv)
{
	void *jit = copy_of((void *)body);
	long before;

	looked_at = dlsym(RTLD_DEFAULT, "libraries_looked_at");
	count = atoi(argv[2]);
	open_all(argv[1]);
	if (argc > 3)
		flyte_custom_context_enter(&(struct flyte_pair) { "a", "b" }, 1);
	run("first");
	run("again");
	dlclose(libraries[--count]);
	run("after dlclose");
	run("again");
	fork_call(jit, &done);
	before = *looked_at;
	for (int i = 0; i < 100; i++)
		fork_call(jit, &done);
	printf("no library: %s\n", *looked_at - before <= 100 ? "at most one step each" : "walked");
	return done == 4 * count + 2 + 101 ? 0 : 1;
}
