/* SPDX-License-Identifier: Apache-2.0 */
/* See stack_image.h. */
#include "command/carry/stack_image.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096

/* The kernel takes arguments and environment of six megabytes at most, where the stack has no
 * limit. */
#define STACK_MAX ((size_t)16 * 1024 * 1024)

enum { PROGRAM_HEADERS_MAX = 64, NOTES_MAX = 8192 };

/* Where the auxiliary vector ends, in words; 0: more is needed. */
static size_t find_end(struct stack_image *image, size_t count)
{
	size_t at = 1 + (size_t)image->words[0] + 1, first;

	image->argc = (size_t)image->words[0];
	if (image->words[0] > STACK_MAX / 8)
		return 0;
	first = at;
	while (at < count && image->words[at])
		at++;
	image->envc = at - first;
	first = ++at;
	while (at + 1 < count && image->words[at] != AT_NULL)
		at += 2;
	if (at + 1 >= count)
		return 0;
	image->auxv = image->words + first;
	image->auxv_words = at + 2 - first;
	return at + 2;
}

static bool read_words(pid_t pid, struct stack_image *image)
{
	size_t size = 0, next = 2 * PAGE - (size_t)(image->stack % PAGE);

	for (;; next = size) {
		uint64_t *more = realloc(image->words, size + next);
		size_t count;

		if (!more || size > STACK_MAX)
			return false;
		image->words = more;
		count = tracee_read(pid, image->stack + size, (char *)more + size, next);
		size += count;
		if (size >= 64 && find_end(image, size / sizeof(*more)))
			return true;
		if (count < next)
			return false;
	}
}

static void read_auxiliary(struct stack_image *image)
{
	for (size_t i = 0; i < image->auxv_words; i += 2) {
		uint64_t value = image->auxv[i + 1];

		switch (image->auxv[i]) {
		case AT_SYSINFO_EHDR:
			image->vdso = value;
			break;
		case AT_PHDR:
			image->headers = value;
			break;
		case AT_PHNUM:
			image->header_count = value;
			break;
		case AT_BASE:
			image->interpreter = value;
			break;
		case AT_SECURE:
			image->is_secure = value != 0;
			break;
		}
	}
}

/* They are one behind the other, up to the end of the stack or a little before. */
static bool read_text(pid_t pid, struct stack_image *image)
{
	const uint64_t *pointers = image->words + image->argc + 2;
	size_t size, known;

	image->envp = calloc(image->envc + 1, sizeof(*image->envp));
	if (!image->envp || !image->envc)
		return image->envp != NULL;
	image->text_at = pointers[0];
	if (pointers[image->envc - 1] < pointers[0] ||
	    pointers[image->envc - 1] - pointers[0] > STACK_MAX)
		return false;
	known = (size_t)(pointers[image->envc - 1] - pointers[0]);
	/* A string has at most 32 pages; what is behind the last is not all there. */
	image->text = malloc(known + 33 * PAGE);
	if (!image->text)
		return false;
	size = tracee_read(pid, image->text_at, image->text,
			   known + PAGE - (pointers[0] + known) % PAGE);
	while (size > known && !memchr(image->text + known, '\0', size - known) &&
	       size < known + 32 * PAGE) {
		size_t count = tracee_read(pid, image->text_at + size, image->text + size, PAGE);

		if (!count)
			return false;
		size += count;
	}
	if (size <= known || !memchr(image->text + known, '\0', size - known))
		return false;
	image->text_size = known + strlen(image->text + known) + 1;
	for (size_t i = 0; i < image->envc; i++) {
		if (pointers[i] < image->text_at ||
		    pointers[i] - image->text_at >= image->text_size)
			return false;
		image->envp[i] = image->text + (pointers[i] - image->text_at);
	}
	return true;
}

bool stack_image_read(pid_t pid, struct stack_image *image)
{
	*image = (struct stack_image) { 0 };
	if (!tracee_get_registers(pid, &image->registers))
		return false;
	image->stack = tracee_stack(&image->registers);
	if (!read_words(pid, image))
		return false;
	read_auxiliary(image);
	return read_text(pid, image);
}

void stack_image_free(struct stack_image *image)
{
	free(image->words);
	free(image->text);
	free(image->envp);
}

bool stack_image_has(const struct stack_image *image, const char *string)
{
	return image->text && string >= image->text && string < image->text + image->text_size;
}

uint64_t stack_image_address(const struct stack_image *image, const char *string)
{
	return image->text_at + (uint64_t)(string - image->text);
}

/* --- Go ------------------------------------------------------------------------------------ */

static bool has_go_note(pid_t pid, uint64_t at, size_t size)
{
	char notes[NOTES_MAX];

	size = tracee_read(pid, at, notes, size < sizeof(notes) ? size : sizeof(notes));
	for (size_t i = 0; i + sizeof(Elf64_Nhdr) + 4 <= size;) {
		Elf64_Nhdr note;

		memcpy(&note, notes + i, sizeof(note));
		if (note.n_namesz == 4 && !memcmp(notes + i + sizeof(note), "Go", 3))
			return true;
		i += sizeof(note) + (((size_t)note.n_namesz + 3) & ~(size_t)3) +
		     (((size_t)note.n_descsz + 3) & ~(size_t)3);
	}
	return false;
}

bool stack_image_is_go(pid_t pid, const struct stack_image *image)
{
	Elf64_Phdr headers[PROGRAM_HEADERS_MAX];
	size_t count = (size_t)image->header_count;
	uint64_t bias = 0;
	bool is_known = false;

	if (count > PROGRAM_HEADERS_MAX ||
	    tracee_read(pid, image->headers, headers, count * sizeof(*headers)) !=
		    count * sizeof(*headers))
		return false;
	for (size_t i = 0; i < count; i++)
		if (headers[i].p_type == PT_PHDR ||
		    (!is_known && headers[i].p_type == PT_LOAD && !headers[i].p_offset)) {
			bias = headers[i].p_type == PT_PHDR
				       ? image->headers - headers[i].p_vaddr
				       : image->headers - sizeof(Elf64_Ehdr) - headers[i].p_vaddr;
			is_known = true;
		}
	for (size_t i = 0; i < count && is_known; i++)
		if (headers[i].p_type == PT_NOTE &&
		    has_go_note(pid, bias + headers[i].p_vaddr, (size_t)headers[i].p_memsz))
			return true;
	return false;
}
