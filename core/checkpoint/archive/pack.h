/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack - a directory as an archive: gzip'ed tar of what is in it, sorted by name, without "./"
 * (SPEC 4.1). The same tree gives the same bytes.
 *
 * Kept are files (holes stay holes), directories, symbolic and hard links, FIFOs, modes, numbers
 * of owners, times to the nanosecond. Sockets are left out, as the SDK does it; setuid and setgid
 * bits too. Refused with an error is what could not be loaded again: devices, and symbolic links
 * that lead out of the directory. One that names a place in it absolutely is made relative.
 */
#ifndef FLYTECTX_PACK_H
#define FLYTECTX_PACK_H

#include "storage/storage.h"

/* `write` gets the archive, piece by piece. */
bool pack(const char *directory,
	  bool (*write)(void *argument, const void *data, size_t size, struct error *error),
	  void *argument, struct error *error);

#endif
