# Weir: programs land in bin/, objects in build/. `make help` says what there is.

PREFIX  ?= /usr/local
CC      ?= cc
CFLAGS  ?= -O2 -g

# SANITIZE=1 and WERROR=1; any other value is no.
SANITIZED := $(filter 1,$(SANITIZE))
BUILD   := build$(if $(SANITIZED),/sanitize)
BIN     := $(if $(SANITIZED),$(BUILD)/)bin
EXTRA   := $(if $(SANITIZED),-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(filter 1,$(WERROR)),-Werror)
ARCH    := $(if $(filter x86_64,$(shell uname -m)),-march=x86-64-v2)
export WEIR_BIN := $(abspath $(BIN))

# Libraries. Without csv.h and xxhash.h there is no tool; without libpcap those that read captures
# are left out, without libfixbuf flow2ipfix, without jansson dt-import; zlib, zstd, libbpf and
# libcrypto are optional, and a tool says so when it would need one; without libseccomp those that read
# captures have no filter of system calls.
# Neural networks are oneDNN's (dnnl.h); libgomp, which comes with gcc, gives it a single thread a call.
header    = $(shell printf '\043include <$(1)>\n' | $(CC) $(CFLAGS) -E -x c - >/dev/null 2>&1 && echo 1)
HAVE_PCAP := $(call header,pcap/pcap.h)
HAVE_ZLIB := $(call header,zlib.h)
HAVE_ZSTD := $(call header,zstd.h)
HAVE_BPF  := $(call header,bpf/libbpf.h)
HAVE_CRYPTO := $(call header,openssl/evp.h)
HAVE_HIREDIS := $(call header,hiredis/hiredis.h)
GLIB      := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags glib-2.0 2>/dev/null))
HAVE_FIXBUF := $(and $(call header,fixbuf/version.h),$(GLIB),1)
HAVE_SECCOMP := $(call header,seccomp.h)
HAVE_DNNL := $(call header,dnnl.h)
HAVE_JANSSON := $(call header,jansson.h)
OPTIONAL  := $(if $(HAVE_ZLIB),-DHAVE_ZLIB) $(if $(HAVE_ZSTD),-DHAVE_ZSTD) $(if $(HAVE_BPF),-DHAVE_LIBBPF) \
             $(if $(HAVE_CRYPTO),-DHAVE_CRYPTO) $(if $(HAVE_HIREDIS),-DHAVE_HIREDIS) \
             $(if $(HAVE_SECCOMP),-DHAVE_SECCOMP)
LIBS      := $(if $(HAVE_PCAP),-lpcap) -lcsv -lxxhash $(if $(HAVE_ZLIB),-lz) $(if $(HAVE_ZSTD),-lzstd) \
             $(if $(HAVE_BPF),-lbpf) $(if $(HAVE_CRYPTO),-lcrypto) $(if $(HAVE_HIREDIS),-lhiredis) \
             $(if $(HAVE_FIXBUF),-lfixbuf $(shell pkg-config --libs glib-2.0)) \
             $(if $(HAVE_SECCOMP),-lseccomp) $(if $(HAVE_DNNL),-ldnnl -lgomp) \
             $(if $(HAVE_JANSSON),-ljansson) -lm

NEEDED  := $(if $(call header,csv.h),,libcsv-dev) $(if $(call header,xxhash.h),,libxxhash-dev)
ifneq ($(strip $(NEEDED)),)
ifneq ($(filter-out clean help uninstall,$(or $(MAKECMDGOALS),all)),)
$(error every tool needs $(strip $(NEEDED)): install it, or let scripts/bootstrap do it)
endif
endif

# No fused multiply-add: the same bytes on every machine.
BASE_CFLAGS := -std=c17 -D_GNU_SOURCE -Icommon -pthread $(OPTIONAL)
ALL_CFLAGS  := $(BASE_CFLAGS) $(ARCH) -ffp-contract=off -MMD -MP $(WARN) $(EXTRA) $(CFLAGS)
FLAGS_OF     = $(if $(filter cmd/flow2ipfix/%,$(1)),$(GLIB))
ALL_LDFLAGS := -pthread -Wl,--as-needed $(EXTRA) $(LDFLAGS)

CAPTURE_TOOLS  := pcap2feat pcapshim trafgen verdicts
REDIS_TOOLS    := feat2redis redis2feat
NN_TOOLS       := cnn-eval cnn-train seq-train
ALL_TOOLS      := $(sort $(patsubst cmd/%/main.c,%,$(wildcard cmd/*/main.c)))
NO_PCAP        := $(if $(HAVE_PCAP),,$(filter $(CAPTURE_TOOLS),$(ALL_TOOLS)))
NO_HIREDIS     := $(if $(HAVE_HIREDIS),,$(filter $(REDIS_TOOLS),$(ALL_TOOLS)))
NO_DNNL        := $(if $(HAVE_DNNL),,$(filter $(NN_TOOLS),$(ALL_TOOLS)))
NO_FIXBUF      := $(if $(HAVE_FIXBUF),,$(filter flow2ipfix,$(ALL_TOOLS)))
NO_JANSSON     := $(if $(HAVE_JANSSON),,$(filter dt-import,$(ALL_TOOLS)))
TOOLS          := $(filter-out $(NO_PCAP) $(NO_HIREDIS) $(NO_FIXBUF) $(NO_DNNL) $(NO_JANSSON),$(ALL_TOOLS))
PROGRAMS       := $(TOOLS:%=$(BIN)/%)
COMMON_SOURCES := $(filter-out $(if $(HAVE_PCAP),,$(shell grep -l '<pcap' common/*.c)) \
                  $(if $(HAVE_HIREDIS),,common/redis.c) \
                  $(if $(HAVE_JANSSON),,$(wildcard common/import*.c)) \
                  $(if $(HAVE_DNNL),,$(shell grep -lE '"nn_(affine|dnnl|net|op|train)\.h"' common/*.c)), \
                  $(wildcard common/*.c))
SOURCES        := $(COMMON_SOURCES) $(foreach t,$(TOOLS),$(wildcard cmd/$(t)/*.c cmd/$(t)/*/*.c))
LIBWEIR        := $(BUILD)/libweir.a

# What is made, in a line each; V=1 shows the commands.
tell = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-5s %s\n' '$(1)' '$@';)

all: $(PROGRAMS) $(if $(NO_PCAP)$(NO_HIREDIS)$(NO_FIXBUF)$(NO_DNNL)$(NO_JANSSON),left-out)

left-out:
	@$(if $(NO_PCAP),echo 'make: left out $(NO_PCAP): no libpcap (scripts/bootstrap installs libpcap-dev)')
	@$(if $(NO_HIREDIS),echo 'make: left out $(NO_HIREDIS): no hiredis (scripts/bootstrap installs libhiredis-dev)')
	@$(if $(NO_FIXBUF),echo 'make: left out $(NO_FIXBUF): no libfixbuf (scripts/bootstrap installs libfixbuf-dev)')
	@$(if $(NO_DNNL),echo 'make: left out $(NO_DNNL): no oneDNN (scripts/bootstrap installs libdnnl-dev)')
	@$(if $(NO_JANSSON),echo 'make: left out $(NO_JANSSON): no jansson (scripts/bootstrap installs libjansson-dev)')

# A tool is the objects of its folder and what it uses of common/.
.SECONDEXPANSION:
OBJECTS_OF = $(addprefix $(BUILD)/,$(addsuffix .o,$(basename $(wildcard cmd/$(1)/*.[cS] cmd/$(1)/*/*.c))))
$(PROGRAMS): $(BIN)/%: $$(call OBJECTS_OF,$$*) $(LIBWEIR)
	@mkdir -p $(@D)
	$(call tell,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(LIBWEIR): $(COMMON_SOURCES:%.c=$(BUILD)/%.o)
	$(call tell,AR)$(RM) $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call tell,CC)$(CC) $(ALL_CFLAGS) $(call FLAGS_OF,$<) -c -o $@ $<

# Texts that a program carries: parts.S takes them in, which ccache does not see.
$(BUILD)/%/parts.o: %/parts.S common/parts.inc $$(wildcard $$*/parts/*) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call tell,AS)CCACHE_DISABLE=1 $(CC) -c -o $@ $<

# Changes when the flags do, so that objects of two kinds never meet in one program.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' | cmp -s - $@ || \
	    echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' >$@

# Fuzz targets: tests/fuzz/NAME.c defines LLVMFuzzerTestOneInput, tests/fuzz/corpus/NAME/ seeds it.
FUZZERS     := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_TIME   ?= 300
FUZZ_CFLAGS := $(BASE_CFLAGS) -O1 -g -MMD -MP -fsanitize=address,undefined -fno-sanitize-recover=all

fuzzers: $(FUZZERS)
$(FUZZERS): build/fuzz/%: build/fuzz/tests/fuzz/%.o $(COMMON_SOURCES:%.c=build/fuzz/%.o)
	$(call tell,LINK)clang -pthread -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS)
build/fuzz/%.o: %.c
	@mkdir -p $(@D)
	$(call tell,CLANG)clang $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<

fuzz: fuzzers
	scripts/fuzz $(FUZZ_TIME) $(FUZZERS)

# The same targets without a fuzzer, for the files of their corpora: build/digest/NAME FILE…
digesters: $(FUZZERS:build/fuzz/%=$(BUILD)/digest/%)
$(BUILD)/digest/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/digest/main.o $(LIBWEIR)
	@mkdir -p $(@D)
	$(call tell,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# What takes longest begins first, so that it does not run alone at the end.
LONGEST := $(patsubst %,tests/%.bats,lint fuzz trafgen valgrind dt2xdp dt-eval cli)
check: all
	scripts/run-tests $(if $(V),-v) $(LONGEST) $(filter-out $(LONGEST),$(wildcard tests/*.bats))
check-long: export WEIR_LONG = 1
check-long: check

# tests/lint.bats calls tidy too; a source is looked at again when it or one of its headers changed.
lint: all
	scripts/run-tests tests/lint.bats
# A process a folder: to start one takes longer than to look at a file.
TIDIED       := $(SOURCES) $(wildcard tests/*/*.c)
TIDY_FOLDERS := $(sort $(patsubst %/,%,$(dir $(TIDIED))))
OBJECTS_IN    = $(foreach f,$(TIDIED),$(if $(filter $(1)/,$(dir $(f))),$(f:%.c=$(BUILD)/%.o)))
tidy: $(TIDY_FOLDERS:%=$(BUILD)/%.tidy)
$(TIDY_FOLDERS:%=$(BUILD)/%.tidy): $(BUILD)/%.tidy: $$(call OBJECTS_IN,$$*) .clang-tidy
	@clang-tidy --quiet $(patsubst $(BUILD)/%.o,%.c,$(filter %.o,$(if $(filter .clang-tidy,$?),$^,$?))) \
	    -- $(BASE_CFLAGS) $(WARN) $(call FLAGS_OF,$*/x) 2>/dev/null && touch $@

demo: all
	scripts/demo

demo-models: all
	scripts/demo-models

# What README shows of the demos; after a change of what the tools say, look at it and commit it.
doc-demo: all
	scripts/demo >doc/demo.txt
	scripts/demo-models >doc/demo-models.txt
	cp build/demo/tree.svg build/demo/confusion.svg doc/
	for name in cdf scatter states; do cp build/demo-models/$$name.svg doc/models-$$name.svg; done
	scripts/readme-demo >build/README.md && cp build/README.md README.md

# Makes testdata/lab anew, as root, from real programs in network namespaces; takes some minutes.
lab: all
	scripts/lab

bench: all
	scripts/run-bench scripts/bench/*

# What an optional test of ONNX files runs them with, from npm.
onnxruntime:
	npm install --prefix build/npm --ignore-scripts --no-audit --no-fund onnxruntime-node

# Completions come from what the built tools say with --help.
COMPLETIONS := $(TOOLS:%=$(BUILD)/completion/%)
completion: $(COMPLETIONS)
$(COMPLETIONS): $(BUILD)/completion/%: $(BIN)/% scripts/completion
	@mkdir -p $(@D)
	scripts/completion $< >$@.new && mv $@.new $@

SHARE := $(DESTDIR)$(PREFIX)/share
PAGES := $(wildcard man/*.[157])
TOOL_SCRIPTS := scripts/xdp-run
install: all completion
	install -D -t $(DESTDIR)$(PREFIX)/bin $(PROGRAMS) $(TOOL_SCRIPTS)
	$(foreach p,$(PAGES),install -D -m 644 -t $(SHARE)/man/man$(patsubst .%,%,$(suffix $(p))) $(p) &&) true
	install -D -m 644 -t $(SHARE)/bash-completion/completions $(COMPLETIONS)
	install -D -m 644 -t $(SHARE)/weir scripts/experiment.mk

uninstall:
	$(RM) $(patsubst %,$(DESTDIR)$(PREFIX)/bin/%,$(ALL_TOOLS) $(notdir $(TOOL_SCRIPTS)))
	$(RM) $(ALL_TOOLS:%=$(SHARE)/bash-completion/completions/%)
	$(RM) $(foreach p,$(PAGES),$(SHARE)/man/man$(patsubst .%,%,$(suffix $(p)))/$(notdir $(p)))
	$(RM) -r $(SHARE)/weir

clean:
	$(RM) -r bin build

help:
	@echo 'make             the tools, in bin/ (V=1: the commands)   make check    all tests (V=1: times)'
	@echo 'make check-long  valgrind and all real captures, too: takes twice as long'
	@echo 'make demo        the pipeline on testdata  make lint     style and static analysis'
	@echo 'make demo-models a call, modelled and made anew'
	@echo 'make bench       speed beside the peers    make fuzz     FUZZ_TIME=300 seconds a target'
	@echo 'make lab         testdata/lab anew (root)  make doc-demo what README shows of the demo'
	@echo 'make onnxruntime from npm, so that make check runs ONNX files with it'
	@echo 'make install     to PREFIX=$(PREFIX), below DESTDIR; make uninstall takes it away'
	@echo 'make clean       SANITIZE=1: ASan and UBSan, in build/sanitize   WERROR=1: no warnings'

.PHONY: all left-out fuzzers fuzz digesters check check-long lint tidy demo demo-models doc-demo lab bench \
        onnxruntime completion install uninstall clean help FORCE
-include $(shell find $(BUILD) build/fuzz -name '*.d' 2>/dev/null)
