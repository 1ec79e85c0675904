/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pod_env_test - what the tests of pods share: environments, and the contexts that are made of
 * them.
 */
#ifndef FLYTECTX_POD_ENV_TEST_H
#define FLYTECTX_POD_ENV_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "context/pod_env.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* What a pod's environment makes; `memory` is of exactly the size that was asked for. */
struct made {
	struct context context;
	char *memory;
};

static inline struct pod_env noted(const char *const entries[], size_t count)
{
	struct pod_env pod = { 0 };

	for (size_t i = 0; i < count; i++)
		pod_env_note(&pod, entries[i]);
	return pod;
}

static inline struct made make(const char *const entries[], size_t count)
{
	struct pod_env pod = noted(entries, count);
	struct made made = { .memory = malloc(pod_env_memory(&pod)) };

	assert_true(pod_env_is_task(&pod));
	pod_env_context(&pod, made.memory, &made.context);
	return made;
}

static const char *const v2_pod[] = {
	"PATH=/usr/bin",
	"FLYTE_INTERNAL_EXECUTION_ID=r7k2x9",
	"FLYTE_INTERNAL_EXECUTION_PROJECT=flytesnacks",
	"FLYTE_INTERNAL_EXECUTION_DOMAIN=development",
	"FLYTE_INTERNAL_TASK_NAME=train",
	"FLYTE_INTERNAL_TASK_VERSION=v3",
	"FLYTE_ATTEMPT_NUMBER=2",
	"ACTION_NAME=a0",
	"RUN_NAME=run1",
	"_U_ORG_NAME=acme",
	"_U_RUN_BASE=s3://data/run1",
	"_F_PATH_REWRITE=s3://raw->/mnt/raw",
	"HOME=/root",
};

#endif
