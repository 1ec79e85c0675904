/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_short_forms - short names of options that longer options would make ambiguous (SPEC 5.3).
 *
 * "--ch" to "--checkpoint-" have always been short for --checkpoint-path, and "--inp" to "--input"
 * for --inputs. They stay so: as options of their own they are not ambiguous.
 */
#ifndef FLYTECTX_RUN_SHORT_FORMS_H
#define FLYTECTX_RUN_SHORT_FORMS_H

#include <getopt.h>

#define SHORT_FORMS (sizeof("checkpoint-") - 2 + sizeof("input") - 3)

/* Puts the short forms of `whole`, if it has any, to `all`; returns what is behind them. */
struct option *run_short_forms(struct option *all, const struct option *whole);

#endif
