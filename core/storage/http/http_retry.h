/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_retry - what is worth asking again, and when: exponential backoff with full jitter, no
 * sooner than a server's Retry-After says.
 */
#ifndef FLYTECTX_STORAGE_HTTP_RETRY_H
#define FLYTECTX_STORAGE_HTTP_RETRY_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define HTTP_RETRY_PAUSE_MAX 16000  /* milliseconds of backoff, at most */
#define HTTP_RETRY_TIME_MAX  180000 /* milliseconds after which nothing is begun again */

bool http_retry_status(long status);
bool http_retry_curl(CURLcode code);

/* Milliseconds to wait before the attempt with that number, the second one being 1: from 0 to
 * backoff * 2^(attempt-1), wherever `random` in [0, 1) puts it. */
uint64_t http_retry_pause(unsigned attempt, double backoff_seconds, double random);

/* Milliseconds that a Retry-After asks for: a number of seconds or a date; 0 where it is neither.
 */
uint64_t http_retry_after(const char *value, time_t now);

#endif
