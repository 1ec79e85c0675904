/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_azure.h. */
#include "storage/credentials/credentials_azure.h"
#include "local/variable.h"

#include <errno.h>
#include <string.h>

#define RESOURCE "https://storage.azure.com/"

bool credentials_azure_get(struct credentials *token, struct error *error)
{
	static credentials_source *const sources[] = {
		credentials_azure_client,
		credentials_azure_workload,
		credentials_azure_machine,
	};
	static const struct credentials_chain chain = {
		"Azure credentials", "the environment, a file or a metadata service", sources,
		sizeof(sources) / sizeof(*sources)
	};

	return credentials_keep(token, &chain, error);
}

/* AUTHORITY/TENANT/oauth2/v2.0/token */
static bool token_url(struct url *url, const char *what, struct error *error)
{
	const char *authority = variable("AZURE_AUTHORITY_HOST");
	struct buffer address = { 0 };
	size_t length;
	bool good;

	authority = authority ? authority : "https://login.microsoftonline.com";
	length = strlen(authority);
	while (length && authority[length - 1] == '/')
		length--;
	buffer_format(&address, "%s%.*s/", strstr(authority, "://") ? "" : "https://", (int)length,
		      authority);
	url_escape(&address, variable("AZURE_TENANT_ID"), "");
	buffer_text(&address, "/oauth2/v2.0/token");
	good = !address.failed && url_parse(url, address.data);
	if (!good)
		error_set(error, ERROR_INVALID, EINVAL, what, "AZURE_AUTHORITY_HOST is no URL");
	else if (!url->secure && !url_is_loopback(url))
		good = error_set(error, ERROR_INVALID, EINVAL, what,
				 "AZURE_AUTHORITY_HOST is neither https nor this machine");
	buffer_free(&address);
	return good;
}

/* `form` holds by what the client shows that it is one. */
static enum credentials_result exchange(struct credentials *token, const char *what,
					struct buffer *form, struct error *error)
{
	enum credentials_result result = CREDENTIALS_FAILED;
	struct http_request request = { 0 };
	struct url url = { 0 };

	credentials_form(form, "grant_type", "client_credentials");
	credentials_form(form, "client_id", variable("AZURE_CLIENT_ID"));
	credentials_form(form, "scope", RESOURCE ".default");
	if (token_url(&url, what, error) &&
	    credentials_post(what, &url, form, NULL, &request, error))
		result = credentials_token_from_answer(token, &request, error);
	http_request_free(&request);
	url_free(&url);
	return result;
}

enum credentials_result credentials_azure_client(struct credentials *token, struct error *error)
{
	const char *secret = variable("AZURE_CLIENT_SECRET");
	enum credentials_result result;
	struct buffer form = { 0 };

	if (!secret || !variable("AZURE_TENANT_ID") || !variable("AZURE_CLIENT_ID"))
		return CREDENTIALS_NONE;
	credentials_form(&form, "client_secret", secret);
	result = exchange(token, "Azure client", &form, error);
	buffer_free(&form);
	return result;
}

/* The file is read at each refresh, for Kubernetes replaces the token in it. */
enum credentials_result credentials_azure_workload(struct credentials *token, struct error *error)
{
	const char *file = variable("AZURE_FEDERATED_TOKEN_FILE");
	enum credentials_result result = CREDENTIALS_FAILED;
	struct buffer assertion = { 0 }, form = { 0 };

	if (!file || !variable("AZURE_TENANT_ID") || !variable("AZURE_CLIENT_ID"))
		return CREDENTIALS_NONE;
	if (credentials_file(file, &assertion, error)) {
		credentials_form(&form, "client_assertion_type",
				 "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
		credentials_form(&form, "client_assertion", buffer_string(&assertion));
		result = exchange(token, "Azure workload identity", &form, error);
	}
	buffer_free(&assertion);
	buffer_free(&form);
	return result;
}

/* App Service and Container Apps say where to ask; a virtual machine's address is fixed. */
enum credentials_result credentials_azure_machine(struct credentials *token, struct error *error)
{
	const char *service = variable("IDENTITY_ENDPOINT"), *secret = variable("IDENTITY_HEADER");
	const char *host = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
	const char *client = variable("AZURE_CLIENT_ID");
	enum credentials_result result = CREDENTIALS_NONE;
	struct buffer address = { 0 };
	struct http_request request;
	struct url url;

	if (service && secret)
		buffer_text(&address, service);
	else
		buffer_format(&address, "%s/metadata/identity/oauth2/token",
			      host ? host : "http://169.254.169.254");
	if (address.failed || !url_parse(&url, address.data)) {
		error_set(error, ERROR_INVALID, EINVAL, "Azure managed identity", "%s is no URL",
			  service && secret ? "IDENTITY_ENDPOINT"
					    : "AZURE_POD_IDENTITY_AUTHORITY_HOST");
		buffer_free(&address);
		return CREDENTIALS_FAILED;
	}
	request = credentials_request("Azure managed identity", "GET", &url);
	pairs_add(&request.query, "api-version", service && secret ? "2019-08-01" : "2018-02-01");
	pairs_add(&request.query, "resource", RESOURCE);
	if (client)
		pairs_add(&request.query, "client_id", client);
	pairs_set(&request.headers, service && secret ? "X-IDENTITY-HEADER" : "Metadata",
		  service && secret ? secret : "true");
	if (credentials_ask(&request, true, error))
		result = credentials_token_from_answer(token, &request, error);
	else if (request.status)
		result = CREDENTIALS_FAILED; /* it is there, and refuses */
	http_request_free(&request);
	url_free(&url);
	buffer_free(&address);
	return result;
}
