/* SPDX-License-Identifier: Apache-2.0 */
/* See doctor_preload.h. */
#include "command/doctor/doctor_preload.h"
#include "command/doctor/doctor.h"
#include "command/program/preload_path.h"
#include "command/program/library_check.h"
#include "command/terminal/memory.h"
#include "context/preload_list.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_WIDE "/etc/ld.so.preload"

const char *doctor_preload_list(void)
{
	const char *list = "";

	for (char **entry = environ; entry && *entry; entry++)
		if (text_after(*entry, PRELOAD_PREFIX))
			list = text_after(*entry, PRELOAD_PREFIX);
	return list;
}

/* The loader of this very program is glibc's: what it has found, it finds for others. */
static bool is_mapped_here(void)
{
	return dlsym(RTLD_DEFAULT, "flyte_ctx") != NULL;
}

/* Was `entry` a part of a path with a separator in it? The path, or NULL. */
static const char *broken_apart(const char *list, struct text_span entry)
{
	const char *end = entry.start + entry.length;

	for (const char *start = list; start < entry.start; start++) {
		const char *whole = memory_text("%.*s", (int)(end - start), start);
		bool begins = start == list || strchr(": ", start[-1]);

		if (begins && *start == '/' && !library_check(whole))
			return whole;
	}
	return NULL;
}

static void look_at_relative(struct diagnosis *diagnosis, const char *path)
{
	const char *why_not = library_check(path);

	if (why_not)
		diagnosis_add(diagnosis, ENVIRONMENT, PRELOAD_NAME, "%s: %s; its path is relative",
			      path, why_not);
	else
		diagnosis_add(diagnosis, PARTLY, PRELOAD_NAME,
			      "%s: the path is relative, what CMD starts in another directory goes "
			      "without",
			      path);
}

/* Where the loader looks, and what it makes of $LIB, only the loader knows. */
static void look_at_searched(struct diagnosis *diagnosis, const char *path, enum elf_loader loader)
{
	bool expanded = strchr(path, '$') != NULL;

	if (loader == LOADER_MUSL && expanded)
		diagnosis_add(diagnosis, ENVIRONMENT, PRELOAD_NAME,
			      "%s: musl takes '$' as it is, and there is no such file", path);
	else if (!is_mapped_here())
		diagnosis_add(diagnosis, ENVIRONMENT, PRELOAD_NAME,
			      "%s: the loader does not find it", path);
	else if (loader == LOADER_MUSL)
		diagnosis_add(diagnosis, UNTESTED, PRELOAD_NAME,
			      "%s: glibc finds it; musl looks in other directories", path);
	else
		diagnosis_add(diagnosis, CARRIED, PRELOAD_NAME, "%s: the loader finds it", path);
}

static void look_at_entry(struct diagnosis *diagnosis, const char *list, struct text_span entry,
			  enum elf_loader loader)
{
	const char *path = memory_text("%.*s", (int)entry.length, entry.start);
	const char *whole = broken_apart(list, entry), *why_not;

	if (whole) {
		diagnosis_add(diagnosis, ENVIRONMENT, PRELOAD_NAME,
			      "%s: broken apart; LD_PRELOAD has no way to write a path with ':' or "
			      "' ' in it",
			      whole);
	} else if (!strchr(path, '/') || strchr(path, '$')) {
		look_at_searched(diagnosis, path, loader);
	} else if (*path != '/') {
		look_at_relative(diagnosis, path);
	} else {
		why_not = library_check(path);
		diagnosis_add(diagnosis, why_not ? ENVIRONMENT : CARRIED, PRELOAD_NAME, "%s: %s",
			      path, why_not ? why_not : "the preload");
	}
}

/* Of two copies the one that is loaded first works. */
static void look_for_second(struct diagnosis *diagnosis, struct text_span first)
{
	struct text_span second = preload_list_find(first.start + first.length);

	while (second.length == first.length && !memcmp(second.start, first.start, first.length))
		second = preload_list_find(second.start + second.length);
	if (second.length)
		diagnosis_add(diagnosis, CARRIED, PRELOAD_NAME,
			      "%.*s: a second copy, which does nothing", (int)second.length,
			      second.start);
}

static bool is_system_wide(void)
{
	int fd = open(SYSTEM_WIDE, O_RDONLY | O_CLOEXEC);
	size_t length;
	char *list = fd < 0 ? NULL : memory_read(fd, &length);

	if (fd >= 0)
		close(fd);
	for (char *at = list; at && *at; at++)
		if (strchr("\n\t", *at))
			*at = ' ';
	return list && preload_list_find(list).length;
}

static void look_at_system_wide(struct diagnosis *diagnosis, enum elf_loader loader)
{
	if (loader == LOADER_MUSL)
		diagnosis_add(diagnosis, ENVIRONMENT, SYSTEM_WIDE,
			      "musl does not read it, and LD_PRELOAD has no " PRELOAD_LIBRARY
			      " here");
	else if (is_mapped_here())
		diagnosis_add(diagnosis, CARRIED, SYSTEM_WIDE, "names the preload");
	else
		diagnosis_add(diagnosis, ENVIRONMENT, SYSTEM_WIDE,
			      "names the preload, but the loader does not load it");
}

static void look_at_library_of_run(struct diagnosis *diagnosis)
{
	const char *why_not, *path = library_find(&why_not);

	diagnosis_add(diagnosis, why_not ? ENVIRONMENT : CARRIED, PRELOAD_NAME, "%s: %s%s", path,
		      why_not ? "can't be preloaded: " : "the preload of flytectx run",
		      why_not ? why_not : "");
}

void doctor_preload(struct diagnosis *diagnosis, enum elf_loader loader, bool in_a_task)
{
	const char *list = doctor_preload_list();
	struct text_span entry = preload_list_find(list);

	if (entry.length) {
		look_at_entry(diagnosis, list, entry, loader);
		look_for_second(diagnosis, entry);
	} else if (is_system_wide()) {
		look_at_system_wide(diagnosis, loader);
	} else if (in_a_task) {
		diagnosis_add(diagnosis, ENVIRONMENT, PRELOAD_NAME,
			      "no " PRELOAD_LIBRARY
			      " in it here, the context goes without the preload; "
			      "flytectx run puts it there");
	} else {
		look_at_library_of_run(diagnosis);
	}
}
