# Weir: programs land in bin/, objects in build/. `make help` lists the targets.
#
#   SANITIZE=1   AddressSanitizer and UBSan, in build/sanitize/ (its programs in build/sanitize/bin)
#   WERROR=1     warnings are errors (CI)
#   PREFIX, DESTDIR   where install puts things

PREFIX  ?= /usr/local
CC      ?= cc
CFLAGS  ?= -O2 -g

ifeq ($(SANITIZE),1)
BUILD   := build/sanitize
BIN     := $(BUILD)/bin
EXTRA   := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else
BUILD   := build
BIN     := bin
EXTRA   :=
endif

WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
ifeq ($(WERROR),1)
WARN    += -Werror
endif
ifeq ($(shell uname -m),x86_64)
ARCH    := -march=x86-64-v2
endif

# Optional libraries: what is not there is left out, and the tool says so when it is asked for it.
has      = $(shell pkg-config --exists $(1) 2>/dev/null && echo 1)
ifeq ($(call has,zlib),1)
OPTIONAL_FLAGS += -DHAVE_ZLIB
OPTIONAL_LIBS  += -lz
endif
ifeq ($(call has,libzstd),1)
OPTIONAL_FLAGS += -DHAVE_ZSTD
OPTIONAL_LIBS  += -lzstd
endif

# No fused multiply-add: the same bytes on every machine.
ALL_CFLAGS := -std=c17 -D_GNU_SOURCE -Icommon $(ARCH) -ffp-contract=off -pthread -MMD -MP \
              $(WARN) $(EXTRA) $(OPTIONAL_FLAGS) $(CFLAGS)
ALL_LDFLAGS := -pthread -Wl,--as-needed $(EXTRA) $(LDFLAGS)
LIBS       := -lpcap -lcsv $(OPTIONAL_LIBS) -lm

TOOLS    := $(sort $(patsubst cmd/%/main.c,%,$(wildcard cmd/*/main.c)))
PROGRAMS := $(TOOLS:%=$(BIN)/%)
COMMON_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*.c))
LIBWEIR  := $(BUILD)/libweir.a

all: $(PROGRAMS)

# A tool is the objects of its folder and what it uses of common/.
.SECONDEXPANSION:
$(PROGRAMS): $(BIN)/%: $$(patsubst %.c,$(BUILD)/%.o,$$(wildcard cmd/$$*/*.c)) $(LIBWEIR)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(LIBWEIR): $(COMMON_OBJECTS)
	$(RM) $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Fuzz targets: tests/fuzz/NAME.c defines LLVMFuzzerTestOneInput, tests/fuzz/corpus/NAME/ seeds it.
FUZZERS   := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_TIME ?= 300

fuzzers: $(FUZZERS)
build/fuzz/%: tests/fuzz/%.c $(wildcard common/*.c)
	@mkdir -p $(@D)
	clang -std=c17 -D_GNU_SOURCE -Icommon -pthread -g -O1 $(OPTIONAL_FLAGS) \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $^ $(LIBS)

fuzz: fuzzers
	scripts/fuzz $(FUZZ_TIME) $(FUZZERS)

check: all
	WEIR_BIN=$(abspath $(BIN)) scripts/run-tests tests/*.bats

clean:
	$(RM) -r bin build

help:
	@echo 'make [all] | check | demo | bench | fuzz [FUZZ_TIME=300] | install | clean'
	@echo 'SANITIZE=1  WERROR=1  PREFIX=$(PREFIX)  DESTDIR='

.PHONY: all fuzzers fuzz check clean help
-include $(shell find build -name '*.d' 2>/dev/null)
