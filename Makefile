# SPDX-License-Identifier: Apache-2.0
#
# flytectx - one makefile for everything; nothing here calls make in another directory.
#
#	make                    build/libflytectx.so (the preload), build/flytectx (the command) and
#	                        build/libflytectx-checkpoint.so.1, which both programs and the command
#	                        load when they first need it
#	make i386 aarch64       the preload for such programs, in build/flytectx-MACHINE; make install takes
#	                        along those that are there
#	make check              the tests: scripts/test, which also installs what they need
#	make asan tsan          unit and shim tests under Address+UndefinedBehaviorSanitizer, ThreadSanitizer
#	make fuzz               each decoder for FUZZ_SECONDS under libFuzzer (clang)
#	make man                the man pages, by scdoc; plain make builds them where scdoc is installed
#	make bench              scripts/bench: what being preloaded costs
#	make install uninstall  below DESTDIR; see PREFIX and LIBDIR
#	make format             clang-format over every source
#	make clean
#
# Knobs, on the command line or in the environment of make:
#	CC=gcc                  gcc or clang, for what runs on glibc
#	MUSL_CC=musl-gcc        builds the probes for musl (the preload is the same file for both)
#	I386_CC, AARCH64_CC     build the preload for programs of those machines
#	CFLAGS=-O2 -g           for the command and the tests; the preload has its own, see SHIM_CFLAGS
#	PREFIX=/usr/local       where `make install` puts things
#	LIBDIR=$(PREFIX)/lib    where both libraries go, side by side, the preload as
#	                        $(LIBDIR)/libflytectx.so; no ':', ' ' or '$' in it
#	DESTDIR=                prepended to every installed path, for packagers
#	BUILD=build             where all output goes; nothing is written elsewhere
#	SANITIZE=               set by asan and tsan
#	FUZZ_FLAGS=             more flags for the fuzz targets, set by tests/fuzz/coverage

CC      = gcc
CLANG   = clang
SCDOC   = scdoc
MUSL_CC = musl-gcc
I386_CC = gcc -m32
AARCH64_CC = clang --target=aarch64-linux-gnu -fuse-ld=lld -Wno-unused-command-line-argument
CFLAGS  = -O2 -g
PREFIX  = /usr/local
BINDIR  = $(PREFIX)/bin
LIBDIR  = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
MANDIR  = $(PREFIX)/share/man
DESTDIR =
BUILD   = build
SANITIZE =
FUZZ_SECONDS = 20
FUZZ_FLAGS =
VERSION = 0.1.0

comma   = ,
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
COMMON   = -std=c11 $(WARNINGS) -Icore -MMD -MP

# gcc makes calls to strlen and memcpy of loops that are theirs, also in freestanding code; clang
# makes several loops of one.
NO_IDIOMS = $(if $(findstring clang,$(CC)),-fno-unroll-loops -fno-vectorize,-fno-tree-loop-distribute-patterns)

# gcc pads before loops and jumps: 1.4 KB, which nothing here is fast enough to notice.
NO_PADDING = $(if $(findstring clang,$(CC)),,-fno-align-loops -fno-align-jumps)

# The preload: no libc at link time, two LOAD segments. docs/preload.md says what each flag buys.
SHIM_CFLAGS = $(COMMON) -Ishim -D_DEFAULT_SOURCE -O2 -fPIC -ffreestanding -fno-builtin -fno-stack-protector \
	-U_FORTIFY_SOURCE -fvisibility=hidden -ftls-model=initial-exec -fasynchronous-unwind-tables \
	-fno-jump-tables -ffunction-sections -fdata-sections $(NO_IDIOMS) $(NO_PADDING)
# Code of the shim calls libgcc's for 64-bit division on 32-bit machines, and must not for atomics.
MACHINE = $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
SHIM_CFLAGS += $(if $(filter aarch64,$(MACHINE)),-mno-outline-atomics)
SHIM_LDFLAGS = -shared -nostdlib -Wl,-z,defs,-z,now,-z,noseparate-code,-z,norelro,-z,nodelete \
	-Wl,-z,noexecstack,-Bsymbolic-functions,--hash-style=gnu,--build-id=none,--gc-sections -Wl,-soname,libflytectx.so -s

SHIM_LDFLAGS += $(if $(findstring lld,$(CC)),-Wl$(comma)--no-rosegment)

HOSTED_CFLAGS = $(COMMON) $(CFLAGS) $(SANITIZE) -D_GNU_SOURCE \
	-DFLYTECTX_VERSION='"$(VERSION)"' -DFLYTECTX_LIBDIR='"$(LIBDIR)"'

# What the checkpoint library stands on. isa-l: gzip and CRCs; libcurl: HTTP and TLS; libcrypto:
# hashes and signatures; expat and jansson: what stores and token services answer.
CHECKPOINT_SONAME = libflytectx-checkpoint.so.1
CHECKPOINT_LIBRARIES = -lisal -lcurl -lcrypto -lexpat -ljansson -lbsd -ldl
comma := ,

CONTEXT  := $(wildcard core/context/*.c)
SHIM     := $(wildcard shim/*.c shim/*/*.c)
LOCAL    := $(wildcard core/local/*.c)
COMMAND  := $(wildcard core/command/*.c core/command/*/*.c)
CHECKPOINT := $(LOCAL) $(foreach room,core/checkpoint core/storage,$(wildcard $(room)/*.c $(room)/*/*.c))
COMMAND_LIBS := -lbsd -ljansson -lelf -ldl
UNIT     := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
SHIMTEST := $(patsubst tests/shim/%.c,%,$(wildcard tests/shim/test_*.c))
PROBES   := $(patsubst tests/routes/probe/%.c,%,$(wildcard tests/routes/probe/*.c))
FUZZERS  := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
BENCHES  := $(patsubst tests/cost/bench/%.c,%,$(wildcard tests/cost/bench/*.c))

SHIM_SOURCES    := $(CONTEXT) $(SHIM) $(wildcard core/*.h core/context/*.h core/context/*.def shim/*.h shim/*.def shim/*/*.h)
SHIM_OBJECTS    := $(CONTEXT:core/%.c=$(BUILD)/shim/%.o) $(SHIM:shim/%.c=$(BUILD)/shim/%.o)
CONTEXT_OBJECTS := $(CONTEXT:core/%.c=$(BUILD)/core/%.o)
COMMAND_OBJECTS := $(COMMAND:core/%.c=$(BUILD)/core/%.o) $(LOCAL:core/%.c=$(BUILD)/core/%.o)
CHECKPOINT_OBJECTS := $(CHECKPOINT:core/%.c=$(BUILD)/pic/%.o) $(BUILD)/pic/context/md5.o

MAN      := $(patsubst docs/man/%.scd,$(BUILD)/man/%,$(wildcard docs/man/*.scd))

.PHONY: all i386 aarch64 man check asan tsan fuzz bench install uninstall clean format unit shimtests probes \
	conformance probes-musl probes-static fuzzers benches soak worlds compile
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/libflytectx.so $(BUILD)/$(CHECKPOINT_SONAME) $(BUILD)/flytectx $(if $(shell command -v $(SCDOC)),man)

# --- the preload -----------------------------------------------------------------------------

# What is not in the path of each start, thread or scope is made small instead of fast: 64 KiB is all
# that the preload may have.
SMALL := api child_env debug machine objects objects_early own_path pod program properties provider raw_data_api real_missing scope_enter scope_enter_pairs scope_memory thread_end \
	$(addprefix hooks/,callback coroutine environ exec popen popen_table process shell spawn system) \
	$(addprefix pools/,gomp_region gomp_start gomp_task gomp_taskloop kmpc kmpc_task ompt pool_runtime pool_scope) \
	$(addprefix context/,action_name baggage context env env_fill env_plan md5 pod_env preload_list raw_data wire_check wire_decode wire_encode)
# clang's code is larger.
SMALL += $(if $(findstring clang,$(CC)),context/text state)
$(SMALL:%=$(BUILD)/shim/%.o): SHIM_CFLAGS += $(if $(findstring clang,$(CC)),-Oz,-Os)

# Nobody unwinds these: they call nothing that throws or can be cancelled, and no thread that can be
# cancelled at any instruction may call them. Their tables would be 5 KB of it.
NOT_UNWOUND := arena builtins child_env debug environ_lock machine object_symbols objects objects_early own_path pod program properties raw_data_api real real_missing \
	scope_carrier scope_enter scope_enter_pairs short_lock state $(addprefix hooks/,environ exec popen_table) \
	$(patsubst core/%.c,%,$(CONTEXT))
$(NOT_UNWOUND:%=$(BUILD)/shim/%.o): SHIM_CFLAGS += -fno-asynchronous-unwind-tables -fno-unwind-tables

$(BUILD)/shim/context/%.o: core/context/%.c
	@mkdir -p $(@D)
	$(CC) $(SHIM_CFLAGS) -c $< -o $@

$(BUILD)/shim/%.o: shim/%.c
	@mkdir -p $(@D)
	$(CC) $(SHIM_CFLAGS) -c $< -o $@

$(BUILD)/libflytectx.so: $(SHIM_OBJECTS)
	$(CC) $(SHIM_LDFLAGS) $^ -o $@

# The same for other machines: programs of theirs that ours start are preloaded with it.
i386: $(BUILD)/flytectx-i386/libflytectx.so
aarch64: $(BUILD)/flytectx-aarch64/libflytectx.so
$(BUILD)/flytectx-i386/libflytectx.so: $(SHIM_SOURCES)
	+@$(MAKE) --no-print-directory CC="$(I386_CC)" BUILD=$(@D) $@
$(BUILD)/flytectx-aarch64/libflytectx.so: $(SHIM_SOURCES)
	+@$(MAKE) --no-print-directory CC="$(AARCH64_CC)" BUILD=$(@D) $@

# --- the checkpoint library ------------------------------------------------------------------

$(BUILD)/pic/%.o: core/%.c
	@mkdir -p $(@D)
	$(CC) $(HOSTED_CFLAGS) -fPIC -fvisibility=hidden -c $< -o $@

$(BUILD)/$(CHECKPOINT_SONAME): $(CHECKPOINT_OBJECTS) core/checkpoint/libflytectx-checkpoint.map
	$(CC) $(CFLAGS) $(SANITIZE) -shared -Wl,-soname,$(CHECKPOINT_SONAME),-z,now,-z,nodelete \
		$(if $(SANITIZE),,-Wl$(comma)-z$(comma)defs) \
		-Wl,--version-script=core/checkpoint/libflytectx-checkpoint.map \
		$(CHECKPOINT_OBJECTS) -o $@ $(CHECKPOINT_LIBRARIES) -pthread

# --- the command -----------------------------------------------------------------------------

$(BUILD)/core/%.o: core/%.c
	@mkdir -p $(@D)
	$(CC) $(HOSTED_CFLAGS) -c $< -o $@

$(BUILD)/flytectx: $(COMMAND_OBJECTS) $(CONTEXT_OBJECTS)
	$(CC) $(CFLAGS) $(SANITIZE) $^ -o $@ $(COMMAND_LIBS)

# --- the man pages ---------------------------------------------------------------------------

$(BUILD)/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	$(SCDOC) <$< >$@

man: $(MAN)

# --- what the tests run ----------------------------------------------------------------------

# What tests of core/checkpoint and core/storage need of them.
$(BUILD)/checkpoint.a: $(CHECKPOINT_OBJECTS)
	rm -f $@
	ar crs $@ $^

# One cmocka program per module of core/context, core/checkpoint and core/storage, and of
# core/command where that reads what others wrote.
UNIT_OBJECTS := $(CONTEXT_OBJECTS) $(filter-out %/main.o,$(COMMAND_OBJECTS))
$(BUILD)/unit/%: tests/unit/%.c $(UNIT_OBJECTS) $(BUILD)/checkpoint.a
	@mkdir -p $(@D)
	$(CC) $(HOSTED_CFLAGS) $< $(UNIT_OBJECTS) $(BUILD)/checkpoint.a -o $@ -lcmocka \
		$(COMMAND_LIBS) $(CHECKPOINT_LIBRARIES) -pthread

# Programs that the tests of checkpoints run, with the library's own objects.
$(BUILD)/checkpoint_test/%: tests/checkpoint/%.c $(BUILD)/checkpoint.a
	@mkdir -p $(@D)
	$(CC) $(HOSTED_CFLAGS) $< $(BUILD)/checkpoint.a -o $@ $(CHECKPOINT_LIBRARIES) -pthread

# A store by hand; what a store leaves in memory.
$(BUILD)/storagecat $(BUILD)/heap_secrets: $(BUILD)/%: tests/storage/%.c $(BUILD)/checkpoint.a
	$(CC) $(HOSTED_CFLAGS) $< $(BUILD)/checkpoint.a -o $@ $(CHECKPOINT_LIBRARIES) -pthread

# One cmocka program per file of the shim. It runs under the preload; for the sanitizers, which
# can't look into that, the shim's own sources are linked in, and interpose from there.
ifeq ($(SANITIZE),)
$(BUILD)/shimtest/%: tests/shim/%.c
	@mkdir -p $(@D)
	$(CC) $(HOSTED_CFLAGS) $< -o $@ -lcmocka -pthread -ldl -lrt
else
SANITIZED_SHIM := $(patsubst shim/%.c,$(BUILD)/sanitized/%.o,$(filter-out shim/builtins.c,$(SHIM))) \
	$(CONTEXT_OBJECTS)
$(BUILD)/sanitized/%.o: shim/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(CFLAGS) $(SANITIZE) -Ishim -D_DEFAULT_SOURCE -fno-builtin -fPIC -c $< -o $@
$(BUILD)/shimtest/%: tests/shim/%.c $(SANITIZED_SHIM)
	@mkdir -p $(@D)
	$(CC) $(HOSTED_CFLAGS) $< $(SANITIZED_SHIM) -o $@ -lcmocka -pthread -rdynamic
endif

# One cmocka program per file of upstream's tests: what it holds, its counterpart holds here.
$(BUILD)/conformance/%: tests/sdk/conformance/%.c
	@mkdir -p $(@D)
	$(CC) $(HOSTED_CFLAGS) $< -o $@ -lcmocka -pthread

conformance: $(patsubst tests/sdk/%.c,$(BUILD)/%,$(wildcard tests/sdk/conformance/test_*.c))

# Probes: tiny programs named after the call that they make, for each libc.
$(BUILD)/probe/%: tests/routes/probe/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@ -pthread -ldl -lrt -lutil -lanl

$(BUILD)/probe-musl/%: tests/routes/probe/%.c
	@mkdir -p $(@D)
	$(MUSL_CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@ -pthread

$(BUILD)/probe-static/%: tests/routes/probe/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE -static $< -o $@ -pthread

$(BUILD)/bench/%: tests/cost/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@ -pthread -ldl

# The one is for gcc's runtime, the other for LLVM's.
$(BUILD)/bench/openmp $(BUILD)/bench/openmp_llvm: CFLAGS += -fopenmp
$(BUILD)/bench/openmp_llvm: CC = $(CLANG)

# The soak: what starts, and what is started, for each libc.
$(BUILD)/soak/glibc/%: tests/preload/soak/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@ -pthread

$(BUILD)/soak/musl/%: tests/preload/soak/%.c
	@mkdir -p $(@D)
	$(MUSL_CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@ -pthread

# What stands between a task and a program, and that program in all its forms.
$(BUILD)/worlds/%: tests/routes/worlds/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@

$(BUILD)/worlds/reporter-glibc $(BUILD)/worlds/middleman-dynamic: WORLD_CC = $(CC)
$(BUILD)/worlds/reporter-musl: WORLD_CC = $(MUSL_CC)
$(BUILD)/worlds/reporter-static $(BUILD)/worlds/middleman-static: WORLD_CC = $(CC) -static
$(BUILD)/worlds/reporter-static-pie: WORLD_CC = $(CC) -static-pie -fPIE
$(BUILD)/worlds/reporter-asan: WORLD_CC = $(CC) -fsanitize=address
WORLD_REPORTERS := $(addprefix $(BUILD)/worlds/reporter-,glibc musl static static-pie asan)
WORLD_MIDDLEMEN := $(addprefix $(BUILD)/worlds/middleman-,dynamic static)
$(WORLD_REPORTERS): tests/routes/worlds/reporter.c
$(WORLD_MIDDLEMEN): tests/routes/worlds/middleman.c
$(WORLD_REPORTERS) $(WORLD_MIDDLEMEN):
	@mkdir -p $(@D)
	$(WORLD_CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@

FUZZ_CC = $(CLANG) $(filter-out -MMD -MP,$(COMMON)) -Wno-missing-prototypes -O1 -g \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(FUZZ_FLAGS)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(CONTEXT)
	@mkdir -p $(@D)
	$(FUZZ_CC) $< $(CONTEXT) -o $@

ELF_READER := core/command/program/elf_file.c core/command/program/elf_symbols.c
$(BUILD)/fuzz/fuzz_elf_file: tests/fuzz/fuzz_elf_file.c $(ELF_READER)
	@mkdir -p $(@D)
	$(FUZZ_CC) -D_GNU_SOURCE $< $(ELF_READER) -o $@ -lelf

TAR_READER := $(wildcard core/checkpoint/archive/tar_*.c) $(addprefix core/checkpoint/archive/,gzip_reader.c gzip_reader_members.c gzip_member.c lanes.c archive_mark.c) \
	core/local/redact.c core/local/error.c core/storage/storage_checksum.c core/storage/storage_metadata.c
$(BUILD)/fuzz/fuzz_tar: tests/fuzz/fuzz_tar.c $(TAR_READER)
	@mkdir -p $(@D)
	$(FUZZ_CC) -D_GNU_SOURCE $< $(TAR_READER) -o $@ $(CHECKPOINT_LIBRARIES)

UNPACKER := $(wildcard core/checkpoint/archive/*.c core/storage/*.c core/storage/*/*.c) $(LOCAL) core/context/md5.c
$(BUILD)/fuzz/fuzz_unpack: tests/fuzz/fuzz_unpack.c $(UNPACKER)
	@mkdir -p $(@D)
	$(FUZZ_CC) -D_GNU_SOURCE -DFLYTECTX_VERSION='"$(VERSION)"' $< $(UNPACKER) -o $@ \
		$(CHECKPOINT_LIBRARIES)

ANSWER_READER := $(LOCAL) $(wildcard core/storage/*.c core/storage/*/*.c) core/context/md5.c
$(BUILD)/fuzz/fuzz_answers: tests/fuzz/fuzz_answers.c $(ANSWER_READER)
	@mkdir -p $(@D)
	$(FUZZ_CC) -D_GNU_SOURCE -DFLYTECTX_VERSION='"$(VERSION)"' $< $(ANSWER_READER) -o $@ \
		$(CHECKPOINT_LIBRARIES)

unit: $(UNIT:%=$(BUILD)/unit/%) $(BUILD)/storagecat $(BUILD)/heap_secrets
shimtests: $(SHIMTEST:%=$(BUILD)/shimtest/%)
probes: $(PROBES:%=$(BUILD)/probe/%)
probes-musl: $(PROBES:%=$(BUILD)/probe-musl/%)
# Programs of other machines. The loader of aarch64 is where Debian's cross packages put it.
CROSS_ROOT = /usr/aarch64-linux-gnu
CROSS_LDFLAGS = -Wl,--dynamic-linker=$(CROSS_ROOT)/lib/ld-linux-aarch64.so.1,-rpath,$(CROSS_ROOT)/lib
$(BUILD)/probe-i386/%: tests/routes/probe/%.c
	@mkdir -p $(@D)
	$(I386_CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@ -pthread -ldl -lrt -lutil -lanl
$(BUILD)/probe-aarch64/%: tests/routes/probe/%.c
	@mkdir -p $(@D)
	$(AARCH64_CC) $(COMMON) $(CFLAGS) -D_GNU_SOURCE $< -o $@ -pthread -ldl -lrt -lutil -lanl \
		$(CROSS_LDFLAGS)
probes-i386: $(PROBES:%=$(BUILD)/probe-i386/%)
probes-aarch64: $(PROBES:%=$(BUILD)/probe-aarch64/%)

# Programs that the preload can't enter: what they start is reached through the environment.
probes-static: $(BUILD)/probe-static/execve $(BUILD)/probe-static/posix_spawn
benches: $(BENCHES:%=$(BUILD)/bench/%)
worlds: $(BUILD)/worlds/starter $(WORLD_REPORTERS) $(WORLD_MIDDLEMEN)
soak: $(foreach libc,glibc musl,$(BUILD)/soak/$(libc)/starts $(BUILD)/soak/$(libc)/reporter)
fuzzers: $(FUZZERS:%=$(BUILD)/fuzz/%)
# Every object, nothing linked: for the compilers whose warnings we want to see.
compile: $(SHIM_OBJECTS) $(CONTEXT_OBJECTS) $(COMMAND_OBJECTS) $(CHECKPOINT_OBJECTS)

# --- checks ----------------------------------------------------------------------------------

check:
	scripts/test

asan:
	+$(MAKE) BUILD=$(BUILD)/asan SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all" \
		unit shimtests
	scripts/sanitized $(BUILD)/asan

tsan:
	+$(MAKE) BUILD=$(BUILD)/tsan SANITIZE="-fsanitize=thread" unit shimtests
	scripts/sanitized $(BUILD)/tsan

fuzz: fuzzers
	tests/fuzz/run $(BUILD)/fuzz $(FUZZ_SECONDS)

bench:
	scripts/bench

format:
	clang-format -i $$(git ls-files --cached --others --exclude-standard '*.c' '*.h')

# --- installing ------------------------------------------------------------------------------

# MODE FILE DIRECTORY: renamed into place. Who opens a file then has the old one or the new one, whole;
# processes that have the old library mapped keep it. Written into, it would crash them all.
PUT = put() { new="$$3/.$${2\#\#*/}.new"; install -d "$$3" && install -m "$$1" "$$2" "$$new" && \
	mv -fT "$$new" "$$3/$${2\#\#*/}"; }; put

# LD_PRELOAD has no escapes: a library in such a directory could never be named there.
install: all
	@case '$(LIBDIR)' in *[:\ $$]*) echo 'LIBDIR has a ":", " " or "$$" in it: LD_PRELOAD' \
	"can't name a library there" >&2; exit 1;; esac
	$(PUT) 755 $(BUILD)/libflytectx.so "$(DESTDIR)$(LIBDIR)"
	$(PUT) 755 $(BUILD)/$(CHECKPOINT_SONAME) "$(DESTDIR)$(LIBDIR)"
	$(PUT) 755 $(BUILD)/flytectx "$(DESTDIR)$(BINDIR)"
	$(PUT) 644 core/flyte_ctx.h "$(DESTDIR)$(INCLUDEDIR)"
	for machine in i386 aarch64; do [ ! -e $(BUILD)/flytectx-$$machine/libflytectx.so ] || \
		{ $(PUT) 755 $(BUILD)/flytectx-$$machine/libflytectx.so "$(DESTDIR)$(LIBDIR)/flytectx-$$machine"; } || exit; done
	for page in $(MAN); do [ ! -e $$page ] || \
		{ $(PUT) 644 $$page "$(DESTDIR)$(MANDIR)/man$${page##*.}"; } || exit; done

uninstall:
	rm -f "$(DESTDIR)$(BINDIR)/flytectx" "$(DESTDIR)$(LIBDIR)/libflytectx.so" \
		"$(DESTDIR)$(LIBDIR)"/flytectx-i386/libflytectx.so "$(DESTDIR)$(LIBDIR)"/flytectx-aarch64/libflytectx.so \
		"$(DESTDIR)$(LIBDIR)/$(CHECKPOINT_SONAME)" "$(DESTDIR)$(INCLUDEDIR)/flyte_ctx.h"
	for page in $(MAN); do \
		rm -f "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}"; done

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -path $(BUILD)/suites -prune -o -type f -name '*.d' -print 2>/dev/null)
