/* SPDX-License-Identifier: Apache-2.0 */
/* A region with more shared variables than a record has places for, in a scope. */
#include <stdio.h>

#include "flyte_ctx.h"

int main(void)
{
	struct flyte_pair pair = { "scope", "region" };
	flyte_token token = flyte_custom_context_enter(&pair, 1);
	int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;

#pragma omp parallel num_threads(1) shared(a, b, c, d, e, f)
	a += b + c + d + e + f;
	printf("%d\n", a);
	return !token || flyte_context_exit(token);
}
