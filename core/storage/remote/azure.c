/* SPDX-License-Identifier: Apache-2.0 */
/*
 * azure - abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH and abfs://CONTAINER/PATH, by the blob
 * service: it has whole objects, and serves accounts with directories just as well. Azure reads
 * metadata with the list that completes an upload, and drops blocks that nobody lists by itself.
 */
#include "storage/remote/azure_blocks.h"
#include "storage/credentials/credentials_azure.h"
#include "storage/remote/remote.h"
#include "storage/sign/sign_azure.h"
#include "storage/http/url.h"
#include "local/variable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VERSION    "2021-12-02"
#define SKEW_MAX   300 /* seconds: Azure takes 900 */
#define BLOCKS_MAX 50000
#define BLOCK_MAX  (4000ULL * MIB)

struct azure {
	struct remote remote; /* first, so that it is one */
	char *account, *container;
	struct url endpoint;
	struct pairs shared_access; /* the parameters of a signature that others have made */
	struct credentials token;
	time_t skew; /* how much the store's clock is ahead of ours */
};

static struct azure *azure_of(struct remote *remote)
{
	return (struct azure *)remote;
}

static bool no_memory(const struct remote *remote, struct error *error)
{
	return error_set(error, ERROR_SYSTEM, ENOMEM, remote->base.url, "can't open it");
}

/* CONTAINER@ACCOUNT.HOST, or CONTAINER alone: then the environment says the account. */
static bool read_names(struct remote *remote, struct azure *azure, struct error *error)
{
	const char *at = strchr(remote->bucket, '@');
	const char *account = variable("AZURE_STORAGE_ACCOUNT_NAME");

	free(azure->container);
	free(azure->account);
	azure->container = strndup(remote->bucket, strcspn(remote->bucket, "@"));
	if (at)
		azure->account = strndup(at + 1, strcspn(at + 1, "."));
	else
		azure->account = account ? strdup(account) : NULL;
	if (!at && !account)
		return error_set(error, ERROR_INVALID, EINVAL, remote->base.url,
				 "neither the URL nor AZURE_STORAGE_ACCOUNT_NAME says the account");
	return (azure->container && azure->account) || no_memory(remote, error);
}

static void add_address(struct buffer *address, const struct remote *remote,
			const struct azure *azure)
{
	const char *endpoint = variable_first("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT", NULL);
	const char *at = strchr(remote->bucket, '@'), *domain = at ? strchr(at, '.') : NULL;

	if (endpoint) {
		buffer_text(address, endpoint);
		return;
	}
	domain = domain ? domain : ".dfs.core.windows.net";
	if (strncmp(domain, ".dfs.", 5) == 0)
		buffer_format(address, "https://%s.blob.%s", azure->account, domain + 5);
	else
		buffer_format(address, "https://%s%s", azure->account, domain);
}

static bool place(struct remote *remote, struct azure *azure, struct error *error)
{
	struct buffer address = { 0 }, path = { 0 };

	add_address(&address, remote, azure);
	url_free(&azure->endpoint);
	if (address.failed || !url_parse_base(&azure->endpoint, address.data)) {
		error_set(error, ERROR_INVALID, EINVAL, remote->base.url,
			  "the endpoint, of AZURE_STORAGE_ENDPOINT or AZURE_ENDPOINT, is no URL of "
			  "http or https");
		buffer_free(&address);
		return false;
	}
	buffer_free(&address);
	buffer_format(&path, "%s/", azure->endpoint.path);
	url_escape(&path, azure->container, "$");
	buffer_text(&path, "/");
	url_escape(&path, remote->key, "/");
	free(remote->origin);
	free(remote->path);
	remote->origin = strdup(azure->endpoint.origin);
	remote->path = buffer_take(&path);
	return (remote->origin && remote->path) || no_memory(remote, error);
}

static bool read_shared_access(struct remote *remote, struct azure *azure, struct error *error)
{
	const char *text = variable_first("AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_SAS_KEY", NULL);

	pairs_free(&azure->shared_access);
	if (text)
		url_split_query(&azure->shared_access, *text == '?' ? text + 1 : text);
	return !azure->shared_access.failed || no_memory(remote, error);
}

static bool configure(struct remote *remote, struct error *error)
{
	struct azure *azure = azure_of(remote);

	return read_names(remote, azure, error) && place(remote, azure, error) &&
	       read_shared_access(remote, azure, error);
}

static bool authorize(void *argument, struct http_request *request, struct error *error)
{
	struct remote *remote = argument;
	struct azure *azure = azure_of(remote);
	const char *key = variable("AZURE_STORAGE_ACCOUNT_KEY");

	pairs_set(&request->headers, "x-ms-version", VERSION);
	if (key)
		return sign_azure(request, azure->account, key, time(NULL) + azure->skew) ||
		       error_set(error, ERROR_DENIED, EINVAL, request->what,
				 "AZURE_STORAGE_ACCOUNT_KEY is no key");
	for (size_t i = 0; i < azure->shared_access.count; i++)
		pairs_set(&request->query, azure->shared_access.items[i].name,
			  azure->shared_access.items[i].value);
	if (azure->shared_access.count)
		return true;
	if (!credentials_azure_get(&azure->token, error))
		return false;
	credentials_token_set_authorization(&azure->token, request);
	return sign_azure_date(request, time(NULL) + azure->skew);
}

/* Azure has one code for a wrong key and for a wrong time, so the clocks are compared. */
static bool again(void *argument, struct http_request *request)
{
	struct azure *azure = azure_of(argument);
	time_t before = azure->skew;

	if (request->attempts > 2)
		return false;
	if (request->status == 401)
		return credentials_forget(&azure->token);
	if (request->status != 403 || !remote_correct_clock(request, &azure->skew))
		return false;
	return llabs((long long)(azure->skew - before)) > SKEW_MAX;
}

static const char *metadata_header(const struct remote *remote)
{
	(void)remote;
	return "x-ms-meta-" STORAGE_METADATA_NAME;
}

static void close_azure(struct remote *remote)
{
	struct azure *azure = azure_of(remote);

	credentials_free(&azure->token);
	pairs_free(&azure->shared_access);
	url_free(&azure->endpoint);
	free(azure->account);
	free(azure->container);
}

static const struct remote_store store = {
	.size = sizeof(struct azure),
	.digest_max = BLOCKS_MAX,
	.part_max = BLOCK_MAX,
	.metadata_at_end = true,
	.configure = configure,
	.hooks = { .authorize = authorize, .again = again },
	.metadata_header = metadata_header,
	.whole = azure_whole,
	.whole_done = azure_whole_done,
	.begin = azure_begin,
	.part = azure_part,
	.part_done = azure_part_done,
	.complete = azure_complete,
	.close = close_azure,
};

struct storage *storage_azure_open(const char *url, struct error *error)
{
	return remote_new(&store, url, error);
}
