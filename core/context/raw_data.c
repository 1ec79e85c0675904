/* SPDX-License-Identifier: Apache-2.0 */
/* See raw_data.h. */
#include "context/raw_data.h"
#include "context/context.h"

const struct flyte_raw_data_path *raw_data_of(const struct context *context)
{
	if (context->task.raw_data_path.path)
		return &context->task.raw_data_path;
	return context->raw_data.path ? &context->raw_data : NULL;
}

const struct flyte_raw_data_path *raw_data_for_rewrite(const struct context *context)
{
	if (context->task.raw_data_path.path_rewrite.old_prefix)
		return &context->task.raw_data_path;
	return raw_data_of(context);
}

/* "s3" of "s3://bucket"; empty where there is no scheme. */
static struct text_span scheme_of(const char *path)
{
	size_t length = 0;

	while (path[length] && path[length] != ':' && path[length] != '/')
		length++;
	if (!text_after(path + length, "://"))
		length = 0;
	return (struct text_span) { path, length };
}

bool raw_data_is_local(const char *prefix)
{
	struct text_span scheme = scheme_of(prefix);

	return !scheme.length || text_is(scheme, "file");
}

const char *raw_data_directory(const char *prefix)
{
	const char *path = text_after(prefix, "file://");

	return path ? path : prefix;
}

size_t raw_data_random_path(const char *prefix, const unsigned char random[RAW_DATA_RANDOM],
			    const char *file, char *to, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	struct text_output out = { to, size, 0 };
	char name[2 * RAW_DATA_RANDOM + 1];
	size_t length = text_length(prefix);

	for (size_t i = 0; i < RAW_DATA_RANDOM; i++) {
		name[2 * i] = hex[random[i] >> 4];
		name[2 * i + 1] = hex[random[i] & 15];
	}
	name[2 * RAW_DATA_RANDOM] = '\0';
	text_put(&out, prefix);
	if (!length || prefix[length - 1] != '/')
		text_put(&out, "/");
	text_put(&out, name);
	if (file && *file) {
		text_put(&out, "/");
		text_put(&out, file);
	}
	return text_finish(&out);
}

size_t raw_data_rewrite(const struct flyte_raw_data_path *raw_data, const char *path, char *to,
			size_t size)
{
	struct text_output out = { to, size, 0 };
	const char *old = raw_data ? raw_data->path_rewrite.old_prefix : NULL;
	const char *rest = old ? text_after(path, old) : NULL;

	if (rest)
		text_put(&out, raw_data->path_rewrite.new_prefix);
	text_put(&out, rest ? rest : path);
	return text_finish(&out);
}
