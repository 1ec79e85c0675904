/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx - the command (SPEC 5.22): finds the subcommand. What it does is in the file of its
 * name.
 */
#include "command/command.h"
#include "flyte_ctx.h"
#include "command/terminal/message.h"
#include "command/terminal/keep_stdio_closed.h"

#include <stddef.h>
#include <string.h>

static const char help[] =
	"usage: flytectx run [options] [--] CMD [ARG...]\n"
	"       flytectx launch [--no-preload] [--] LAUNCHER [ARG...]\n"
	"       flytectx show [--json] [PID]\n"
	"       flytectx get FIELD\n"
	"       flytectx ps [--json] [-A] [-T] [-w] [PID...]\n"
	"       flytectx tree [--json] [-A] [-T] [-w] [PID]\n"
	"       flytectx doctor [--] CMD [ARG...]\n"
	"       flytectx checkpoint save PATH|- | load | path | latest [GLOB]\n"
	"       flytectx clean [--dry-run] [--all]\n"
	"       flytectx fail [--recoverable] CODE MESSAGE|-\n"
	"       flytectx report [--replace] FILE|-\n"
	"       flytectx --help | --version\n"
	"\n"
	"The context of a Flyte task, for programs in any language.\n"
	"\n"
	"  run         makes the context and runs CMD in it\n"
	"  launch      takes the context to other machines: ssh, mpirun, srun, sbatch, parallel\n"
	"  show        prints the context here, or of the process PID\n"
	"  get         prints one field of the context here\n"
	"  ps          lists the processes that are in a context, live\n"
	"  tree        draws them below each other\n"
	"  doctor      says whether the context reaches CMD, and if not why\n"
	"  checkpoint  saves and loads what an attempt leaves for the next one\n"
	"  clean       removes what ended runs have left in the workspace\n"
	"  fail        says to Flyte why the task fails\n"
	"  report      makes a file the report of the task\n"
	"\n"
	"flytectx SUBCOMMAND --help says more. Errors are one line on stderr; the exit status is "
	"2\n"
	"for wrong usage and 1 for any other failure, where the subcommand has no other.\n";

static const struct {
	const char *name;
	int (*function)(int argc, char *argv[]);
} subcommands[] = {
	{ "run", command_run },       { "launch", command_launch },
	{ "show", command_show },     { "get", command_get },
	{ "doctor", command_doctor }, { "checkpoint", command_checkpoint },
	{ "fail", command_fail },     { "report", command_report },
	{ "ps", command_ps },         { "tree", command_tree },
	{ "clean", command_clean },
};

int main(int argc, char *argv[])
{
	const char *name = argc > 1 ? argv[1] : NULL;

	keep_stdio_closed();
	if (!name)
		message_usage("no subcommand", "run, launch, show, get, ps, tree, doctor, "
					       "checkpoint, clean, fail or report (see flytectx "
					       "--help)");
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(*subcommands); i++)
		if (!strcmp(name, subcommands[i].name))
			return subcommands[i].function(argc - 1, argv + 1);
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		message_help(help);
	if (!strcmp(name, "--version"))
		message_help("flytectx " FLYTECTX_VERSION "\n");
	message_usage(name, "no such %s (see flytectx --help)",
		      *name == '-' ? "option" : "subcommand");
}
