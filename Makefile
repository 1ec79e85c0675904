# SPDX-License-Identifier: Apache-2.0
#
# flytectx - the products, and what installs them. No make runs another in a folder; tests/build.mk has
# what the tests run, and build.mk in a folder of sources the flags of single files there.
#
#	make                    build/libflytectx.so (the preload), build/flytectx (the command),
#	                        build/libflytectx-checkpoint.so.1, which programs and the command load
#	                        at first need, and the man pages where scdoc is installed
#	make i386 aarch64       the preload for such programs, in build/flytectx-MACHINE; make install
#	                        takes along those that are there
#	make install uninstall  below DESTDIR; see PREFIX and LIBDIR
#	make check              the tests: scripts/test, which also installs what they need
#	make asan tsan          unit and shim tests under Address+UndefinedBehaviorSanitizer, ThreadSanitizer
#	make fuzz               each decoder for FUZZ_SECONDS under libFuzzer (clang)
#	make bench              scripts/bench: the cost of being preloaded
#	make man                the man pages, by scdoc
#	make format             clang-format over every source
#	make clean              removes BUILD
#	make help               this text
#
# Knobs, on the command line or in the environment of make (a changed one rebuilds its objects):
#	V=1                     each command as it is run, instead of a line for it
#	CC=gcc                  gcc or clang, for programs on glibc
#	MUSL_CC=musl-gcc        builds the probes for musl (the preload is the same file for both)
#	I386_CC, AARCH64_CC     build the preload for programs of those machines
#	CFLAGS=-O2 -g           for all objects, also CPPFLAGS; LDFLAGS for all that is linked. The preload
#	                        adds its own flags behind these (shim/build.mk)
#	PARTS=openmp            the runtimes of thread pools that the preload follows; PARTS= for none
#	PREFIX=/usr/local       where `make install` puts things
#	LIBDIR=$(PREFIX)/lib    where both libraries go, side by side, the preload as
#	                        $(LIBDIR)/libflytectx.so; no ':', ' ' or '$' in it
#	DESTDIR=                prepended to every installed path, for packagers
#	BUILD=build             where all output goes; nothing is written elsewhere
#	SANITIZE=               set by asan and tsan
#	FUZZ_FLAGS=             more flags for the fuzz targets, set by tests/fuzz/coverage

# make itself sets CC.
ifeq ($(origin CC),default)
CC := gcc
endif
CLANG      ?= clang
SCDOC      ?= scdoc
MUSL_CC    ?= musl-gcc
I386_CC    ?= gcc -m32
AARCH64_CC ?= clang --target=aarch64-linux-gnu -fuse-ld=lld -Wno-unused-command-line-argument
CFLAGS     ?= -O2 -g
PARTS      ?= openmp
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR     ?= $(PREFIX)/share/man
BUILD      ?= build
FUZZ_SECONDS ?= 20

comma := ,
version = $(shell sed -n 's/^\#define FLYTECTX_VERSION_$1  *\([0-9]*\)$$/\1/p' core/flyte_ctx.h)
VERSION := $(call version,MAJOR).$(call version,MINOR).$(call version,PATCH)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
COMMON    = -std=c11 $(WARNINGS) -Icore -MMD -MP $(CPPFLAGS) $(CFLAGS)
HOSTED    = $(COMMON) $(SANITIZE) -D_GNU_SOURCE
IS_CLANG  = $(findstring clang,$(CC))

# Archives of objects that link-time optimisation has made need the compiler's own ar.
ifeq ($(origin AR),default)
AR := $(if $(IS_CLANG),$(or $(shell command -v llvm-ar),ar),$(or $(shell command -v $(CC:%gcc=%gcc-ar)),ar))
endif

# What is done, in a line: the words of a compile are its object, and `FOLDER/*.o` for all of a folder
# that was not there. Silent with make -s, and with V=1, where make shows the commands.
is_silent = $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
show      = $(if $(filter 1,$(V)),,@$(if $(is_silent),,printf '  %-7s %s\n' $1 '$(2:$(BUILD)/%=%)';))
built    := $(shell find $(BUILD) \( -path $(BUILD)/suites -o -path $(BUILD)/venv -o -path $(BUILD)/fresh \) -prune -o \
	-type f -name '*.[do]' -print 2>/dev/null)
folders  := $(sort $(dir $(filter %.o,$(built))))
new       = $(if $(filter $(@D)/,$(folders)),$@,$(if $(said-$(@D)),,$(eval said-$(@D) := 1)$(@D)/*.o))
compile   = $(call show_new,$(new))
show_new  = $(if $1,$(call show,CC,$1),$(Q))
link      = $(call show,LD,$@)
Q         = $(if $(filter 1,$(V)),,@)

# A build keeps its flags in files, on which the objects depend, in git's manner: other flags than those of
# the build before make the file anew.
#	$(call remember,NAME,FLAGS): FLAGS are kept in $(BUILD)/flags/NAME
is_same = $(and $(findstring <$(strip $1)>,<$(strip $2)>),$(findstring <$(strip $2)>,<$(strip $1)>))
define remember
$(BUILD)/flags/$1: $(if $(call is_same,$2,$(file <$(BUILD)/flags/$1)),,FORCE)
	@mkdir -p $$(@D)
	@printf '%s\n' '$(subst ','\'',$(strip $2))' >$$@
endef

CHECKPOINT_SONAME := libflytectx-checkpoint.so.1
# isa-l: gzip and CRCs; libcurl: HTTP and TLS; libcrypto: hashes and signatures; expat and jansson: the
# answers of stores and token services.
CHECKPOINT_LIBRARIES := -lisal -lcurl -lcrypto -lexpat -ljansson -lbsd -ldl
COMMAND_LIBRARIES    := -lbsd -ljansson -lelf -ldl

CONTEXT    := $(wildcard core/context/*.c)
LOCAL      := $(wildcard core/local/*.c)
COMMAND    := $(wildcard core/command/*.c core/command/*/*.c)
CHECKPOINT := $(foreach room,core/checkpoint core/storage,$(wildcard $(room)/*.c $(room)/*/*.c))

CONTEXT_OBJECTS    := $(CONTEXT:core/%.c=$(BUILD)/core/%.o)
COMMAND_OBJECTS    := $(patsubst core/%.c,$(BUILD)/core/%.o,$(COMMAND) $(LOCAL))
CHECKPOINT_OBJECTS := $(patsubst core/%.c,$(BUILD)/pic/%.o,$(CHECKPOINT) $(LOCAL))
MAN                := $(patsubst docs/man/%.scd,$(BUILD)/man/%,$(wildcard docs/man/*.scd))

.PHONY: all help i386 aarch64 man check bench install uninstall clean format FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/libflytectx.so $(BUILD)/$(CHECKPOINT_SONAME) $(BUILD)/flytectx $(if $(shell command -v $(SCDOC)),man)

help:
	@sed -n '/^#$$/,/^$$/s/^#[ ]\{0,1\}//p' Makefile

# --- the preload -----------------------------------------------------------------------------

include shim/build.mk

# The same for other machines: programs of theirs that ours start are preloaded with it.
i386: $(BUILD)/flytectx-i386/libflytectx.so
aarch64: $(BUILD)/flytectx-aarch64/libflytectx.so
$(BUILD)/flytectx-i386/libflytectx.so: FORCE
	+@$(MAKE) --no-print-directory CC="$(I386_CC)" BUILD=$(@D) $@
$(BUILD)/flytectx-aarch64/libflytectx.so: FORCE
	+@$(MAKE) --no-print-directory CC="$(AARCH64_CC)" BUILD=$(@D) $@

# --- the checkpoint library and the command --------------------------------------------------

$(eval $(call remember,hosted,$(CC) $(HOSTED)))
$(eval $(call remember,libdir,$(LIBDIR)))
$(eval $(call remember,link,$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS)))

$(BUILD)/core/%.o: core/%.c $(BUILD)/flags/hosted
	@mkdir -p $(@D)
	$(compile)$(CC) $(HOSTED) $(HOSTED_$*) -c $< -o $@

$(BUILD)/pic/%.o: core/%.c $(BUILD)/flags/hosted
	@mkdir -p $(@D)
	$(compile)$(CC) $(HOSTED) $(HOSTED_$*) -fPIC -fvisibility=hidden -c $< -o $@

# These two know where the libraries are installed.
KNOW_LIBDIR := command/program/preload_path command/checkpoint/checkpoint_library
$(foreach file,$(KNOW_LIBDIR),$(eval HOSTED_$(file) = -DFLYTECTX_LIBDIR='"$$(LIBDIR)"'))
$(KNOW_LIBDIR:%=$(BUILD)/core/%.o): $(BUILD)/flags/libdir

$(BUILD)/pic/context.a: $(CONTEXT:core/%.c=$(BUILD)/pic/%.o)
	$(call show,AR,$@)rm -f $@ && $(AR) crs $@ $^

$(BUILD)/$(CHECKPOINT_SONAME): $(CHECKPOINT_OBJECTS) $(BUILD)/pic/context.a core/checkpoint/libflytectx-checkpoint.map $(BUILD)/flags/link
	$(link)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -shared -Wl,-soname,$(CHECKPOINT_SONAME),-z,now,-z,nodelete \
		$(if $(SANITIZE),,-Wl$(comma)-z$(comma)defs) \
		-Wl,--version-script=core/checkpoint/libflytectx-checkpoint.map \
		$(CHECKPOINT_OBJECTS) $(BUILD)/pic/context.a -o $@ $(CHECKPOINT_LIBRARIES) -pthread

$(BUILD)/flytectx: $(COMMAND_OBJECTS) $(CONTEXT_OBJECTS) $(BUILD)/flags/link
	$(link)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) $(filter %.o,$^) -o $@ $(COMMAND_LIBRARIES)

# --- the man pages ---------------------------------------------------------------------------

$(BUILD)/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	$(call show,MAN,$@)$(SCDOC) <$< >$@

man: $(MAN)

# --- tests and tools -------------------------------------------------------------------------

include tests/build.mk

check:
	scripts/test

bench:
	scripts/bench

format:
	$(Q)$$(tests/tools/style_tools $(BUILD))/clang-format -i $$(git ls-files --cached --others --exclude-standard '*.c' '*.h')

# --- installing ------------------------------------------------------------------------------

# MODE FILE DIRECTORY: renamed into place. Who opens a file then has the old one or the new one, whole;
# processes that have the old library mapped keep it. Written into, it would crash them all.
PUT = put() { new="$$3/.$${2\#\#*/}.new"; install -d "$$3" && install -m "$$1" "$$2" "$$new" && \
	mv -fT "$$new" "$$3/$${2\#\#*/}"; }; put

# LD_PRELOAD has no escapes: a library in such a directory could never be named there.
install: all
	@case '$(LIBDIR)' in *[:\ $$]*) echo 'LIBDIR has a ":", " " or "$$" in it: LD_PRELOAD' \
	"can't name a library there" >&2; exit 1;; esac
	$(call show,INSTALL,$(DESTDIR)$(LIBDIR)/libflytectx.so)$(PUT) 755 $(BUILD)/libflytectx.so "$(DESTDIR)$(LIBDIR)"
	$(call show,INSTALL,$(DESTDIR)$(LIBDIR)/$(CHECKPOINT_SONAME))$(PUT) 755 $(BUILD)/$(CHECKPOINT_SONAME) "$(DESTDIR)$(LIBDIR)"
	$(call show,INSTALL,$(DESTDIR)$(BINDIR)/flytectx)$(PUT) 755 $(BUILD)/flytectx "$(DESTDIR)$(BINDIR)"
	$(call show,INSTALL,$(DESTDIR)$(INCLUDEDIR)/flyte_ctx.h)$(PUT) 644 core/flyte_ctx.h "$(DESTDIR)$(INCLUDEDIR)"
	$(Q)for machine in i386 aarch64; do [ ! -e $(BUILD)/flytectx-$$machine/libflytectx.so ] || \
		{ $(PUT) 755 $(BUILD)/flytectx-$$machine/libflytectx.so "$(DESTDIR)$(LIBDIR)/flytectx-$$machine"; } || exit; done
	$(Q)for page in $(MAN); do [ ! -e $$page ] || \
		{ $(PUT) 644 $$page "$(DESTDIR)$(MANDIR)/man$${page##*.}"; } || exit; done

uninstall:
	$(Q)rm -f "$(DESTDIR)$(BINDIR)/flytectx" "$(DESTDIR)$(LIBDIR)/libflytectx.so" \
		"$(DESTDIR)$(LIBDIR)"/flytectx-i386/libflytectx.so "$(DESTDIR)$(LIBDIR)"/flytectx-aarch64/libflytectx.so \
		"$(DESTDIR)$(LIBDIR)/$(CHECKPOINT_SONAME)" "$(DESTDIR)$(INCLUDEDIR)/flyte_ctx.h"
	$(Q)for page in $(MAN); do \
		rm -f "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}"; done

clean:
	$(Q)rm -rf $(BUILD)

-include $(filter %.d,$(built))
