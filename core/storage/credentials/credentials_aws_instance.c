/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See credentials_aws.h: the metadata of an EC2 instance, version 2: a token first, then the name
 * of the role, then its key. Where nothing answers there is no such service: that is no failure.
 */
#include "storage/credentials/credentials_aws.h"
#include "local/variable.h"

#include <errno.h>
#include <string.h>

static const char what[] = "AWS instance metadata";

/* Sends a request for a path of the service; the caller frees it. */
static bool ask(struct http_request *request, const struct url *url, const char *method,
		const char *path, const char *token, struct error *error)
{
	struct buffer whole = { 0 };

	*request = credentials_request(what, method, url);
	buffer_format(&whole, "%s%s", url->path, path);
	free(request->path);
	request->path = buffer_take(&whole);
	if (token)
		pairs_set(&request->headers, "X-aws-ec2-metadata-token", token);
	else
		pairs_set(&request->headers, "X-aws-ec2-metadata-token-ttl-seconds", "21600");
	if (!request->path || request->headers.failed)
		return error_set(error, ERROR_SYSTEM, ENOMEM, what, "can't ask");
	return credentials_ask(request, true, error);
}

static enum credentials_result ask_for_key(struct credentials *credentials, const struct url *url,
					   const char *token, const char *role, struct error *error)
{
	enum credentials_result result = CREDENTIALS_FAILED;
	struct buffer path = { 0 };
	struct http_request request;

	buffer_text(&path, "/latest/meta-data/iam/security-credentials/");
	url_escape(&path, role, "");
	if (ask(&request, url, "GET", buffer_string(&path), token, error))
		result =
			credentials_aws_from_json(credentials, what, buffer_string(&request.answer),
						  request.answer.length, error);
	http_request_free(&request);
	buffer_free(&path);
	return result;
}

static enum credentials_result ask_for_role(struct credentials *credentials, const struct url *url,
					    const char *token, struct error *error)
{
	enum credentials_result result = CREDENTIALS_FAILED;
	struct http_request request;
	char *role = NULL;

	if (ask(&request, url, "GET", "/latest/meta-data/iam/security-credentials/", token, error))
		role = strndup(buffer_string(&request.answer),
			       strcspn(buffer_string(&request.answer), "\r\n"));
	if (role && *role)
		result = ask_for_key(credentials, url, token, role, error);
	else if (role || request.status == 404)
		result = CREDENTIALS_NONE; /* an instance without a role */
	free(role);
	http_request_free(&request);
	return result;
}

enum credentials_result credentials_aws_instance(struct credentials *credentials,
						 struct error *error)
{
	const char *endpoint = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
	enum credentials_result result = CREDENTIALS_NONE;
	struct http_request request;
	struct url url;

	if (variable_is_true("AWS_EC2_METADATA_DISABLED"))
		return CREDENTIALS_NONE;
	if (!url_parse_base(&url, endpoint ? endpoint : "http://169.254.169.254")) {
		error_set(error, ERROR_INVALID, EINVAL, what,
			  "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL");
		return CREDENTIALS_FAILED;
	}
	if (ask(&request, &url, "PUT", "/latest/api/token", NULL, error))
		result = ask_for_role(credentials, &url, buffer_string(&request.answer), error);
	http_request_free(&request);
	url_free(&url);
	return result;
}
