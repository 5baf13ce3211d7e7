# The command line that every tool shares: whatever is in bin/ answers alike.
load helper

# What every tool says with --help is asked for once.
setup_file() {
  local tool
  for tool in "${WEIR_BIN:-$root/bin}"/*; do
    "$tool" --help >"$BATS_FILE_TMPDIR/${tool##*/}.help" 2>/dev/null || true
  done
}

setup() {
  bin=${WEIR_BIN:-$root/bin}
  mapfile -t tools < <(cd "$bin" && find . -maxdepth 1 -type f -executable -printf '%f\n' | sort)
  [ "${#tools[@]}" -gt 0 ]
  cd "$BATS_TEST_TMPDIR"
}

# each FUNCTION: calls it with every tool's name; tells which tools it failed on.
each() {
  local failed=()
  for tool in "${tools[@]}"; do
    ("$1" "$tool") || failed+=("$tool")
  done
  [ "${#failed[@]}" -eq 0 ] || { echo "failed on: ${failed[*]}"; return 1; }
}

# expect STATUS STDOUT STDERR COMMAND…: what it must print, exactly.
expect() {
  local status=0 want=$1 out=$2 err=$3
  shift 3
  "$@" >out.txt 2>err.txt </dev/null || status=$?
  [ "$status" -eq "$want" ] && [ "$(<out.txt)" = "$out" ] && [ "$(<err.txt)" = "$err" ] && return
  echo "$*: exit $status (wanted $want); printed:"
  cat out.txt err.txt
  return 1
}

# takes TOOL OPTION: whether its help lists the option.
takes() {
  local line=$'\n'' +(-., )?'"$2"$'[ =[\n]'
  [[ $(<"$BATS_FILE_TMPDIR/$1.help") =~ $line ]]
}

help_is_whole() {
  "$1" --help >out.txt 2>err.txt || return
  [ ! -s err.txt ] || { cat err.txt; return 1; }
  head -n 1 out.txt | grep -q "^Usage: $1 " || { echo "$1: no usage line"; return 1; }
  grep -q -- '  -h, --help' out.txt && grep -q -- '  -V, --version' out.txt || return
  tail -n 1 out.txt | grep -qx "See $1(1) for the whole story." || return
  awk -v tool="$1" 'length($0) > 100 { print tool " --help: longer than 100: " $0; bad = 1 } END { exit bad }' out.txt
  "$1" -h | cmp - out.txt
}
@test "--help and -h: usage on standard output, exit 0" {
  each help_is_whole
}

version_is_told() {
  expect 0 "$1 (Weir) $(sed -n 's/^#define WEIR_VERSION "\(.*\)"/\1/p' "$root/common/cli.h")" '' "$1" --version &&
    expect 0 "$("$1" --version)" '' "$1" -V
}
texts_in_line() {
  local line LC_ALL=C.UTF-8
  while IFS= read -r line; do
    [[ $line =~ ^("  -"|"      --")[^\ ].*[^\ ]\ \ +[^\ ] ]] || continue # others are further lines
    [[ ${line:27:3} == "  "[^\ ] ]] || { echo "$1: $line"; return 1; }
  done <"$BATS_FILE_TMPDIR/$1.help"
}

@test "--help: the texts stand in line, whatever the values are called" {
  each texts_in_line
}

@test "--version and -V: name and version on standard output, exit 0" {
  each version_is_told
}

unknown_option_is_named() {
  expect 2 '' "$1: unknown option '--hlep' (did you mean '--help'?)
Try '$1 --help'." "$1" --hlep &&
    expect 2 '' "$1: unknown option '--no-such-thing-at-all'
Try '$1 --help'." "$1" --no-such-thing-at-all &&
    expect 2 '' "$1: unknown option -9
Try '$1 --help'." "$1" -9
}
@test "an unknown option: exit 2, named, with the nearest" {
  each unknown_option_is_named
}

flag_takes_no_value() {
  expect 2 '' "$1: option '--quiet' takes no value
Try '$1 --help'." "$1" --quiet=yes
}
@test "a value for an option that takes none: exit 2" {
  each flag_takes_no_value
}

value_is_missed() {
  ! takes "$1" --output || expect 2 '' "$1: option '--output' needs a value
Try '$1 --help'." "$1" --output || return
  ! takes "$1" --seed || expect 2 '' "$1: option '--seed' needs a value
Try '$1 --help'." "$1" --seed
}
@test "an option without its value: exit 2" {
  each value_is_missed
}

seed_is_checked() {
  takes "$1" --seed || return 0
  expect 2 '' "$1: --seed: 'x' is not an integer
Try '$1 --help'." "$1" --seed=x &&
    expect 2 '' "$1: --seed: '12x' is not an integer
Try '$1 --help'." "$1" --seed=12x &&
    expect 2 '' "$1: --seed: '-1' is not an integer
Try '$1 --help'." "$1" --seed=-1 &&
    expect 2 '' "$1: --seed: '18446744073709551616' is not in 0..18446744073709551615
Try '$1 --help'." "$1" --seed=18446744073709551616 &&
    expect 0 "$(<"$BATS_FILE_TMPDIR/$1.help")" '' "$1" --seed=18446744073709551615 --help
}
@test "--seed: a whole number of 64 bits, nothing else" {
  each seed_is_checked
}

threads_are_checked() {
  takes "$1" --threads || return 0
  expect 2 '' "$1: --threads: '0' is not in 1..256
Try '$1 --help'." "$1" -j 0 &&
    expect 2 '' "$1: --threads: '257' is not in 1..256
Try '$1 --help'." "$1" --threads=257 &&
    expect 2 '' "$1: --threads: 'many' is not an integer
Try '$1 --help'." "$1" -j many &&
    expect 0 "$(<"$BATS_FILE_TMPDIR/$1.help")" '' "$1" -j 256 --help
}
@test "-j: 1 to 256" {
  each threads_are_checked
}

# Every option whose help names an N refuses what is no number, before it reads anything.
numbers_are_strict() {
  local option bad=0
  while read -r option; do
    "$1" "$option=12x" >out.txt 2>err.txt </dev/null && { echo "$1 $option=12x: exit 0"; bad=1; }
    [[ $(<err.txt) == "$1: $option: '12x' is not a"* ]] ||
      { echo "$1 $option=12x: $(<err.txt)"; bad=1; }
    [ ! -s out.txt ] || { echo "$1 $option=12x: printed something"; bad=1; }
  done < <(sed -nE 's/^ +(-., )?(--[a-z-]+)=N( .*|$)/\2/p' "$BATS_FILE_TMPDIR/$1.help")
  return "$bad"
}
@test "numbers in options are strict" {
  each numbers_are_strict
}

full_disk_is_told() {
  local status=0
  "$1" --help >/dev/full 2>err.txt || status=$?
  if [ "$status" -ne 1 ] || ! grep -qx "$1: writing standard output: No space left on device" err.txt; then
    echo "$1 --help >/dev/full: exit $status, $(<err.txt)"
    return 1
  fi
  status=0
  "$1" --version >/dev/full 2>err.txt || status=$?
  [ "$status" -eq 1 ]
}
@test "--help > /dev/full: exit 1 and why" {
  each full_disk_is_told
}

stays_whole_when_the_reader_goes() {
  "$1" --help 2>err.txt | true
  [ ! -s err.txt ] || { cat err.txt; return 1; }
}
@test "--help | true: quiet" {
  each stays_whole_when_the_reader_goes
}

absent_file_is_named() {
  local status=0
  # Tools that want more than a file on their command line say so instead, with exit code 2.
  "$1" no/such/file >out.txt 2>err.txt </dev/null || status=$?
  case $status in
  1) grep -q "^$1: .*no/such/file.*No such file or directory" err.txt ;;
  2) grep -q "^$1: " err.txt && grep -qx "Try '$1 --help'." err.txt ;;
  *) false ;;
  esac || { echo "$1 no/such/file: exit $status: $(<err.txt)"; return 1; }
}
@test "a file that is not there: named, with the reason" {
  each absent_file_is_named
}

output_is_not_touched() {
  takes "$1" --output || return 0
  echo before >kept
  ! "$1" -o kept no/such/file >out.txt 2>err.txt </dev/null || return
  [ "$(<kept)" = before ]
  [ "$(find . -name '.*' -type f | wc -l)" -eq 0 ]
}
@test "-o FILE: a failed run leaves the old file as it was" {
  each output_is_not_touched
}

output_over_input_is_refused() {
  takes "$1" --output || return 0
  echo before >input
  ln -f input link
  local output status
  for output in input ./input link; do
    status=0
    "$1" -o $output input 2>err.txt || status=$?
    if [ "$status" -ne 2 ] || [ "$(<input)" != before ] ||
      [[ $(<err.txt) != "$1: --output: '$output' is an input file"* ]]; then
      echo "$1 -o $output input: exit $status: $(<err.txt)"
      return 1
    fi
  done
}
@test "-o FILE: an input is not replaced" {
  each output_over_input_is_refused
}

@test "-o FILE: what an option names is not replaced, either" {
  while read -r tool options; do
    echo before >input
    # shellcheck disable=SC2086  # several options
    run -2 --separate-stderr "$tool" $options -o input other
    [ "${stderr_lines[0]}" = "$tool: --output: 'input' is an input file" ]
    [ "$(<input)" = before ]
  done <<'END'
dt-eval --entries=input m.tree
dt-train --class-weight=input
dt2p4entries --format=p4runtime-text --p4info=input
pcap2feat --label-table=input
verdicts --model=input
verdicts --model=m.tree --label-table=input
END
}

@test "-o FILE: a link stays, and what it names is replaced, with its permissions" {
  printf '%s\n' x,class 1,a 2,b >t.csv
  dt-train -q t.csv >expected
  echo before >target
  chmod 640 target
  ln -s target link
  ln -s /proc/self/fd/1 stdout
  dt-train -q -o link t.csv
  echo first >all
  dt-train -q -o stdout t.csv >>all
  [ -L link ]
  [ -L stdout ]
  cmp target expected
  [ "$(stat -c %a target)" = 640 ]
  cmp all <(echo first; cat expected)
}

@test "a closed standard stream does not become the next file that is opened" {
  pcap2feat -q -o whole.csv <"$testdata/lab/dns.1.pcap"
  pcap2feat -o rows.csv <"$testdata/lab/dns.1.pcap" 2>&-
  cmp whole.csv rows.csv
  # Nor is anything lost in silence where the rows have nowhere to go.
  run -1 bash -c 'exec pcap2feat -q -w copy.pcap <"$0" 2>&1 >&-' "$testdata/lab/dns.1.pcap"
  [ "$output" = 'pcap2feat: writing standard output: Bad file descriptor' ]
  [ ! -e copy.pcap ]
  run -1 bash -c 'exec dt-train 2>&1 <&-'
  [ "$output" = 'dt-train: reading standard input: Bad file descriptor' ]
}
