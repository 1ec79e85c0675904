/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See credentials_aws.h: the token that Kubernetes mounts, given to STS for a key of the role. The
 * file is read at each refresh, for the token in it is replaced long before it expires.
 */
#include "credentials_aws.h"
#include "variable.h"
#include "xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char what[] = "AWS web identity";

static bool service_url(struct url *url, struct storage_error *error)
{
	const char *endpoint = variable_first("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", NULL);
	char *region = credentials_aws_region();
	struct buffer text = { 0 };
	bool good;

	if (endpoint)
		buffer_text(&text, endpoint);
	else
		buffer_format(&text, "https://sts.%s.amazonaws.com%s", region ? region : "",
			      region && strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
	good = region && !text.failed && url_parse(url, text.data);
	if (!good)
		storage_fail(error, STORAGE_INVALID, EINVAL, what, "'%.100s' is no URL",
			     buffer_string(&text));
	buffer_free(&text);
	free(region);
	return good;
}

static void add_form(struct buffer *form, const char *role, const char *token)
{
	const char *session = variable("AWS_ROLE_SESSION_NAME");
	char name[32];

	snprintf(name, sizeof(name), "flytectx-%ld", (long)getpid());
	credentials_form(form, "Action", "AssumeRoleWithWebIdentity");
	credentials_form(form, "Version", "2011-06-15");
	credentials_form(form, "RoleArn", role);
	credentials_form(form, "RoleSessionName", session ? session : name);
	credentials_form(form, "WebIdentityToken", token);
}

static char *answer_text(const struct http_request *request, const char *element)
{
	return xml_text(request->answer.data, request->answer.length, element);
}

static bool take_answer(struct credentials_aws *credentials, const struct http_request *request,
			struct storage_error *error)
{
	char *expires;

	if (!request->answer.length)
		return storage_fail(error, STORAGE_DENIED, EPROTO, what, "STS sent nothing");
	expires = answer_text(request, "Expiration");
	credentials->id = answer_text(request, "AccessKeyId");
	credentials->secret = answer_text(request, "SecretAccessKey");
	credentials->token = answer_text(request, "SessionToken");
	credentials->expires = credentials_aws_time(expires);
	free(expires);
	if (credentials->id && credentials->secret && credentials->token)
		return true;
	credentials_aws_free(credentials);
	return storage_fail(error, STORAGE_DENIED, EPROTO, what, "STS sent no credentials");
}

static bool ask(struct credentials_aws *credentials, const char *role, const char *token,
		struct storage_error *error)
{
	struct http_request request = { 0 };
	struct buffer form = { 0 };
	struct url url = { 0 };
	bool good;

	add_form(&form, role, token);
	good = service_url(&url, error);
	if (good)
		good = credentials_post(what, &url, &form, &request, error) &&
		       take_answer(credentials, &request, error);
	http_request_free(&request);
	buffer_free(&form);
	url_free(&url);
	return good;
}

enum credentials_result credentials_aws_web_identity(struct credentials_aws *credentials,
						     struct storage_error *error)
{
	const char *file = variable("AWS_WEB_IDENTITY_TOKEN_FILE"),
		   *role = variable("AWS_ROLE_ARN");
	struct buffer token = { 0 };
	bool good;

	if (!file || !role)
		return CREDENTIALS_NONE;
	good = credentials_file(file, &token, error) &&
	       ask(credentials, role, buffer_string(&token), error);
	buffer_free(&token);
	return good ? CREDENTIALS_FOUND : CREDENTIALS_FAILED;
}
