/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report - one line about the calling thread, for `reports` to judge and to draw.
 *
 * It goes to the end of a file that is named in the call, with a single write(), and says nothing
 * on stdout or stderr: neither cleaned environments nor closed descriptors matter. The line:
 *
 *	KIND  tab  LABEL  tab  EXPECTED  tab  NODE  { tab  NODE }
 *
 * KIND is process or thread; EXPECTED what custom context the reporter is to have, empty where it
 * is to have that of the log's first line, "root PID ACTION CUSTOM_CONTEXT" with tabs. A node is
 *
 *	PID or TID | name | action | custom context | libflytectx.so in it
 *
 * the reporter first, with what flyte_ctx.h tells it; then its ancestors up to the log's root,
 * with what is in their initial environment. The last is yes, no, static, other or ended. An
 * ancestor that is a thread has "thread" for the action, and nothing behind it: what it sees only
 * it can say. '-' stands for no context.
 */
#ifndef REPORT_H
#define REPORT_H

#include <sys/types.h>

/* `expected` may be NULL. `starter` is the thread of an ancestor that began it all, or 0. */
__attribute__((visibility("default"))) int report(const char *log, const char *label,
						  const char *expected, pid_t starter);

#endif
