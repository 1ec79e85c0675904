/* SPDX-License-Identifier: Apache-2.0 */
/* See privileges.h. The rules are those of begin_new_exec() and cap_bprm_creds_from_file(). */
#include "command/program/privileges.h"

#include <endian.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Root gains nothing by them. */
static bool has_capabilities(int fd)
{
	struct vfs_ns_cap_data data = { 0 };

	if (getuid() == 0 || fgetxattr(fd, "security.capability", &data, sizeof(data)) <= 0)
		return false;
	return data.data[0].permitted || data.data[1].permitted ||
	       (le32toh(data.magic_etc) & VFS_CAP_FLAGS_EFFECTIVE);
}

const char *privileges_gained(int fd)
{
	struct statvfs mounted;
	struct stat file;
	bool honoured;

	if (fstat(fd, &file) < 0 || fstatvfs(fd, &mounted) < 0 || (mounted.f_flag & ST_NOSUID))
		return NULL;
	honoured = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
	if (honoured && (file.st_mode & S_ISUID) && file.st_uid != getuid())
		return "setuid";
	/* Without x for the group the bit means mandatory locking. */
	if (honoured && (file.st_mode & S_ISGID) && (file.st_mode & S_IXGRP) &&
	    file.st_gid != getgid())
		return "setgid";
	return has_capabilities(fd) ? "file capabilities" : NULL;
}
