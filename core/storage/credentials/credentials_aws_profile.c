/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See credentials_aws.h: keys in a profile's settings, a role that it assumes, or the program that
 * it names. What needs a human (a code of MFA, single sign-on) is such a program's business.
 */
#include "storage/credentials/aws_profile.h"
#include "storage/credentials/credentials_aws_sts.h"
#include "local/variable.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROFILES_MAX 8 /* that stand on each other: more are a circle */

static const char what[] = "AWS profile";

static enum credentials_result refuse(const char *profile, const char *why, struct error *error)
{
	error_set(error, ERROR_DENIED, 0, what, "'%.100s' %s", profile, why);
	return CREDENTIALS_FAILED;
}

static enum credentials_result run_process(struct credentials *credentials, const char *command,
					   struct error *error)
{
	enum credentials_result result = CREDENTIALS_FAILED;
	FILE *stream = popen(command, "re");
	struct buffer text = { 0 };
	char piece[4096];
	ssize_t count;
	int status;

	if (!stream) {
		error_set(error, ERROR_DENIED, errno, what, "can't run its credential_process");
		return CREDENTIALS_FAILED;
	}
	/* Past the stream, in whose memory a copy of it all would stay. */
	while ((count = read(fileno(stream), piece, sizeof(piece))) > 0 ||
	       (count < 0 && errno == EINTR))
		buffer_append(&text, piece, count < 0 ? 0 : (size_t)count);
	status = pclose(stream);
	/* Where the program ignores SIGCHLD the status is lost: what was said is held against it.
	 */
	if (status && !(status < 0 && errno == ECHILD))
		error_set(error, ERROR_DENIED, 0, what,
			  "its credential_process ended with status %d", status >> 8);
	else
		result = credentials_aws_from_json(credentials, "credential_process",
						   buffer_string(&text), text.length, error);
	explicit_bzero(piece, sizeof(piece));
	buffer_free(&text);
	return result;
}

/* A key in the settings, or from their program. */
static enum credentials_result take_key(struct credentials *credentials,
					const struct pairs *settings, struct error *error)
{
	const char *id = pairs_get(settings, "aws_access_key_id");
	const char *secret = pairs_get(settings, "aws_secret_access_key");
	const char *token = pairs_get(settings, "aws_session_token");
	const char *old = pairs_get(settings, "aws_security_token");
	const char *process = pairs_get(settings, "credential_process");

	token = token ? token : old;
	if (id && secret) {
		*credentials = (struct credentials) { strdup(id), strdup(secret),
						      token ? strdup(token) : NULL, 0 };
		return CREDENTIALS_FOUND;
	}
	return process ? run_process(credentials, process, error) : CREDENTIALS_NONE;
}

static enum credentials_result take_source(struct credentials *credentials, const char *source,
					   struct error *error)
{
	if (strcmp(source, "Environment") == 0)
		return credentials_aws_environment(credentials, error);
	if (strcmp(source, "EcsContainer") == 0)
		return credentials_aws_container(credentials, error);
	if (strcmp(source, "Ec2InstanceMetadata") == 0)
		return credentials_aws_instance(credentials, error);
	return CREDENTIALS_NONE;
}

static enum credentials_result take_profile(struct credentials *credentials, const char *profile,
					    unsigned depth, struct error *error);

/* The key that asks for the role. A profile that names itself has one beside it. */
static enum credentials_result take_base(struct credentials *credentials, const char *profile,
					 const struct pairs *settings, unsigned depth,
					 struct error *error)
{
	const char *other = pairs_get(settings, "source_profile");
	const char *source = pairs_get(settings, "credential_source");

	if (other && strcmp(other, profile) == 0)
		return take_key(credentials, settings, error);
	if (other)
		return take_profile(credentials, other, depth + 1, error);
	return source ? take_source(credentials, source, error) : CREDENTIALS_NONE;
}

static enum credentials_result assume_role(struct credentials *credentials, const char *profile,
					   const struct pairs *settings, unsigned depth,
					   struct error *error)
{
	const struct aws_role role = { what, pairs_get(settings, "role_arn"),
				       pairs_get(settings, "role_session_name") };
	const char *token_file = pairs_get(settings, "web_identity_token_file");
	const char *external = pairs_get(settings, "external_id");
	const char *seconds = pairs_get(settings, "duration_seconds");
	struct credentials base = { 0 };
	struct pairs more = { 0 };
	enum credentials_result result;

	if (pairs_get(settings, "mfa_serial"))
		return refuse(profile, "asks for a code of MFA: use a credential_process", error);
	if (token_file)
		return credentials_aws_role_by_token(credentials, &role, token_file, error);
	result = take_base(&base, profile, settings, depth, error);
	if (result == CREDENTIALS_NONE)
		return refuse(profile,
			      "has a role_arn, but no source_profile or credential_source that "
			      "has a key",
			      error);
	if (external)
		pairs_add(&more, "ExternalId", external);
	if (seconds)
		pairs_add(&more, "DurationSeconds", seconds);
	if (result == CREDENTIALS_FOUND)
		result = credentials_aws_role_by_key(credentials, &role, &base, &more, error);
	credentials_free(&base);
	pairs_free(&more);
	return result;
}

/* What the profile stands on has to be there; NONE is said of a first one without a key. */
static enum credentials_result take_profile(struct credentials *credentials, const char *profile,
					    unsigned depth, struct error *error)
{
	enum credentials_result result;
	struct pairs settings = { 0 };

	if (depth >= PROFILES_MAX)
		return refuse(profile, "is reached by a circle of source_profile", error);
	if (!aws_profile_read(profile, &settings)) {
		error_set(error, ERROR_DENIED, 0, what, "there is no '%.100s'", profile);
		result = CREDENTIALS_FAILED;
	} else if (pairs_get(&settings, "role_arn")) {
		result = assume_role(credentials, profile, &settings, depth, error);
	} else {
		result = take_key(credentials, &settings, error);
	}
	pairs_free(&settings);
	return result;
}

enum credentials_result credentials_aws_profile(struct credentials *credentials,
						struct error *error)
{
	const char *profile = aws_profile_name();
	bool is_asked_for = variable_first("AWS_PROFILE", "AWS_DEFAULT_PROFILE", NULL) != NULL;
	enum credentials_result result = CREDENTIALS_NONE;
	struct pairs settings = { 0 };

	/* A profile that nobody asked for may be missing, or be there for its region alone. */
	if (is_asked_for || aws_profile_read(profile, &settings))
		result = take_profile(credentials, profile, 0, error);
	pairs_free(&settings);
	if (result == CREDENTIALS_NONE && is_asked_for)
		return refuse(profile,
			      "has neither aws_access_key_id and aws_secret_access_key nor "
			      "role_arn nor credential_process",
			      error);
	return result;
}
