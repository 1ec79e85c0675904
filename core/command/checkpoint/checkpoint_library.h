/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkpoint_library - libflytectx-checkpoint.so.1 for flytectx: loaded when it is first needed, as
 * programs do it. Linked, it and what it stands on would be paid for by each `flytectx get`.
 */
#ifndef FLYTECTX_CHECKPOINT_LIBRARY_H
#define FLYTECTX_CHECKPOINT_LIBRARY_H

#include "checkpoint/exports.h"

struct checkpoint_library {
	__typeof__(flytectx_transfer_save) *save;
	__typeof__(flytectx_transfer_read) *read;
	__typeof__(flytectx_transfer_load) *load;
	__typeof__(flytectx_transfer_restore) *restore;
	__typeof__(flytectx_transfer_exists) *exists;
	__typeof__(flytectx_workspace) *workspace;
	__typeof__(flytectx_latest_checkpoint) *latest;
	__typeof__(flytectx_fail) *fail;
	__typeof__(flytectx_report_fd) *report;
	__typeof__(flytectx_outcome) *outcome;
	__typeof__(flytectx_outcome_clear) *outcome_clear;
	__typeof__(flytectx_checkpoint_error) *error;
};

/* NULL where it can't be loaded; `why_not` says why, as "WHAT: WHY". */
const struct checkpoint_library *checkpoint_library_find(const char **why_not);

/* Where it can't be loaded flytectx ends. */
const struct checkpoint_library *checkpoint_library(void);

#endif
