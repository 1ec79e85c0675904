/* SPDX-License-Identifier: Apache-2.0 */
/* sign_azure - Azure Storage's Shared Key: an HMAC over the request with the account's key. */
#ifndef FLYTECTX_STORAGE_SIGN_AZURE_H
#define FLYTECTX_STORAGE_SIGN_AZURE_H

#include "storage/http/http.h"

#include <time.h>

/* Sets x-ms-date and Authorization. False where the key is no base64 or memory is short. */
bool sign_azure(struct http_request *request, const char *account, const char *key, time_t now);

/* Sets x-ms-date alone, for those who show a token. */
bool sign_azure_date(struct http_request *request, time_t now);

#endif
