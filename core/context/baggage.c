/* SPDX-License-Identifier: Apache-2.0 */
/* See baggage.h. */
#include "context/baggage.h"
#include "context/env.h"
#include "context/text.h"

static bool is_among(char c, const char *set)
{
	while (*set && *set != c)
		set++;
	return *set;
}

static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* What a key may be made of (a token), less '%', which begins an escape. */
static bool is_plain_in_key(char c)
{
	return is_alphanumeric(c) || is_among(c, "!#$&'*+-.^_`|~");
}

/* What a value may be made of: all that is printed, less blanks and these. */
static bool is_plain_in_value(char c)
{
	return c > ' ' && c <= '~' && !is_among(c, "\",;\\%");
}

static char *escape(char *to, const char *text, bool is_plain(char))
{
	static const char digits[16] = "0123456789ABCDEF";

	for (; *text; text++) {
		if (is_plain(*text)) {
			*to++ = *text;
			continue;
		}
		*to++ = '%';
		*to++ = digits[(unsigned char)*text >> 4];
		*to++ = digits[*text & 15];
	}
	return to;
}

/* The member at or behind `at`, without blanks around it; length 0 at the end of the list. */
static struct text_span next_member(const char *at)
{
	struct text_span member;

	while (is_among(*at, ", \t") && *at)
		at++;
	member.start = at;
	while (*at && *at != ',')
		at++;
	while (at > member.start && is_among(at[-1], " \t"))
		at--;
	member.length = (size_t)(at - member.start);
	return member;
}

/* The end of the key of a member. */
static const char *key_end(struct text_span member)
{
	const char *at = member.start;

	while (at < member.start + member.length && !is_among(*at, "=; \t"))
		at++;
	return at;
}

/* Is this the key, as it is written here? */
static bool has_key(struct text_span member, const char *key)
{
	const char *at = member.start, *end = key_end(member);
	char written[3];

	for (; *key; key++) {
		const char one[2] = { *key };
		size_t length = (size_t)(escape(written, one, is_plain_in_key) - written);

		for (size_t i = 0; i < length; i++)
			if (at == end || *at++ != written[i])
				return false;
	}
	return at == end;
}

static bool is_ours(struct text_span member, const struct flyte_pair_list *pairs)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (has_key(member, pairs->items[i].key))
			return true;
	return false;
}

size_t baggage_room(const char *list, const struct flyte_pair_list *pairs)
{
	size_t room = text_length(list) + 1;

	for (size_t i = 0; i < pairs->count; i++)
		room += 3 * (text_length(pairs->items[i].key) +
			     text_length(pairs->items[i].value)) +
			2;
	return room;
}

/* Each member is written, and stays if it fits. */
static char *put_pair(char *start, char *end, const struct flyte_pair *pair)
{
	char *at = end;

	if (!*pair->key || env_trace_has(pair->key))
		return end;
	if (at > start)
		*at++ = ',';
	at = escape(at, pair->key, is_plain_in_key);
	*at++ = '=';
	at = escape(at, pair->value, is_plain_in_value);
	return (size_t)(at - start) <= BAGGAGE_MAX ? at : end;
}

size_t baggage_merge(const char *list, const struct flyte_pair_list *pairs, char *to)
{
	char *end = to;

	for (struct text_span m = next_member(list); m.length;
	     m = next_member(m.start + m.length)) {
		if (is_ours(m, pairs))
			continue;
		if (end > to)
			*end++ = ',';
		end = text_copy(end, m.start, m.length);
	}
	for (size_t i = 0; i < pairs->count; i++)
		end = put_pair(to, end, &pairs->items[i]);
	*end = '\0';
	return (size_t)(end - to);
}
