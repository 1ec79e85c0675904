/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/hooks/exec.c and spawn.c: programs start with as large an environment and as small a stack
 * as without the shim (SPEC 3.12).
 */
#include <dlfcn.h>
#include <spawn.h>
#include <sys/syscall.h>

#include "exec_test.h"

/* An environment of variables of 100,000 bytes and one that fills up to `size`. */
static char **environment_of_size(size_t size)
{
	enum { CHUNK = 100000, MAX = 64 };
	static char *envp[MAX + 1];
	size_t count = 0;

	while (size > 2) {
		size_t length = (size > CHUNK + 2 ? CHUNK : size) - 1;

		free(envp[count]);
		envp[count] = malloc(length + 1);
		memset(envp[count], 'v', length);
		envp[count][1] = '=';
		envp[count][length] = '\0';
		size -= length + 1;
		count++;
	}
	free(envp[count]);
	envp[count] = NULL;
	return envp;
}

typedef int execve_function(const char *, char *const *, char *const *);
typedef int spawn_function(pid_t *, const char *, const posix_spawn_file_actions_t *,
			   const posix_spawnattr_t *, char *const *, char *const *);

static bool execve_starts(uintptr_t function, size_t size)
{
	char **envp = environment_of_size(size);
	execve_function *call = (execve_function *)function;
	pid_t pid = fork();

	if (pid == 0) {
		call("/bin/true", true_argv, envp);
		_exit(errno == E2BIG ? 7 : 8);
	}
	return wait_for(pid) == 0;
}

static bool spawn_starts(uintptr_t function, size_t size)
{
	spawn_function *call = (spawn_function *)function;
	pid_t pid;

	if (call(&pid, "/bin/true", NULL, NULL, true_argv, environment_of_size(size)))
		return false;
	return wait_for(pid) == 0;
}

/* The largest environment with which `starts` still works. */
static size_t limit_of(bool (*starts)(uintptr_t, size_t), uintptr_t function)
{
	size_t low = 1000, high = 6000000;

	assert_true(starts(function, low));
	assert_false(starts(function, high));
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (starts(function, middle))
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* libc's own function, past every preload. */
static uintptr_t libc_function(const char *name)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);

	assert_non_null(libc);
	return (uintptr_t)dlsym(libc, name);
}

static void the_kernels_limit_is_the_same_to_the_byte(void **state)
{
	flyte_token token = enter("scope", "some context that takes room");

	(void)state;
	assert_int_equal(limit_of(execve_starts, (uintptr_t)execve),
			 limit_of(execve_starts, libc_function("execve")));
	assert_int_equal(limit_of(spawn_starts, (uintptr_t)posix_spawn),
			 limit_of(spawn_starts, libc_function("posix_spawn")));
	flyte_context_exit(token);
}

static void *exec_on_a_small_stack(void *result)
{
	char **envp = many_variables(5000);
	int fds[2];
	pid_t pid;

	if (pipe(fds))
		return NULL;
	pid = vfork();
	if (pid == 0) {
		syscall(SYS_dup2, fds[1], 1);
		execvpe("env", env_argv, envp);
		_exit(1);
	}
	close(fds[1]);
	read_all(fds[0], result, 1 << 20);
	wait_for(pid);
	return result;
}

static void a_16_kib_stack_and_5000_variables(void **state)
{
	static char text[1 << 20];
	pthread_attr_t attributes;
	pthread_t thread;

	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	skip(); /* their own frames need more */
#endif
	pthread_attr_init(&attributes);
	assert_int_equal(pthread_attr_setstacksize(&attributes, 16384), 0);
	assert_int_equal(pthread_create(&thread, &attributes, exec_on_a_small_stack, text), 0);
	pthread_join(thread, NULL);
	assert_int_equal(count_of(text, "VARIABLE_"), 5000);
	assert_int_equal(count_of(text, "FLYTE_CTX="), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernels_limit_is_the_same_to_the_byte),
		cmocka_unit_test(a_16_kib_stack_and_5000_variables),
	};

	return cmocka_run_group_tests_name("exec_limits", tests, NULL, NULL);
}
