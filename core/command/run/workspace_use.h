/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workspace_use - says that a run uses the workspace of a checkpoint, and removes what the run made
 * when no other run uses it (SPEC 4.5).
 *
 * Beside the place is a file with its name and ".use". Its lock is shared by all runs of the
 * action. The file holds a letter where the place was made by one of them: the last run, which need
 * not be that one, removes the place. A file that a killed run has left keeps the letter.
 */
#ifndef FLYTECTX_WORKSPACE_USE_H
#define FLYTECTX_WORKSPACE_USE_H

/*
 * `place`: as workspace_place() names it. Says nothing where it can't: then nothing is removed. The
 * calling process has one at a time.
 */
void workspace_use_begin(const char *place);

/* Ends that use; without one it does nothing. */
void workspace_use_end(void);

#endif
