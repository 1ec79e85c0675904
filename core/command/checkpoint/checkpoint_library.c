/* SPDX-License-Identifier: Apache-2.0 */
/* See checkpoint_library.h. */
#include "command/checkpoint/checkpoint_library.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"

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

/* NULL, or the name of what it lacks. */
static const char *look_up(void *handle, const char *name, void *function)
{
	void *symbol = dlsym(handle, name);

	memcpy(function, &symbol, sizeof(symbol));
	return symbol ? NULL : name;
}

static const char *look_up_all(void *handle, struct checkpoint_library *library)
{
	const struct {
		const char *name;
		void *function;
	} functions[] = {
		{ "flytectx_transfer_save", &library->save },
		{ "flytectx_transfer_read", &library->read },
		{ "flytectx_transfer_load", &library->load },
		{ "flytectx_transfer_restore", &library->restore },
		{ "flytectx_transfer_exists", &library->exists },
		{ "flytectx_workspace", &library->workspace },
		{ "flytectx_latest_checkpoint", &library->latest },
		{ "flytectx_fail", &library->fail },
		{ "flytectx_report_fd", &library->report },
		{ "flytectx_outcome", &library->outcome },
		{ "flytectx_outcome_clear", &library->outcome_clear },
		{ "flytectx_checkpoint_error", &library->error },
	};
	const char *missing = NULL;

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions) && !missing; i++)
		missing = look_up(handle, functions[i].name, functions[i].function);
	return missing;
}

const struct checkpoint_library *checkpoint_library_find(const char **why_not)
{
	static struct checkpoint_library library;
	const char *missing;
	void *handle;

	if (library.error)
		return &library;
	handle = dlopen(find(), RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		*why_not = memory_text(NAME ": can't load it: %s", dlerror());
		return NULL;
	}
	missing = look_up_all(handle, &library);
	if (missing) {
		*why_not = memory_text(NAME ": it is of another version: it has no %s", missing);
		return NULL;
	}
	return &library;
}

const struct checkpoint_library *checkpoint_library(void)
{
	const char *why_not;
	const struct checkpoint_library *library = checkpoint_library_find(&why_not);

	if (!library)
		message_fail_text(why_not);
	return library;
}
