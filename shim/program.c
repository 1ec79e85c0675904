/* SPDX-License-Identifier: Apache-2.0 */
/* See program.h. A look into the program opens it for a moment: only where that matters. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>

#include "context/env.h"
#include "environ_lock.h"
#include "program.h"
#include "real.h"
#include "spawn_directory.h"
#include "state.h"
#include "sys.h"

/* --- what is in the file --- */

/* As much as the kernel looks at, with a NUL behind it. */
struct head {
	size_t length;
	char bytes[256 + 1];
};

enum reading { READ, NOT_READ, DIRECTORY };

#define OFD_GETLK 36 /* F_OFD_GETLK, which wants _GNU_SOURCE */

/*
 * Closing any descriptor of a file gives up all locks of fcntl() that the process has on it. Where
 * there is one, whoever has it, this descriptor stays: it is the last of its kind.
 */
static void close_unlocked(long fd)
{
	struct sys_lock lock = { .type = F_WRLCK };

	if (sys_call(SYS_FCNTL_64, fd, OFD_GETLK, (long)&lock, 0, 0, 0) == 0 &&
	    lock.type != F_UNLCK)
		machine_look_no_more();
	else
		sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
}

/* The path is for the kernel alone to read, which says EFAULT where it is none. */
static enum reading read_head(int directory, const char *path, struct head *head)
{
	long opened = sys_call(SYS_openat, directory, (long)path,
			       O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0, 0, 0);
	long fd = opened == -ENOENT ? directory : opened; /* the path may be "" */
	long length =
		sys_call(SYS_pread64, fd, (long)head->bytes, sizeof(head->bytes) - 1, 0, 0, 0);

	if (opened >= 0)
		close_unlocked(opened);
	if (length < 0)
		return length == -EISDIR ? DIRECTORY : NOT_READ;
	head->length = (size_t)length;
	head->bytes[length] = '\0';
	return READ;
}

/* The path behind #!, terminated in place, or NULL. */
static const char *interpreter(struct head *head)
{
	char *start = head->bytes + 2, *end;

	if (head->bytes[0] != '#' || head->bytes[1] != '!')
		return NULL;
	while (*start == ' ' || *start == '\t')
		start++;
	for (end = start; *end && *end != ' ' && *end != '\t' && *end != '\n'; end++)
		;
	*end = '\0';
	return *start ? start : NULL;
}

static enum machine machine_in(const struct head *head)
{
	const Elf32_Ehdr *elf = (const Elf32_Ehdr *)(const void *)head->bytes; /* alike that far */

	if (head->length < offsetof(Elf32_Ehdr, e_version) ||
	    !text_is((struct text_span) { head->bytes, SELFMAG }, ELFMAG))
		return MACHINE_OURS;
	return machine_of_elf(elf->e_ident[EI_CLASS], elf->e_machine);
}

/* The kernel follows scripts that are interpreted by scripts so far, too. */
#define DEPTH 5

/* Of a file whose head is read already. */
static enum machine machine_of_head(struct head *head)
{
	for (int depth = 1;; depth++) {
		const char *next = interpreter(head);

		if (!next)
			return machine_in(head);
		/* It is opened before it is overwritten. */
		if (depth >= DEPTH || read_head(AT_FDCWD, next, head) != READ)
			return MACHINE_OURS;
	}
}

static enum machine machine_of_file(int directory, const char *path)
{
	_Alignas(8) struct head head;

	if (read_head(directory, path, &head) != READ)
		return MACHINE_OURS;
	return machine_of_head(&head);
}

/* --- on PATH --- */

struct candidate {
	int directory; /* that relative entries of PATH are in */
	const char *file;
	size_t size;
	char *path;
};

enum entry { NO_MORE, TOO_LONG, FITS };

/* Directory number `at` of the list, with a slash behind it, and the file. */
static enum entry put_candidate(const char *list, unsigned at, struct candidate *to)
{
	size_t length = 0;
	char *end;

	for (; at; at--, list++) {
		while (*list && *list != ':')
			list++;
		if (!*list)
			return NO_MORE;
	}
	while (list[length] && list[length] != ':')
		length++;
	if (length + text_length(to->file) + 2 > to->size)
		return TOO_LONG;
	end = text_copy(to->path, list, length);
	if (length)
		*end++ = '/';
	text_copy(end, to->file, text_length(to->file) + 1);
	return FITS;
}

/* environ is held for so long as this takes, and not while a file is looked at. */
static enum entry next_candidate(unsigned at, struct candidate *to)
{
	const char *list;
	enum entry entry;

	if (!environ_read_begin())
		return NO_MORE;
	list = env_get(state_environ(), "PATH=");
	if (!list)
		list = real_glibc_version() ? "/bin:/usr/bin" : "/usr/local/bin:/bin:/usr/bin";
	entry = put_candidate(list, at, to);
	environ_read_end();
	return entry;
}

/* Few have an entry that long: memory for it is not to be had on each small stack. */
#define LONG_PATH ((size_t)8 * 1024)

static bool is_there(unsigned at, struct candidate *candidate, enum entry *entry)
{
	*entry = next_candidate(at, candidate);
	if (*entry == TOO_LONG && candidate->size < LONG_PATH) {
		candidate->path = sys_map(LONG_PATH);
		candidate->size = candidate->path ? LONG_PATH : 0;
		*entry = candidate->path ? next_candidate(at, candidate) : NO_MORE;
	}
	return *entry == FITS && sys_is_executable(candidate->directory, candidate->path);
}

/* exec goes on to the next directory where it finds what can't be executed. */
static enum machine machine_on_path(struct candidate *candidate)
{
	_Alignas(8) struct head head;
	enum reading reading = DIRECTORY;
	enum entry entry = FITS;

	for (unsigned at = 0; reading == DIRECTORY && entry != NO_MORE; at++)
		if (is_there(at, candidate, &entry))
			reading = read_head(candidate->directory, candidate->path, &head);
	return reading == READ ? machine_of_head(&head) : MACHINE_OURS;
}

static enum machine search(int directory, const char *file)
{
	char path[256];
	struct candidate candidate = { directory, file, sizeof(path), path };
	enum machine machine = machine_on_path(&candidate);

	if (candidate.size == LONG_PATH)
		sys_unmap(candidate.path, candidate.size);
	return machine;
}

static bool has_slash(const char *path)
{
	while (*path && *path != '/')
		path++;
	return *path;
}

enum machine program_machine(const struct program *program)
{
	struct spawn_directory from = { program->directory, false };
	enum machine machine;

	if (!program->path || !machine_others_run_here())
		return MACHINE_OURS;
	if (program->actions)
		from = spawn_directory(program->actions);
	if (program->search && !has_slash(program->path))
		machine = search(from.fd, program->path);
	else
		machine = machine_of_file(from.fd, program->path);
	if (from.opened)
		sys_call(SYS_close, from.fd, 0, 0, 0, 0, 0);
	return machine;
}
