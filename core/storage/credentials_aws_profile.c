/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See credentials_aws.h: keys in a profile's settings, or from the program that it names. What
 * needs more than that (roles to assume, single sign-on) is such a program's business.
 */
#include "credentials_aws.h"
#include "aws_profile.h"
#include "variable.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char what[] = "AWS profile";

static enum credentials_result run_process(struct credentials_aws *credentials, const char *command,
					   struct storage_error *error)
{
	enum credentials_result result = CREDENTIALS_FAILED;
	FILE *stream = popen(command, "re");
	struct buffer text = { 0 };
	char piece[4096];
	size_t count;
	int status;

	if (!stream) {
		storage_fail(error, STORAGE_DENIED, errno, what,
			     "can't run its credential_process");
		return CREDENTIALS_FAILED;
	}
	while ((count = fread(piece, 1, sizeof(piece), stream)) > 0)
		buffer_append(&text, piece, count);
	status = pclose(stream);
	if (status)
		storage_fail(error, STORAGE_DENIED, 0, what,
			     "its credential_process ended with status %d", status >> 8);
	else
		result = credentials_aws_from_json(credentials, "credential_process",
						   buffer_string(&text), text.length, error);
	explicit_bzero(piece, sizeof(piece));
	buffer_free(&text);
	return result;
}

static enum credentials_result take_settings(struct credentials_aws *credentials,
					     const struct pairs *settings,
					     struct storage_error *error)
{
	const char *id = pairs_get(settings, "aws_access_key_id");
	const char *secret = pairs_get(settings, "aws_secret_access_key");
	const char *token = pairs_get(settings, "aws_session_token");
	const char *process = pairs_get(settings, "credential_process");

	if (id && secret) {
		*credentials = (struct credentials_aws) { strdup(id), strdup(secret),
							  token ? strdup(token) : NULL, 0 };
		return CREDENTIALS_FOUND;
	}
	if (process)
		return run_process(credentials, process, error);
	/* A profile that nobody asked for may be there for its region alone. */
	if (!variable("AWS_PROFILE"))
		return CREDENTIALS_NONE;
	storage_fail(error, STORAGE_DENIED, 0, what,
		     "'%.100s' has neither aws_access_key_id and aws_secret_access_key nor "
		     "credential_process",
		     aws_profile_name());
	return CREDENTIALS_FAILED;
}

enum credentials_result credentials_aws_profile(struct credentials_aws *credentials,
						struct storage_error *error)
{
	enum credentials_result result = CREDENTIALS_NONE;
	struct pairs settings = { 0 };

	if (aws_profile_read(&settings)) {
		result = take_settings(credentials, &settings, error);
	} else if (variable("AWS_PROFILE")) {
		storage_fail(error, STORAGE_DENIED, 0, what, "there is no '%.100s'",
			     aws_profile_name());
		result = CREDENTIALS_FAILED;
	}
	pairs_free(&settings);
	return result;
}

char *credentials_aws_region(void)
{
	const char *region = variable_first("AWS_REGION", "AWS_DEFAULT_REGION", NULL);
	struct pairs settings = { 0 };
	char *copy;

	if (!region && aws_profile_read(&settings))
		region = pairs_get(&settings, "region");
	copy = strdup(region ? region : "us-east-1");
	pairs_free(&settings);
	return copy;
}
