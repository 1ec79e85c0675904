/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ELF files as `flytectx doctor` reads them (SPEC 5.13): this very program, cut at every byte of
 * its headers and with every byte of them changed, and files made by hand.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "command/program/elf_file.h"
#include "command/program/elf_libc.h"

/* What elf_file returns is kept until the process ends: no leak. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

/* A small program: its headers, its loader's name, one library, no sections. */
struct image {
	Elf64_Ehdr header;
	Elf64_Phdr segments[3];
	Elf64_Dyn dynamic[4];
	char strings[64];
};

#define LOADER "/lib64/ld-linux-x86-64.so.2"

static struct image make_image(void)
{
	struct image image = {
		.header = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
					 ELFDATA2LSB, EV_CURRENT },
			    .e_type = ET_DYN,
			    .e_machine = EM_X86_64,
			    .e_version = EV_CURRENT,
			    .e_ehsize = sizeof(Elf64_Ehdr),
			    .e_phoff = offsetof(struct image, segments),
			    .e_phentsize = sizeof(Elf64_Phdr),
			    .e_phnum = 3 },
		.segments = { { .p_type = PT_LOAD,
				.p_filesz = sizeof(struct image),
				.p_vaddr = 0x1000 },
			      { .p_type = PT_INTERP,
				.p_offset = offsetof(struct image, strings) + 1,
				.p_filesz = sizeof(LOADER) },
			      { .p_type = PT_DYNAMIC,
				.p_offset = offsetof(struct image, dynamic),
				.p_filesz = 4 * sizeof(Elf64_Dyn) } },
		.dynamic = { { .d_tag = DT_NEEDED, .d_un = { .d_val = 40 } },
			     { .d_tag = DT_RUNPATH, .d_un = { .d_val = 50 } },
			     { .d_tag = DT_STRTAB,
			       .d_un = { .d_val = 0x1000 + offsetof(struct image, strings) } } },
	};

	strcpy(image.strings + 1, LOADER);
	strcpy(image.strings + 40, "libc.so.6");
	strcpy(image.strings + 50, "/opt/lib");
	return image;
}

static int file_of(const void *data, size_t size)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	return fd;
}

static const char *read_data(const void *data, size_t size, struct elf_file *file)
{
	int fd = file_of(data, size);
	const char *why_not = elf_file_read(fd, file);

	close(fd);
	return why_not;
}

static void test_whole(void **state)
{
	struct image image = make_image();
	struct elf_file file;

	(void)state;
	assert_null(read_data(&image, sizeof(image), &file));
	assert_int_equal(file.class, ELFCLASS64);
	assert_int_equal(file.machine, EM_X86_64);
	assert_true(file.dynamic && file.position_independent);
	assert_string_equal(file.interpreter, LOADER);
	assert_int_equal(file.needed_count, 1);
	assert_string_equal(file.needed[0], "libc.so.6");
	assert_string_equal(file.runpath, "/opt/lib");
	assert_false(file.has_asan || file.has_asan_options || file.is_go);
}

/* This program has sections and symbols. */
static void test_of_itself(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	struct elf_file file;

	(void)state;
	assert_null(elf_file_read(fd, &file));
	assert_true(elf_file_is_elf(fd));
	assert_true(file.dynamic && file.needed_count > 1 && file.interpreter);
	close(fd);
}

/* A program that is cut short is not taken for one. */
static void test_cut(void **state)
{
	struct image image = make_image();
	struct elf_file file;

	(void)state;
	for (size_t size = 0; size < sizeof(image); size++)
		assert_non_null(read_data(&image, size, &file));
}

/* Whatever is in it: an answer, and no byte outside of it is read (the sanitizers look). */
static void test_each_byte_changed(void **state)
{
	static const unsigned char values[] = { 0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff };
	struct image image = make_image();
	struct elf_file file;

	(void)state;
	for (size_t at = 0; at < sizeof(image); at++) {
		unsigned char *byte = (unsigned char *)&image + at, kept = *byte;

		for (size_t i = 0; i < sizeof(values); i++) {
			*byte = values[i];
			read_data(&image, sizeof(image), &file);
			assert_true(file.needed_count <= 4);
		}
		*byte = kept;
	}
}

/* What the kernel would not start. */
static void test_refused(void **state)
{
	struct image image = make_image();
	struct elf_file file;

	(void)state;
	image.header.e_type = ET_REL;
	assert_string_equal(read_data(&image, sizeof(image), &file),
			    "it is an ELF file, but no program");
	image = make_image();
	image.segments[1].p_offset = UINT64_MAX;
	assert_string_equal(read_data(&image, sizeof(image), &file),
			    "the name of its loader is damaged or truncated");
	image = make_image();
	image.segments[2].p_filesz = UINT64_MAX - 8;
	assert_string_equal(read_data(&image, sizeof(image), &file),
			    "its dynamic section is damaged or truncated");
	image = make_image();
	image.header.e_phnum = 0;
	assert_non_null(read_data(&image, sizeof(image), &file));
	assert_non_null(read_data("", 0, &file));
}

/* Strings that are nowhere count as none. */
static void test_strings_outside(void **state)
{
	struct image image = make_image();
	struct elf_file file;

	(void)state;
	image.dynamic[0].d_un.d_val = UINT64_MAX / 2;
	image.dynamic[1].d_un.d_val = sizeof(image);
	assert_null(read_data(&image, sizeof(image), &file));
	assert_int_equal(file.needed_count, 0);
	assert_null(file.runpath);
	image.dynamic[2].d_un.d_val = 1;
	assert_null(read_data(&image, sizeof(image), &file));
	assert_int_equal(file.needed_count, 0);
}

/* As the loader, which reads them all: the last one counts. */
static void test_two_dynamic_sections(void **state)
{
	struct image image = make_image();
	struct elf_file file;

	(void)state;
	image.segments[1] = image.segments[2];
	image.segments[2].p_offset += sizeof(Elf64_Dyn);
	image.segments[2].p_filesz -= sizeof(Elf64_Dyn);
	assert_null(read_data(&image, sizeof(image), &file));
	assert_int_equal(file.needed_count, 0);
	image.segments[2] = image.segments[1];
	assert_null(read_data(&image, sizeof(image), &file));
	assert_int_equal(file.needed_count, 1);
	assert_string_equal(file.needed[0], "libc.so.6");
}

static void test_loaders(void **state)
{
	(void)state;
	assert_int_equal(elf_loader(LOADER), LOADER_GLIBC);
	assert_int_equal(elf_loader("/nix/store/x/lib/ld-linux-x86-64.so.2"), LOADER_GLIBC);
	assert_int_equal(elf_loader("/lib/ld-musl-x86_64.so.1"), LOADER_MUSL);
	assert_int_equal(elf_loader("/system/bin/linker64"), LOADER_UNKNOWN);
	assert_int_equal(elf_loader(""), LOADER_UNKNOWN);
}

/* Libraries that need each other, none of which is a libc; then one that needs it. */
static void test_libc(void **state)
{
	const char *needed[] = { "libnowhere.so.1", "libm.so.6" };
	struct elf_file file = { .interpreter = LOADER, .needed = needed, .needed_count = 0 };
	const char *missing;

	(void)state;
	assert_int_equal(elf_libc("/x", &file, &missing), LIBC_NOT_NEEDED);
	file.needed_count = 1;
	assert_int_equal(elf_libc("/x", &file, &missing), LIBC_UNTOLD);
	assert_string_equal(missing, "libnowhere.so.1");
	file.needed_count = 2;
	assert_int_equal(elf_libc("/x", &file, &missing), LIBC_NEEDED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_of_itself),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_each_byte_changed),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_strings_outside),
		cmocka_unit_test(test_loaders),
		cmocka_unit_test(test_libc),
		cmocka_unit_test(test_two_dynamic_sections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
