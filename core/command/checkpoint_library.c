/* SPDX-License-Identifier: Apache-2.0 */
/* See checkpoint_library.h. */
#include "checkpoint_library.h"
#include "library.h"
#include "message.h"

#include <dlfcn.h>
#include <string.h>

#define NAME "libflytectx-checkpoint.so.1"

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
	const char *path = library_find(NAME);
	void *handle;

	if (library.error)
		return &library;
	handle = dlopen(path ? path : NAME, RTLD_NOW | RTLD_LOCAL);
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
