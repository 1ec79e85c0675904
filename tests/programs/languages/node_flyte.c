/* SPDX-License-Identifier: Apache-2.0 */
/*
 * node_flyte - the context of a Flyte task in Node.js, as an addon.
 *
 *	cc -shared -fPIC -I DIRECTORY-OF-NODE_API.H -I DIRECTORY-OF-FLYTE_CTX.H node_flyte.c \
 *		-o flyte.node
 *
 *	const flyte = require('./flyte.node');
 *	flyte.get('increment');                 // the value, or null
 *	token = flyte.enter('increment', '2');  // throws where it can't
 *	flyte.exit(token);                      // false for a token that is stale
 */
#include <node_api.h>
#include <stdlib.h>
#include <string.h>

#include "flyte_ctx.h"

/* An argument as a string, which the caller frees; NULL if it is none. */
static char *text_of(napi_env env, napi_value value)
{
	size_t length;
	char *text;

	if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok)
		return NULL;
	text = malloc(length + 1);
	if (text)
		napi_get_value_string_utf8(env, value, text, length + 1, &length);
	return text;
}

static napi_value get(napi_env env, napi_callback_info info)
{
	size_t count = 1;
	napi_value argument, result;
	const char *value;
	char *key;

	napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
	key = text_of(env, argument);
	value = flyte_custom_context_get(key);
	free(key);
	if (value)
		napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
	else
		napi_get_null(env, &result);
	return result;
}

static napi_value enter(napi_env env, napi_callback_info info)
{
	size_t count = 2;
	napi_value arguments[2], result = NULL;
	char *key, *value;
	struct flyte_pair pair;
	flyte_token token;

	napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
	key = text_of(env, arguments[0]);
	value = text_of(env, arguments[1]);
	pair.key = key;
	pair.value = value;
	token = flyte_custom_context_enter(&pair, 1);
	if (token)
		napi_create_bigint_uint64(env, token, &result);
	else
		napi_throw_error(env, NULL, strerror(errno));
	free(key);
	free(value);
	return result;
}

static napi_value leave(napi_env env, napi_callback_info info)
{
	size_t count = 1;
	napi_value argument, result;
	uint64_t token = 0;
	bool whole;

	napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
	napi_get_value_bigint_uint64(env, argument, &token, &whole);
	napi_get_boolean(env, flyte_context_exit(token) == 0, &result);
	return result;
}

static void add(napi_env env, napi_value exports, const char *name, napi_callback function)
{
	napi_value value;

	napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value);
	napi_set_named_property(env, exports, name, value);
}

NAPI_MODULE_INIT()
{
	add(env, exports, "get", get);
	add(env, exports, "enter", enter);
	add(env, exports, "exit", leave);
	return exports;
}
