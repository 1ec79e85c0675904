/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signals - what flytectx does with signals while it supervises CMD (SPEC 5.2): it passes on each
 * that can be passed on, and none ends it before CMD.
 *
 * A signal that was ignored when flytectx began stays ignored, here and in CMD (nohup). All others
 * are blocked and waited for, but for those that speak of a fault of flytectx itself, and KILL and
 * STOP. CMD begins with the mask and the dispositions that flytectx began with.
 */
#ifndef FLYTECTX_SIGNALS_H
#define FLYTECTX_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* Call once. */
void signals_take(void);

/* In a child that becomes CMD. */
void signals_give_back(void);

/* The next one; 0: it is `until` (CLOCK_MONOTONIC, seconds; 0: forever). */
int signals_wait(double until, siginfo_t *info);

/* The next one that asks flytectx to end; 0: a child has ended, or it is `until`. Others wait. */
int signals_wait_end(double until);

/* Does this one? */
bool signal_asks_to_end(int number);

/* Hands it to CMD, unless the terminal did so; a stop stops flytectx too, until SIGCONT. */
void signal_pass_on(pid_t pid, const siginfo_t *info);

/* What is called before flytectx ends, by a signal too. */
void signals_before_death(void (*tidy)(void));

/* Ends flytectx by that signal. */
__attribute__((noreturn)) void signal_die_of(int number);

#endif
