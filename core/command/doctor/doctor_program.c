/* SPDX-License-Identifier: Apache-2.0 */
/* The first half of `flytectx doctor`: what CMD is. See doctor.h. */
#include "command/doctor/doctor.h"
#include "command/program/exec_search.h"
#include "command/program/preload_path.h"
#include "command/terminal/memory.h"
#include "context/preload_list.h"
#include "command/program/privileges.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel follows so many interpreters of interpreters. */
#define SCRIPTS_MAX 5

/* Ours is the first line; for those with a directory there may be a preload of their own. */
static const struct machine {
	int class, machine;
	const char *name, *directory;
} machines[] = {
	{ ELFCLASS64, EM_X86_64, "x86-64", NULL },
	{ ELFCLASS32, EM_386, "i386", "flytectx-i386" },
	{ ELFCLASS64, EM_AARCH64, "aarch64", "flytectx-aarch64" },
	{ ELFCLASS32, EM_X86_64, "x32", NULL },
	{ ELFCLASS32, EM_ARM, "arm", NULL },
	{ ELFCLASS64, EM_RISCV, "riscv64", NULL },
};

static bool is_native(const struct elf_file *file)
{
	return file->class == machines[0].class && file->machine == machines[0].machine;
}

static const struct machine *machine_of(const struct elf_file *file)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(*machines); i++)
		if (file->class == machines[i].class && file->machine == machines[i].machine)
			return &machines[i];
	return NULL;
}

/* Where the preload for that machine belongs, beside ours. */
static const char *place_of_preload(const struct machine *machine)
{
	struct text_span entry = preload_list_find(doctor_preload_list());
	const char *why_not, *ours, *slash;

	ours = entry.length ? memory_text("%.*s", (int)entry.length, entry.start)
			    : library_find(&why_not);
	slash = ours ? strrchr(ours, '/') : NULL;

	if (!slash)
		return NULL;
	return memory_text("%.*s/%s/libflytectx.so", (int)(slash - ours), ours, machine->directory);
}

static bool list_has_asan(void)
{
	const char *list = doctor_preload_list();

	return strstr(list, "libasan.so") || strstr(list, "libclang_rt.asan");
}

/* The runtime that is a library of the program, and refuses to be loaded behind any preload. */
static const char *shared_asan(const struct elf_file *file)
{
	for (size_t i = 0; i < file->needed_count; i++)
		if (!strncmp(file->needed[i], "libasan.so", 10) ||
		    !strncmp(file->needed[i], "libclang_rt.asan", 16))
			return file->needed[i];
	return NULL;
}

static void look_at_asan(struct diagnosis *diagnosis, const char *path, const struct elf_file *file)
{
	const char *options = getenv("ASAN_OPTIONS"), *library = shared_asan(file);

	if (!options)
		options = "";
	if (!library) {
		if (file->has_asan)
			diagnosis_add(diagnosis, CARRIED, path,
				      "AddressSanitizer is linked in, and minds no preload");
	} else if (list_has_asan()) {
		diagnosis_add(diagnosis, CARRIED, path,
			      "AddressSanitizer by %s, which is in LD_PRELOAD: ours goes behind it",
			      library);
	} else if (strstr(options, "verify_asan_link_order=0")) {
		diagnosis_add(diagnosis, CARRIED, path,
			      "AddressSanitizer by %s: ASAN_OPTIONS lets it start behind a preload",
			      library);
	} else if (file->has_asan_options || strstr(options, "verify_asan_link_order=")) {
		diagnosis_add(
			diagnosis, NOT_CARRIED, path,
			"AddressSanitizer by %s refuses to start behind a preload, since %s "
			"takes the place of our answer; ASAN_OPTIONS=verify_asan_link_order=0 "
			"lets it",
			library,
			file->has_asan_options ? "its own __asan_default_options()"
					       : "ASAN_OPTIONS");
	} else {
		diagnosis_add(diagnosis, CARRIED, path,
			      "AddressSanitizer by %s: the preload lets it start behind itself",
			      library);
	}
}

static void look_at_libc(struct diagnosis *diagnosis, const char *path, const struct elf_file *file,
			 enum elf_loader loader)
{
	const char *missing;
	enum elf_libc libc = elf_libc(path, file, &missing);

	if (libc == LIBC_NOT_NEEDED)
		diagnosis_add(diagnosis, ENVIRONMENT, path,
			      "no libc: the preload is loaded and does nothing; what it starts is "
			      "carried where it hands its environment on");
	else if (libc == LIBC_UNTOLD)
		diagnosis_add(
			diagnosis, UNTESTED, path,
			"has it a libc? It does not name one, and its library %s is not found",
			missing);
	else
		diagnosis_add(diagnosis, CARRIED, path, "dynamic, on %s",
			      loader == LOADER_MUSL ? "musl" : "glibc");
	if (file->is_go)
		diagnosis_add(diagnosis, PARTLY, path,
			      "Go: os/exec starts programs without libc; they have the environment "
			      "as it is, and one that was emptied is put right by "
			      "`flytectx run --carry` alone");
	look_at_asan(diagnosis, path, file);
}

static void look_at_foreign(struct diagnosis *diagnosis, const char *path,
			    const struct elf_file *file)
{
	const struct machine *machine = machine_of(file);
	const char *name =
		machine ? machine->name : memory_text("another machine (%d)", file->machine);
	const char *place = machine && machine->directory ? place_of_preload(machine) : NULL;

	if (file->interpreter && place && !access(place, R_OK))
		diagnosis_add(diagnosis, CARRIED, path, "for %s: entered by %s", name, place);
	else if (file->interpreter && place)
		diagnosis_add(
			diagnosis, ENVIRONMENT, path,
			"for %s: there is no preload for it (%s: %s), ours is left out; what it "
			"starts has FLYTE_CTX where it hands its environment on",
			name, place, strerror(errno));
	else
		diagnosis_add(
			diagnosis, ENVIRONMENT, path,
			"for %s: no preload can enter it; what it starts has FLYTE_CTX where it "
			"hands its environment on",
			name);
}

/* The loader runs other programs too, as in `ld-linux-x86-64.so.2 CMD`. */
static void look_at_static(struct diagnosis *diagnosis, const char *path,
			   const struct elf_file *file)
{
	if (elf_loader(path) != LOADER_UNKNOWN)
		diagnosis_add(diagnosis, UNTESTED, path,
			      "a loader: ask about the program that it is given");
	else
		diagnosis_add(diagnosis, ENVIRONMENT, path,
			      "%s: the preload can't enter it; what it starts is carried where it "
			      "hands its environment on; `flytectx run --carry` takes the context "
			      "through it in any case",
			      file->position_independent ? "static-pie" : "static");
}

static enum elf_loader look_at_dynamic(struct diagnosis *diagnosis, const char *path,
				       const struct elf_file *file)
{
	enum elf_loader loader = elf_loader(file->interpreter);

	if (access(file->interpreter, F_OK) < 0)
		diagnosis_add(diagnosis, NOT_CARRIED, path, "can't be started: its loader %s: %s",
			      file->interpreter, strerror(errno));
	else if (loader == LOADER_UNKNOWN)
		diagnosis_add(diagnosis, UNTESTED, path,
			      "its loader %s is neither glibc's nor musl's", file->interpreter);
	else
		look_at_libc(diagnosis, path, file, loader);
	return loader;
}

static enum elf_loader look_at_elf(struct diagnosis *diagnosis, const char *path, int fd)
{
	enum elf_loader loader = LOADER_UNKNOWN;
	struct elf_file file;
	const char *why_not = elf_file_read(fd, &file), *gained = privileges_gained(fd);

	if (why_not)
		diagnosis_add(diagnosis, NOT_CARRIED, path, "can't be started: %s", why_not);
	else if (!is_native(&file))
		look_at_foreign(diagnosis, path, &file);
	else if (!file.interpreter)
		look_at_static(diagnosis, path, &file);
	else
		loader = look_at_dynamic(diagnosis, path, &file);
	if (!why_not && gained)
		diagnosis_add(
			diagnosis, ENVIRONMENT, path,
			"%s: the loader drops LD_PRELOAD, and the preload does nothing there; "
			"FLYTE_CTX reaches what it starts, the preload does by /etc/ld.so.preload "
			"only",
			gained);
	return loader;
}

static enum elf_loader look_at(struct diagnosis *diagnosis, const char *path, unsigned scripts);

/* What a first line names: looked for, and looked at. */
static enum elf_loader look_behind(struct diagnosis *diagnosis, const char *of, const char *name,
				   unsigned scripts)
{
	const char *path = exec_search(name);

	if (path && scripts < SCRIPTS_MAX)
		return look_at(diagnosis, path, scripts + 1);
	diagnosis_add(diagnosis, NOT_CARRIED, of, "can't be started: %s: %s", name,
		      strerror(path ? ELOOP : errno));
	return LOADER_UNKNOWN;
}

static enum elf_loader look_at_script(struct diagnosis *diagnosis, const char *path,
				      const struct exec_script *script, unsigned scripts)
{
	const char *name = exec_script_env(script), *interpreter = script->interpreter;
	enum elf_loader loader;

	if (!*interpreter) {
		diagnosis_add(diagnosis, NOT_CARRIED, path,
			      "can't be started: its #! names nothing");
		return LOADER_UNKNOWN;
	}
	/* Not searched on PATH. */
	if (!strchr(interpreter, '/'))
		interpreter = memory_text("./%s", interpreter);
	diagnosis_add(diagnosis, CARRIED, path, "a script for %s", interpreter);
	loader = look_behind(diagnosis, path, interpreter, scripts);
	return name ? look_behind(diagnosis, interpreter, name, scripts) : loader;
}

static enum elf_loader look_at(struct diagnosis *diagnosis, const char *path, unsigned scripts)
{
	enum elf_loader loader = LOADER_UNKNOWN;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct exec_script script;

	if (fd < 0) {
		diagnosis_add(diagnosis, UNTESTED, path, "can't be read: %s", strerror(errno));
		return loader;
	}
	switch (exec_kind(fd, &script)) {
	case EXEC_ELF:
		loader = look_at_elf(diagnosis, path, fd);
		break;
	case EXEC_SCRIPT:
		loader = look_at_script(diagnosis, path, &script, scripts);
		break;
	case EXEC_OTHER:
		diagnosis_add(diagnosis, CARRIED, path,
			      "no ELF file and no #!: shells and glibc's execvp() give it to a "
			      "shell, other calls don't start it");
		loader = look_behind(diagnosis, path, "/bin/sh", scripts);
		break;
	}
	close(fd);
	return loader;
}

enum elf_loader doctor_program(struct diagnosis *diagnosis, const char *path)
{
	return look_at(diagnosis, path, 0);
}
