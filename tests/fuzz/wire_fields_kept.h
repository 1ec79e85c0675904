/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a carrier and its re-encoding have in common, told from the two texts alone; shared by the
 * fuzzer and the unit test of wire. Nothing here uses the code under test.
 *
 * Re-encoding makes a carrier canonical (docs/wire-format.md): it may leave out a field that says
 * nothing, and put the fields in order. It never says what the text did not say.
 */
#ifndef FLYTECTX_WIRE_FIELDS_KEPT_H
#define FLYTECTX_WIRE_FIELDS_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The tags in canonical order; fields of a newer version come behind them. */
static const char *const kept_tags[] = {
	"an", "ar", "ap", "ad", "ao", "tn", "tr", "tp", "td", "to", "v", "n", "i", "o",  "b",
	"r",  "ro", "rn", "c",  "cp", "g",  "xr", "xo", "xn", "m",  "s", "f", "a", "kv", "md"
};

#define KEPT_UNKNOWN (sizeof(kept_tags) / sizeof(*kept_tags))
#define KEPT_PAIR    (KEPT_UNKNOWN - 2) /* and metadata behind it */

/* One field with the dot that ends it. */
struct kept_field {
	const char *start;
	size_t length;
	size_t rank; /* of its tag in kept_tags */
};

static inline size_t kept_rank(const char *start)
{
	size_t rank = 0, length = strcspn(start, "-");

	while (rank < KEPT_UNKNOWN &&
	       (strlen(kept_tags[rank]) != length || strncmp(kept_tags[rank], start, length) != 0))
		rank++;
	return rank;
}

/* The field at `at`; length 0 at the end. */
static inline struct kept_field kept_field_at(const char *at)
{
	size_t length = strcspn(at, ".");

	return (struct kept_field) { at, *at ? length + 1 : 0, kept_rank(at) };
}

static inline struct kept_field kept_first(const char *carrier)
{
	const char *length = strchr(carrier, '.') + 1;

	return kept_field_at(strchr(length, '.') + 1);
}

static inline struct kept_field kept_next(struct kept_field field)
{
	return kept_field_at(field.start + field.length);
}

/* The next field of no known tag, from `field` on. */
static inline struct kept_field kept_unknown(struct kept_field field)
{
	while (field.length && field.rank != KEPT_UNKNOWN)
		field = kept_next(field);
	return field;
}

static inline bool kept_same(struct kept_field a, struct kept_field b)
{
	return a.length == b.length && !memcmp(a.start, b.start, a.length);
}

static inline bool kept_has(const char *carrier, struct kept_field wanted)
{
	struct kept_field field = kept_first(carrier);

	while (field.length && !kept_same(field, wanted))
		field = kept_next(field);
	return field.length != 0;
}

/* Does the pair have a key that the SDK keeps for itself? */
static inline bool kept_pair_is_reserved(struct kept_field pair)
{
	static const char *const reserved[] = { "kv-_u_kickoff_time_input_arg~-",
						"kv-_u_produced_artifacts~-" };

	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++)
		if (!strncmp(pair.start, reserved[i], strlen(reserved[i])))
			return true;
	return false;
}

/* A pair has no effect if it is the SDK's own, or if its key comes again. */
static inline bool kept_pair_is_void(struct kept_field pair)
{
	size_t key = (size_t)(strstr(pair.start, "~-") + 2 - pair.start);

	if (kept_pair_is_reserved(pair))
		return true;
	for (struct kept_field f = kept_next(pair); f.length; f = kept_next(f))
		if (f.length > key && !memcmp(f.start, pair.start, key))
			return true;
	return false;
}

/* May re-encoding leave the field out? Only what is implied, half a rewrite, or a void pair. */
static inline bool kept_may_go(struct kept_field field)
{
	static const char *const tags[] = { "ar", "tn", "tr", "tp", "td",
					    "to", "ro", "rn", "xo", "xn" };

	if (field.rank == KEPT_PAIR)
		return kept_pair_is_void(field);
	for (size_t i = 0; field.rank < KEPT_UNKNOWN && i < sizeof(tags) / sizeof(*tags); i++)
		if (!strcmp(kept_tags[field.rank], tags[i]))
			return true;
	return false;
}

static inline bool kept_all(const char *text, const char *encoded)
{
	for (struct kept_field f = kept_first(text); f.length; f = kept_next(f))
		if (!kept_has(encoded, f) && !kept_may_go(f))
			return false;
	return true;
}

static inline bool kept_nothing_new(const char *text, const char *encoded)
{
	for (struct kept_field f = kept_first(encoded); f.length; f = kept_next(f))
		if (!kept_has(text, f))
			return false;
	return true;
}

static inline bool kept_unknown_as_they_were(const char *text, const char *encoded)
{
	struct kept_field a = kept_unknown(kept_first(text));
	struct kept_field b = kept_unknown(kept_first(encoded));

	while (a.length && kept_same(a, b)) {
		a = kept_unknown(kept_next(a));
		b = kept_unknown(kept_next(b));
	}
	return !a.length && !b.length;
}

/* Known fields in the order of kept_tags, each but the pairs once. */
static inline bool kept_in_order(const char *encoded)
{
	struct kept_field field = kept_first(encoded), next;

	for (; (next = kept_next(field)).length; field = next)
		if (next.rank < field.rank || (next.rank == field.rank && field.rank < KEPT_PAIR))
			return false;
	return true;
}

/* Is `encoded` what re-encoding may make of `text`? Both are carriers. */
static inline bool wire_fields_kept(const char *text, const char *encoded)
{
	return kept_all(text, encoded) && kept_nothing_new(text, encoded) &&
	       kept_unknown_as_they_were(text, encoded) && kept_in_order(encoded);
}

#endif
