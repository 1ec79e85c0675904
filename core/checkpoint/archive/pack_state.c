/* SPDX-License-Identifier: Apache-2.0 */
/* See pack_state.h. */
#include "checkpoint/archive/pack_state.h"

#include <errno.h>
#include <stdlib.h>

bool pack_fail(struct pack *pack, int number, const char *why)
{
	/* It was there when its directory was read. */
	enum error_class failure = number == ENOENT ? ERROR_CHANGED : ERROR_SYSTEM;

	return error_set(pack->error, failure, number, pack->directory, "%s: %s", pack->entry.path,
			 why);
}

bool pack_put_header(struct pack *pack)
{
	struct tar_text header;
	bool good;

	if (!tar_header(&pack->entry, &header))
		return pack_fail(pack, ENOMEM, "can't read it");
	good = gzip_writer_put(pack->gzip, header.data, header.size, pack->error);
	free(header.data);
	return good;
}
