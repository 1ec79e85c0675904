/* SPDX-License-Identifier: Apache-2.0 */
/* See run_short_forms.h. */
#include "command/run/run_short_forms.h"
#include "command/terminal/memory.h"

#include <string.h>

static const struct short_forms {
	const char *longest, *whole;
	int shortest;
} short_forms[] = {
	{ "checkpoint-", "checkpoint-path", 2 },
	{ "input", "inputs", 3 },
};

struct option *run_short_forms(struct option *all, const struct option *whole)
{
	for (size_t i = 0; i < sizeof(short_forms) / sizeof(*short_forms); i++) {
		const struct short_forms *forms = &short_forms[i];

		if (strcmp(forms->whole, whole->name) != 0)
			continue;
		for (int size = forms->shortest; size <= (int)strlen(forms->longest); size++) {
			*all = *whole;
			all++->name = memory_text("%.*s", size, forms->longest);
		}
	}
	return all;
}
