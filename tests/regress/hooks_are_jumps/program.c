/* SPDX-License-Identifier: Apache-2.0 */
/* Calls each function twice, and says whether it was called from here. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

extern char __executable_start, etext;

typedef long function(long, long, long, long, long, long);

static void **called_from;
static char text[65536];

static void call(function *called)
{
	*called_from = NULL;
	called(0, 0, 0, 0, 0, 0);
	strcat(text, (char *)*called_from >= &__executable_start && (char *)*called_from < &etext
			     ? " program"
		     : *called_from ? " elsewhere"
				    : " never");
}

int main(void)
{
	void *behind = dlsym(RTLD_DEFAULT, "called_from");

	called_from = behind;
#define FUNCTION(name)                                                                             \
	{                                                                                          \
		function *called;                                                                  \
                                                                                                   \
		*(void **)&called = dlsym(RTLD_DEFAULT, #name);                                    \
		strcat(text, #name);                                                               \
		call(called);                                                                      \
		call(called);                                                                      \
		strcat(text, "\n");                                                                \
	}
#include "functions.def"
	fputs(text, stdout);
	return fflush(stdout);
}
