/* SPDX-License-Identifier: Apache-2.0 */
/* trace_child - a native program that continues a trace: the trace and the parent of TRACEPARENT.
 */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	const char *carrier = getenv("TRACEPARENT");
	char trace[33], parent[17], flags[3];

	if (!carrier ||
	    sscanf(carrier, "00-%32[0-9a-f]-%16[0-9a-f]-%2[0-9a-f]", trace, parent, flags) != 3)
		return 1;
	printf("%s %s\n", trace, parent);
	return 0;
}
