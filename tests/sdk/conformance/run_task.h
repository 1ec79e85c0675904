/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_task - `flytectx run` in the place of upstream's flyte.run(): a task is this program in one
 * of its roles, and starts as CMD. Inputs are written as the SDK's protobuf writes them.
 */
#ifndef FLYTECTX_RUN_TASK_H
#define FLYTECTX_RUN_TASK_H

#include <fcntl.h>

#include "conformance.h"

/* Runs `flytectx run OPTIONS -- SELF ROLE`; `options` ends with NULL. */
static inline const char *run_task(const char *const options[], const char *role,
				   char output[OUTPUT_SIZE])
{
	const char *argv[64] = { getenv("CONFORMANCE_FLYTECTX"), "run" };
	size_t count = 2;

	assert_non_null(argv[0]); /* tests/sdk/conformance/run sets it, and FLYTECTX_WORKSPACE */
	while (*options && count < 60)
		argv[count++] = *options++;
	argv[count++] = "--";
	argv[count++] = self();
	argv[count] = role;
	return output_of(argv, output);
}

/* --- flyteidl2.task.Inputs --- */

struct inputs {
	unsigned char bytes[1024];
	size_t length;
};

static inline void inputs_put(struct inputs *inputs, const void *bytes, size_t length)
{
	assert_true(inputs->length + length <= sizeof(inputs->bytes));
	memcpy(inputs->bytes + inputs->length, bytes, length);
	inputs->length += length;
}

/* A field of type LENGTH; shorter than 128 bytes, so that its length is one. */
static inline void inputs_put_field(struct inputs *inputs, unsigned number, const void *bytes,
				    size_t length)
{
	unsigned char head[2] = { (unsigned char)(number << 3 | 2), (unsigned char)length };

	assert_true(length < 128);
	inputs_put(inputs, head, sizeof(head));
	inputs_put(inputs, bytes, length);
}

/* A KeyValuePair of field `context`. */
static inline void inputs_add_context(struct inputs *inputs, const char *key, const char *value)
{
	struct inputs pair = { .length = 0 };

	inputs_put_field(&pair, 1, key, strlen(key));
	inputs_put_field(&pair, 2, value, strlen(value));
	inputs_put_field(inputs, 2, pair.bytes, pair.length);
}

/* A NamedLiteral of field `literals`: a small integer, whose bytes upstream's Rust tests pin. */
static inline void inputs_add_integer(struct inputs *inputs, const char *name, unsigned char value)
{
	unsigned char literal[] = { 0x0a, 0x04, 0x0a, 0x02, 0x08, value };
	struct inputs named = { .length = 0 };

	assert_true(value < 128);
	inputs_put_field(&named, 1, name, strlen(name));
	inputs_put_field(&named, 2, literal, sizeof(literal));
	inputs_put_field(inputs, 1, named.bytes, named.length);
}

/*
 * Runs SELF ROLE as a task with these inputs, and `option` with its value where that is not NULL.
 */
static inline const char *run_with_inputs(const struct inputs *inputs, const char *option,
					  const char *value, const char *role,
					  char output[OUTPUT_SIZE])
{
	char path[OUTPUT_SIZE];
	const char *options[] = { "--inputs", path, option, value, NULL };
	int fd;

	snprintf(path, sizeof(path), "%s/inputs-XXXXXX", getenv("FLYTECTX_WORKSPACE"));
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, inputs->bytes, inputs->length), inputs->length);
	close(fd);
	run_task(options, role, output);
	unlink(path);
	return output;
}

static inline void assert_context_of_inputs(const struct inputs *inputs, const char *expected)
{
	char output[OUTPUT_SIZE];

	assert_string_equal(run_with_inputs(inputs, NULL, NULL, "custom_context", output),
			    expected);
}

#endif
