/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that do nothing but note where they were called from. */
void *called_from;

#define FUNCTION(name)                                                                             \
	long name(void)                                                                            \
	{                                                                                          \
		called_from = __builtin_return_address(0);                                         \
		return 0;                                                                          \
	}
#include "functions.def"
