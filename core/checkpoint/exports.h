/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exports - what libflytectx-checkpoint.so.1 exports. Programs reach it through the inline
 * functions of flyte_ctx.h, which load it at their first call; flytectx loads it in the same way.
 *
 * The functions return what those of flyte_ctx.h return: -1 or NULL with errno, and the text of
 * the error from flytectx_checkpoint_error().
 */
#ifndef FLYTECTX_EXPORTS_H
#define FLYTECTX_EXPORTS_H

#include "flyte_ctx.h"

#include <limits.h>

/* All else is hidden. */
#pragma GCC visibility push(default)

/* --- for programs: the checkpoint of a context ------------------------------------------- */

const struct flyte_task_checkpoint *flytectx_checkpoint(const struct flyte_task_context *context);
int flytectx_checkpoint_save_bytes(const struct flyte_task_context *context, const void *data,
				   size_t size);
int flytectx_checkpoint_save_path(const struct flyte_task_context *context, const char *path);
int flytectx_checkpoint_load(const struct flyte_task_context *context, char *path, size_t size);

/* The same on a thread of its own. What is not used of `data` and `path` is NULL. */
struct flyte_checkpoint_job *flytectx_checkpoint_start(const struct flyte_task_context *context,
						       const void *data, size_t size,
						       const char *path);
int flytectx_checkpoint_job_fd(const struct flyte_checkpoint_job *job);
void flytectx_checkpoint_job_cancel(struct flyte_checkpoint_job *job);
int flytectx_checkpoint_job_finish(struct flyte_checkpoint_job *job, char *path, size_t size);

int flytectx_latest_checkpoint(const char *root, const char *glob, char *path, size_t size);

/* Counts a call of the context's action in that attempt of it. */
int64_t flytectx_call_sequence(const struct flyte_task_context *context, int attempt,
			       const char *task_hash, const char *input_hash, const char *group);

/*
 * The way back (SPEC 6.1, 6.3). 0: written; 1: left to rank 0 of a clustered task; 2: left, since
 * the JobSet starts its pods again; -1.
 */
int flytectx_fail(const struct flyte_task_context *context, const char *code, const char *message,
		  int recoverable);
int flytectx_report_file(const struct flyte_task_context *context, const char *path);

/* Why the last call on this thread has failed. Never NULL. */
const char *flytectx_checkpoint_error(void);

/* --- for flytectx: any object, any directory --------------------------------------------- */

struct flytectx_transfer {
	size_t size;     /* of this structure, as its user knows it */
	const char *url; /* of the object */
	int (*report)(void *argument, uint64_t done, uint64_t total); /* 0 cancels; may be NULL */
	void *argument;
};

/* Saves a file or a directory, or, where `path` is NULL, all that can be read from `fd`. */
int flytectx_transfer_save(const struct flytectx_transfer *transfer, const char *path, int fd);

/*
 * Reads the object, in order: take() gets each piece and returns 0 where it wants no more. 1: to
 * its end, 0: as far as was wanted, -1: it can't be read, or has more than `limit` bytes (EFBIG).
 */
int flytectx_transfer_read(const struct flytectx_transfer *transfer, uint64_t limit,
			   int (*take)(void *argument, const void *data, size_t size),
			   void *argument);

/* Loads into the workspace of an action: as flyte_checkpoint_load(), but anew at each call. */
int flytectx_transfer_load(const struct flytectx_transfer *transfer,
			   const struct flyte_action_id *action, char *path, size_t size);

struct flytectx_restore {
	size_t size; /* of this structure, as its user knows it */
	const char *directory;
	const char
		*own;  /* a URL that becomes a copy of the object where it was restored; or NULL */
	int replace;   /* what the checkpoint has not may go, whatever it is */
	int64_t known; /* else what has not changed since then, in nanoseconds since the epoch */
	/* Filled in: an entry of the directory that could not be replaced, and stays; why, as
	 * errno. */
	char kept[256];
	int kept_why;
};

/*
 * Makes the content of a directory that of a tree. 1, 0: there is no such object, -1; EEXIST: there
 * is something in the directory that would be lost. Where the URL is NULL a restore that was killed
 * is ended, and 0.
 */
int flytectx_transfer_restore(const struct flytectx_transfer *transfer,
			      struct flytectx_restore *restore);

/* 1: there is such an object, and it is not empty; 0: there is none; -1. */
int flytectx_transfer_exists(const struct flytectx_transfer *transfer);

/* Where checkpoints of that action and previous path are loaded to; made, empty, if missing. */
int flytectx_workspace(const struct flyte_action_id *action, const char *previous, char *path,
		       size_t size);

/* A report that is read from `fd`, which messages call `name`. As flytectx_report_file(). */
int flytectx_report_fd(const struct flyte_task_context *context, int fd, const char *name,
		       int replace);

/* What the error document says: 0: there is none, 1: it failed for good, 2: it may be tried again.
 */
int flytectx_outcome(const struct flyte_task_context *context);
int flytectx_outcome_clear(const struct flyte_task_context *context);

#pragma GCC visibility pop

#endif
