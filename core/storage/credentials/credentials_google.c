/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_google.h: the order of the sources, and those that are short. */
#include "storage/credentials/credentials_google.h"
#include "storage/credentials/credentials_google_exchange.h"
#include "local/variable.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define TYPE_NAME "abcdefghijklmnopqrstuvwxyz_"

bool credentials_google_get(struct credentials *token, struct error *error)
{
	static credentials_source *const sources[] = {
		credentials_google_environment,
		credentials_google_file,
		credentials_google_metadata,
	};
	static const struct credentials_chain chain = {
		"Google credentials", "the environment, a file or a metadata service", sources,
		sizeof(sources) / sizeof(*sources)
	};

	return credentials_keep(token, &chain, error);
}

enum credentials_result credentials_google_environment(struct credentials *token,
						       struct error *error)
{
	const char *text = variable("CLOUDSDK_AUTH_ACCESS_TOKEN");

	(void)error;
	if (!text)
		return CREDENTIALS_NONE;
	token->token = strdup(text);
	return CREDENTIALS_FOUND;
}

enum credentials_result credentials_google_metadata(struct credentials *token, struct error *error)
{
	const char *host = variable("GCE_METADATA_HOST");
	enum credentials_result result = CREDENTIALS_NONE;
	struct buffer address = { 0 };
	struct http_request request = { 0 };
	struct url url = { 0 };

	if (host && strpbrk(host, "/?#@ \r\n")) {
		error_set(error, ERROR_INVALID, EINVAL, "Google metadata",
			  "GCE_METADATA_HOST is no host");
		return CREDENTIALS_FAILED;
	}
	buffer_format(&address,
		      "http://%s/computeMetadata/v1/instance/service-accounts/default/token",
		      host ? host : "metadata.google.internal");
	if (!address.failed && url_parse(&url, address.data)) {
		request = credentials_request("Google metadata", "GET", &url);
		pairs_set(&request.headers, "Metadata-Flavor", "Google");
		if (credentials_ask(&request, true, error))
			result = credentials_token_from_answer(token, &request, error);
		else if (request.status)
			result = CREDENTIALS_FAILED; /* it is there, and refuses */
	}
	http_request_free(&request);
	url_free(&url);
	buffer_free(&address);
	return result;
}

/* Of a variable, or where gcloud leaves it: added to `path`, false where there is none. */
static bool file_path(struct buffer *path)
{
	const char *given = variable("GOOGLE_APPLICATION_CREDENTIALS");
	const char *directory = variable("CLOUDSDK_CONFIG"), *home = variable("HOME");

	if (given) {
		buffer_text(path, given);
		return true;
	}
	if (!directory && !home)
		return false;
	buffer_format(path, "%s%s/application_default_credentials.json",
		      directory ? directory : home, directory ? "" : "/.config/gcloud");
	return access(buffer_string(path), R_OK) == 0;
}

static enum credentials_result by_type(struct credentials *token, const char *path,
				       const json_t *file, struct error *error)
{
	const char *type = json_string_value(json_object_get(file, "type"));

	if (type && strcmp(type, "service_account") == 0)
		return credentials_google_account(token, file, error);
	if (type && strcmp(type, "authorized_user") == 0)
		return credentials_google_user(token, file, error);
	if (type && strcmp(type, "external_account") == 0)
		return credentials_google_external(token, file, error);
	error_set(error, ERROR_DENIED, ENOTSUP, path,
		  "credentials of type '%.60s', neither service_account nor authorized_user "
		  "nor external_account",
		  type && !type[strspn(type, TYPE_NAME)] ? type : "");
	return CREDENTIALS_FAILED;
}

enum credentials_result credentials_google_file(struct credentials *token, struct error *error)
{
	enum credentials_result result = CREDENTIALS_FAILED;
	struct buffer path = { 0 }, text = { 0 };
	json_t *file = NULL;

	if (!file_path(&path)) {
		buffer_free(&path);
		return CREDENTIALS_NONE;
	}
	if (credentials_file(buffer_string(&path), &text, error))
		file = credentials_json(credentials_file_name(path.data), buffer_string(&text),
					text.length, error);
	if (file)
		result = by_type(token, credentials_file_name(path.data), file, error);
	json_decref(file);
	buffer_free(&path);
	buffer_free(&text);
	return result;
}
