/* SPDX-License-Identifier: Apache-2.0 */
/* See restore.h. */
#include "checkpoint/restore.h"
#include "checkpoint/save.h"
#include "checkpoint/swap.h"
#include "local/tree_remove.h"
#include "local/workspace.h"

#include <errno.h>
#include <unistd.h>

enum load_result restore_workspace(struct storage *object, const char *place, struct error *error)
{
	enum load_result result = LOAD_FAILED;
	int fd = workspace_open(place, error), target;

	if (fd < 0)
		return LOAD_FAILED;
	target = workspace_new(fd, place, error);
	if (target >= 0) {
		result = load(object, target, fd, error);
		close(target);
	}
	if ((result == LOAD_TREE || result == LOAD_FILE) && !workspace_publish(fd, place, error))
		result = LOAD_FAILED;
	else if (result == LOAD_NONE || result == LOAD_FAILED)
		tree_remove(fd, "new");
	workspace_close(fd);
	return result;
}

/* The next attempt finds it there if this one ends before its first save. */
static bool copy_to(struct storage *own, int kept, struct error *error)
{
	struct storage_status status;

	/* A checkpoint that is there, or may be, is not to be lost. */
	if (!own)
		return true;
	if (storage_stat(own, &status, error)) {
		if (status.size)
			return true;
	} else if (error->failure != ERROR_ABSENT) {
		return false;
	}
	return save_file(own, kept, STORAGE_KIND_DIRECTORY, error);
}

static enum load_result restore_tree(struct storage *object, struct storage *own,
				     struct flytectx_restore *restore, struct swap *swap,
				     struct error *error)
{
	int kept;
	enum load_result result = load_and_keep(object, swap->fresh, swap->staging, &kept, error);
	char path[PATH_MAX];
	bool good = result != LOAD_FILE;

	if (!good)
		error_set(error, ERROR_INVALID, ENOTDIR, object->url, "it can't be restored to %s",
			  restore->directory);
	if (result == LOAD_TREE && swap_loses(swap, restore, path))
		good = error_set(error, ERROR_INVALID, 0, restore->directory,
				 "not restored, it has %s, which the checkpoint has not and which "
				 "would be lost; --checkpoint-dir-replace allows that",
				 path);
	if (good && result == LOAD_TREE)
		good = swap_commit(swap, restore, error) && copy_to(own, kept, error);
	if (kept >= 0)
		close(kept);
	return good ? result : LOAD_FAILED;
}

enum load_result restore_directory(struct storage *object, struct storage *own,
				   struct flytectx_restore *restore, struct error *error)
{
	enum load_result result;
	struct swap swap;

	if (!swap_begin(&swap, restore->directory, error))
		return LOAD_FAILED;
	result = restore_tree(object, own, restore, &swap, error);
	swap_end(&swap);
	return result;
}

bool restore_recover(const char *directory, struct error *error)
{
	return swap_recover(directory, error);
}
