/* SPDX-License-Identifier: Apache-2.0 */
/* See run_carry.h. */
#include "command/run/run_carry.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

bool run_carry_is_watched(void)
{
	int adopts = 0;

	return getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &adopts, 0, 0, 0) == 0 && adopts);
}

struct carry run_carry_start(enum carry_mode mode, const char *library, bool is_own)
{
	struct carry carry = { 0, -1 };

	if (mode == CARRY_NOT || carry_start(&carry, mode, library, is_own))
		return carry;
	if (errno == ENOSYS)
		message_warn("--carry", "not on this machine; CMD runs without");
	else
		message_warn("--carry", "%s; CMD runs without", strerror(errno));
	return (struct carry) { 0, -1 };
}

void run_carry_exec(enum carry_mode mode, const char *command, const char *library,
		    char *const envp[])
{
	struct carry carry = run_carry_start(mode, library, false);

	if (carry.socket >= 0)
		carry_join(&carry, command, envp);
}
