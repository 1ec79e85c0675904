/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_values - what the values of `flytectx run`'s options mean (SPEC 5). A template that nobody
 * has filled in counts as not given, with a warning; a value that can't be meant ends flytectx with
 * a message.
 */
#ifndef FLYTECTX_RUN_VALUES_H
#define FLYTECTX_RUN_VALUES_H

#include "run_options.h"

/* Of the string member at `offset`. */
void run_value_string(const char *option, size_t offset, const char *value,
		      struct run_options *options);

void run_value_mode(const char *value, struct run_options *options);
void run_value_start(const char *value, struct run_options *options);
void run_value_pair(char *text, struct run_options *options);
void run_value_sub_action(const char *key, struct run_options *options); /* NULL: without one */
void run_value_sequence(const char *value, struct run_options *options);
void run_value_retries(const char *value, struct run_options *options);
void run_value_every(const char *value, struct run_options *options);

#endif
