/* SPDX-License-Identifier: Apache-2.0 */
/* See checkpoint_library.h. */
#include "checkpoint_library.h"
#include "memory.h"
#include "message.h"

#include <dlfcn.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define NAME "libflytectx-checkpoint.so.1"

/* Beside flytectx, in ../lib, or where it was installed: its path; else its name, for the loader.
 */
static const char *find(void)
{
	static const char *const places[] = { "/" NAME, "/../lib/" NAME };
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[length > 0 ? length : 0] = '\0';
	if (strrchr(program, '/'))
		*strrchr(program, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const char *path = memory_text("%s%s", program, places[i]);

		if (access(path, F_OK) == 0)
			return path;
	}
	return access(FLYTECTX_LIBDIR "/" NAME, F_OK) == 0 ? FLYTECTX_LIBDIR "/" NAME : NAME;
}

static void look_up(void *handle, const char *name, void *function)
{
	void *symbol = dlsym(handle, name);

	if (!symbol)
		message_fail(NAME, "it is of another version: it has no %s", name);
	memcpy(function, &symbol, sizeof(symbol));
}

const struct checkpoint_library *checkpoint_library(void)
{
	static struct checkpoint_library library;
	void *handle;

	if (library.error)
		return &library;
	handle = dlopen(find(), RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		message_fail(NAME, "can't load it: %s", dlerror());
	look_up(handle, "flytectx_transfer_save", &library.save);
	look_up(handle, "flytectx_transfer_pack", &library.pack);
	look_up(handle, "flytectx_transfer_save_packed", &library.save_packed);
	look_up(handle, "flytectx_transfer_load", &library.load);
	look_up(handle, "flytectx_transfer_restore", &library.restore);
	look_up(handle, "flytectx_workspace", &library.workspace);
	look_up(handle, "flytectx_latest_checkpoint", &library.latest);
	look_up(handle, "flytectx_checkpoint_error", &library.error);
	return &library;
}
