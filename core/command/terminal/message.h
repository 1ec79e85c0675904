/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - what flytectx says about itself: one line on stderr, `flytectx: what: why`, and the
 * exit status that goes with it (SPEC 5.22). Whatever is in `what` or `why`, it stays one
 * line and reaches no terminal as a control sequence.
 */
#ifndef FLYTECTX_MESSAGE_H
#define FLYTECTX_MESSAGE_H

/* `run` ends with 125 for each of its own failures, so that they can't be taken for CMD's. */
void message_set_status(int failure, int usage);

__attribute__((format(printf, 2, 3))) void message_warn(const char *what, const char *why, ...);

/* These don't return. */
__attribute__((noreturn, format(printf, 2, 3))) void message_fail(const char *what, const char *why,
								  ...);
__attribute__((noreturn, format(printf, 2, 3))) void message_usage(const char *what,
								   const char *why, ...);

/* With a text that says both, "WHAT: WHY", as errors of the checkpoint library do. */
__attribute__((noreturn)) void message_fail_text(const char *text);
void message_warn_text(const char *text);

/* With a status of its own. */
__attribute__((noreturn, format(printf, 3, 4))) void message_exit(int status, const char *what,
								  const char *why, ...);

/* Reports what getopt_long() has refused: `result` is what it returned, ':' or '?'. */
__attribute__((noreturn)) void message_option(const char *what, int result, char *const argv[]);

/* Prints a help text and exits with 0. */
__attribute__((noreturn)) void message_help(const char *text);

/* Call before a successful end: fails where stdout did not take all that was written. */
void message_end_output(void);

#endif
