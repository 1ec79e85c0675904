/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_google - the token that requests to Google's storage show, in the order of Google's
 * libraries: CLOUDSDK_AUTH_ACCESS_TOKEN, the file that GOOGLE_APPLICATION_CREDENTIALS names or that
 * gcloud has left, the metadata server of a machine or pod.
 */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_GOOGLE_H
#define FLYTECTX_STORAGE_CREDENTIALS_GOOGLE_H

#include "storage/credentials/credentials_token.h"

bool credentials_google_get(struct credentials *token, struct error *error);

credentials_source credentials_google_environment, credentials_google_file,
	credentials_google_metadata;

#endif
