/* SPDX-License-Identifier: Apache-2.0 */
/* See exec_search.h. */
#include "command/program/exec_search.h"
#include "command/program/elf_file.h"
#include "command/terminal/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel reads so much of a script (BINPRM_BUF_SIZE). */
#define LINE_SIZE 256

static const char blanks[] = " \t";

/* Would execve() take it? errno says why not. */
static bool is_executable(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0 || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0)
		return false;
	errno = EACCES;
	return S_ISREG(status.st_mode);
}

const char *exec_search(const char *name)
{
	const char *path = getenv("PATH"), *at = path ? path : "/bin:/usr/bin";
	int error = ENOENT;

	if (strchr(name, '/'))
		return is_executable(name) ? name : NULL;
	while (*name && at) {
		size_t length = strcspn(at, ":");
		const char *found = length ? memory_text("%.*s/%s", (int)length, at, name)
					   : memory_text("./%s", name);

		if (is_executable(found))
			return found;
		if (errno == EACCES)
			error = EACCES;
		at = at[length] ? at + length + 1 : NULL;
	}
	errno = error;
	return NULL;
}

static void split_line(char *line, struct exec_script *script)
{
	char *at = line + strspn(line, blanks), *end = at + strlen(at);

	while (end > at && strchr(blanks, end[-1]))
		*--end = '\0';
	script->interpreter = at;
	at += strcspn(at, blanks);
	script->argument = *at ? at + 1 + strspn(at + 1, blanks) : NULL;
	*at = '\0';
}

enum exec_kind exec_kind(int fd, struct exec_script *script)
{
	char *line = memory_get(LINE_SIZE + 1);

	if (elf_file_is_elf(fd))
		return EXEC_ELF;
	if (pread(fd, line, LINE_SIZE, 0) < 2 || strncmp(line, "#!", 2) != 0)
		return EXEC_OTHER;
	line[strcspn(line, "\n")] = '\0';
	split_line(line + 2, script);
	return EXEC_SCRIPT;
}

const char *exec_script_env(const struct exec_script *script)
{
	const char *slash = strrchr(script->interpreter, '/'), *word = script->argument;

	if (!slash || strcmp(slash, "/env") != 0 || !word)
		return NULL;
	if (!strncmp(word, "-S", 2))
		word += 2 + strspn(word + 2, blanks);
	/* Options, assignments and quotes of `env -S`: only env itself can tell. */
	if (!*word || *word == '-' || strpbrk(word, "='\"\\$"))
		return NULL;
	return memory_text("%.*s", (int)strcspn(word, blanks), word);
}
