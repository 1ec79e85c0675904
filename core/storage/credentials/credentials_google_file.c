/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See credentials_google_exchange.h: what the two kinds of files are exchanged for. The key of a
 * service account signs a claim (RFC 7523), a user's refresh token is shown as it is.
 */
#include "storage/credentials/credentials_google_exchange.h"
#include "storage/sign/digest.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_ADDRESS "https://oauth2.googleapis.com/token"
#define CLAIM_SECONDS 3600

static const char what[] = "Google credentials";

static const char *member(const json_t *file, const char *name)
{
	return json_string_value(json_object_get(file, name));
}

static enum credentials_result lacks(const char *names, struct error *error)
{
	error_set(error, ERROR_DENIED, 0, what, "the file lacks %s", names);
	return CREDENTIALS_FAILED;
}

static const char *token_address(const json_t *file)
{
	const char *address = member(file, "token_uri");

	return address ? address : TOKEN_ADDRESS;
}

enum credentials_result credentials_google_user(struct credentials *token, const json_t *file,
						struct error *error)
{
	const char *id = member(file, "client_id"), *secret = member(file, "client_secret");
	const char *refresh = member(file, "refresh_token");
	enum credentials_result result;
	struct buffer form = { 0 };

	if (!id || !secret || !refresh)
		return lacks("client_id, client_secret or refresh_token", error);
	credentials_form(&form, "grant_type", "refresh_token");
	credentials_form(&form, "client_id", id);
	credentials_form(&form, "client_secret", secret);
	credentials_form(&form, "refresh_token", refresh);
	result = credentials_google_exchange(token, token_address(file), &form, error);
	buffer_free(&form);
	return result;
}

static void add_json(struct buffer *out, json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;

	if (text)
		digest_base64url(out, text, strlen(text));
	else
		out->failed = true;
	free(text);
	json_decref(value);
}

static void add_claim(struct buffer *out, const json_t *file)
{
	json_int_t now = (json_int_t)time(NULL);
	json_t *header = json_pack("{s:s, s:s}", "alg", "RS256", "typ", "JWT");
	const char *id = member(file, "private_key_id");

	if (header && id)
		json_object_set_new(header, "kid", json_string(id));
	add_json(out, header);
	buffer_text(out, ".");
	add_json(out, json_pack("{s:s, s:s, s:s, s:I, s:I}", "iss", member(file, "client_email"),
				"scope", CREDENTIALS_GOOGLE_SCOPE, "aud", token_address(file),
				"iat", now, "exp", now + CLAIM_SECONDS));
}

static EVP_PKEY *private_key(const char *text)
{
	BIO *bio = BIO_new_mem_buf(text, -1);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	return key;
}

/* RS256 over `text`, behind a point. */
static bool add_signature(struct buffer *text, EVP_PKEY *key)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[1024];
	size_t size = sizeof(signature);
	bool good = !text->failed && context &&
		    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		    EVP_DigestSign(context, signature, &size, (unsigned char *)text->data,
				   text->length) == 1;

	EVP_MD_CTX_free(context);
	if (good) {
		buffer_text(text, ".");
		digest_base64url(text, signature, size);
	}
	return good && !text->failed;
}

enum credentials_result credentials_google_account(struct credentials *token, const json_t *file,
						   struct error *error)
{
	enum credentials_result result = CREDENTIALS_FAILED;
	struct buffer claim = { 0 }, form = { 0 };
	EVP_PKEY *key;

	if (!member(file, "client_email") || !member(file, "private_key"))
		return lacks("client_email or private_key", error);
	key = private_key(member(file, "private_key"));
	add_claim(&claim, file);
	if (!key) {
		error_set(error, ERROR_DENIED, 0, what, "its private_key is none");
	} else if (!add_signature(&claim, key)) {
		error_set(error, ERROR_DENIED, 0, what, "its private_key can't sign");
	} else {
		credentials_form(&form, "grant_type",
				 "urn:ietf:params:oauth:grant-type:jwt-bearer");
		credentials_form(&form, "assertion", claim.data);
		result = credentials_google_exchange(token, token_address(file), &form, error);
	}
	EVP_PKEY_free(key);
	buffer_free(&claim);
	buffer_free(&form);
	return result;
}
