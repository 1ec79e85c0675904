# SPDX-License-Identifier: Apache-2.0
#
# The parts: runtimes of thread pools that the preload follows, each with its files. PARTS names those
# that are built. Lines of hooks.def and api.def stand below `#ifdef PART_name`.

POOLS_openmp := gomp_region gomp_start gomp_target gomp_task gomp_taskloop kmpc kmpc_stub kmpc_task ompt pool_library pool_record pool_runtime pool_scope

ALL_PARTS := openmp
$(if $(filter-out $(ALL_PARTS),$(PARTS)),$(error PARTS: there is no part $(filter-out $(ALL_PARTS),$(PARTS)), there are: $(ALL_PARTS)))
POOLS := $(patsubst %,shim/pools/%.c,$(sort $(foreach part,$(PARTS),$(POOLS_$(part)))))

# The flags of these files; shim/build.mk says what they are for.
SMALL += $(addprefix pools/,gomp_region gomp_start gomp_target gomp_task gomp_taskloop kmpc kmpc_task ompt pool_runtime pool_scope)
