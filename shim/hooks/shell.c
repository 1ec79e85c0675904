/* SPDX-License-Identifier: Apache-2.0 */
/* See shell.h. */
#include <errno.h>
#include <fcntl.h>

#include "child_env.h"
#include "context/preload_list.h"
#include "own_path.h"
#include "program.h"
#include "real.h"
#include "scope.h"
#include "hooks/shell.h"
#include "sys.h"

const struct program shell_program = { AT_FDCWD, "/bin/sh", .search = false };

/* glibc 2.38 began to guard against commands that start with '-'; argv is to be libc's own. */
static bool libc_passes_dashes(void)
{
	return real_glibc_version() >= 238;
}

int shell_spawn(pid_t *pid, const char *command, const void *actions, const void *attributes)
{
	const char *plain[] = { "sh", "-c", command, NULL };
	const char *guarded[] = { "sh", "-c", "--", command, NULL };
	const char **argv = libc_passes_dashes() ? guarded : plain;
	struct child_env env;
	int error;

	child_env_begin_own(&env, &shell_program);
	do
		error = REAL(posix_spawn)(pid, "/bin/sh", actions, attributes,
					  (char *const *)(void *)argv, env.envp);
	while (child_env_again(&env, error));
	child_env_end(&env);
	return error;
}

static bool is_quotable(const char *text)
{
	while (*text && *text != '\'')
		text++;
	return !*text;
}

static char *put(char *to, const char *text)
{
	return text_copy(to, text, text_length(text));
}

/* NAME='value' of an entry NAME=value. */
static char *put_quoted(char *to, const char *entry)
{
	size_t name = 0;

	while (entry[name++] != '=')
		;
	return put(put(put(text_copy(to, entry, name), "'"), entry + name), "'");
}

/* Our library is added where the shell finds an LD_PRELOAD without it. */
static const char with_library[] =
	"case ${LD_PRELOAD-} in *" PRELOAD_LIBRARY "*) ;; *) export LD_PRELOAD='";
static const char behind_library[] = "'${LD_PRELOAD:+:$LD_PRELOAD};; esac; ";
static const char export[] = "export ";

static char *write_command(char *to, const char *carrier, const char *library, const char *command)
{
	to = put(put_quoted(put(to, export), carrier), "; ");
	if (library)
		to = put(put(put(to, with_library), library), behind_library);
	*put(to, command) = '\0';
	return to;
}

/* Outside of tasks, after flyte_ctx_swap(NULL): the shell does not hand on what the process has. */
static const char without_carrier[] = "unset FLYTE_CTX; ";

static const char *begin_outside(struct shell_command *with, const char *command)
{
	with->size = sizeof(without_carrier) + text_length(command);
	with->memory = sys_map(with->size);
	if (!with->memory)
		return command;
	*put(put(with->memory, without_carrier), command) = '\0';
	return with->memory;
}

const char *shell_command_begin(struct shell_command *with, const char *command)
{
	const char *carrier = scope_sound_carrier(), *library = library_path();
	size_t size;

	*with = (struct shell_command) { NULL, 0 };
	if (command && !carrier && scope_is_outside() && !child_env_own_is_right(&shell_program))
		return begin_outside(with, command);
	if (!command || !carrier || child_env_own_is_right(&shell_program) || !is_quotable(carrier))
		return command;
	if (library && !is_quotable(library))
		library = NULL;
	size = sizeof(export) + text_length(carrier) + text_length(command) + 8;
	if (library)
		size += sizeof(with_library) + text_length(library) + sizeof(behind_library);
	with->memory = sys_map(size);
	with->size = size;
	if (!with->memory)
		return command;
	write_command(with->memory, carrier, library, command);
	return with->memory;
}

void shell_command_end(struct shell_command *with)
{
	if (with->memory)
		sys_unmap(with->memory, with->size);
}

int shell_wait(pid_t pid, int *status)
{
	long result;

	do
		result = sys_call(SYS_wait4, pid, (long)status, 0, 0, 0, 0);
	while (result == -EINTR);
	if (result >= 0)
		return 0;
	real_set_errno((int)-result);
	return -1;
}
