/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials - what a request is signed with, or shows: found in the first source that has it,
 * kept, and asked for again before it expires.
 */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_H
#define FLYTECTX_STORAGE_CREDENTIALS_H

#include "local/error.h"

#include <time.h>

/* Zeroed is none. All texts are owned. */
struct credentials {
	char *id, *secret; /* of a key that signs; NULL for a bearer token */
	char *token;       /* the bearer token, or that of a temporary key; else NULL */
	time_t expires;    /* 0: never */
};

/* What a source says. */
enum credentials_result {
	CREDENTIALS_NONE, /* it is not configured, or has none */
	CREDENTIALS_FOUND,
	CREDENTIALS_FAILED /* it is, and something went wrong: no later source is asked */
};

/* A source fills in the credentials, which are empty, only where it says FOUND. */
typedef enum credentials_result credentials_source(struct credentials *credentials,
						   struct error *error);

/* The sources of a store's credentials, in their order. */
struct credentials_chain {
	const char *what;   /* what error texts begin with */
	const char *places; /* "none in PLACES", where no source had any */
	credentials_source *const *sources;
	size_t count;
};

/*
 * Makes sure that the kept credentials stay good for some minutes. Those that can't be renewed are
 * used until they expire. False with the error: no source had any, or one that is configured has
 * failed.
 */
bool credentials_keep(struct credentials *kept, const struct credentials_chain *chain,
		      struct error *error);

/* Of credentials that a store calls expired: true where the source hands out new ones. */
bool credentials_forget(struct credentials *credentials);

/* Overwrites and frees the texts. */
void credentials_free(struct credentials *credentials);

#endif
