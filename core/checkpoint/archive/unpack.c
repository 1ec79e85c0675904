/* SPDX-License-Identifier: Apache-2.0 */
/* See unpack.h. */
#include "checkpoint/archive/unpack.h"
#include "storage/file/file_copy.h"
#include "checkpoint/archive/tar_reader.h"
#include "checkpoint/archive/tree_link.h"
#include "checkpoint/archive/tree_path.h"
#include "checkpoint/archive/unpack_attributes.h"
#include "checkpoint/archive/unpack_pending.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)256 * 1024)

struct unpack {
	struct tar_reader reader;
	int root;
	struct pending_list pending;
	int parent;                 /* open, at */
	char parent_path[PATH_MAX]; /* this path */
	char *buffer;
	struct error *error;
};

static bool fail(struct unpack *unpack, const char *why)
{
	const int number = errno;

	return error_set(unpack->error, ERROR_SYSTEM, number, unpack->reader.name, "%s: %s",
			 unpack->reader.entry.path, why);
}

static bool refuse(struct unpack *unpack, const char *why)
{
	return error_set(unpack->error, ERROR_CORRUPT, EBADMSG, unpack->reader.name,
			 "%s is refused, it %s", unpack->reader.entry.path, why);
}

static bool remember(struct unpack *unpack, bool is_link)
{
	if (pending_add(&unpack->pending, &unpack->reader.entry, is_link))
		return true;
	errno = ENOMEM;
	return fail(unpack, "can't make it");
}

/* --- members ----------------------------------------------------------------------------- */

/* The open directory of the member, and its name there. Kept open: the next is mostly beside it. */
static const char *open_parent(struct unpack *unpack)
{
	const char *path = unpack->reader.entry.path, *slash = strrchr(path, '/'), *name;
	size_t length = slash ? (size_t)(slash - path) : 0;

	if (unpack->parent >= 0 && slash && strlen(unpack->parent_path) == length &&
	    !memcmp(path, unpack->parent_path, length))
		return slash + 1;
	if (unpack->parent >= 0)
		close(unpack->parent);
	unpack->parent = tree_path_parent(unpack->root, path, true, &name);
	memcpy(unpack->parent_path, path, length);
	unpack->parent_path[length] = '\0';
	if (unpack->parent >= 0)
		return name;
	if (errno == ELOOP || errno == ENOTDIR)
		refuse(unpack, "goes through what is no directory");
	else
		fail(unpack, "can't make its directory");
	return NULL;
}

static bool copy_extent(struct unpack *unpack, int fd, struct tar_extent extent)
{
	while (extent.size) {
		size_t size = extent.size < BUFFER_SIZE ? (size_t)extent.size : BUFFER_SIZE;
		int64_t count =
			tar_reader_data(&unpack->reader, unpack->buffer, size, unpack->error);

		if (count < 0)
			return false;
		if (!file_write_all(fd, unpack->buffer, (size_t)count, extent.offset))
			return fail(unpack, "can't write it");
		extent.offset += (uint64_t)count;
		extent.size -= (uint64_t)count;
		if (!tar_reader_report(&unpack->reader, unpack->error))
			return false;
	}
	return true;
}

static struct timespec mtime_of(const struct tar_entry *entry)
{
	return (struct timespec) { .tv_sec = entry->mtime, .tv_nsec = entry->mtime_ns };
}

static bool fill_file(struct unpack *unpack, int fd)
{
	const struct tar_entry *entry = &unpack->reader.entry;

	if (!entry->is_sparse &&
	    !copy_extent(unpack, fd, (struct tar_extent) { 0, unpack->reader.stored }))
		return false;
	for (size_t i = 0; i < entry->sparse.count; i++)
		if (!copy_extent(unpack, fd, entry->sparse.extents[i]))
			return false;
	if (entry->is_sparse && ftruncate(fd, (off_t)entry->size) < 0)
		return fail(unpack, "can't make it as long as it was");
	if (!unpack_attributes_set(fd, entry->mode, mtime_of(entry)))
		return fail(unpack, "can't set its mode and time");
	return true;
}

/*
 * As others do it, a member takes the place of an earlier one of its name. That is rare: unlinkat()
 * before each member took an eighth of a restore of small files.
 */
static bool has_made_room(const struct unpack *unpack, const char *name)
{
	return errno == EEXIST && unlinkat(unpack->parent, name, 0) == 0;
}

static bool make_file(struct unpack *unpack, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd;
	bool good;

	if (unpack->reader.entry.mode & 06000)
		return refuse(unpack, "is setuid or setgid");
	do
		fd = openat(unpack->parent, name, flags, 0600);
	while (fd < 0 && has_made_room(unpack, name));
	if (fd < 0)
		return fail(unpack, "can't make it");
	good = fill_file(unpack, fd);
	if (close(fd) < 0 && good)
		good = fail(unpack, "can't write it");
	return good;
}

static bool make_directory(struct unpack *unpack, const char *name)
{
	struct stat status;

	if (mkdirat(unpack->parent, name, 0700) < 0 &&
	    (errno != EEXIST || fstatat(unpack->parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
	     !S_ISDIR(status.st_mode)))
		return fail(unpack, "can't make it");
	return remember(unpack, false);
}

static bool make_symlink(struct unpack *unpack, const char *name)
{
	const struct tar_entry *entry = &unpack->reader.entry;
	const struct timespec times[] = { { .tv_nsec = UTIME_OMIT }, mtime_of(entry) };

	if (!tree_link_names_stay(entry->path, entry->link))
		return refuse(unpack, "is a link that leads out of the tree");
	while (symlinkat(entry->link, unpack->parent, name) < 0)
		if (!has_made_room(unpack, name))
			return fail(unpack, "can't make it");
	utimensat(unpack->parent, name, times, AT_SYMLINK_NOFOLLOW);
	return remember(unpack, true);
}

/* A symbolic link that is there: it leads elsewhere from each of its names. */
static bool check_linked(struct unpack *unpack, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(unpack->parent, name, target, sizeof(target) - 1);

	if (length < 0)
		return errno == EINVAL || fail(unpack, "can't link it");
	target[length] = '\0';
	if (!tree_link_names_stay(unpack->reader.entry.path, target))
		return refuse(unpack, "is a link that leads out of the tree");
	return remember(unpack, true);
}

static bool make_hard_link(struct unpack *unpack, const char *name)
{
	char *target = unpack->reader.entry.link;
	const char *target_name;
	int parent;
	bool good;

	tree_path_tidy(target);
	if (tree_path_refusal(target))
		return refuse(unpack, "is a link that leads out of the tree");
	if (!strcmp(target, unpack->reader.entry.path))
		return faccessat(unpack->parent, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
		       fail(unpack, "can't link it to itself");
	unlinkat(unpack->parent, name, 0);
	parent = tree_path_parent(unpack->root, target, false, &target_name);
	good = parent >= 0 && linkat(parent, target_name, unpack->parent, name, 0) == 0;
	if (!good)
		fail(unpack, "can't link it");
	if (parent >= 0)
		close(parent);
	return good && check_linked(unpack, name);
}

static bool make_fifo(struct unpack *unpack, const char *name)
{
	const struct tar_entry *entry = &unpack->reader.entry;

	if (entry->mode & 06000)
		return refuse(unpack, "is setuid or setgid");
	while (mkfifoat(unpack->parent, name, 0600) < 0)
		if (!has_made_room(unpack, name))
			return fail(unpack, "can't make it");
	return unpack_attributes_set_at(unpack->parent, name, entry->mode, mtime_of(entry)) ||
	       fail(unpack, "can't set its mode and time");
}

static bool make_by_type(struct unpack *unpack, const char *name)
{
	switch (unpack->reader.entry.type) {
	case TAR_FILE:
		return make_file(unpack, name);
	case TAR_DIRECTORY:
		return make_directory(unpack, name);
	case TAR_SYMLINK:
		return make_symlink(unpack, name);
	case TAR_HARD_LINK:
		return make_hard_link(unpack, name);
	case TAR_FIFO:
		return make_fifo(unpack, name);
	case TAR_CHARACTER_DEVICE:
	case TAR_BLOCK_DEVICE:
		return refuse(unpack, "is a device");
	}
	return refuse(unpack, "is of an unknown type");
}

static bool make_member(struct unpack *unpack)
{
	struct tar_entry *entry = &unpack->reader.entry;
	bool is_named = *entry->path;
	const char *name, *why;

	tree_path_tidy(entry->path);
	/* The root, in archives that others made of ".": it is there. */
	if (entry->type == TAR_DIRECTORY && is_named && !*entry->path)
		return true;
	why = tree_path_refusal(entry->path);
	if (why)
		return refuse(unpack, why);
	name = open_parent(unpack);
	if (!name)
		return false;
	return make_by_type(unpack, name);
}

static bool make_members(struct unpack *unpack)
{
	bool end;

	while (tar_reader_next(&unpack->reader, &end, unpack->error))
		if (!make_member(unpack) || !tar_reader_report(&unpack->reader, unpack->error))
			return false;
	return end &&
	       pending_finish(&unpack->pending, unpack->root, unpack->reader.name, unpack->error);
}

bool unpack(struct gzip_reader *input, const char *name, int root, uint64_t total,
	    const struct storage_progress *progress, struct error *error)
{
	struct unpack *unpack = calloc(1, sizeof(*unpack));
	char *buffer = malloc(BUFFER_SIZE);
	bool good = false;

	if (unpack && buffer) {
		unpack->reader.input = input;
		unpack->reader.name = name;
		unpack->root = root;
		unpack->parent = -1;
		unpack->reader.total = total;
		unpack->reader.progress = progress;
		unpack->buffer = buffer;
		unpack->error = error;
		good = make_members(unpack);
		if (unpack->parent >= 0)
			close(unpack->parent);
		pending_free(&unpack->pending);
		tar_reader_end(&unpack->reader);
	} else {
		error_set(error, ERROR_SYSTEM, ENOMEM, name, "can't unpack it");
	}
	free(buffer);
	free(unpack);
	return good;
}
