/* SPDX-License-Identifier: Apache-2.0 */
/* See md5.h. */
#include "context/md5.h"

/* floor(2^32 * abs(sin(i + 1))) */
static const uint32_t sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
	0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
	0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
	0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
	0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
	0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
	0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391,
};

static const unsigned char shifts[4][4] = {
	{ 7, 12, 17, 22 },
	{ 5, 9, 14, 20 },
	{ 4, 11, 16, 23 },
	{ 6, 10, 15, 21 },
};

static uint32_t word(const unsigned char *block, unsigned i)
{
	const unsigned char *p = block + i * 4;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The round's function of b, c, d, and the word of the block that step `i` takes. */
static uint32_t mix(unsigned i, uint32_t b, uint32_t c, uint32_t d, unsigned *place)
{
	switch (i / 16) {
	case 0:
		*place = i;
		return (b & c) | (~b & d);
	case 1:
		*place = (5 * i + 1) % 16;
		return (d & b) | (~d & c);
	case 2:
		*place = (3 * i + 5) % 16;
		return b ^ c ^ d;
	default:
		*place = 7 * i % 16;
		return c ^ (b | ~d);
	}
}

static void add_block(struct md5 *md5)
{
	uint32_t a = md5->state[0], b = md5->state[1], c = md5->state[2], d = md5->state[3];

	for (unsigned i = 0; i < 64; i++) {
		unsigned place, shift = shifts[i / 16][i % 4];
		uint32_t sum = a + mix(i, b, c, d, &place) + sines[i];

		sum += word(md5->block, place);
		a = d;
		d = c;
		c = b;
		b += sum << shift | sum >> (32 - shift);
	}
	md5->state[0] += a;
	md5->state[1] += b;
	md5->state[2] += c;
	md5->state[3] += d;
}

void md5_begin(struct md5 *md5)
{
	*md5 = (struct md5) { .state = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 } };
}

void md5_add(struct md5 *md5, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		md5->block[md5->length++ % sizeof(md5->block)] = (unsigned char)text[i];
		if (md5->length % sizeof(md5->block) == 0)
			add_block(md5);
	}
}

void md5_end(struct md5 *md5, unsigned char digest[MD5_SIZE])
{
	uint64_t bits = md5->length * 8;
	char tail[8];

	for (unsigned i = 0; i < sizeof(tail); i++)
		tail[i] = (char)(bits >> (8 * i));
	md5_add(md5, "\x80", 1);
	while (md5->length % sizeof(md5->block) != sizeof(md5->block) - sizeof(tail))
		md5_add(md5, "", 1);
	md5_add(md5, tail, sizeof(tail));
	for (unsigned i = 0; i < MD5_SIZE; i++)
		digest[i] = (unsigned char)(md5->state[i / 4] >> (8 * (i % 4)));
}
