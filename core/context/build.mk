# SPDX-License-Identifier: Apache-2.0
#
# The flags of these files in the preload; shim/build.mk says what they are for.

SMALL += $(addprefix context/,action_name baggage context env env_fill env_plan md5 pod_env preload_list raw_data wire_check wire_decode wire_encode)
SMALL += $(if $(IS_CLANG),context/text)

NOT_UNWOUND += $(CONTEXT:core/%.c=%)
