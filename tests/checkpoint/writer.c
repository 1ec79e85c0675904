/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tool that writes all the time, and knows nothing of checkpoints:
 *
 *	writer write DIR UNTIL   rewrites file after file of DIR in place, generation by generation,
 *	                         until UNTIL is there (seen from DIR), or for minutes
 *	writer check DIR         does DIR look as it did at one moment, with no file half written?
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES 5
#define LINES 2000

static void write_one(int number, int generation)
{
	char name[16];
	FILE *file;

	snprintf(name, sizeof(name), "%d", number);
	file = fopen(name, "w");
	if (!file)
		exit(1);
	for (int line = 0; line < LINES; line++) {
		fprintf(file, "%08d\n", generation);
		if (line == LINES / 2) {
			fflush(file);
			usleep(2000);
		}
	}
	fclose(file);
	usleep(1000);
}

static int write_all(const char *until)
{
	for (int generation = 1; generation < 10000 && access(until, F_OK) < 0; generation++)
		for (int number = 0; number < FILES; number++)
			write_one(number, generation);
	return 0;
}

/* The generation of a whole file; -1: it is half. */
static int read_one(int number)
{
	char name[16], line[32];
	int lines = 0, generation = -1;
	FILE *file;

	snprintf(name, sizeof(name), "%d", number);
	file = fopen(name, "r");
	if (!file)
		return 0;
	for (; fgets(line, sizeof(line), file); lines++) {
		if (lines && atoi(line) != generation)
			return -1;
		generation = atoi(line);
	}
	fclose(file);
	return lines == LINES ? generation : -1;
}

/* Files are written in their order: at one moment the first ones are a generation ahead. */
static int check(void)
{
	int last = 0;

	for (int number = 0; number < FILES; number++) {
		int generation = read_one(number);

		if (generation < 0)
			return printf("%d is half written\n", number), 1;
		if (number && generation != last && generation != last - 1)
			return printf("%d is of %d, the one before of %d\n", number, generation,
				      last),
			       1;
		if (number && generation == last - 1 && number < FILES - 1 &&
		    read_one(number + 1) == last)
			return printf("%d is older than both beside it\n", number), 1;
		last = generation;
	}
	printf("generation %d\n", last);
	return 0;
}

int main(int argc, char *argv[])
{
	if (argc < 3 || chdir(argv[2]) < 0)
		return 2;
	return !strcmp(argv[1], "check") ? check() : write_all(argc > 3 ? argv[3] : "stop");
}
