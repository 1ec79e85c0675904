/* SPDX-License-Identifier: Apache-2.0 */
/* See carry.h. The one that is started: carrier.c. */
#include "command/carry/carry.h"
#include "command/carry/carrier.h"
#include "command/carry/tracee.h"
#include "command/terminal/message.h"
#include "context/env.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the carrier: away from the terminal, and from all files. */
static void leave_all(int socket)
{
	sigset_t all;
	int null;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal(SIGCHLD, SIG_DFL);
	setsid();
	prctl(PR_SET_NAME, CARRIER_NAME);
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
	for (int fd = 3; fd < 1024; fd++)
		if (fd != socket)
			close(fd);
	/* Its directory would be in use. */
	null = chdir("/");
}

__attribute__((noreturn)) static void become_carrier(int socket, enum carry_mode mode,
						     const char *library)
{
	leave_all(socket);
	carrier_work(socket, mode, library);
	_exit(0);
}

bool carry_start(struct carry *carry, enum carry_mode mode, const char *library, bool is_own)
{
	int ends[2];
	pid_t pid;

	if (!tracee_is_possible()) {
		errno = ENOSYS;
		return false;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		/* After a second fork the carrier is not a child of the process that becomes CMD.
		 */
		if (!is_own && fork() != 0)
			_exit(0);
		close(ends[0]);
		become_carrier(ends[1], mode, library);
	}
	close(ends[1]);
	if (pid > 0 && !is_own)
		waitpid(pid, NULL, 0);
	if (pid < 0)
		close(ends[0]);
	*carry = (struct carry) { is_own ? pid : 0, ends[0] };
	return pid > 0;
}

/* Of a file, or of the carrier, that may be slow: all of it. */
static bool read_all(int fd, void *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t count = read(fd, (char *)to + done, size - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		done += (size_t)count;
	}
	return true;
}

/* 0, or why it can't be. */
static int ask_to_be_traced(const struct carry *carry)
{
	struct carrier_request request = { .pid = getpid() };
	pid_t carrier;
	int answer;

	/* Where Yama lets only a parent trace, this names who else may. */
	if (!read_all(carry->socket, &carrier, sizeof(carrier)))
		return EPIPE;
	prctl(PR_SET_PTRACER, (unsigned long)carrier, 0, 0, 0);
	if (send(carry->socket, &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request) ||
	    !read_all(carry->socket, &answer, sizeof(answer)))
		return EPIPE;
	return answer;
}

void carry_join(const struct carry *carry, const char *command, char *const envp[])
{
	const char *carrier = env_get(envp, "FLYTE_CTX=");
	int why_not;

	/* It begins with no context where CMD is not to have one. */
	if (carrier) {
		why_not = ask_to_be_traced(carry);
		if (why_not)
			message_warn("--carry", "%s can't be traced: %s; it runs without", command,
				     strerror(why_not));
	}
	close(carry->socket);
}

void carry_leave(const struct carry *carry)
{
	close(carry->socket);
}
