/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_aws_sts.h. */
#include "storage/credentials/credentials_aws_sts.h"
#include "storage/credentials/aws_partition.h"
#include "storage/credentials/credentials_aws_region.h"
#include "storage/sign/sign_aws.h"
#include "local/timestamp.h"
#include "local/variable.h"
#include "storage/http/xml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool service_url(struct url *url, const char *what, const char *region, struct error *error)
{
	const char *endpoint = variable_first("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", NULL);
	struct buffer text = { 0 };
	bool good;

	if (endpoint)
		buffer_text(&text, endpoint);
	else
		buffer_text(&text, "https://");
	if (!endpoint)
		aws_partition_host(&text, "sts", region);
	good = !text.failed && url_parse(url, text.data);
	if (!good)
		error_set(error, ERROR_INVALID, EINVAL, what,
			  "the endpoint, of AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL, is no URL");
	buffer_free(&text);
	return good;
}

static void begin_form(struct buffer *form, const char *action, const struct aws_role *role)
{
	char name[32];

	snprintf(name, sizeof(name), "flytectx-%ld", (long)getpid());
	credentials_form(form, "Action", action);
	credentials_form(form, "Version", "2011-06-15");
	credentials_form(form, "RoleArn", role->arn);
	credentials_form(form, "RoleSessionName", role->session ? role->session : name);
}

static char *answer_text(const struct http_request *request, const char *element)
{
	return xml_text(buffer_string(&request->answer), request->answer.length, element);
}

static bool take_answer(struct credentials *credentials, const struct http_request *request,
			struct error *error)
{
	char *expires = answer_text(request, "Expiration");

	credentials->id = answer_text(request, "AccessKeyId");
	credentials->secret = answer_text(request, "SecretAccessKey");
	credentials->token = answer_text(request, "SessionToken");
	credentials->expires = timestamp_seconds(expires);
	free(expires);
	if (credentials->id && credentials->secret && credentials->token)
		return true;
	credentials_free(credentials);
	return error_set(error, ERROR_DENIED, EPROTO, request->what, "STS sent no credentials");
}

struct signer {
	struct aws_key key;
	const char *region;
};

static bool sign(void *argument, struct http_request *request, struct error *error)
{
	const struct signer *signer = argument;

	return sign_aws(request, &signer->key, signer->region, "sts", time(NULL)) ||
	       error_set(error, ERROR_SYSTEM, ENOMEM, request->what, "can't sign");
}

/* `key` NULL: what is in the form vouches for us. */
static bool ask(struct credentials *credentials, const char *what, const struct buffer *form,
		const struct credentials *key, struct error *error)
{
	char *region = credentials_aws_region();
	struct http_request request = { 0 };
	struct signer signer = { .region = region };
	const struct http_hooks hooks = { .authorize = sign, .argument = &signer };
	struct url url = { 0 };
	bool good;

	if (key)
		signer.key = (struct aws_key) { key->id, key->secret, key->token };
	good = region ? service_url(&url, what, region, error)
		      : error_set(error, ERROR_SYSTEM, ENOMEM, what, "can't ask");
	good = good && credentials_post(what, &url, form, key ? &hooks : NULL, &request, error) &&
	       take_answer(credentials, &request, error);
	http_request_free(&request);
	url_free(&url);
	free(region);
	return good;
}

enum credentials_result credentials_aws_role_by_token(struct credentials *credentials,
						      const struct aws_role *role,
						      const char *token_file, struct error *error)
{
	struct buffer token = { 0 }, form = { 0 };
	bool good = credentials_file(token_file, &token, error);

	begin_form(&form, "AssumeRoleWithWebIdentity", role);
	credentials_form(&form, "WebIdentityToken", buffer_string(&token));
	good = good && ask(credentials, role->what, &form, NULL, error);
	buffer_free(&token);
	buffer_free(&form);
	return good ? CREDENTIALS_FOUND : CREDENTIALS_FAILED;
}

enum credentials_result credentials_aws_role_by_key(struct credentials *credentials,
						    const struct aws_role *role,
						    const struct credentials *key,
						    const struct pairs *more, struct error *error)
{
	struct buffer form = { 0 };
	bool good;

	begin_form(&form, "AssumeRole", role);
	for (size_t i = 0; i < more->count; i++)
		credentials_form(&form, more->items[i].name, more->items[i].value);
	form.failed = form.failed || more->failed;
	good = ask(credentials, role->what, &form, key, error);
	buffer_free(&form);
	return good ? CREDENTIALS_FOUND : CREDENTIALS_FAILED;
}
