# The examples of the man pages once more, with each tool under valgrind: no error and no leak.
load helper
load transcript

# under_valgrind DIRECTORY: fills it with programs of the tools' names that run them in valgrind
# and leave a log for each run in DIRECTORY/log.
under_valgrind() {
  local tool
  mkdir -p "$1/log"
  for tool in "$bin"/*; do
    # The sandbox is not for what valgrind does.
    local sandbox=''
    ! "$tool" --help | grep -q -e --no-sandbox || sandbox=--no-sandbox
    printf '#!/bin/sh\nexec valgrind --leak-check=full --errors-for-leak-kinds=definite,possible %s "%s" %s "$@"\n' \
      "--log-file='$1/log/$(basename "$tool").%p'" "$tool" "$sandbox" >"$1/$(basename "$tool")"
    chmod +x "$1/$(basename "$tool")"
  done
}

# faults DIRECTORY: the logs that tell of an error or a leak.
faults() {
  local log bad=0
  for log in "$1"/log/*; do
    grep -q 'ERROR SUMMARY: 0 errors' "$log" || { echo "== $log"; cat "$log"; bad=1; }
  done
  return "$bad"
}

setup() {
  not_sanitized "its programs watch over themselves"
  need valgrind
  bin=${WEIR_BIN:-$root/bin}
}

@test "no tool leaks or reads what it must not" {
  need_long
  under_valgrind "$BATS_TEST_TMPDIR/vg"
  PATH=$BATS_TEST_TMPDIR/vg:$PATH EXAMPLE_TIMEOUT=200 each_page_runs
  local tool bad=0
  for tool in "$bin"/*; do
    compgen -G "$BATS_TEST_TMPDIR/vg/log/$(basename "$tool").*" >/dev/null ||
      { echo "$(basename "$tool"): no example ran it"; bad=1; }
  done
  faults "$BATS_TEST_TMPDIR/vg"
  [ "$bad" -eq 0 ]
}

@test "a leak and a bad read are found" {
  need gcc
  mkdir "$BATS_TEST_TMPDIR/bad"
  printf '%s\n' '#include <stdlib.h>' '#include <string.h>' 'int main(int argc, char **argv)' \
    '{ char *p = malloc(8); if (!p) return 1; if (argc > 1) return p[0]; p[0] = 1;' \
    '  p = malloc(strlen(argv[0])); return p == 0; }' |
    gcc -O0 -w -x c -o "$BATS_TEST_TMPDIR/bad/leaky" -
  bin=$BATS_TEST_TMPDIR/bad
  under_valgrind "$BATS_TEST_TMPDIR/vg"
  "$BATS_TEST_TMPDIR/vg/leaky"
  run -1 faults "$BATS_TEST_TMPDIR/vg"
  [[ "$output" == *"definitely lost"* ]]
  rm "$BATS_TEST_TMPDIR"/vg/log/*
  "$BATS_TEST_TMPDIR/vg/leaky" 1 || true
  run -1 faults "$BATS_TEST_TMPDIR/vg"
  [[ "$output" == *"uninitialised"* ]]
}
