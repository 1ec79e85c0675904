/* SPDX-License-Identifier: Apache-2.0 */
/* See timestamp.h. */
#include "local/timestamp.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000000)

/* Reads exactly `digits` digits. */
static bool read_digits(const char **at, int digits, int *value)
{
	*value = 0;
	for (; digits; digits--, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		*value = *value * 10 + (**at - '0');
	}
	return true;
}

static bool read_character(const char **at, const char *any_of)
{
	if (!**at || !strchr(any_of, **at))
		return false;
	++*at;
	return true;
}

static bool read_date_and_time(const char **at, struct tm *tm)
{
	return read_digits(at, 4, &tm->tm_year) && read_character(at, "-") &&
	       read_digits(at, 2, &tm->tm_mon) && read_character(at, "-") &&
	       read_digits(at, 2, &tm->tm_mday) && read_character(at, "Tt ") &&
	       read_digits(at, 2, &tm->tm_hour) && read_character(at, ":") &&
	       read_digits(at, 2, &tm->tm_min) && read_character(at, ":") &&
	       read_digits(at, 2, &tm->tm_sec);
}

/* timegm() makes the 2nd of March of a 30th of February; such dates are refused. */
static bool to_seconds(struct tm given, int64_t *seconds)
{
	struct tm again;
	time_t time;

	given.tm_year -= 1900;
	given.tm_mon -= 1;
	again = given;
	time = timegm(&again);
	*seconds = time;
	return again.tm_year == given.tm_year && again.tm_mon == given.tm_mon &&
	       again.tm_mday == given.tm_mday && again.tm_hour == given.tm_hour &&
	       again.tm_min == given.tm_min && again.tm_sec == given.tm_sec;
}

static bool read_fraction(const char **at, int64_t *nanoseconds)
{
	int64_t weight = SECOND;
	const char *first;

	*nanoseconds = 0;
	if (!read_character(at, "."))
		return true;
	for (first = *at; **at >= '0' && **at <= '9'; ++*at) {
		weight /= 10;
		*nanoseconds += weight * (**at - '0');
	}
	return *at > first;
}

static bool read_offset(const char **at, int64_t *seconds)
{
	int sign = **at == '-' ? -1 : 1, hours, minutes;

	*seconds = 0;
	if (!**at || read_character(at, "Zz"))
		return true;
	if (!read_character(at, "+-") || !read_digits(at, 2, &hours) || !read_character(at, ":") ||
	    !read_digits(at, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = sign * (hours * INT64_C(3600) + minutes * 60);
	return true;
}

bool timestamp_read(const char *text, int64_t *nanoseconds)
{
	int64_t seconds, fraction, offset;
	struct tm tm = { 0 };

	if (!read_date_and_time(&text, &tm) || !to_seconds(tm, &seconds) ||
	    !read_fraction(&text, &fraction) || !read_offset(&text, &offset) || *text)
		return false;
	seconds -= offset;
	/* A year has four digits: this much too large, but nowhere near the end of int64_t. */
	if (seconds > INT64_MAX / SECOND - 1 || seconds < INT64_MIN / SECOND + 1)
		return false;
	*nanoseconds = seconds * SECOND + fraction;
	return true;
}

time_t timestamp_seconds(const char *text)
{
	int64_t nanoseconds;

	return text && timestamp_read(text, &nanoseconds) ? (time_t)(nanoseconds / SECOND) : 0;
}

const char *timestamp_text(int64_t nanoseconds, char text[TIMESTAMP_SIZE])
{
	int64_t fraction = nanoseconds % SECOND;
	time_t seconds = (time_t)(nanoseconds / SECOND);
	char date[sizeof("2026-08-21T10:00:00")];
	struct tm tm;

	if (fraction < 0) {
		fraction += SECOND;
		seconds--;
	}
	gmtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, TIMESTAMP_SIZE, "%s.%09dZ", date, (int)fraction);
	return text;
}
