# The man pages tell the truth: their examples run, and their options are those of --help.
load helper
load transcript

setup() {
  shopt -s nullglob
  tool_pages=("$root"/man/*.1)
  PATH=$PATH:$root/scripts
}

# long_options_of_help TOOL / long_options_of_page PAGE: names of long options, one a line.
long_options_of_help() {
  "$1" --help | grep -oE '^ +(-., )?--[a-z][a-z0-9-]*' | grep -oE -- '--.*' | sort -u
}

# ".It Fl o , Fl -output Ns = Ns Ar FILE" and ".It Fl o , -output=FILE" both name --output.
long_options_of_page() {
  sed 's/\\-/-/g' "$1" | awk '/^\.It .*Fl / {
    for (i = 2; i <= NF; i++)
      if ($i ~ /^--?[a-z][a-z0-9-]+/) { sub(/^-*/, "--", $i); sub(/[^a-z0-9-].*/, "", $i); print $i }
  }' | sort -u
}

@test "the examples of every page do what the page shows" {
  each_page_runs
}

@test "every tool's page has examples that can be run" {
  local page bad=0
  for page in "${tool_pages[@]}"; do
    [ -d "$root/cmd/$(basename "$page" .1)" ] || continue # a script, which may need root
    "$root/scripts/man-examples" "$page" | grep -q '^\$ ' || { echo "$page: none"; bad=1; }
  done
  [ "$bad" -eq 0 ]
}

@test "every page of a tool tells its exit codes" {
  local page bad=0
  for page in "${tool_pages[@]}"; do
    grep -q '^\.Sh EXIT STATUS' "$page" || { echo "$page: no EXIT STATUS"; bad=1; }
  done
  [ "$bad" -eq 0 ]
}

@test "the page and --help name the same options" {
  local page tool bad=0
  for page in "${tool_pages[@]}"; do
    tool=$(basename "$page" .1)
    command -v "$tool" >/dev/null || continue
    diff <(long_options_of_help "$tool") <(long_options_of_page "$page") \
      >"$BATS_TEST_TMPDIR/diff" && continue
    echo "$tool: < only in --help, > only in the page"
    grep '^[<>]' "$BATS_TEST_TMPDIR/diff"
    bad=1
  done
  [ "$bad" -eq 0 ]
}

@test "a wrong example is found: output, exit status, and a wildcard that is too wide" {
  cd "$BATS_TEST_TMPDIR"
  printf '%s\n' '$ printf "a\nb\nc\n"' a ... c '' '$ echo x' x '$ true' >good
  transcript good
  printf '%s\n' '$ echo a' b >bad
  run -1 transcript bad
  [[ "$output" == "another output: echo a"* ]]
  printf '%s\n' '$ echo a; false' a >bad
  run -1 transcript bad
  [[ "$output" == "exit 1: echo a; false"* ]]
  printf '%s\n' '$ printf "a\nb\nd\n"' a ... c >bad
  run -1 transcript bad
  printf '%s\n' '$ echo a; echo b' a >bad
  run -1 transcript bad
  printf '%s\n' '$ printf "a\\\\tb*\n"' 'a\tb*' >good
  transcript good
  printf '%s\n' '$ echo a.c' 'a?c' >bad
  run -1 transcript bad
}

@test "options of a page are found however mdoc spells them" {
  cd "$BATS_TEST_TMPDIR"
  printf '%s\n' '.It Fl o , Fl -output Ns = Ns Ar FILE' '.It Fl q , -quiet' '.It Fl -csv , Fl -tsv' \
    '.It Fl -first\-packets Ns = Ns Ar N' 'not --this' '.It --neither' >page.1
  run -0 long_options_of_page page.1
  [ "$output" = "--csv
--first-packets
--output
--quiet
--tsv" ]
}

@test "examples are read as they are printed" {
  cd "$BATS_TEST_TMPDIR"
  printf '%s\n' '.Sh NAME' '.Bd -literal' 'not this' '.Ed' '.Sh EXAMPLES' text \
    '.Bd -literal -offset indent' '$ tool \-f a\eb \e' ' more' '.Ed' >page.1
  run -0 "$root/scripts/man-examples" page.1
  [ "$output" = '$ tool -f a\b \
 more' ]
}
