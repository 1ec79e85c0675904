# SPDX-License-Identifier: Apache-2.0
#
# The flags of these files; shim/build.mk says what they are for.

SMALL += $(addprefix hooks/,callback coroutine environ exec popen popen_table process shell spawn system)

NOT_UNWOUND += $(addprefix hooks/,environ exec popen_table)
