/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See report.h. It reads the carrier with a decoder of its own, so that a fault of the project's
 * is not on both sides of the comparison.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "flyte_ctx.h"
#include "report.h"
#include "report_line.h"

/* All of a file of /proc, and a NUL behind it; NULL if it can't be read. The caller frees. */
static char *read_all(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 16384;
	char *text = fd < 0 ? NULL : malloc(size + 1);
	ssize_t got;

	*length = 0;
	while (text && (got = read(fd, text + *length, size - *length)) > 0) {
		*length += (size_t)got;
		if (*length == size)
			text = realloc(text, (size *= 2) + 1);
	}
	if (text)
		text[*length] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static char *read_of(pid_t pid, const char *file, size_t *length)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return read_all(path, length);
}

static void put_name(struct line *line, pid_t pid, pid_t tid)
{
	char file[64], *name;
	size_t length;

	snprintf(file, sizeof(file), "task/%d/comm", (int)tid);
	name = read_of(pid, file, &length);
	if (name && length)
		name[length - 1] = '\0'; /* its newline */
	put(line, name ? name : "?");
	free(name);
}

/*
 * "static": no dynamic linker in it, so that nothing can be preloaded. "other": another user's, who
 * alone may look into it. "ended": its first thread has, and with that one go its memory and its
 * environment from what /proc shows, also while others of its threads are still there.
 */
static const char *mapped_in(pid_t pid)
{
	size_t length;
	char *maps = read_of(pid, "maps", &length);
	const char *mapped = "static";

	if (!maps && errno == EACCES)
		mapped = "other";
	else if (!maps || !length)
		mapped = "ended";
	else if (strstr(maps, "/libflytectx.so"))
		mapped = "yes";
	else if (strstr(maps, "/ld-") || strstr(maps, "/libc.so"))
		mapped = "no";
	free(maps);
	return mapped;
}

/* The strings of the carrier, decoded up to the dot that ends them. */
static void put_decoded(struct line *line, const char *p)
{
	for (; *p && *p != '.'; p++) {
		char hex[3] = { 0 }, character[2] = { *p };

		if (*p == '~' && p[1] == '-') {
			character[0] = '=';
			p++;
		} else if (*p == '~' && isxdigit((unsigned char)p[1])) {
			memcpy(hex, p + 1, 2);
			character[0] = (char)strtol(hex, NULL, 16);
			p += 2;
		}
		put(line, character);
	}
}

/* Puts the values of all fields with this tag, a comma between; '-' for none. */
static void put_field(struct line *line, const char *carrier, const char *tag)
{
	const char *p = strchr(carrier, '.'), *separator = "";

	while (p && (p = strchr(p + 1, '.')) && p[1]) {
		if (strncmp(p + 1, tag, strlen(tag)))
			continue;
		put(line, separator);
		put_decoded(line, p + 1 + strlen(tag));
		separator = ",";
	}
	if (!*separator)
		put(line, "-");
}

/* False if no carrier is there. */
static bool put_environment(struct line *line, pid_t pid)
{
	size_t length;
	char *text = read_of(pid, "environ", &length);
	const char *carrier = NULL;

	for (char *p = text; p && p < text + length && !carrier; p += strlen(p) + 1)
		if (!strncmp(p, "FLYTE_CTX=", 10))
			carrier = p + 10;
	if (carrier) {
		put_field(line, carrier, "an-");
		put_character(line, '|');
		put_field(line, carrier, "kv-");
	} else {
		print(line, text ? "-|-" : "?|?");
	}
	free(text);
	return carrier != NULL;
}

/*
 * What another process has. One that becomes another program shows neither an environment nor
 * libraries until that is loaded: what we have ourselves is waited for.
 */
static void put_process(struct line *line, pid_t pid)
{
	const struct timespec moment = { 0, 10000000 };
	size_t before = line->length;
	const char *mapped;
	bool carried;

	for (int tries = flyte_ctx_get() ? 3000 : 0;; tries--) {
		line->length = before;
		carried = put_environment(line, pid);
		mapped = mapped_in(pid);
		if (!tries || !strcmp(mapped, "other") || !strcmp(mapped, "ended") ||
		    (carried && strcmp(mapped, "no") != 0))
			break;
		nanosleep(&moment, NULL);
	}
	print(line, "|%s", mapped);
}

/* What this thread is told. */
static void put_own(struct line *line)
{
	const struct flyte_task_context *ctx = flyte_ctx_get();

	put(line, ctx && ctx->action.name ? ctx->action.name : "-");
	put_character(line, '|');
	for (size_t i = 0; ctx && i < ctx->custom_context.count; i++) {
		const struct flyte_pair *pair = &ctx->custom_context.items[i];
		const char *value = flyte_custom_context_get(pair->key);

		put(line, i ? "," : "");
		put(line, pair->key);
		put_character(line, '=');
		put(line, value && !strcmp(value, pair->value) ? value : "(two answers)");
	}
	if (!ctx || !ctx->custom_context.count)
		put_character(line, '-');
}

static pid_t parent_of(pid_t pid)
{
	size_t length;
	char *status = read_of(pid, "status", &length);
	const char *found = status ? strstr(status, "\nPPid:\t") : NULL;
	pid_t parent = found ? atoi(found + 7) : 0;

	free(status);
	return parent;
}

static bool has_thread(pid_t pid, pid_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d", (int)pid, (int)tid);
	return !access(path, F_OK);
}

static pid_t root_of(const char *log)
{
	char line[32] = { 0 };
	int fd = open(log, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);

	if (fd >= 0)
		close(fd);
	return got > 5 && !strncmp(line, "root\t", 5) ? atoi(line + 5) : 0;
}

/* Of those whose parent is gone the ancestors are somebody else's: they are left out. */
static void put_ancestors(struct line *line, pid_t pid, pid_t root, pid_t starter)
{
	size_t before = line->length;

	while (pid != root && (pid = parent_of(pid)) > 0) {
		if (starter && starter != pid && has_thread(pid, starter)) {
			print(line, "\t%d|", (int)starter);
			put_name(line, pid, starter);
			print(line, "|thread||");
		}
		print(line, "\t%d|", (int)pid);
		put_name(line, pid, pid);
		put_character(line, '|');
		put_process(line, pid);
	}
	if (pid != root)
		line->length = before;
}

static int append(const char *log, const struct line *line)
{
	int fd = open(log, O_WRONLY | O_APPEND | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, line->text, line->length);

	if (fd >= 0)
		close(fd);
	return written == (ssize_t)line->length ? 0 : -1;
}

int report(const char *log, const char *label, const char *expected, pid_t starter)
{
	struct line *line = calloc(1, sizeof(*line));
	pid_t pid = getpid(), tid = (pid_t)syscall(SYS_gettid);
	int result;

	if (!line)
		return -1;
	print(line, "%s\t", tid == pid ? "process" : "thread");
	put(line, label);
	put_character(line, '\t');
	put(line, expected ? expected : "");
	print(line, "\t%d|", (int)tid);
	put_name(line, pid, tid);
	put_character(line, '|');
	put_own(line);
	put_character(line, '|');
	put(line, mapped_in(pid));
	if (tid != pid) {
		print(line, "\t%d|", (int)pid);
		put_name(line, pid, pid);
		put_character(line, '|');
		put_process(line, pid);
	}
	put_ancestors(line, pid, root_of(log), starter);
	put_character(line, '\n');
	result = append(log, line);
	free(line);
	return result;
}
