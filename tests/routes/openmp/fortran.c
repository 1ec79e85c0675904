/* SPDX-License-Identifier: Apache-2.0 */
/* The context around fortran.f90. */
#include "openmp.h"

void work(void);
void look(void);

static const char *expected = "-";

void look(void)
{
	LOOK(expected);
}

int main(void)
{
	work();
	for (int i = 0; i < 10; i++) {
		flyte_token token = enter("fortran");

		expected = "fortran";
		work();
		leave(token);
		expected = "-";
		work();
	}
	return finish();
}
