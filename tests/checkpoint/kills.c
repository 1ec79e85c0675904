/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kills saves, spread over the whole of a save, with a reader beside (SPEC 4.8): whoever looks, at
 *any time, finds the old checkpoint or the new one, whole.
 *
 *	kills bytes|directory COUNT     in an empty directory
 *
 * Prints TAP. Each save is of another generation: all its bytes are that number.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "checkpoint/load.h"
#include "checkpoint/save.h"
#include "local/tree_remove.h"

#define SIZE  ((size_t)4 << 20)
#define FILES 8

enum { BEFORE, WITHIN, AFTER };

struct shared {
	atomic_int phase; /* of the save that is under way */
	atomic_int reads; /* of the reader */
};

static struct shared *shared;
static bool is_directory;

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("not ok - kills of %s: ", is_directory ? "directories" : "bytes");
	vprintf(format, arguments);
	va_end(arguments);
	puts("\n1..1");
	exit(1);
}

static struct storage *open_object(const struct storage_progress *progress)
{
	struct error error;
	struct storage *object = storage_open("object", progress, &error);

	if (!object)
		give_up("%s", error.text);
	return object;
}

/* --- one save ---------------------------------------------------------------------------- */

static bool note(void *argument, uint64_t done, uint64_t total)
{
	(void)argument, (void)done, (void)total;
	atomic_store(&shared->phase, WITHIN);
	return true;
}

/* Noise that the generation decides, so that it does not compress to nothing. */
static void fill(unsigned char *data, size_t size, unsigned generation)
{
	uint32_t word = generation * 2654435761u + 1;

	for (size_t i = 0; i < size; i++) {
		word = word * 1664525 + 1013904223;
		data[i] = (unsigned char)(word >> 24);
	}
	memcpy(data, &generation, sizeof(generation));
}

static void make_directory(unsigned generation, unsigned char *data)
{
	char path[64];

	tree_remove(AT_FDCWD, "source");
	mkdir("source", 0755);
	for (int i = 0; i < FILES; i++) {
		int fd;

		snprintf(path, sizeof(path), "source/%d", i);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
		if (fd < 0 || write(fd, data, SIZE / FILES) < 0)
			give_up("source: %s", strerror(errno));
		close(fd);
	}
	(void)generation;
}

__attribute__((noreturn)) static void save_and_exit(const unsigned char *data)
{
	const struct storage_progress progress = { note, NULL };
	struct error error;
	struct storage *object = open_object(&progress);

	if (!(is_directory ? save_path(object, "source", &error)
			   : save_bytes(object, data, SIZE, &error)))
		give_up("a save failed: %s", error.text);
	atomic_store(&shared->phase, AFTER);
	_exit(0);
}

/* --- looking at it ----------------------------------------------------------------------- */

/* The generation of a file that is whole; dies otherwise. */
static unsigned check_file(const char *path, size_t size, unsigned char *data,
			   unsigned char *expected)
{
	int fd = open(path, O_RDONLY);
	unsigned generation;

	if (fd < 0 || read(fd, data, size + 1) != (ssize_t)size)
		give_up("%s has not its size", path);
	close(fd);
	memcpy(&generation, data, sizeof(generation));
	fill(expected, size, generation);
	if (memcmp(data, expected, size) != 0)
		give_up("%s is not of one generation", path);
	return generation;
}

/* The generation of the object; 0 where there is none. */
static unsigned look(const char *into, unsigned char *data, unsigned char *expected)
{
	struct error error;
	struct storage *object = open_object(NULL);
	enum load_result result;
	unsigned generation = 0;
	char path[64];
	int target;

	tree_remove(AT_FDCWD, into);
	mkdir(into, 0700);
	target = open(into, O_RDONLY | O_DIRECTORY);
	result = load(object, target, target, &error);
	if (result == LOAD_FAILED)
		give_up("a load failed: %s", error.text);
	if (result == LOAD_FILE) {
		snprintf(path, sizeof(path), "%s/" LOAD_PAYLOAD, into);
		generation = check_file(path, SIZE, data, expected);
	}
	for (int i = 0; result == LOAD_TREE && i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/%d", into, i);
		if (i && check_file(path, SIZE / FILES, data, expected) != generation)
			give_up("a tree of two generations");
		generation = check_file(path, SIZE / FILES, data, expected);
	}
	close(target);
	storage_close(object);
	return generation;
}

static pid_t start_reader(unsigned char *data, unsigned char *expected)
{
	pid_t pid = fork();

	for (unsigned last = 0; pid == 0;) {
		unsigned seen = look("seen", data, expected);

		if (seen < last)
			give_up("the reader saw %u after %u", seen, last);
		last = seen;
		atomic_fetch_add(&shared->reads, 1);
	}
	return pid;
}

/* --- kills ------------------------------------------------------------------------------- */

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void wait_seconds(double seconds)
{
	const struct timespec time = { (time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9) };

	nanosleep(&time, NULL);
}

/* Starts a save and kills it after so long; its phase then. */
static int save_and_kill(unsigned generation, double seconds, unsigned char *data)
{
	int status;
	pid_t pid;

	fill(data, is_directory ? SIZE / FILES : SIZE, generation);
	if (is_directory)
		make_directory(generation, data);
	atomic_store(&shared->phase, BEFORE);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		save_and_exit(data);
	if (seconds >= 0) {
		wait_seconds(seconds);
		kill(pid, SIGKILL);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status))
		exit(1);
	return WIFSIGNALED(status) ? atomic_load(&shared->phase) : AFTER;
}

/* How long a save takes here: the longest of some. */
static double measure(unsigned *generation, unsigned char *data)
{
	double longest = 0;

	for (int i = 0; i < 5; i++) {
		double start = now();

		save_and_kill(++*generation, -1, data);
		if (now() - start > longest)
			longest = now() - start;
	}
	return longest;
}

int main(int argc, char *argv[])
{
	unsigned char *data = malloc(SIZE + 1), *expected = malloc(SIZE + 1);
	int count = argc > 2 ? atoi(argv[2]) : 100, phases[3] = { 0 }, status;
	unsigned generation = 0, seen, before;
	double whole;
	pid_t reader;

	is_directory = argc > 1 && !strcmp(argv[1], "directory");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (!data || !expected || shared == MAP_FAILED)
		give_up("no memory");
	whole = measure(&generation, data);
	seen = generation;
	reader = start_reader(data, expected);
	for (int i = 0; i < count; i++) {
		before = seen;
		phases[save_and_kill(++generation, whole * i / count, data)]++;
		seen = look("found", data, expected);
		if (seen != before && seen != generation)
			give_up("kill %d left generation %u, not %u or %u", i, seen, before,
				generation);
	}
	kill(reader, SIGKILL);
	waitpid(reader, &status, 0);
	if (WIFEXITED(status))
		exit(1);
	printf("ok - %d saves of %s killed, %d of them within, %d reads beside: old or new\n",
	       count, is_directory ? "directories" : "bytes", phases[WITHIN],
	       atomic_load(&shared->reads));
	printf("%s - some were killed in the middle of a save, and the reader has read\n",
	       phases[WITHIN] && atomic_load(&shared->reads) ? "ok" : "not ok");
	save_and_kill(++generation, -1, data);
	printf("%s - the next save is whole\n",
	       look("found", data, expected) == generation ? "ok" : "not ok");
	puts("1..3");
	return 0;
}
