/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heap_secrets URL SECRETS [GOOD] - asks a store for an object, closes it, and looks for each line
 * of the file SECRETS in all memory of the process that no file backs, the stack excepted: the
 * environment is there. Prints the number of each line that is found, and where. Ends with 2 where
 * the search itself would not find what is there.
 *
 * The store need not have the object: what it asks with has been used by then.
 */
#include "storage/storage.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINES 16

/* Not in the heap, and left out of the search. */
static struct {
	char secrets[65536], piece[1 << 20], maps[1 << 18];
} own;

static size_t read_file(const char *path, char *data, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t count;

	while (fd >= 0 && length < size - 1 &&
	       (count = read(fd, data + length, size - 1 - length)) > 0)
		length += (size_t)count;
	close(fd);
	data[length] = '\0';
	return length;
}

/* In [from, to), without the memory of `own`. */
static unsigned long find(int memory, unsigned long from, unsigned long to, const char *secret)
{
	size_t length = strlen(secret);

	while (from < to) {
		size_t size = to - from < sizeof(own.piece) ? to - from : sizeof(own.piece);
		ssize_t count = pread(memory, own.piece, size, (off_t)from);
		const char *found;

		if (count <= 0)
			return 0;
		found = memmem(own.piece, (size_t)count, secret, length);
		if (found)
			return from + (unsigned long)(found - own.piece);
		if ((size_t)count <= length)
			return 0;
		from += (size_t)count == to - from ? (size_t)count : (size_t)count - length;
	}
	return 0;
}

static unsigned long find_outside(int memory, unsigned long from, unsigned long to,
				  const char *secret)
{
	unsigned long begin = (unsigned long)&own, end = begin + sizeof(own), found = 0;

	if (to <= begin || from >= end)
		return find(memory, from, to, secret);
	if (from < begin)
		found = find(memory, from, begin, secret);
	return found || to <= end ? found : find(memory, end, to, secret);
}

/* Maps that no file backs: their line ends with the inode 0, or with [heap]. */
static unsigned long search(int memory, const char *secret)
{
	char *rest = NULL, copy[512];
	static char maps[sizeof(own.maps)];

	memcpy(maps, own.maps, sizeof(maps));
	for (char *line = strtok_r(maps, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		unsigned long from, to, inode, found;
		char mode[5], name[64] = "";

		snprintf(copy, sizeof(copy), "%s", line);
		if (sscanf(copy, "%lx-%lx %4s %*x %*s %lu %63s", &from, &to, mode, &inode, name) <
			    4 ||
		    inode || strncmp(mode, "rw", 2) != 0 || (*name && strcmp(name, "[heap]") != 0))
			continue;
		found = find_outside(memory, from, to, secret);
		if (found)
			return found;
	}
	return 0;
}

int main(int argc, char *argv[])
{
	static char proof[] = "flytectx-heap-proof-0";
	struct error error;
	struct storage_status status;
	struct storage *object;
	char *rest = NULL, *kept;
	int memory, found = 0, number = 0;

	if (argc != 3)
		return 125;
	object = storage_open(argv[1], NULL, &error);
	if (!object || (!storage_stat(object, &status, &error) && error.failure != ERROR_ABSENT)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	storage_close(object);

	kept = malloc(sizeof(proof));
	proof[sizeof(proof) - 2] = '1'; /* so that only the copy has it */
	memcpy(kept, proof, sizeof(proof));
	read_file("/proc/self/maps", own.maps, sizeof(own.maps));
	memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	if (search(memory, kept) == 0)
		return 2;
	read_file(argv[2], own.secrets, sizeof(own.secrets));
	for (char *line = strtok_r(own.secrets, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		unsigned long at = search(memory, line);

		number++;
		if (!at)
			continue;
		found++;
		pread(memory, own.piece, 200, (off_t)(at - 100));
		printf("line %d is at %#lx, behind '", number, at);
		for (int i = 0; i < 200; i++)
			putchar(own.piece[i] >= ' ' && own.piece[i] < 127 ? own.piece[i] : '.');
		printf("'\n");
	}
	free(kept);
	return found != 0;
}
