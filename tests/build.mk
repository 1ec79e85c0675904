# SPDX-License-Identifier: Apache-2.0
#
# The programs that the tests run. A folder of $(BUILD) has the name of the rule that fills it.

UNIT     := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
SHIMTEST := $(patsubst tests/shim/%.c,%,$(wildcard tests/shim/test_*.c))
PROBES   := $(patsubst tests/routes/probe/%.c,%,$(wildcard tests/routes/probe/*.c))
FUZZERS  := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
BENCHES  := $(patsubst tests/cost/bench/%.c,%,$(wildcard tests/cost/bench/*.c))

.PHONY: asan tsan fuzz unit shimtests probes conformance probes-musl probes-static probes-i386 probes-aarch64 \
	fuzzers benches soak worlds looks carries compile

program = $(call show,CC,$@)
$(eval $(call remember,programs,$(MUSL_CC) $(I386_CC) $(AARCH64_CC) $(CC) $(COMMON) $(SANITIZE) $(LDFLAGS)))

# One program for each C file of a folder:
#	$(call programs,FOLDER,SOURCES,VARIABLE OF THE COMPILER,LIBRARIES)
define programs
$$(BUILD)/$(strip $1)/%: $(strip $2)/%.c $$(BUILD)/flags/programs
	@mkdir -p $$(@D)
	$$(program)$$($(strip $3)) $$(COMMON) -D_GNU_SOURCE $$< -o $$@ $4
endef

# --- tests of functions ----------------------------------------------------------------------

# For tests of core/checkpoint and core/storage.
$(BUILD)/checkpoint.a: $(CHECKPOINT_OBJECTS)
	$(call show,AR,$@)rm -f $@ && $(AR) crs $@ $^

# One cmocka program for each module of core/context, core/checkpoint, core/storage, and of core/command
# where that reads foreign input.
UNIT_OBJECTS := $(CONTEXT_OBJECTS) $(filter-out %/main.o,$(COMMAND_OBJECTS)) $(BUILD)/checkpoint.a
$(BUILD)/unit/%: tests/unit/%.c $(UNIT_OBJECTS) $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(program)$(CC) $(HOSTED) $(LDFLAGS) $< $(UNIT_OBJECTS) -o $@ -lcmocka \
		$(COMMAND_LIBRARIES) $(CHECKPOINT_LIBRARIES) -pthread
unit: $(UNIT:%=$(BUILD)/unit/%) $(BUILD)/storagecat $(BUILD)/heap_secrets $(BUILD)/where

# Programs that the tests of checkpoints run, with the library's own objects. storagecat is a store
# by hand, heap_secrets reads what a store leaves in memory.
LIBRARY := $(BUILD)/checkpoint.a $(BUILD)/pic/context.a
$(BUILD)/checkpoint_test/%: tests/checkpoint/%.c $(LIBRARY) $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(program)$(CC) $(HOSTED) $(LDFLAGS) $< $(LIBRARY) -o $@ $(CHECKPOINT_LIBRARIES) -pthread
$(BUILD)/storagecat $(BUILD)/heap_secrets $(BUILD)/where: $(BUILD)/%: tests/storage/%.c $(LIBRARY) $(BUILD)/flags/programs
	$(program)$(CC) $(HOSTED) $(LDFLAGS) $< $(LIBRARY) -o $@ $(CHECKPOINT_LIBRARIES) -pthread

# One cmocka program for each file of the shim. It runs under the preload; the sanitizers can't look into
# that, so for them the shim's own sources are linked in, and interpose from there.
ifeq ($(SANITIZE),)
$(BUILD)/shimtest/%: tests/shim/%.c $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(program)$(CC) $(HOSTED) $(PARTS:%=-DPART_%) $(LDFLAGS) $< -o $@ -lcmocka -pthread -ldl -lrt
else
SANITIZED_SHIM := $(patsubst shim/%.c,$(BUILD)/sanitized/%.o,$(filter-out shim/builtins.c,$(SHIM))) \
	$(CONTEXT_OBJECTS)
$(BUILD)/sanitized/%.o: shim/%.c $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(compile)$(CC) $(COMMON) $(SANITIZE) $(PARTS:%=-DPART_%) -Ishim -D_DEFAULT_SOURCE -ffreestanding -fno-builtin -fPIC $(if $(findstring thread,$(SANITIZE)),-Wno-tsan) -c $< -o $@
$(BUILD)/shimtest/%: tests/shim/%.c $(SANITIZED_SHIM) $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(program)$(CC) $(HOSTED) $(PARTS:%=-DPART_%) -Ishim $(LDFLAGS) $< $(SANITIZED_SHIM) -o $@ -lcmocka -pthread -rdynamic
endif
shimtests: $(SHIMTEST:%=$(BUILD)/shimtest/%)

# One cmocka program for each file of upstream's tests: it holds here what that holds there.
$(eval $(call programs,conformance,tests/sdk/conformance,CC,-lcmocka -pthread))
conformance: $(patsubst tests/sdk/%.c,$(BUILD)/%,$(wildcard tests/sdk/conformance/test_*.c))

asan:
	+$(MAKE) BUILD=$(BUILD)/asan SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all" \
		unit shimtests
	scripts/sanitized $(BUILD)/asan

tsan:
	+$(MAKE) BUILD=$(BUILD)/tsan SANITIZE="-fsanitize=thread" unit shimtests
	scripts/sanitized $(BUILD)/tsan

# Every object, nothing linked: for the compilers whose warnings we want to see.
compile: $(SHIM_OBJECTS) $(CONTEXT_OBJECTS) $(COMMAND_OBJECTS) $(CHECKPOINT_OBJECTS)

# --- programs that start others --------------------------------------------------------------

# Probes: tiny programs named after the call that they make, for each libc and machine.
$(eval $(call programs,probe,tests/routes/probe,CC,-pthread -ldl -lrt -lutil -lanl))
$(eval $(call programs,probe-musl,tests/routes/probe,MUSL_CC,-pthread))
$(eval $(call programs,probe-static,tests/routes/probe,CC,-static -pthread))
$(eval $(call programs,probe-i386,tests/routes/probe,I386_CC,-pthread -ldl -lrt -lutil -lanl))
# The loader of aarch64 is where Debian's cross packages put it.
CROSS_ROOT    ?= /usr/aarch64-linux-gnu
CROSS_LDFLAGS  = -Wl,--dynamic-linker=$(CROSS_ROOT)/lib/ld-linux-aarch64.so.1,-rpath,$(CROSS_ROOT)/lib
$(eval $(call programs,probe-aarch64,tests/routes/probe,AARCH64_CC,-pthread -ldl -lrt -lutil -lanl $$(CROSS_LDFLAGS)))
$(foreach kind,probe probe-musl probe-i386 probe-aarch64,\
	$(eval $(kind:probe%=probes%): $(PROBES:%=$(BUILD)/$(kind)/%)))
# The preload can't enter these: what they start is reached through the environment.
probes-static: $(BUILD)/probe-static/execve $(BUILD)/probe-static/posix_spawn

# The soak: the program that starts, and the one that is started, for each libc.
$(eval $(call programs,soak/glibc,tests/preload/soak,CC,-pthread))
$(eval $(call programs,soak/musl,tests/preload/soak,MUSL_CC,-pthread))
soak: $(foreach libc,glibc musl,$(BUILD)/soak/$(libc)/starts $(BUILD)/soak/$(libc)/reporter)

# Programs between a task and a program, and that program in all its forms.
$(eval $(call programs,worlds,tests/routes/worlds,CC,))
# FORM SOURCE COMPILER
define world
worlds: $$(BUILD)/worlds/$2-$1
$$(BUILD)/worlds/$2-$1: tests/routes/worlds/$2.c $$(BUILD)/flags/programs
	@mkdir -p $$(@D)
	$$(program)$3 $$(COMMON) -D_GNU_SOURCE $$< -o $$@
endef
$(eval $(call world,glibc,reporter,$$(CC)))
$(eval $(call world,musl,reporter,$$(MUSL_CC)))
$(eval $(call world,static,reporter,$$(CC) -static))
$(eval $(call world,static-pie,reporter,$$(CC) -static-pie -fPIE))
$(eval $(call world,asan,reporter,$$(CC) -fsanitize=address))
$(eval $(call world,dynamic,middleman,$$(CC)))
$(eval $(call world,static,middleman,$$(CC) -static))
worlds: $(BUILD)/worlds/starter

# Threads in contexts of their own, and a reader of them from outside.
$(BUILD)/look/looks: tests/command/look/looks.c $(UNIT_OBJECTS) $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(program)$(CC) $(HOSTED) $(LDFLAGS) $< $(UNIT_OBJECTS) -o $@ \
		$(COMMAND_LIBRARIES) $(CHECKPOINT_LIBRARIES) -pthread
$(BUILD)/look/fan-glibc: fan_compiler = $(CC)
$(BUILD)/look/fan-musl: fan_compiler = $(MUSL_CC)
$(BUILD)/look/fan-i386: fan_compiler = $(I386_CC)
$(foreach kind,glibc musl i386,$(BUILD)/look/fan-$(kind)): $(BUILD)/look/fan-%: tests/command/look/fan.c $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(program)$(fan_compiler) $(COMMON) -D_GNU_SOURCE $< -o $@ -pthread
looks: $(BUILD)/look/looks $(BUILD)/look/fan-glibc $(BUILD)/look/fan-musl

# A static program that hands nothing on, and one that looks what has arrived.
$(BUILD)/carry/middle: tests/command/carry/middle.c $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(program)$(CC) $(COMMON) -D_GNU_SOURCE -static $< -o $@ -pthread
$(BUILD)/carry/check-glibc: check_compiler = $(CC)
$(BUILD)/carry/check-musl: check_compiler = $(MUSL_CC)
$(BUILD)/carry/check-glibc $(BUILD)/carry/check-musl: tests/command/carry/check.c $(BUILD)/flags/programs
	@mkdir -p $(@D)
	$(program)$(check_compiler) $(COMMON) -D_GNU_SOURCE $< -o $@
carries: $(BUILD)/carry/middle $(BUILD)/carry/check-glibc $(BUILD)/carry/check-musl

# --- costs -----------------------------------------------------------------------------------

$(eval $(call programs,bench,tests/cost/bench,CC,-pthread -ldl))
# The one is for gcc's runtime, the other for LLVM's.
$(BUILD)/bench/openmp $(BUILD)/bench/openmp_llvm: COMMON += -fopenmp
$(BUILD)/bench/openmp_llvm: CC = $(CLANG)
benches: $(BENCHES:%=$(BUILD)/bench/%)

# --- fuzzing ---------------------------------------------------------------------------------

FUZZ = $(COMMON) -Wno-missing-prototypes -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	$(FUZZ_FLAGS) -D_GNU_SOURCE
FUZZED := $(patsubst core/%.c,$(BUILD)/fuzz/core/%.o,$(filter-out core/command/main.c,$(CONTEXT) $(LOCAL) $(COMMAND) $(CHECKPOINT)))
$(eval $(call remember,fuzz,$(CLANG) $(FUZZ)))

$(BUILD)/fuzz/core/%.o: core/%.c $(BUILD)/flags/fuzz
	@mkdir -p $(@D)
	$(compile)$(CLANG) $(FUZZ) $(HOSTED_$*) -c $< -o $@
$(BUILD)/fuzz/core.a: $(FUZZED)
	$(call show,AR,$@)rm -f $@ && ar crs $@ $^
$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/fuzz/core.a
	$(program)$(CLANG) $(filter-out -MMD -MP,$(FUZZ)) $< $(BUILD)/fuzz/core.a -o $@ \
		$(COMMAND_LIBRARIES) $(CHECKPOINT_LIBRARIES)
fuzzers: $(FUZZERS:%=$(BUILD)/fuzz/%)

fuzz: fuzzers
	tests/fuzz/run $(BUILD)/fuzz $(FUZZ_SECONDS)
