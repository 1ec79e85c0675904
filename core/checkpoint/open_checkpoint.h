/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open_checkpoint - the checkpoint of a context as this process knows it (SPEC 4.3): made at its
 * first use, kept for as long as the process lives, and loaded once.
 */
#ifndef FLYTECTX_OPEN_CHECKPOINT_H
#define FLYTECTX_OPEN_CHECKPOINT_H

#include "flyte_ctx.h"
#include "checkpoint/load.h"

#include <limits.h>
#include <pthread.h>

struct open_checkpoint {
	struct flyte_task_checkpoint shown;
	struct open_checkpoint *next; /* in the list of all */
	bool is_listed;
	struct flyte_action_id action;
	pthread_mutex_t making;  /* of the workspace: the place, and the path that is shown */
	char place[PATH_MAX];    /* see workspace.h */
	char path[PATH_MAX];     /* of the workspace in it */
	pthread_mutex_t lock;    /* of what follows, and of loading */
	enum load_result loaded; /* LOAD_FAILED: not yet */
};

/* What is to be saved: a path, or bytes. */
struct checkpoint_input {
	const void *data;
	size_t size;
	const char *path;
};

/* That of `context`; kept for as long as the process lives. NULL with the error. */
struct open_checkpoint *open_checkpoint(const struct flyte_task_context *context,
					struct error *error);

/*
 * Makes the workspace, empty, at its first use: programs may put files of their own into it. Never
 * waits for a load of this process.
 */
bool open_checkpoint_workspace(struct open_checkpoint *open, struct error *error);

bool open_checkpoint_save(struct open_checkpoint *open, const struct checkpoint_input *input,
			  const struct storage_progress *progress, struct error *error);

/* 1 and the path, 0: none, -1 with the error. */
int open_checkpoint_load(struct open_checkpoint *open, const struct storage_progress *progress,
			 char *path, size_t size, struct error *error);

/* The same of what a load has given. */
int checkpoint_answer(enum load_result result, const char *workspace, char *path, size_t size,
		      struct error *error);

#endif
