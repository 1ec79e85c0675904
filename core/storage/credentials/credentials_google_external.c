/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See credentials_google_exchange.h: workload identity federation. What another provider says of
 * us, in a file or at an address beside the pod, is exchanged at Google's token service (RFC 8693),
 * and where the file names a service account, that for a token of the account.
 */
#include "local/timestamp.h"
#include "storage/credentials/credentials_google_exchange.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRANT       "urn:ietf:params:oauth:grant-type:token-exchange"
#define TOKEN_TYPE  "urn:ietf:params:oauth:token-type:access_token"
#define SCOPE_CLOUD "https://www.googleapis.com/auth/cloud-platform"

static const char what[] = "Google credentials";

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static bool lacks(const char *name, struct error *error)
{
	return error_set(error, ERROR_DENIED, 0, what, "the external_account lacks %s", name);
}

/* --- what the other provider says -------------------------------------------------------- */

static bool ask_address(const json_t *source, struct buffer *text, struct error *error)
{
	json_t *headers = json_object_get(source, "headers"), *value;
	struct http_request request = { 0 };
	struct url url = { 0 };
	const char *name;
	bool good;

	if (!url_parse(&url, member(source, "url")))
		return error_set(error, ERROR_INVALID, EINVAL, what,
				 "the url of its credential_source is no URL");
	request = credentials_request(what, "GET", &url);
	json_object_foreach(headers, name, value) if (json_is_string(value))
		pairs_set(&request.headers, name, json_string_value(value));
	good = credentials_ask(&request, true, error);
	if (good)
		buffer_append(text, buffer_string(&request.answer), request.answer.length);
	http_request_free(&request);
	url_free(&url);
	return good;
}

/* The token is the text, or a member of it. */
static bool take_member(const json_t *format, struct buffer *text, struct error *error)
{
	const char *type = member(format, "type");
	const char *name = member(format, "subject_token_field_name");
	const char *token;
	json_t *document;

	if (!type || strcmp(type, "json") != 0)
		return true;
	if (!name)
		return lacks("credential_source.format.subject_token_field_name", error);
	document = credentials_json(what, buffer_string(text), text->length, error);
	if (!document)
		return false;
	token = member(document, name);
	buffer_free(text);
	if (token)
		buffer_text(text, token);
	json_decref(document);
	return token || error_set(error, ERROR_DENIED, 0, what,
				  "there is no '%.60s' in what the credential_source says", name);
}

static bool subject_token(const json_t *file, struct buffer *text, struct error *error)
{
	const json_t *source = json_object_get(file, "credential_source");
	bool good;

	if (member(source, "file"))
		good = credentials_file(member(source, "file"), text, error);
	else if (member(source, "url") && !member(source, "environment_id"))
		good = ask_address(source, text, error);
	else
		return error_set(error, ERROR_DENIED, ENOTSUP, what,
				 "the credential_source is neither a file nor a url");
	return good && take_member(json_object_get(source, "format"), text, error);
}

/* --- what it is exchanged for ------------------------------------------------------------ */

static bool exchange(struct credentials *token, const json_t *file, const char *subject,
		     const char *scope, struct error *error)
{
	struct buffer form = { 0 };
	bool good;

	credentials_form(&form, "grant_type", GRANT);
	credentials_form(&form, "audience", member(file, "audience"));
	credentials_form(&form, "scope", scope);
	credentials_form(&form, "requested_token_type", TOKEN_TYPE);
	credentials_form(&form, "subject_token", subject);
	credentials_form(&form, "subject_token_type", member(file, "subject_token_type"));
	good = credentials_google_exchange(token, member(file, "token_url"), &form, error) ==
	       CREDENTIALS_FOUND;
	buffer_free(&form);
	return good;
}

static char *account_question(const json_t *file)
{
	const json_t *asked = json_object_get(file, "service_account_impersonation");
	json_int_t seconds = json_integer_value(json_object_get(asked, "token_lifetime_seconds"));
	char lifetime[32];
	json_t *question;
	char *text;

	snprintf(lifetime, sizeof(lifetime), "%llds", (long long)(seconds > 0 ? seconds : 3600));
	question =
		json_pack("{s:[s], s:s}", "scope", CREDENTIALS_GOOGLE_SCOPE, "lifetime", lifetime);
	text = question ? json_dumps(question, JSON_COMPACT) : NULL;
	json_decref(question);
	return text;
}

static bool take_account_answer(struct credentials *token, const struct http_request *request,
				struct error *error)
{
	json_t *answer = credentials_json(what, buffer_string(&request->answer),
					  request->answer.length, error);
	const char *text = member(answer, "accessToken");

	if (text)
		*token = (struct credentials) { .token = strdup(text),
						.expires = timestamp_seconds(
							member(answer, "expireTime")) };
	else if (answer)
		error_set(error, ERROR_DENIED, 0, what, "the answer has no accessToken");
	json_decref(answer);
	return token->token != NULL;
}

/* A token of the service account, for who shows `own`. */
static bool impersonate(struct credentials *token, const json_t *file,
			const struct credentials *own, struct error *error)
{
	const char *address = member(file, "service_account_impersonation_url");
	char *question = account_question(file);
	struct http_request request = { 0 };
	struct url url = { 0 };
	bool good = url_parse(&url, address);

	if (!good)
		error_set(error, ERROR_INVALID, EINVAL, what,
			  "its service_account_impersonation_url is no URL");
	if (good) {
		request = credentials_request(what, "POST", &url);
		credentials_token_set_authorization(own, &request);
		pairs_set(&request.headers, "Content-Type", "application/json");
		request.headers.failed = request.headers.failed || !question;
		request.body = (struct http_body) { .data = question,
						    .size = question ? strlen(question) : 0 };
		good = credentials_ask(&request, false, error) &&
		       take_account_answer(token, &request, error);
	}
	http_request_free(&request);
	url_free(&url);
	free(question);
	return good;
}

enum credentials_result credentials_google_external(struct credentials *token, const json_t *file,
						    struct error *error)
{
	static const char *const needed[] = { "audience", "subject_token_type", "token_url" };
	bool is_account = member(file, "service_account_impersonation_url") != NULL;
	struct credentials own = { 0 };
	struct buffer subject = { 0 };
	bool good = true;

	for (size_t i = 0; good && i < sizeof(needed) / sizeof(*needed); i++)
		good = member(file, needed[i]) || lacks(needed[i], error);
	good = good && subject_token(file, &subject, error) &&
	       exchange(is_account ? &own : token, file, buffer_string(&subject),
			is_account ? SCOPE_CLOUD : CREDENTIALS_GOOGLE_SCOPE, error);
	if (good && is_account)
		good = impersonate(token, file, &own, error);
	credentials_free(&own);
	buffer_free(&subject);
	return good ? CREDENTIALS_FOUND : CREDENTIALS_FAILED;
}
