/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diagnosis - what `flytectx doctor` has found: lines, and a verdict, which is the worst of
 * theirs. The words are those of docs/coverage.md.
 */
#ifndef FLYTECTX_DIAGNOSIS_H
#define FLYTECTX_DIAGNOSIS_H

#include <stdbool.h>
#include <stdio.h>

/* From best to worst. */
enum verdict {
	CARRIED,     /* the preload is in CMD, and in what it starts */
	PARTLY,      /* in CMD; what it starts may go without */
	UNTESTED,    /* nobody has tried such a thing */
	ENVIRONMENT, /* the preload is not in CMD; FLYTE_CTX is in its environment */
	NOT_CARRIED, /* neither, or CMD can't be started at all */
};

struct diagnosis {
	enum verdict verdict;
	FILE *stream; /* of the lines */
	char *lines;
	size_t length;
};

void diagnosis_begin(struct diagnosis *diagnosis);

/* Adds the line "what: why". */
__attribute__((format(printf, 4, 5))) void diagnosis_add(struct diagnosis *diagnosis,
							 enum verdict verdict, const char *what,
							 const char *why, ...);

/* Prints "program: verdict" and the lines. */
void diagnosis_print(struct diagnosis *diagnosis, const char *program);

#endif
