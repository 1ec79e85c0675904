/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - the subcommands of flytectx, one file each. Each gets its own name as argv[0] and
 * returns the exit status.
 */
#ifndef FLYTECTX_COMMAND_H
#define FLYTECTX_COMMAND_H

int command_checkpoint(int argc, char *argv[]);
int command_clean(int argc, char *argv[]);
int command_doctor(int argc, char *argv[]);
int command_fail(int argc, char *argv[]);
int command_get(int argc, char *argv[]);
int command_launch(int argc, char *argv[]);
int command_ps(int argc, char *argv[]);
int command_report(int argc, char *argv[]);
int command_run(int argc, char *argv[]);
int command_show(int argc, char *argv[]);
int command_tree(int argc, char *argv[]);

#endif
