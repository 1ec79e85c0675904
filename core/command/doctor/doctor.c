/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx doctor - can the preload enter a program, and if not, why and what still works
 * (SPEC 5.13)? CMD is looked at, not run, but for a Python (doctor_python.c). What it is:
 * doctor_program.c; what is around it: doctor_environment.c.
 */
#include "command/doctor/doctor.h"
#include "command/command.h"
#include "command/program/exec_search.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

static const char help[] =
	"usage: flytectx doctor [--] CMD [ARG...]\n"
	"\n"
	"Says whether the context reaches CMD and what it starts, if started from here, and if "
	"not\n"
	"why. CMD is looked up as exec would, through PATH and #! lines; it is not run, but for a\n"
	"Python, which is asked for the package flytectx, and its\n"
	"ARGs don't matter. Where there is no context here, it is judged as\n"
	"`flytectx run -- CMD` would start it.\n"
	"\n"
	"  --help   this text\n"
	"\n"
	"The first line is the verdict, \"CMD: VERDICT\":\n"
	"\n"
	"  carried              the preload is in CMD and what it starts\n"
	"  carried in part      it is in CMD; what CMD starts may go without\n"
	"  untested             nobody has tried such a program\n"
	"  by environment only  not the preload, but FLYTE_CTX reaches CMD: flytectx get works,\n"
	"                       flyte_ctx() does not\n"
	"  not carried          neither, or CMD can't be started\n"
	"\n"
	"Each line behind it is one finding, \"WHAT: WHY\". Control characters are escaped.\n"
	"\n"
	"Exit status: 0 if the verdict is carried; 1 if not, or where there is no such CMD; 2 for\n"
	"wrong usage.\n";

int command_doctor(int argc, char *argv[])
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	struct diagnosis diagnosis;
	const char *path;
	int option;

	opterr = 0;
	/* Options behind CMD are CMD's. */
	while ((option = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		if (option == 'h')
			message_help(help);
		message_option("doctor", option, argv);
	}
	if (optind == argc)
		message_usage("doctor", "a CMD is needed (see flytectx doctor --help)");
	path = exec_search(argv[optind]);
	if (!path)
		message_fail(argv[optind], "can't be started: %s", strerror(errno));
	diagnosis_begin(&diagnosis);
	doctor_environment(&diagnosis, doctor_program(&diagnosis, path));
	if (diagnosis.verdict == CARRIED)
		doctor_python(&diagnosis, path);
	diagnosis_print(&diagnosis, path);
	message_end_output();
	return diagnosis.verdict != CARRIED;
}
