/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_options - the command line of `flytectx run`, named as the SDK's a0 entrypoint names its
 * options (SPEC 5.3), so that the command line of a pod works here, unsubstituted templates too.
 */
#ifndef FLYTECTX_RUN_OPTIONS_H
#define FLYTECTX_RUN_OPTIONS_H

#include "command/carry/carry.h"
#include "context/context.h"

struct run_options {
	/*
	 * Members that are NULL or unset were not given. Checkpoint paths can be "": given as
	 * blank, which says that there is none.
	 */
	struct flyte_task_context given;
	bool has_start;           /* run_start_time was given; what can't be read is the epoch */
	struct flyte_pair *pairs; /* --custom-context, in order */
	size_t pair_count;
	bool inputs_are_optional;
	bool has_sub_action;
	const char *sub_action_key;  /* NULL: CMD and what else makes the call what it is */
	int64_t sub_action_sequence; /* 0: to be counted */
	bool has_retries;
	unsigned retries;                 /* attempts after the first */
	const char *checkpoint_directory; /* NULL: not given */
	bool checkpoint_dir_replace;      /* what is in DIR may be lost */
	double checkpoint_every;          /* seconds; 0: never */
	bool report_errors;               /* a CMD that fails gets an error document */
	enum carry_mode carry;
	char **command; /* CMD and its arguments, NULL-terminated */
};

/* Reads the command line. Wrong usage and --help end flytectx. */
void run_options_read(int argc, char *argv[], struct run_options *options);

#endif
