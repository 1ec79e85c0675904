/* SPDX-License-Identifier: Apache-2.0 */
/*
 * popen - where environ already has what the child is to have, libc's own; else the same over
 * posix_spawn. pclose and fclose are hooked to know the end of a stream: the child of a later
 * popen must not have the pipes of earlier ones, whichever of the two made them, and in glibc
 * fclose() of such a stream waits for its child as pclose() does.
 */
#include <errno.h>
#include <fcntl.h>

#include "child_env.h"
#include "provider.h"
#include "real.h"
#include "hooks/shell.h"
#include "hooks/popen_table.h"
#include "state.h"
#include "sys.h"
#include "context/text.h"

static void close_fd(int fd)
{
	sys_call(SYS_close, fd, 0, 0, 0, 0, 0);
}

/* libc's own, noted so that a later one of ours closes its pipe. */
static void *libc_popen(const char *command, const char *mode)
{
	void *file = REAL(popen)(command, mode);
	struct stream *stream = file ? stream_place() : NULL;

	if (stream)
		stream_open(stream, file, REAL(fileno)(file), 0);
	return file;
}

struct mode {
	bool read;
	bool cloexec;
};

/*
 * "r" or "w", and 'e' in any number behind it. What else a libc may take or refuse is left to it.
 */
static bool read_mode(const char *text, struct mode *mode)
{
	mode->read = *text == 'r';
	mode->cloexec = text[0] && text[1];
	if (*text != 'r' && *text != 'w')
		return false;
	while (*++text == 'e')
		;
	return !*text;
}

/* Starts the shell with its end of the pipe as standard input or output, and no other pipe. */
static int spawn(pid_t *pid, const char *command, int end, int standard)
{
	struct stream *next = stream_first();
	shell_opaque actions;
	int fd, error;

	error = REAL(posix_spawn_file_actions_init)(actions);
	if (error)
		return error;
	error = REAL(posix_spawn_file_actions_adddup2)(actions, end, standard);
	while (!error && (fd = stream_next_fd(&next)) >= 0)
		if (fd != standard)
			error = REAL(posix_spawn_file_actions_addclose)(actions, fd);
	if (!error)
		error = shell_spawn(pid, command, actions, NULL);
	REAL(posix_spawn_file_actions_destroy)(actions);
	return error;
}

/* Opens the stream on our end, starts the shell on the other. NULL with errno on failure. */
static void *start(struct stream *stream, const char *command, struct mode mode, const int fds[2])
{
	int ours = mode.read ? fds[0] : fds[1], theirs = mode.read ? fds[1] : fds[0];
	void *file = REAL(fdopen)(ours, mode.read ? "r" : "w");
	pid_t pid;
	int error;

	if (!file) {
		close_fd(ours);
		close_fd(theirs);
		return NULL;
	}
	error = spawn(&pid, command, theirs, mode.read ? 1 : 0);
	close_fd(theirs);
	if (error) {
		REAL(fclose)(file);
		real_set_errno(error);
		return NULL;
	}
	if (!mode.cloexec)
		sys_call(SYS_fcntl, ours, F_SETFD, 0, 0, 0, 0);
	stream_open(stream, file, ours, pid);
	return file;
}

static void *our_popen(const char *command, const char *text, struct mode mode)
{
	struct stream *stream = stream_place();
	long error;
	void *file;
	int fds[2];

	if (!stream)
		return libc_popen(command, text);
	error = sys_call(SYS_pipe2, (long)fds, O_CLOEXEC, 0, 0, 0, 0);
	file = error ? NULL : start(stream, command, mode, fds);
	if (error)
		real_set_errno((int)-error);
	if (!file)
		stream_unused(stream);
	return file;
}

static void *open_stream(const char *command, const char *text)
{
	struct mode mode;
	bool locked = stream_lock();
	void *file;

	if (!read_mode(text, &mode) ||
	    (!stream_any_of_ours() && child_env_own_is_right(&shell_program)))
		file = libc_popen(command, text);
	else
		file = our_popen(command, text, mode);
	if (locked)
		stream_unlock();
	return file;
}

void *popen(const char *command, const char *mode)
{
	struct scope *before;
	void *file;

	if (state()->inert)
		return REAL(popen)(command, mode);
	before = provider_enter();
	file = open_stream(command, mode);
	provider_leave(before);
	return file;
}

/* Closes a stream of ours and reaps its child: the status, or -1 with errno. */
static int close_and_wait(struct stream *stream, void *file)
{
	pid_t pid = stream->pid;
	int result = REAL(fclose)(file), status;

	stream_unused(stream);
	if (shell_wait(pid, &status) < 0)
		return -1;
	return status ? status : result;
}

static int close_with(real_fclose *function, struct stream *stream, void *file)
{
	int result = function(file);

	stream_unused(stream);
	return result;
}

int pclose(void *file)
{
	struct stream *stream = stream_closing(file);

	if (!stream)
		return REAL(pclose)(file);
	return stream->pid ? close_and_wait(stream, file) : close_with(REAL(pclose), stream, file);
}

int fclose(void *file)
{
	struct stream *stream = stream_first() ? stream_closing(file) : NULL;

	if (!stream)
		return REAL(fclose)(file);
	if (stream->pid && real_glibc_version())
		return close_and_wait(stream, file);
	return close_with(REAL(fclose), stream, file);
}
