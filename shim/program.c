/* SPDX-License-Identifier: Apache-2.0 */
/* See program.h. A look into the program opens it for a moment: only where that matters. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>

#include "context/env.h"
#include "environ_lock.h"
#include "program.h"
#include "state.h"
#include "sys.h"

/* --- what is in the file --- */

/* As much as the kernel looks at, with a NUL behind it. */
struct head {
	size_t length;
	char bytes[256 + 1];
};

/* The path is for the kernel alone to read, which says EFAULT where it is none. */
static bool read_head(int directory, const char *path, struct head *head)
{
	long opened = sys_call(SYS_openat, directory, (long)path,
			       O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0, 0, 0);
	long fd = opened == -ENOENT ? directory : opened; /* the path may be "" */
	long length =
		sys_call(SYS_pread64, fd, (long)head->bytes, sizeof(head->bytes) - 1, 0, 0, 0);

	if (opened >= 0)
		sys_call(SYS_close, opened, 0, 0, 0, 0, 0);
	if (length < 0)
		return false;
	head->length = (size_t)length;
	head->bytes[length] = '\0';
	return true;
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

static enum machine machine_of_file(int directory, const char *path)
{
	_Alignas(8) struct head head;
	char script[sizeof(head.bytes)];

	for (int depth = 0; depth < DEPTH && read_head(directory, path, &head); depth++) {
		const char *next = interpreter(&head);

		if (!next)
			return machine_in(&head);
		text_copy(script, next, text_length(next) + 1);
		path = script;
		directory = AT_FDCWD;
	}
	return MACHINE_OURS;
}

/* --- on PATH --- */

/* Writes the next directory of the list, with a slash behind it, and the file. */
static const char *next_candidate(const char *list, const char *file, char *to, size_t size)
{
	size_t length = 0;

	while (list[length] && list[length] != ':')
		length++;
	if (length + text_length(file) + 2 <= size) {
		char *end = text_copy(to, list, length);

		if (length)
			*end++ = '/';
		text_copy(end, file, text_length(file) + 1);
	} else {
		*to = '\0';
	}
	return list[length] ? list + length + 1 : NULL;
}

static enum machine machine_on_path(const char *list, const char *file)
{
	char candidate[512];

	while (list) {
		list = next_candidate(list, file, candidate, sizeof(candidate));
		if (*candidate && sys_exists(candidate))
			return machine_of_file(AT_FDCWD, candidate);
	}
	return MACHINE_OURS;
}

static bool has_slash(const char *path)
{
	while (*path && *path != '/')
		path++;
	return *path;
}

enum machine program_machine(const struct program *program)
{
	enum machine machine = MACHINE_OURS;
	const char *list;

	if (!program->path || !machine_others_run_here())
		return MACHINE_OURS;
	if (!program->search || has_slash(program->path))
		return machine_of_file(program->directory, program->path);
	if (environ_read_begin()) {
		list = env_get(state_environ(), "PATH=");
		machine = machine_on_path(list ? list : "/bin:/usr/bin", program->path);
		environ_read_end();
	}
	return machine;
}
