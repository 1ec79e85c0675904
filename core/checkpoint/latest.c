/* SPDX-License-Identifier: Apache-2.0 */
/* See latest.h. */
#include "checkpoint/latest.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_newer(struct timespec one, struct timespec other)
{
	return one.tv_sec != other.tv_sec ? one.tv_sec > other.tv_sec : one.tv_nsec > other.tv_nsec;
}

/* The last `parts` parts of a path, or NULL where it has fewer. */
static const char *last_parts(const char *path, size_t parts)
{
	const char *start = path + strlen(path);

	for (; start > path; start--)
		if (start[-1] == '/' && !--parts)
			return start;
	return parts == 1 ? path : NULL;
}

/* `path` is relative to the root. */
static bool matches(const char *path, const char *glob)
{
	size_t parts = 1;

	if (strncmp(glob, "**/", 3) != 0)
		return fnmatch(glob, path, FNM_PATHNAME) == 0;
	for (const char *slash = glob += 3; (slash = strchr(slash, '/')); slash++)
		parts++;
	path = last_parts(path, parts);
	return path && fnmatch(glob, path, FNM_PATHNAME) == 0;
}

struct found {
	char *path;
	size_t size;
	struct timespec mtime;
	int result;
};

static void consider(const FTSENT *entry, struct found *found)
{
	struct stat status;

	/* A link counts as what it leads to. */
	if (stat(entry->fts_accpath, &status) < 0 ||
	    (found->result && !is_newer(status.st_mtim, found->mtime)))
		return;
	found->result =
		(size_t)snprintf(found->path, found->size, "%s", entry->fts_path) < found->size
			? 1
			: -1;
	found->mtime = status.st_mtim;
}

int latest(const char *root, const char *glob, char *path, size_t size, struct error *error)
{
	char *const roots[] = { (char *)(uintptr_t)root, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	struct found found = { path, size, { 0 }, 0 };
	size_t length = strlen(root);
	const FTSENT *entry;

	while (length > 1 && root[length - 1] == '/')
		length--;
	for (errno = 0; tree && found.result >= 0 && (entry = fts_read(tree)); errno = 0) {
		if (entry->fts_level > 0 && entry->fts_info != FTS_DP &&
		    matches(entry->fts_path + length + strspn(entry->fts_path + length, "/"), glob))
			consider(entry, &found);
	}
	if (found.result < 0)
		error_set(error, ERROR_INVALID, ERANGE, root, "the path is too long");
	else if (!tree || errno) {
		error_set(error, ERROR_SYSTEM, errno, root, "can't look for checkpoints");
		found.result = -1;
	}
	if (tree)
		fts_close(tree);
	return found.result;
}
