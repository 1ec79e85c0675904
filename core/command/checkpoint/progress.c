/* SPDX-License-Identifier: Apache-2.0 */
/* See progress.h. */
#include "command/checkpoint/progress.h"
#include "command/terminal/byte_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECOND   UINT64_C(1000000000)
#define INTERVAL (SECOND / 5) /* between two lines; nothing is shown of what takes less */
#define BAR      20

static struct {
	const char *verb;
	uint64_t start, shown; /* times */
} progress;

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static void show(uint64_t done, uint64_t total, double seconds)
{
	char first[BYTE_TEXT_SIZE], second[BYTE_TEXT_SIZE], third[BYTE_TEXT_SIZE],
		bar[BAR + 1] = "";
	double rate = (double)done / seconds;
	unsigned long left;

	fprintf(stderr, "\r\033[K%s ", progress.verb);
	if (total == UINT64_MAX || !total || !done) {
		fprintf(stderr, "%s, %s/s", byte_text((double)done, first),
			byte_text(rate, second));
	} else {
		left = (unsigned long)((double)(total - done) / rate + 0.5);
		memset(bar, ' ', BAR);
		memset(bar, '#', (size_t)((double)done / (double)total * BAR));
		fprintf(stderr, "[%s] %s of %s, %s/s, %lu:%02lu left", bar,
			byte_text((double)done, first), byte_text((double)total, second),
			byte_text(rate, third), left / 60, left % 60);
	}
	fflush(stderr);
}

static int report(void *argument, uint64_t done, uint64_t total)
{
	uint64_t time = now();

	(void)argument;
	if (time - (progress.shown ? progress.shown : progress.start) >= INTERVAL) {
		show(done,
		     total > done          ? total
		     : total == UINT64_MAX ? total
					   : done,
		     (double)(time - progress.start) / (double)SECOND);
		progress.shown = time;
	}
	return 1;
}

struct flytectx_transfer progress_begin(const char *verb, const char *url)
{
	struct flytectx_transfer transfer = { .size = sizeof(transfer), .url = url };

	progress.verb = verb;
	progress.start = now();
	progress.shown = 0;
	if (isatty(STDERR_FILENO))
		transfer.report = report;
	return transfer;
}

void progress_end(void)
{
	if (progress.shown)
		fputs("\r\033[K", stderr);
}
