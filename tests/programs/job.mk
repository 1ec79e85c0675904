# SPDX-License-Identifier: Apache-2.0
#
# job.mk - what tests/programs/job does with make. W is how to report.

.PHONY: all a b c below deepest
all: a b c below
a b c:
	@env -i $(W) "recipe"
below:
	@$(MAKE) -s -f $(lastword $(MAKEFILE_LIST)) deepest
deepest:
	@$(W) "recipe of make below make"; :
