/* SPDX-License-Identifier: Apache-2.0 */
/* See action_name.h. */
#include "context/action_name.h"
#include "context/md5.h"

static void add_text(struct md5 *md5, const char *text)
{
	md5_add(md5, text, text_length(text));
}

/* Divides the big-endian number by 36 and returns the remainder. */
static unsigned divide(unsigned char number[MD5_SIZE])
{
	unsigned rest = 0;

	for (unsigned i = 0; i < MD5_SIZE; i++) {
		unsigned value = rest << 8 | number[i];

		number[i] = (unsigned char)(value / 36);
		rest = value % 36;
	}
	return rest;
}

static bool is_zero(const unsigned char number[MD5_SIZE])
{
	for (unsigned i = 0; i < MD5_SIZE; i++)
		if (number[i])
			return false;
	return true;
}

/* Zero is "0". */
static size_t to_base36(unsigned char number[MD5_SIZE], char *to)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	char reversed[32];
	size_t count = 0, length = 0;

	do
		reversed[count++] = digits[divide(number)];
	while (!is_zero(number));
	while (count)
		to[length++] = reversed[--count];
	to[length] = '\0';
	return length;
}

size_t action_name_derive(const char *parent, uint64_t sequence, const char *task_hash,
			  const char *input_hash, const char *group, char *name)
{
	unsigned char digest[MD5_SIZE];
	char number[TEXT_INT64_MAX];
	struct md5 md5;

	md5_begin(&md5);
	add_text(&md5, parent);
	add_text(&md5, "-");
	add_text(&md5, input_hash);
	add_text(&md5, "-");
	add_text(&md5, task_hash);
	add_text(&md5, "-");
	md5_add(&md5, number, text_from_uint64(number, sequence));
	if (group && *group) {
		add_text(&md5, "-");
		add_text(&md5, group);
	}
	md5_end(&md5, digest);
	return to_base36(digest, name);
}

size_t action_name_random(const unsigned char random[ACTION_NAME_RANDOM], char *name)
{
	static const char hex[] = "0123456789abcdef";
	size_t length = 0;

	for (unsigned i = 0; i < ACTION_NAME_RANDOM; i++) {
		unsigned byte = random[i];

		if (i == 6) /* version 4 */
			byte = (byte & 0x0f) | 0x40;
		if (i == 8) /* the variant of RFC 4122 */
			byte = (byte & 0x3f) | 0x80;
		if (i == 4 || i == 6 || i == 8 || i == 10)
			name[length++] = '-';
		name[length++] = hex[byte >> 4];
		name[length++] = hex[byte & 15];
	}
	name[length] = '\0';
	return length;
}

size_t action_name_unique_id(const struct flyte_action_id *action, const char *salt, char *to,
			     size_t size)
{
	const char *run_name = action->run_name ? action->run_name : action->name;
	const char *parts[] = { action->project, action->domain, run_name, action->name, salt };
	size_t count = salt ? 5 : 4;
	struct text_output out = { to, size, 0 };

	for (size_t i = 0; i < count; i++) {
		if (i)
			text_put(&out, "-");
		text_put(&out, parts[i] ? parts[i] : "None");
	}
	return text_finish(&out);
}
