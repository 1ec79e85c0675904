/* SPDX-License-Identifier: Apache-2.0 */
/* use_outcome - the calls of SPEC 6.1, 6.3: `use_outcome fail CODE MESSAGE [recoverable]`, `report
 * FILE`. */
#include "flyte_ctx.h"

#include <stdio.h>

int main(int argc, char *argv[])
{
	int result = -1;

	if (argc >= 4 && !strcmp(argv[1], "fail"))
		result = flyte_fail(argv[2], argv[3], argc > 4);
	else if (argc == 3 && !strcmp(argv[1], "report"))
		result = flyte_report_file(argv[2]);
	if (result < 0)
		printf("%s\n", strerror(errno));
	return result < 0;
}
