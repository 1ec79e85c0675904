/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_help - the text of `flytectx run --help`.
 */
#ifndef FLYTECTX_RUN_HELP_H
#define FLYTECTX_RUN_HELP_H

static const char run_help[] =
	"usage: flytectx run [options] [--] CMD [ARG...]\n"
	"\n"
	"Makes the context of a task and runs CMD in it, as the same process; with --retries or\n"
	"--checkpoint-dir as a child that gets our signals and as which we end. CMD and whatever "
	"it\n"
	"starts find the context, in any language: C and C++ through flyte_ctx.h, scripts through\n"
	"`flytectx get`.\n"
	"\n"
	"  --name NAME                 of the action; inside a task: of a sub-action of it\n"
	"  --run-name NAME             of the run\n"
	"  --project, --domain, --org NAME\n"
	"  -v, --version VERSION       of the task\n"
	"  -i, --inputs PATH           inputs.pb, or the prefix that has it, here or in a store: "
	"gives\n"
	"                              the custom context\n"
	"  --inputs-optional           goes on with a warning where it can't be read\n"
	"  -o, --outputs-path PATH\n"
	"  --run-base-dir PATH\n"
	"  -r, --raw-data-path PATH    prefix for raw data\n"
	"  -c, --checkpoint-path PATH  where this attempt saves its checkpoint\n"
	"  -p, --prev-checkpoint PATH  where the attempt before saved its own\n"
	"  --run-start-time TIME       RFC 3339; UTC where it has no offset\n"
	"  --mode MODE                 local, remote or hybrid\n"
	"  --interactive-mode\n"
	"  --group NAME\n"
	"  --custom-context KEY=VALUE  as often as needed; wins over --inputs, that over what is\n"
	"                              inherited\n"
	"  --retries N                 up to N more attempts while CMD fails\n"
	"  --checkpoint-dir DIR        restores DIR before CMD starts, and saves it when CMD has\n"
	"                              succeeded and on SIGTERM\n"
	"  --checkpoint-every T        and every T while CMD runs: 30, 90s, 5m, 1h\n"
	"  --help                      this text\n"
	"\n"
	"What no option gives comes from the context here, or from the variables of a Flyte pod.\n"
	"With neither, this is a local run: its names, its raw data, outputs and checkpoint paths\n"
	"are made up, the paths in ${FLYTECTX_WORKSPACE:-${TMPDIR:-/tmp}/flytectx-UID}.\n"
	"A value that is empty, or a {{template}} that nobody has filled in, counts as not given. "
	"A\n"
	"checkpoint path that is blank or \"\" says that there is none.\n"
	"\n"
	"The preload is libflytectx.so beside flytectx, else in ../lib, else where it was "
	"installed;\n"
	"FLYTECTX_LIBRARY=PATH names another one.\n"
	"\n"
	"Exit status: that of CMD; 125 if flytectx itself fails, 126 if CMD can't be executed, "
	"127\n"
	"if it is not found.\n";

#endif
