# The rules of CONTRIBUTING.md that a machine can check, over every file of the project.
load helper

setup() {
  cd "$root"
  not_sanitized "the sources are the same"
  [ "$(files common/err.c)" = common/err.c ]
  shopt -s nullglob
}

# files PATTERN…: the project's files of these names, committed or about to be.
files() {
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -co --exclude-standard -- "$@" | while read -r file; do
      [ ! -f "$file" ] || echo "$file"
    done
  else
    local pattern
    for pattern; do
      find . -path ./build -prune -o -type f -path "./${pattern#./}" -print | sed 's|^\./||'
    done
  fi
}

scripts() {
  files 'scripts/*' '.ci/*' 'testdata/*' 'tests/*' | xargs grep -HnIE -m 1 '^#!.*sh$' |
    sed -n 's/:1:.*//p'
}

# none FILE… < findings: nothing on standard input, else it is shown and the test fails.
none() {
  local findings
  findings=$(cat)
  [ -z "$findings" ] || { echo "$findings"; return 1; }
}

@test "the layout of the C files is clang-format's" {
  need clang-format
  files '*.c' '*.h' | xargs clang-format --dry-run -Werror
}

# strict_make TARGET: with warnings as errors, by gcc: in the build that the programs here come from, where it
# was made so (the check's own), else in one beside it.
strict_make() {
  if [[ $(<build/flags) == "cc "*" -Werror "* ]] && cc --version | grep -q 'Free Software'; then
    make -s -k -j2 WERROR=1 "$1"
  else
    make -s -k -j2 CC=gcc BUILD=build/lint/gcc BIN=build/lint/gcc/bin WERROR=1 "$1"
  fi
}

@test "gcc has nothing to say" {
  need gcc
  strict_make all
}

@test "clang and clang-tidy have nothing to say" {
  need gcc clang-tidy
  strict_make tidy
}

@test "the man pages are clean mdoc" {
  need mandoc
  run -0 files 'man/*.[157]'
  [ -n "$output" ]
  files 'man/*.[157]' | xargs mandoc -T lint -W warning
}

@test "shellcheck has nothing to say about scripts and tests" {
  need shellcheck
  scripts | xargs shellcheck -x
  files 'tests/*.bats' 'tests/*.bash' | xargs shellcheck -s bash -x -e "$(printf '%s' \
    SC1091, `# load helper: a bats word, not a file that shellcheck can follow` \
    SC2030,SC2031, `# each test is a subshell, and meant to be one` \
    SC2154, `# stderr, output and root are set by bats and the helper` \
    SC2164, `# a test ends where a command fails, cd too` \
    SC1003,SC2016, `# texts of commands that bash -c, awk or bats will read` \
    SC2317 `# functions are called by bats`)"
}

@test "the Python of tests and benchmarks compiles" {
  need_python sys
  # shellcheck disable=SC2046  # no file name of ours holds blanks
  /usr/bin/python3 - $(files '*.py') <<'PYTHON'
import sys
for name in sys.argv[1:]:
    compile(open(name).read(), name, "exec")
PYTHON
}

@test "no work left for later" {
  files '*' | grep -vE '^tests/lint.bats$' | xargs grep -nwIE 'TO''DO|FIX''ME|X''XX|HACK' | none
}

@test "no function that can't be told the size of its buffer, or that can't fail" {
  files '*.c' '*.h' | xargs grep -nE \
    '\b(ato[ilf]|atoll|v?sprintf|str(cpy|cat|tok)|gets|sscanf|alloca|system|tmpnam|mktemp)\(' | none
}

@test "no file is included as if it were a header, and no prototype is retyped" {
  files '*.c' '*.h' | xargs grep -nE '#include "[^"]*\.c"' | none
  files '*.c' | xargs grep -nE '^extern ' | none
}

@test "no line of code is longer than 120 characters, and no line ends in blanks" {
  files '*.c' '*.h' 'scripts/*' 'tests/*.bats' Makefile '*.md' | xargs awk '
    length($0) > 120 && FILENAME !~ /\.(md|bats)$/ { print FILENAME ":" FNR ": " length($0) " characters" }
    /[ \t]$/ { print FILENAME ":" FNR ": blanks at the end" }' | none
}

@test "C files stay under 600 lines" {
  files '*.c' '*.h' | xargs awk 'FNR == 601 { print FILENAME }' | none
}

@test "every tool has a man page and tests" {
  local folder tool
  for folder in cmd/*/; do
    tool=$(basename "$folder")
    [ -f "man/$tool.1" ] || echo "$tool: no man/$tool.1"
    compgen -G "tests/$tool*.bats" >/dev/null || echo "$tool: no tests/$tool*.bats"
  done | none
}

@test "every tool stands in the README and in weir(7)" {
  local folder tool
  for folder in cmd/*/; do
    tool=$(basename "$folder")
    grep -q "^| \*\*$tool\*\* |" README.md || echo "$tool: not in README.md"
    grep -q "^\.It Xr $tool 1" man/weir.7 || echo "$tool: not in man/weir.7"
  done | none
}

@test "every file that the documents point to is there" {
  local file target
  files '*.md' | while read -r file; do
    grep -oE '\]\([^)#:]+\)' "$file" | tr -d '()]' | while read -r target; do
      [ -e "$(dirname "$file")/$target" ] || echo "$file: no $target"
    done
  done | none
}

@test "what the README shows of the demo is what the demo prints" {
  scripts/readme-demo | diff README.md - || { echo "scripts/readme-demo makes it anew"; return 1; }
}

@test "every man page belongs to a tool or is one of the overviews" {
  local page
  for page in man/*.1; do
    [ -f "cmd/$(basename "$page" .1)/main.c" ] || [ -x "scripts/$(basename "$page" .1)" ] ||
      echo "$page: no such tool"
  done | none
}

@test "every header has a guard of its own" {
  # Parts of programs that a tool writes are texts.
  { files '*.h' | grep -v /parts/ | xargs grep -LE '^#ifndef [A-Z0-9_]+_H$' || true; } | none
  files '*.h' | xargs grep -hE '^#ifndef [A-Z0-9_]+_H$' | sort | uniq -d | none
}

@test "nothing of real captures or of a machine is committed" {
  files '*' | grep -vE '^tests/lint.bats$' | xargs grep -nIE '/(work|home|root)/[a-z]' | none
  files '*' | xargs -d '\n' stat -c '%s %n' | awk '$1 > 1000000' | none
}
