/* SPDX-License-Identifier: Apache-2.0 */
/* See pack.h. */
#include "checkpoint/archive/pack.h"
#include "storage/file/file_temp.h"
#include "checkpoint/archive/gzip_writer.h"
#include "checkpoint/archive/pack_file.h"
#include "checkpoint/archive/pack_links.h"
#include "checkpoint/archive/tree_link.h"
#include "local/lost_and_found.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Directories that are open at once; of the others, the one below has a "..". */
#define OPEN_MAX_DEPTH 24

static bool pack_directory(struct pack *pack, int *directory);

/* --- members ----------------------------------------------------------------------------- */

static bool pack_symlink(struct pack *pack, int parent, const char *name)
{
	struct tar_entry *entry = &pack->entry;
	ssize_t length = readlinkat(parent, name, entry->link, sizeof(entry->link) - 1);

	if (length < 0)
		return pack_fail(pack, errno, "can't read the link");
	entry->link[length] = '\0';
	entry->type = TAR_SYMLINK;
	if (!pack_link_make_relative(pack->real_directory, entry->path, entry->link) ||
	    !tree_link_names_stay(entry->path, entry->link) ||
	    !tree_link_stays(pack->root, pack->real_directory, entry->path))
		return error_set(pack->error, ERROR_INVALID, EXDEV, pack->directory,
				 "%s is a link that leads out of the directory, to %s; it could "
				 "not be loaded again",
				 entry->path, entry->link);
	return pack_put_header(pack);
}

/* Opens the closed directory above again, by "..". Another process may have moved the one below. */
static bool open_parent(struct pack *pack, int *parent, int below, const struct stat *before)
{
	struct stat now;

	*parent = openat(below, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*parent < 0)
		return pack_fail(pack, errno, "can't go back to the directory above it");
	return (fstat(*parent, &now) == 0 && now.st_dev == before->st_dev &&
		now.st_ino == before->st_ino) ||
	       error_set(pack->error, ERROR_CHANGED, ESTALE, pack->directory,
			 "%s was moved while it was saved", pack->entry.path);
}

/* A tree may be deeper than a process may have descriptors. */
static bool pack_subdirectory(struct pack *pack, int *parent, const char *name)
{
	int fd = openat(*parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;
	bool good, is_deep;

	if (fd < 0)
		return lost_and_found_is_shut(*parent, pack->entry.path) ||
		       pack_fail(pack, errno, "can't open it");
	is_deep = pack->depth >= OPEN_MAX_DEPTH && fstat(*parent, &status) == 0;
	if (is_deep) {
		close(*parent);
		*parent = -1;
	}
	pack->entry.type = TAR_DIRECTORY;
	pack->depth++;
	good = pack_put_header(pack) && pack_directory(pack, &fd);
	pack->depth--;
	if (is_deep && good)
		good = open_parent(pack, parent, fd, &status);
	if (fd >= 0)
		close(fd);
	return good;
}

static void note_status(struct tar_entry *entry, const struct stat *status)
{
	entry->mode = status->st_mode & 01777;
	entry->uid = status->st_uid;
	entry->gid = status->st_gid;
	entry->size = 0;
	entry->mtime = status->st_mtim.tv_sec;
	entry->mtime_ns = (uint32_t)status->st_mtim.tv_nsec;
	entry->is_sparse = false;
	entry->link[0] = '\0';
}

static bool pack_by_type(struct pack *pack, int *parent, const char *name,
			 const struct stat *status)
{
	switch (status->st_mode & S_IFMT) {
	case S_IFREG:
		pack->entry.type = TAR_FILE;
		return pack_file(pack, *parent, name);
	case S_IFDIR:
		return pack_subdirectory(pack, parent, name);
	case S_IFLNK:
		return pack_symlink(pack, *parent, name);
	case S_IFIFO:
		pack->entry.type = TAR_FIFO;
		return pack_put_header(pack);
	case S_IFSOCK:
		return true;
	}
	return error_set(pack->error, ERROR_INVALID, EINVAL, pack->directory,
			 "%s is a device, which can't be saved", pack->entry.path);
}

/* One member, all that is below it included. Its path is in the entry. */
static bool pack_member(struct pack *pack, int *parent, const char *name)
{
	struct stat status;
	const char *first;

	if (fstatat(*parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return pack_fail(pack, errno, "can't look at it");
	note_status(&pack->entry, &status);
	/* A symbolic link has a text of its own under each of its names. */
	if (status.st_nlink > 1 && (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode))) {
		if (!pack_links_note(&pack->links, &status, pack->entry.path, &first))
			return pack_fail(pack, ENOMEM, "can't read it");
		if (first) {
			pack->entry.type = TAR_HARD_LINK;
			strcpy(pack->entry.link, first);
			return pack_put_header(pack);
		}
	}
	return pack_by_type(pack, parent, name, &status);
}

/* --- directories ------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char **items;
	size_t count;
};

static bool add_name(struct names *names, const char *name)
{
	void *more = names->items;
	char *copy = strdup(name);

	if (!(names->count & (names->count - 1)))
		more = realloc(names->items, (2 * names->count + 1) * sizeof(char *));
	if (more)
		names->items = more;
	if (!more || !copy) {
		free(copy);
		errno = ENOMEM;
		return false;
	}
	names->items[names->count++] = copy;
	return true;
}

/* False with errno. What has been read is for the caller to free, either way. Left out is what
 * saves are writing: this one too, where it goes to a file in the directory. */
static bool read_names(int directory, struct names *names)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), number;
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!list)
		return false;
	for (errno = 0; (entry = readdir(list)); errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    !file_temp_is(entry->d_name) && !add_name(names, entry->d_name))
			break;
	number = errno;
	closedir(list);
	errno = number;
	return number == 0;
}

static bool pack_names(struct pack *pack, int *directory, const struct names *names)
{
	char *path = pack->entry.path;
	size_t length = strlen(path);

	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->items[i];

		if (length + strlen(name) + 2 > sizeof(pack->entry.path))
			return pack_fail(pack, ENAMETOOLONG, name);
		if (length)
			path[length] = '/';
		strcpy(path + length + (length != 0), name);
		if (!pack_member(pack, directory, name))
			return false;
		path[length] = '\0';
	}
	return true;
}

static bool pack_directory(struct pack *pack, int *directory)
{
	struct names names = { 0 };
	bool good = read_names(*directory, &names);

	if (!good)
		pack_fail(pack, errno, "can't read the directory");
	if (names.count)
		qsort(names.items, names.count, sizeof(*names.items), by_name);
	good = good && pack_names(pack, directory, &names);
	for (size_t i = 0; i < names.count; i++)
		free(names.items[i]);
	free(names.items);
	return good;
}

/* Two blocks of zeros. */
static bool pack_end(struct pack *pack)
{
	static const char zeros[2 * TAR_BLOCK];

	return gzip_writer_put(pack->gzip, zeros, sizeof(zeros), pack->error) &&
	       gzip_writer_end(pack->gzip, pack->error);
}

static bool pack_all(struct pack *pack)
{
	int fd = open(pack->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	if (fd < 0 || !realpath(pack->directory, pack->real_directory)) {
		error_set(pack->error, 0, errno, pack->directory, "can't open the directory");
		if (fd >= 0)
			close(fd);
		return false;
	}
	pack->root = fd;
	/* Its depth is 0, so that it stays open. */
	good = pack_directory(pack, &fd) && pack_end(pack);
	close(fd);
	return good;
}

bool pack(const char *directory,
	  bool (*write)(void *argument, const void *data, size_t size, struct error *error),
	  void *argument, struct error *error)
{
	struct pack *pack = calloc(1, sizeof(*pack));
	struct gzip_writer *gzip = gzip_writer_new(write, argument);
	bool good = false;

	if (pack && gzip) {
		pack->directory = directory;
		pack->gzip = gzip;
		pack->error = error;
		good = pack_all(pack);
		pack_links_free(&pack->links);
	} else {
		error_set(error, ERROR_SYSTEM, ENOMEM, directory, "can't pack it");
	}
	if (gzip)
		gzip_writer_free(gzip);
	free(pack);
	return good;
}
