/* SPDX-License-Identifier: Apache-2.0 */
/* See snapshot_work.h: saving what was taken. */
#include "command/checkpoint/checkpoint_library.h"
#include "command/run/destination.h"
#include "command/run/snapshot_work.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/checkpoint/progress.h"
#include "local/lost_and_found.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int report(void *argument, uint64_t done, uint64_t total)
{
	const struct flytectx_transfer *shown = argument;

	return !work_is_cancelled() &&
	       (!shown->report || shown->report(shown->argument, done, total));
}

/* A text about the copy is one about the directory. */
static const char *about_directory(const struct work *work, const char *text)
{
	size_t length = strlen(work->copy.path);

	if (strncmp(text, work->copy.path, length) != 0)
		return text;
	return memory_text("%s%s", work->snapshot->directory, text + length);
}

static void tell_of_lost_and_found(const struct work *work)
{
	int fd = open(work->snapshot->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (lost_and_found_is_shut(fd, LOST_AND_FOUND) &&
	    !atomic_exchange(&work->guarded->told_lost, 1))
		message_warn(work->snapshot->directory,
			     LOST_AND_FOUND " is not saved, it can't be read");
	close(fd);
}

void work_save(const struct work *work, const char *path)
{
	const bool is_shown = work->snapshot->kind == SNAPSHOT_FINAL;
	struct flytectx_transfer shown = progress_begin("saving", work->snapshot->url), transfer;
	bool saved;

	atomic_store(&work->guarded->phase, SNAPSHOT_SAVING);
	if (work->snapshot->is_not_loaded && !work->snapshot->saved &&
	    !atomic_exchange(&work->guarded->told_loaded, 1) &&
	    destination_look(work->snapshot->url) == DESTINATION_HAS)
		message_warn(work->snapshot->url, DESTINATION_NOT_LOADED);
	tell_of_lost_and_found(work);
	if (!is_shown)
		shown.report = NULL;
	transfer = shown;
	transfer.report = report;
	transfer.argument = &shown;
	saved = checkpoint_library()->save(&transfer, path, -1) == 0;
	if (is_shown)
		progress_end();
	if (!saved)
		message_warn_text(about_directory(work, checkpoint_library()->error()));
	_exit(saved ? SNAPSHOT_SAVED : SNAPSHOT_FAILED);
}

static void tell_of_other(const struct work *work)
{
	if (*work->copy.other && !atomic_exchange(&work->guarded->told_other, 1))
		message_warn(work->snapshot->directory,
			     "%s is not saved, it is on another file system", work->copy.other);
}

/* The copy is whole, and of one moment. */
void work_save_copy(struct work *work)
{
	const struct snapshot *snapshot = work->snapshot;

	copy_index_write(&work->copy.before, work->index);
	tell_of_other(work);
	atomic_store(&work->guarded->digest, work->copy.digest);
	if (snapshot->has_digest && snapshot->digest == work->copy.digest)
		_exit(SNAPSHOT_UNCHANGED);
	work_save(work, work->copy.path);
}
