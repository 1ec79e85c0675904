/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live_library - the preload as it is mapped in another process, and where that keeps the context
 * of a thread (SPEC 5.14, context/layout.h).
 */
#ifndef FLYTECTX_LIVE_LIBRARY_H
#define FLYTECTX_LIVE_LIBRARY_H

#include "command/look/foreign_memory.h"
#include "context/layout.h"

struct live_library {
	uint64_t base;
	uint64_t root;    /* the address of the root scope */
	int64_t slot;     /* where a thread has its scope, from its thread pointer on */
	unsigned machine; /* EM_X86_64, EM_386, EM_AARCH64 */
	struct layout layout;
};

enum live_found {
	LIVE_FOUND,
	LIVE_NOT_MAPPED, /* no preload in this process */
	LIVE_NOT_KNOWN,  /* a preload that says nothing of itself, or damaged memory */
	LIVE_DENIED,     /* its maps or its memory can't be read */
};

/* Finds it, by the maps of the process; also says what a word is there. */
enum live_found live_library_find(struct foreign_memory *memory, struct live_library *library);

/* The same once its base is known. */
enum live_found live_library_read(struct foreign_memory *memory, struct live_library *library);

#endif
