# shellcheck shell=bash
# The examples of man pages, run: for tests that load this file.

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
  got=$(timeout "${EXAMPLE_TIMEOUT:-60}" bash -c "$1" 2>stderr.txt </dev/null) || status=$?
  if [ "$status" -ne 0 ]; then
    echo "exit $status: $1"
    cat stderr.txt
    return 1
  fi
  rm -f stderr.txt
  [ -z "$2" ] || matches "$got" "${2%$'\n'}" || {
    echo "another output: $1"
    diff <(printf %s "$2") <(printf "%s\n" "$got") | head -n 40
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

# each_page_runs: the examples of every page, each in a fresh copy of testdata/.
each_page_runs() {
  local page bad=0 commands=0
  for page in "$root"/man/*.[157]; do
    rm -rf "$BATS_TEST_TMPDIR/scratch"
    mkdir "$BATS_TEST_TMPDIR/scratch"
    cp -R "$testdata/." "$BATS_TEST_TMPDIR/scratch"
    cd "$BATS_TEST_TMPDIR/scratch" || return
    "$root/scripts/man-examples" "$page" >"$BATS_TEST_TMPDIR/transcript"
    commands=$((commands + $(grep -c '^\$ ' "$BATS_TEST_TMPDIR/transcript" || true)))
    transcript "$BATS_TEST_TMPDIR/transcript" || { echo "^^^ $(basename "$page")"; bad=1; }
  done
  echo "$commands commands"
  [ "$bad" -eq 0 ] && [ "$commands" -gt 0 ]
}
