#!/usr/bin/env bats
# pcap2feat --per=flow beside a plain reference that makes the flow table once more from the packet
# table: every column of every row, of real captures, the lab's and random ones.

load helper

random=$((${WEIR_LONG:-0} ? 6 : 2)) # captures of them

reference() {
  /usr/bin/python3 "$root/tests/python/flow_reference.py" "$@"
}

# enter KIND: goes where these captures have short names, which are the same wherever the project
# stands.
enter() {
  case $1 in
  lab) cd "$testdata" ;;
  random) cd "$BATS_FILE_TMPDIR" ;;
  *) cd "$data" ;;
  esac
}

# The packet tables that the reference reads, one for each kind of captures.
setup_file() {
  [ -x /usr/bin/python3 ] || return 0
  local i kind
  mkdir "$BATS_FILE_TMPDIR/random"
  for ((i = 1; i <= random; i++)); do
    /usr/bin/python3 "$root/tests/python/random_packets.py" "$i" 1500 |
      make_capture "$BATS_FILE_TMPDIR/random/$i.pcap"
  done
  for kind in captures odd p4-reference estimator lab random; do
    enter "$kind"
    [ -d "$kind" ] || continue
    find "$kind" -name '*cap*' -type f | LC_ALL=C sort >"$BATS_FILE_TMPDIR/$kind.list"
    table_of "$kind" --fields="$(reference --packet-fields)" >"$BATS_FILE_TMPDIR/$kind.packets"
  done
}

setup() {
  need_python
}

# table_of KIND OPTION…: what pcap2feat says of the captures of a kind. Among the odd ones are damaged
# files: they give what comes before the damage, and exit 1, which xargs makes 123.
table_of() {
  local kind=$1 code=0
  shift
  enter "$kind"
  xargs pcap2feat -q "$@" <"$BATS_FILE_TMPDIR/$kind.list" 2>"$BATS_FILE_TMPDIR/messages" || code=$?
  [ "$code" -eq 0 ] || { [ "$kind" = odd ] && [ "$code" -eq 123 ]; }
}

# same KIND OPTION…: the flow table of the captures of this kind is the reference's.
same() {
  local kind=$1 table=$BATS_TEST_TMPDIR/flows.csv
  shift
  table_of "$kind" --per=flow --fields=all "$@" >"$table"
  reference "$@" --compare="$table" <"$BATS_FILE_TMPDIR/$kind.packets" >"$BATS_TEST_TMPDIR/compared" || {
    head -n 60 "$BATS_TEST_TMPDIR/compared"
    return 1
  }
  echo "# $kind${*:+ $*}: $(<"$BATS_TEST_TMPDIR/compared")" >&3
}

# reasons N REASON…: in the last table at least so many flows ended for each of these.
reasons() {
  local least=$1 reason
  shift
  for reason; do
    [ "$(grep -cE "(^|,)$reason(,|\$)" "$BATS_TEST_TMPDIR/flows.csv")" -ge "$least" ] || {
      echo "fewer than $least flows ended by $reason"
      return 1
    }
  done
}

real() {
  need_data
  local kind
  for kind in odd p4-reference estimator captures; do
    same "$kind" "$@"
  done
}

@test "flows of all real captures: every column of every row is the reference's" {
  real
  reasons 1 idle fin rst active file
}

@test "flows of all real captures: with timeouts that part them" {
  real --idle=0.5 --active=2 --linger=0.01 --activity=0.1 --context=3
  reasons 100 idle active fin rst file
}

@test "flows of all real captures: the first 8 packets" {
  real --first-packets=8
  reasons 500 first idle file
}

@test "flows of all real captures: without timeouts" {
  need_long
  real --no-split
  reasons 3000 file
}

@test "flows of the lab's captures: each for itself, and as one input" {
  same lab --context=300
  same lab --idle=0.5 --active=2 --linger=0.01 --first-packets=8 --context=0.3
  reasons 1 first idle fin file
  same lab --continue
  reasons 1 input
  same lab --continue --no-split
  reasons 1000 input
}

@test "flows of random packets: at the boundaries of every rule" {
  same random
  same random --idle=3 --active=10 --linger=1 --activity=2 --context=20
  reasons 2 idle active fin rst file
  same random --idle=3 --active=10 --linger=1 --no-tcp-end
  same random --idle=3 --active=10 --linger=1 --activity=2 --first-packets=4 --context=10
  reasons 10 first idle rst
  same random --idle=3 --active=10 --linger=0 --continue
  same random --no-split --activity=1 --context=2
  same random --max-flows=64 --idle=3 --active=10 --linger=1 --context=5
  reasons 2 cap idle active fin rst file
}

@test "flows: the comparison notices a wrong value, row, order and column" {
  cd "$BATS_TEST_TMPDIR"
  local table=$BATS_TEST_TMPDIR/flows.csv packets=$BATS_FILE_TMPDIR/random.packets
  reference <"$packets" >"$table"
  run -0 reference --compare="$table" <"$packets"
  [[ $output == *" values, 0 differences" ]]
  awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "iat_std") c = i } NR == 200 { $c = $c + 1 } 1' \
    "$table" >wrong.csv
  run -1 reference --compare=wrong.csv <"$packets"
  [[ ${lines[-1]} == *" values, 1 differences" ]]
  sed 200d "$table" >wrong.csv
  run -1 reference --compare=wrong.csv <"$packets"
  sed 's/$/,0/; 1s/,0$/,more/' "$table" >wrong.csv
  run -1 reference --compare=wrong.csv <"$packets"
  cut -d, -f2- "$table" >wrong.csv
  run -1 reference --compare=wrong.csv <"$packets"
  [[ $output == *"column file is not there"* ]]
  awk 'NR == 2 { held = $0; next } 1; NR == 3 { print held }' "$table" >wrong.csv
  run -1 reference --compare=wrong.csv <"$packets"
  { cat "$table" && tail -n 1 "$table"; } >wrong.csv
  run -1 reference --compare=wrong.csv <"$packets"
  [[ $output == *"1 more rows than expected"* ]]
}
