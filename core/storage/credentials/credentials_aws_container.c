/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See credentials_aws.h: the endpoint that ECS and EKS Pod Identity put beside a container. Its
 * token goes out in the clear, so it goes to this machine, to the addresses of those services, or
 * over https, and nowhere else.
 */
#include "storage/credentials/credentials_aws.h"
#include "local/variable.h"

#include <errno.h>
#include <string.h>

static const char what[] = "AWS container credentials";

static bool is_allowed(const struct url *url)
{
	static const char *const hosts[] = { "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]" };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		if (strcmp(url->host, hosts[i]) == 0)
			return true;
	return url->secure || url_is_loopback(url);
}

static bool endpoint(struct url *url, const char *full, const char *relative, struct error *error)
{
	const char *name = relative ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
				    : "AWS_CONTAINER_CREDENTIALS_FULL_URI";
	struct buffer text = { 0 };
	bool good;

	if (relative)
		buffer_format(&text, "http://169.254.170.2%s", relative);
	else
		buffer_text(&text, full);
	good = !text.failed && url_parse(url, text.data);
	if (!good)
		error_set(error, ERROR_INVALID, EINVAL, what, "%s is no URL", name);
	else if (!is_allowed(url))
		good = error_set(error, ERROR_INVALID, EINVAL, what,
				 "%s is neither https, nor this machine, nor a known address",
				 name);
	buffer_free(&text);
	return good;
}

static bool add_token(struct http_request *request, struct error *error)
{
	const char *file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
	struct buffer text = { 0 };
	bool good = true;

	if (file)
		good = credentials_file(file, &text, error);
	else if (token)
		buffer_text(&text, token);
	/* A line break would make a second header of it. */
	if (good && strpbrk(buffer_string(&text), "\r\n"))
		good = error_set(error, ERROR_INVALID, EINVAL, what, "its token has two lines");
	if (good && text.length)
		pairs_set(&request->headers, "Authorization", text.data);
	buffer_free(&text);
	return good;
}

enum credentials_result credentials_aws_container(struct credentials *credentials,
						  struct error *error)
{
	const char *relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
	enum credentials_result result = CREDENTIALS_FAILED;
	struct http_request request;
	struct url url = { 0 };

	if (!relative && !full)
		return CREDENTIALS_NONE;
	if (!endpoint(&url, full, relative, error)) {
		url_free(&url);
		return CREDENTIALS_FAILED;
	}
	request = credentials_request(what, "GET", &url);
	if (add_token(&request, error) && credentials_ask(&request, true, error))
		result =
			credentials_aws_from_json(credentials, what, buffer_string(&request.answer),
						  request.answer.length, error);
	http_request_free(&request);
	url_free(&url);
	return result;
}
