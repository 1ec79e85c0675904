/* SPDX-License-Identifier: Apache-2.0 */
/* See raw_outputs.h. */
#include "local/raw_outputs.h"
#include "local/variable.h"

#include <stddef.h>
#include <sys/stat.h>

const char *raw_outputs_directory(void)
{
	const char *directory = variable("FLYTECTX_RAW_OUTPUTS");
	struct stat status;

	if (!directory)
		directory = "/var/outputs";
	return stat(directory, &status) == 0 && S_ISDIR(status.st_mode) ? directory : NULL;
}
