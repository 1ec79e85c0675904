/* SPDX-License-Identifier: Apache-2.0 */
/* Counts how many libraries are looked at. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>

typedef int look(struct dl_phdr_info *info, size_t size, void *data);

long libraries_looked_at;

struct call {
	look *callback;
	void *data;
};

static int count(struct dl_phdr_info *info, size_t size, void *given)
{
	struct call *call = given;

	libraries_looked_at++;
	return call->callback(info, size, call->data);
}

int dl_iterate_phdr(look *callback, void *data)
{
	static int (*next)(look *, void *);
	struct call call = { callback, data };

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "dl_iterate_phdr");
	return next(count, &call);
}
