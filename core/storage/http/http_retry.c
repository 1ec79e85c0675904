/* SPDX-License-Identifier: Apache-2.0 */
/* See http_retry.h. */
#include "storage/http/http_retry.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool http_retry_status(long status)
{
	return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 ||
	       status == 504;
}

/* What the network does, not what is wrong with us: a name that is nowhere, a refused certificate
 * or a full disk stay as they are. A name server that is just starting is the network. */
bool http_retry_curl(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_PARTIAL_FILE:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_WEIRD_SERVER_REPLY:
		return true;
	default:
		return false;
	}
}

uint64_t http_retry_pause(unsigned attempt, double backoff_seconds, double random)
{
	double most = backoff_seconds * 1000;

	for (unsigned i = 1; i < attempt && most < HTTP_RETRY_PAUSE_MAX; i++)
		most *= 2;
	if (most > HTTP_RETRY_PAUSE_MAX)
		most = HTTP_RETRY_PAUSE_MAX;
	return (uint64_t)(most * random);
}

uint64_t http_retry_after(const char *value, time_t now)
{
	time_t date;
	char *end;
	unsigned long seconds;

	if (!value)
		return 0;
	if (!isdigit((unsigned char)*value)) {
		date = curl_getdate(value, NULL);
		return date > now ? (uint64_t)(date - now) * 1000 : 0;
	}
	seconds = strtoul(value, &end, 10);
	return *end || seconds > 1000000 ? 0 : seconds * 1000;
}
