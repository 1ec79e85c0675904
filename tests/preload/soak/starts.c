/* SPDX-License-Identifier: Apache-2.0 */
/*
 * starts - processes and threads without end, from 8 threads that are in different scopes: is the
 * context of each its starter's, and is nothing left behind (SPEC 3.1, 3.2)?
 *
 *	starts NAME COUNT REPORTER...
 *
 * Prints TAP lines that begin with NAME. Under the preload, in a context whose `who` is root.
 * Which start comes when is the same in every run; which of them meet is not.
 */
#include <dirent.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "kinds.h"

#define THREADS 8

/* What is in use is looked at after the first of these parts and after the last. */
#define PARTS 10

/* What libc keeps for later depends on which threads meet; a leak is of every start, or of one in
 * a thousand, and passes these. */
#define MAPS_TOLERATED 16
#define KIB_TOLERATED  1024

static const char *run_name;
static char **reporters;
static unsigned reporter_count;
static long per_part;
static pthread_barrier_t parts;
static atomic_long seen_count[SEEN_COUNT], kind_count[KINDS];

static struct in_use {
	long maps, files, kib;
} early, late;

/* --- what is in use --- */

static long lines_of(const char *path)
{
	FILE *file = fopen(path, "re");
	long lines = 0;

	for (int c; file && (c = getc(file)) != EOF;)
		lines += c == '\n';
	if (file)
		fclose(file);
	return lines;
}

static long entries_of(const char *path)
{
	DIR *directory = opendir(path);
	long entries = 0;

	while (directory && readdir(directory))
		entries++;
	if (directory)
		closedir(directory);
	return entries;
}

static long resident_kib(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long pages = 0;

	if (!file || fscanf(file, "%*d %ld", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static struct in_use in_use_now(void)
{
	return (struct in_use) { lines_of("/proc/self/maps"), entries_of("/proc/self/fd"),
				 resident_kib() };
}

/* --- the starts --- */

static const struct kind *kind_of_share(int share)
{
	const struct kind *kind = kinds;

	while (share >= kind->shares)
		share -= kind++->shares;
	return kind;
}

/* Small steps of a generator of its own: musl's rand() is one for all threads, under a lock. */
static unsigned next(unsigned *random)
{
	*random = *random * 1664525U + 1013904223U;
	return *random >> 8;
}

static flyte_token enter_scope(const char *name, long scope)
{
	static _Thread_local char load[LOAD_MAX + 1];
	const struct flyte_pair pairs[] = { { "who", name }, { "load", load } };

	memset(load, expected_letter(scope), expected_load_length(scope));
	load[expected_load_length(scope)] = '\0';
	return flyte_custom_context_enter(pairs, 2);
}

/* One turn; how many starts it made. */
static int turn(long thread, unsigned *random)
{
	long scope = next(random) % SCOPES;
	const struct kind *kind = kind_of_share((int)(next(random) % SHARES));
	struct start start = { reporters[next(random) % reporter_count], NULL, next(random) };
	flyte_token token = FLYTE_TOKEN_NONE;
	enum seen seen;
	char name[32];

	snprintf(name, sizeof(name), "%ld-%ld", thread, scope);
	start.name = name;
	if (scope)
		token = enter_scope(name, scope);
	seen = token ? kind->start(&start) : FAILED;
	if (scope && flyte_context_exit(token) != 0)
		seen = FAILED;
	atomic_fetch_add(&seen_count[seen], kind->starts);
	atomic_fetch_add(&kind_count[kind - kinds], kind->starts);
	return kind->starts;
}

static void *do_share(void *given)
{
	long thread = (long)(intptr_t)given;
	unsigned random = (unsigned)thread;
	char number[8];
	struct flyte_pair pair = { "thread", number };

	snprintf(number, sizeof(number), "%ld", thread);
	if (flyte_custom_context_enter(&pair, 1) <= FLYTE_TOKEN_NONE)
		atomic_fetch_add(&seen_count[FAILED], 1);
	for (int part = 0; part < PARTS; part++) {
		for (long made = 0; made < per_part;)
			made += turn(thread, &random);
		/* Everybody waits twice: between that only one runs, and looks. */
		if (pthread_barrier_wait(&parts) == PTHREAD_BARRIER_SERIAL_THREAD)
			*(part ? &late : &early) = in_use_now();
		pthread_barrier_wait(&parts);
	}
	return NULL;
}

static void run(void)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&parts, NULL, THREADS);
	for (intptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, do_share, (void *)i))
			abort();
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* --- the report --- */

static bool all_right = true;

static void tell(bool right, const char *what, ...)
{
	va_list arguments;

	printf("%s - %s: ", right ? "ok" : "not ok", run_name);
	va_start(arguments, what);
	vprintf(what, arguments);
	va_end(arguments);
	putchar('\n');
	all_right = all_right && right;
}

static void report(long count)
{
	long total = 0;

	for (size_t i = 0; i < KINDS; i++) {
		printf("# %s %ld\n", kinds[i].name, kind_count[i]);
		total += kind_count[i];
	}
	tell(seen_count[RIGHT] == total && total >= count,
	     "%ld starts, %ld lost, %ld foreign, %ld damaged, %ld failed", total, seen_count[LOST],
	     seen_count[FOREIGN], seen_count[DAMAGED], seen_count[FAILED]);
	tell(late.maps <= early.maps + MAPS_TOLERATED, "maps stay (%ld, %ld)", early.maps,
	     late.maps);
	tell(late.files == early.files, "files stay (%ld, %ld)", early.files, late.files);
	tell(late.kib <= early.kib + KIB_TOLERATED, "resident KiB stay (%ld, %ld)", early.kib,
	     late.kib);
	tell(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "no child is left");
	puts("1..5");
}

int main(int argc, char **argv)
{
	long count = argc > 3 ? atol(argv[2]) : 0;

	if (count < THREADS * PARTS) {
		fprintf(stderr, "usage: starts NAME COUNT REPORTER...\n");
		return 2;
	}
	run_name = argv[1];
	reporters = argv + 3;
	reporter_count = (unsigned)(argc - 3);
	per_part = (count + THREADS * PARTS - 1) / (THREADS * PARTS);
	kinds_prepare();
	run();
	report(count);
	return !all_right;
}
