/* SPDX-License-Identifier: Apache-2.0 */
/* The second half of `flytectx doctor`: what the variables here do. See doctor.h. */
#include "command/doctor/doctor.h"
#include "command/doctor/doctor_preload.h"
#include "context/env.h"
#include "context/pod_env.h"
#include "context/wire.h"

#include <string.h>
#include <unistd.h>

static bool in_a_pod(void)
{
	struct pod_env pod = { 0 };

	for (char **entry = environ; entry && *entry; entry++)
		pod_env_note(&pod, *entry);
	return pod_env_is_task(&pod);
}

/* Is there a context here? */
static bool look_at_context(struct diagnosis *diagnosis)
{
	const char *text = env_get(environ, WIRE_PREFIX);
	bool pod = in_a_pod();
	struct wire_size size;
	enum wire_error error = text ? wire_check(text, &size) : WIRE_OK;

	if (error != WIRE_OK)
		diagnosis_add(diagnosis, pod ? CARRIED : NOT_CARRIED, WIRE_NAME, "ignored: %s",
			      wire_error_text(error));
	else if (text)
		diagnosis_add(diagnosis, CARRIED, WIRE_NAME, "there is a context here");
	if (text && error == WIRE_OK)
		return true;
	if (pod)
		diagnosis_add(diagnosis, CARRIED, WIRE_NAME,
			      "the preload makes the context from the variables of a Flyte pod");
	else if (!text)
		diagnosis_add(diagnosis, CARRIED, WIRE_NAME,
			      "no context here; judged as flytectx run starts it");
	return text || pod;
}

/* 1 and 0 mean just these characters. */
static void look_at_switch(struct diagnosis *diagnosis, const char *name, const char *means,
			   enum verdict verdict, const char *why)
{
	const char *value = env_get(environ, name);
	char shown[32];

	if (!value)
		return;
	strcpy(shown, name);
	*strchr(shown, '=') = '\0';
	if (!strcmp(value, means))
		diagnosis_add(diagnosis, verdict, shown, "it is %s: %s", value, why);
	else
		diagnosis_add(diagnosis, CARRIED, shown, "it is %s, which means nothing; %s would",
			      *value ? value : "empty", means);
}

void doctor_environment(struct diagnosis *diagnosis, enum elf_loader loader)
{
	bool in_a_task = look_at_context(diagnosis);

	look_at_switch(diagnosis, "FLYTECTX_DISABLE=", "1", ENVIRONMENT,
		       "the preload does nothing in CMD, nor in what it starts");
	look_at_switch(diagnosis, "FLYTECTX_PROPAGATE=", "0", NOT_CARRIED,
		       "neither the context nor the preload is handed on");
	doctor_preload(diagnosis, loader, in_a_task);
}
