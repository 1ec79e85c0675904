# SPDX-License-Identifier: Apache-2.0
#
# The preload: its flags, its files, its link. build.mk in core/context, shim/hooks and shim/pools say the
# same of their own files: SMALL and NOT_UNWOUND name files as their objects below $(BUILD)/shim.

# gcc makes calls to strlen and memcpy of loops in strlen and memcpy, also in freestanding code; clang
# makes several loops of one.
NO_IDIOMS = $(if $(IS_CLANG),-fno-unroll-loops -fno-vectorize,-fno-tree-loop-distribute-patterns)

# gcc pads before loops and jumps: 1.4 KB, which nothing here is fast enough to notice.
NO_PADDING = $(if $(IS_CLANG),,-fno-align-loops -fno-align-jumps)

# No libc at link time, two LOAD segments. docs/preload.md says what each flag buys. They stand behind
# CPPFLAGS and CFLAGS, and so win over those of a distribution.
SHIM_CFLAGS = $(COMMON) $(PARTS:%=-DPART_%) -Ishim -D_DEFAULT_SOURCE -fPIC -ffreestanding -fno-builtin \
	-fno-stack-protector -U_FORTIFY_SOURCE -fvisibility=hidden -ftls-model=initial-exec \
	-fasynchronous-unwind-tables -fno-jump-tables -ffunction-sections -fdata-sections $(NO_IDIOMS) $(NO_PADDING)
# A library that does not say that it stands shadow stacks and marked targets of jumps switches both off
# for the whole process.
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
SHIM_CFLAGS += $(if $(filter aarch64,$(MACHINE)),-mbranch-protection=standard,-fcf-protection)
# Code of the shim calls libgcc's for 64-bit division on 32-bit machines, and must not for atomics.
SHIM_CFLAGS += $(if $(filter aarch64,$(MACHINE)),-mno-outline-atomics)

SHIM_LDFLAGS = -shared -nostdlib -Wl,-z,defs,-z,now,-z,noseparate-code,-z,norelro,-z,nodelete \
	-Wl,-z,noexecstack,-Bsymbolic-functions,--hash-style=gnu,--build-id=none,--gc-sections -Wl,-soname,libflytectx.so -s
SHIM_LDFLAGS += $(if $(findstring lld,$(CC) $(LDFLAGS)),-Wl$(comma)--no-rosegment)

# Code outside the path of each start, thread or scope is small instead of fast: fewer pages of the file
# are read. A build at another level than -O2 has that level everywhere.
SMALL := api argument_room child_env debug hook_way long_lock machine objects objects_early own_path pod program properties provider raw_data_api real_missing scope_enter \
	scope_enter_pairs scope_memory spawn_directory thread_end
# clang's code is larger.
SMALL += $(if $(IS_CLANG),state)

# Nothing unwinds these files: they call nothing that throws or can be cancelled, and a thread that can be
# cancelled at any instruction may not call them. Their tables would be 5 KB of the file.
NOT_UNWOUND := argument_room arena builtins child_env debug environ_lock hook_way long_lock machine object_symbols objects objects_early own_path pod program \
	properties raw_data_api real real_missing repairs scope_carrier scope_enter scope_enter_pairs short_lock spawn_directory state

include core/context/build.mk shim/hooks/build.mk shim/pools/build.mk

SHIM := $(wildcard shim/*.c shim/hooks/*.c) $(POOLS)
SHIM_OBJECTS := $(CONTEXT:core/%.c=$(BUILD)/shim/%.o) $(SHIM:shim/%.c=$(BUILD)/shim/%.o)

$(SMALL:%=$(BUILD)/shim/%.o): SHIM_CFLAGS += $(if $(filter -O2,$(CFLAGS)),$(if $(IS_CLANG),-Oz,-Os))
$(NOT_UNWOUND:%=$(BUILD)/shim/%.o): SHIM_CFLAGS += -fno-asynchronous-unwind-tables -fno-unwind-tables
# The compiler makes calls of these itself, at a time when link-time optimisation has dropped them.
$(BUILD)/shim/builtins.o: SHIM_CFLAGS += -fno-lto

$(eval $(call remember,shim,$(CC) $(SHIM_CFLAGS) $(SHIM_LDFLAGS) $(LDFLAGS) $(SMALL) - $(NOT_UNWOUND)))

$(BUILD)/shim/context/%.o: core/context/%.c $(BUILD)/flags/shim
	@mkdir -p $(@D)
	$(compile)$(CC) $(SHIM_CFLAGS) -c $< -o $@

$(BUILD)/shim/%.o: shim/%.c $(BUILD)/flags/shim
	@mkdir -p $(@D)
	$(compile)$(CC) $(SHIM_CFLAGS) -c $< -o $@

$(BUILD)/libflytectx.so: $(SHIM_OBJECTS)
	$(link)$(CC) $(CFLAGS) $(LDFLAGS) $(SHIM_LDFLAGS) $^ -o $@
