/* SPDX-License-Identifier: Apache-2.0 */
/* See swap.h. */
#include "checkpoint/swap.h"
#include "checkpoint/swap_names.h"
#include "local/tree_remove.h"
#include "storage/file/file_temp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the staging directory. */
#define FRESH "new"
#define OLD   "old"
#define DONE  "done" /* the old content is out, the new one comes up */

static int open_in(int directory, const char *name)
{
	return openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool swap_begin(struct swap *swap, const char *directory, struct error *error)
{
	uint64_t number[2];

	*swap = (struct swap) { .directory = directory, .fd = -1, .staging = -1, .fresh = -1 };
	if (mkdir(directory, 0777) < 0 && errno != EEXIST)
		return error_set(error, ERROR_SYSTEM, errno, directory, "can't make the directory");
	swap->fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (swap->fd < 0)
		return error_set(error, ERROR_SYSTEM, errno, directory, "can't open the directory");
	/* A name as temporary files have it: a save leaves it out. */
	if (getrandom(number, sizeof(number), 0) == sizeof(number))
		snprintf(swap->name, sizeof(swap->name), ".flytectx-%016" PRIx64 "-%08" PRIx32,
			 number[0], (uint32_t)number[1]);
	if (*swap->name && mkdirat(swap->fd, swap->name, 0700) == 0)
		swap->staging = open_in(swap->fd, swap->name);
	if (swap->staging >= 0 && mkdirat(swap->staging, FRESH, 0700) == 0)
		swap->fresh = open_in(swap->staging, FRESH);
	if (swap->fresh >= 0)
		return true;
	error_set(error, ERROR_SYSTEM, errno, directory, "can't make a directory in it");
	swap_end(swap);
	return false;
}

void swap_end(struct swap *swap)
{
	if (swap->fresh >= 0)
		close(swap->fresh);
	if (swap->staging >= 0)
		close(swap->staging);
	if (swap->fd >= 0 && *swap->name)
		tree_remove(swap->fd, swap->name);
	if (swap->fd >= 0)
		close(swap->fd);
	*swap = (struct swap) { .fd = -1, .staging = -1, .fresh = -1 };
}

/* --- what would be lost ------------------------------------------------------------------- */

struct loss {
	const struct swap *swap;
	int64_t known;
	int old, fresh; /* -1: there is no such directory in the new content */
	bool is_top;
	char *path;
};

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool keeps(void *argument, const char *name);

static bool keeps_all(const struct loss *loss, const char *name)
{
	struct loss inner = { loss->swap,
			      loss->known,
			      open_in(loss->old, name),
			      loss->fresh < 0 ? -1 : open_in(loss->fresh, name),
			      false,
			      loss->path };
	/* What can't be read can't be told to be in the checkpoint. */
	bool good = inner.old >= 0 && each_name(inner.old, keeps, &inner);

	if (inner.old >= 0)
		close(inner.old);
	if (inner.fresh >= 0)
		close(inner.fresh);
	return good;
}

/* False: this one would be lost; its path is there. */
static bool keeps(void *argument, const char *name)
{
	const struct loss *loss = argument;
	size_t length = strlen(loss->path);
	struct stat status, other;
	bool good;

	if (loss->is_top &&
	    (file_temp_is(name) || why_fixed(loss->old, loss->swap->directory, name)))
		return true;
	if (fstatat(loss->old, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return true;
	snprintf(loss->path + length, PATH_MAX - length, "%s%s", length ? "/" : "", name);
	good = loss->fresh >= 0 && fstatat(loss->fresh, name, &other, AT_SYMLINK_NOFOLLOW) == 0;
	good = good || nanoseconds(status.st_ctim) < loss->known;
	if (S_ISDIR(status.st_mode))
		good = keeps_all(loss, name);
	if (good)
		loss->path[length] = '\0';
	return good;
}

bool swap_loses(const struct swap *swap, const struct flytectx_restore *restore,
		char path[PATH_MAX])
{
	struct loss loss = { swap, restore->known, swap->fd, swap->fresh, true, path };

	*path = '\0';
	return !restore->replace && !each_name(swap->fd, keeps, &loss);
}

/* --- moving ------------------------------------------------------------------------------- */

struct move {
	const struct swap *swap;
	struct flytectx_restore *restore;
	int from, to;
	bool is_back; /* what is in the way goes */
};

static bool move_out(void *argument, const char *name)
{
	struct move *move = argument;
	int why;

	if (file_temp_is(name))
		return true;
	why = why_fixed(move->from, move->swap->directory, name);
	if (why && !*move->restore->kept) {
		snprintf(move->restore->kept, sizeof(move->restore->kept), "%s", name);
		move->restore->kept_why = why;
	}
	return why || move_entry(move->from, name, move->to);
}

static bool is_empty(int directory, const char *name)
{
	return unlinkat(directory, name, AT_REMOVEDIR) == 0;
}

static bool move_up(void *argument, const char *name)
{
	const struct move *move = argument;

	if (move->is_back && faccessat(move->to, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !why_fixed(move->to, move->swap->directory, name) && !tree_remove(move->to, name))
		return false;
	/* Where a mount or another user's directory has stayed, only an empty one is not missed. */
	if (faccessat(move->to, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		int why = why_fixed(move->to, move->swap->directory, name);

		if (why && is_empty(move->from, name))
			return true;
		errno = why ? why : EEXIST;
		return false;
	}
	return move_entry(move->from, name, move->to);
}

/* The old content comes back. */
static bool roll_back(const struct swap *swap, int old)
{
	struct move move = { .swap = swap, .from = old, .to = swap->fd, .is_back = true };

	return each_name(old, move_up, &move);
}

/* What has come up goes down again. */
static bool move_down(void *argument, const char *name)
{
	const struct move *move = argument;

	return file_temp_is(name) || why_fixed(move->from, move->swap->directory, name) ||
	       move_entry(move->from, name, move->to);
}

static bool come_up(struct swap *swap, struct flytectx_restore *restore, int old)
{
	struct move move = { swap, restore, swap->fresh, swap->fd, false };
	int number;

	if (mkdirat(swap->staging, DONE, 0700) == 0 && each_name(swap->fresh, move_up, &move))
		return true;
	number = errno;
	move = (struct move) { .swap = swap, .from = swap->fd, .to = swap->fresh };
	each_name(swap->fd, move_down, &move);
	unlinkat(swap->staging, DONE, AT_REMOVEDIR);
	roll_back(swap, old);
	errno = number;
	return false;
}

bool swap_commit(struct swap *swap, struct flytectx_restore *restore, struct error *error)
{
	struct move move = { swap, restore, swap->fd, -1, false };
	bool good = mkdirat(swap->staging, OLD, 0700) == 0;
	int number;

	*restore->kept = '\0';
	if (good)
		move.to = open_in(swap->staging, OLD);
	good = move.to >= 0 && each_name(swap->fd, move_out, &move);
	number = errno;
	if (!good && move.to >= 0)
		roll_back(swap, move.to);
	errno = number;
	good = good && come_up(swap, restore, move.to);
	number = errno;
	if (move.to >= 0)
		close(move.to);
	if (!good && *restore->kept && number == restore->kept_why)
		return error_set(error, ERROR_SYSTEM, number, swap->directory,
				 "can't replace its content: %s", restore->kept);
	return good ||
	       error_set(error, ERROR_SYSTEM, number, swap->directory, "can't replace its content");
}

/* --- after a kill ------------------------------------------------------------------------- */

static bool recover_one(void *argument, const char *name)
{
	struct swap swap = *(const struct swap *)argument;
	struct move move = { .swap = &swap, .to = swap.fd, .is_back = true };
	struct stat status;
	bool good = true;
	int old;

	if (!file_temp_is(name) || fstatat(swap.fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISDIR(status.st_mode))
		return true;
	swap.staging = open_in(swap.fd, name);
	swap.fresh = swap.staging < 0 ? -1 : open_in(swap.staging, FRESH);
	old = swap.staging < 0 ? -1 : open_in(swap.staging, OLD);
	if (old >= 0 && faccessat(swap.staging, DONE, F_OK, 0) < 0)
		good = roll_back(&swap, old);
	else if (old >= 0 && swap.fresh >= 0) {
		move.from = swap.fresh;
		good = each_name(swap.fresh, move_up, &move);
	}
	if (old >= 0)
		close(old);
	if (swap.fresh >= 0)
		close(swap.fresh);
	if (swap.staging >= 0)
		close(swap.staging);
	return good && tree_remove(swap.fd, name);
}

bool swap_recover(const char *directory, struct error *error)
{
	struct swap swap = { .directory = directory, .staging = -1, .fresh = -1 };
	bool good;

	swap.fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (swap.fd < 0)
		return errno == ENOENT ||
		       error_set(error, ERROR_SYSTEM, errno, directory, "can't open the directory");
	good = each_name(swap.fd, recover_one, &swap);
	if (!good)
		error_set(error, ERROR_SYSTEM, errno, directory,
			  "can't end a restore that was killed there");
	close(swap.fd);
	return good;
}
