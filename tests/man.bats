# The man pages tell the truth: their examples run, and their options are those of --help.
load helper

setup() {
  shopt -s nullglob
  pages=("$root"/man/*.[157])
  tool_pages=("$root"/man/*.1)
}

# transcript FILE: runs the commands of a page's examples where we stand and compares what they
# print; tells every difference, and fails if there was one.
transcript() {
  local line command='' expected='' bad=0
  while IFS= read -r line || [ -n "$line" ]; do
    if [[ "$command" == *\\ ]]; then
      command=${command%\\}$line
    elif [[ "$line" == '$ '* ]]; then
      example "$command" "$expected" || bad=1
      command=${line#'$ '} expected=
    elif [ -z "$line" ]; then
      example "$command" "$expected" || bad=1
      command='' expected=
    else
      expected+=$line$'\n'
    fi
  done <"$1"
  example "$command" "$expected" || bad=1
  return "$bad"
}

# example COMMAND EXPECTED: exit status 0, and the expected lines where the page shows some; there
# "..." stands for any number of lines.
example() {
  [ -n "$1" ] || return 0
  local got status=0
  got=$(timeout 60 bash -c "$1" 2>stderr.txt </dev/null) || status=$?
  if [ "$status" -ne 0 ]; then
    echo "exit $status: $1"
    cat stderr.txt
    return 1
  fi
  rm -f stderr.txt
  [ -z "$2" ] || matches "$got" "${2%$'\n'}" || {
    echo "another output: $1"
    diff <(echo "$2") <(echo "$got") | head -n 40
    return 1
  }
}

matches() {
  GOT=$1 WANT=$2 awk 'BEGIN {
    n = split(ENVIRON["WANT"], lines, "\n")
    pattern = "^"
    for (i = 1; i <= n; i++) {
      if (lines[i] == "...") { pattern = pattern "(.*\n)*"; continue }
      gsub(/[][\\^$.|?*+(){}]/, "\\\\&", lines[i])
      pattern = pattern lines[i] "\n"
    }
    exit !((ENVIRON["GOT"] "\n") ~ (pattern "$"))
  }'
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
  [ "${#pages[@]}" -gt 0 ]
  local page bad=0 run=0
  for page in "${pages[@]}"; do
    rm -rf "$BATS_TEST_TMPDIR/scratch"
    mkdir "$BATS_TEST_TMPDIR/scratch"
    [ ! -d "$testdata" ] || cp -R "$testdata/." "$BATS_TEST_TMPDIR/scratch"
    cd "$BATS_TEST_TMPDIR/scratch"
    "$root/scripts/man-examples" "$page" >"$BATS_TEST_TMPDIR/transcript"
    run=$((run + $(grep -c '^\$ ' "$BATS_TEST_TMPDIR/transcript" || true)))
    transcript "$BATS_TEST_TMPDIR/transcript" || { echo "^^^ $(basename "$page")"; bad=1; }
  done
  [ "$run" -gt 0 ]
  [ "$bad" -eq 0 ]
}

@test "every tool's page has examples that can be run" {
  local page bad=0
  for page in "${tool_pages[@]}"; do
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
