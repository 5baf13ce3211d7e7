# The fuzz targets: here the files of their corpora; the fuzzers themselves with `make check-long`, 3 seconds each.
# `make fuzz` gives them 5 minutes each.
load helper

@test "every file of every corpus is digested" {
  not_sanitized "the targets have builds of their own"
  make_as_built digesters
  cd "$root"
  local corpus
  for corpus in tests/fuzz/corpus/*/; do
    build/digest/"$(basename "$corpus")" "$corpus"*
  done
}

@test "no fuzz target finds anything in 3 seconds" {
  need_long
  not_sanitized "the targets always have the sanitizers"
  need clang
  cd "$root"
  make -s -j2 fuzzers
  local targets=(tests/fuzz/*.c)
  targets=("${targets[@]##*/}")
  targets=("${targets[@]%.c}")
  scripts/fuzz "${FUZZ_TIME:-3}" "${targets[@]/#/build/fuzz/}"
}

@test "every fuzz target has a corpus" {
  local target bad=0
  for target in "$root"/tests/fuzz/*.c; do
    compgen -G "$root/tests/fuzz/corpus/$(basename "$target" .c)/*" >/dev/null ||
      { echo "$(basename "$target"): no corpus"; bad=1; }
  done
  [ "$bad" -eq 0 ]
}

@test "a finding ends the run with exit 1 and shows what it was" {
  cd "$BATS_TEST_TMPDIR"
  printf '#!/bin/sh\necho "==1==ERROR: AddressSanitizer" >&2\nexit 77\n' >target
  chmod +x target
  run -1 "$root/scripts/fuzz" 1 ./target
  [[ "$output" == *"ERROR: AddressSanitizer"* ]]
}
