# shellcheck shell=bash
# What every bats file loads: the programs, the real captures, and reasons to skip.

root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
export PATH="${WEIR_BIN:-$root/bin}:$PATH"
# shellcheck disable=SC2034  # used by the bats files
testdata=$root/testdata
data=$root/../shared/data/dev

bats_require_minimum_version 1.5.0

# Real captures and reference tables that are not part of the project.
need_data() {
  [ -d "$data" ] || skip "no real captures here (../shared/data/dev is absent)"
}

# need PROGRAM…: skips where one is not installed.
need() {
  local program
  for program; do
    command -v "$program" >/dev/null || skip "$program is not installed"
  done
}

need_root() {
  [ "$(id -u)" -eq 0 ] || skip "needs root"
}

# need_python MODULE…: Debian's python3 with these modules (test peers only).
need_python() {
  [ -x /usr/bin/python3 ] || skip "Debian's python3 is not installed"
  # Looked for, not imported: that takes seconds for some.
  local module
  for module; do
    /usr/bin/python3 -c "import importlib.util as u, sys; sys.exit(u.find_spec('$module') is None)" ||
      skip "python3-$module is not installed"
  done
}

# make_capture FILE [raw]: a capture from the list of packets on standard input.
make_capture() {
  need_python
  /usr/bin/python3 "$root/tests/python/make_capture.py" "$@"
}

# fails TEXT TOOL ARGUMENT…: exit 1, nothing on standard output, and this alone on standard error.
fails() {
  run -1 --separate-stderr "${@:2}"
  [ "$stderr" = "$2: $1" ] || { echo "$stderr" && return 1; }
  [ -z "$output" ]
}

# refuses TEXT TOOL ARGUMENT…: the same with exit 2, and where to find help.
refuses() {
  run -2 --separate-stderr "${@:2}"
  [ "$stderr" = "$2: $1
Try '$2 --help'." ] || { echo "$stderr" && return 1; }
  [ -z "$output" ]
}

# need_long: skips what takes minutes, unless `make check-long` runs.
need_long() {
  [ -n "${WEIR_LONG-}" ] || skip "takes minutes: make check-long runs it"
}

# some N: of the lines of standard input every Nth; all of them in `make check-long`.
some() {
  awk -v n="${WEIR_LONG:+1}" -v some="$1" 'NR % (n ? 1 : some) == 0'
}

# spoil_pcap2feat: from now on its rows go through the awk program in $WRONG.
spoil_pcap2feat() {
  mkdir spoilt
  printf '#!/bin/sh\n%s "$@" | awk -F, -v OFS=, "$WRONG"\n' "$(command -v pcap2feat)" >spoilt/pcap2feat
  chmod +x spoilt/pcap2feat
  export PATH=$PWD/spoilt:$PATH WRONG
}

# make_as_built TARGET…: in the build that the programs here come from, with its flags, so that nothing is built anew.
make_as_built() {
  # shellcheck disable=SC2046 # a word or none
  make -s -j2 -C "$root" $(grep -qs -e ' -Werror ' "$root/build/flags" && echo WERROR=1) "$@"
}

# not_sanitized REASON: skips in a run with SANITIZE=1.
not_sanitized() {
  if [[ "${WEIR_BIN-}" == */sanitize/* ]]; then skip "not with SANITIZE=1: $1"; fi
}

# What programs in the network compute of a packet.
# shellcheck disable=SC2034  # used by the bats files
network_fields=iat,len,diffLen,dir_iat,dir_diffLen,cap_iat,cap_diffLen,dir,payload_len,ttl,dscp,tcp_flags,tcp_window,ip_version,proto,ecn,tcp_fin,tcp_syn,tcp_rst,tcp_psh,tcp_ack,tcp_urg,tcp_ece,tcp_cwr,tcp_hdr_len,ip_hdr_len,ip_df,ip_mf,frag_offset

# network_models LEAVES: in $work, for the tests of such programs, models of the lab's captures.
# all.tree and forest.tree have all those features, flow.tree has iat, len and diffLen and so many
# leaves; all.csv and flow.csv are their rows.
network_models() {
  export work=$BATS_FILE_TMPDIR
  pcap2feat -q --label-from=filename --fields="$network_fields,class" "$testdata"/lab/*.pcap -o "$work/all.csv"
  dt-train -q "$work/all.csv" --max-leaves=200 -o "$work/all.tree"
  dt-train -q "$work/all.csv" --trees=5 --max-depth=6 -o "$work/forest.tree"
  pcap2feat -q --label-from=filename "$testdata"/lab/*.pcap -o "$work/flow.csv"
  dt-train -q "$work/flow.csv" --max-leaves="$1" -o "$work/flow.tree"
}

# broken_transport: broken.pcap, of whose four packets the second has too short a UDP header and the
# third a TCP header that contradicts itself; tcp.tree and tcp_missing.tree ask for TCP's flags.
broken_transport() {
  make_capture broken.pcap <<'END'
1.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 flags=2
2.0 10.0.0.1 10.0.0.2 17 0 0 4
3.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 flags=2 offset=4
4.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 flags=18
END
  printf 'tcp_syn,tcp_flags,class\n0,0,a\n1,2,b\n1,18,c\n' | dt-train -q -o tcp.tree
  printf 'tcp_syn,tcp_flags,class\n0,0,a\n1,2,b\n1,18,c\n' | dt-train -q --missing=0 -o tcp_missing.tree
}

# flow_fields N: the features of the first N packets that a program can count.
flow_fields() {
  pcap2feat --list-fields | awk -F'\t' -v n="$1" '$4 == "first" {
      if (!sub(/_N$/, "_", $1)) print $1
      else for (i = 1; i <= n; i++) print $1 i }' | paste -sd ,
}

# first_rows N FIELDS [option of pcap2feat…] FILE…: rows of flows that have N packets.
first_rows() {
  pcap2feat -q --per=flow --first-packets="$1" --fields="end_reason,$2" "${@:3}" |
    awk -F, 'NR == 1 || $1 == "first"' | cut -d, -f2-
}

# flow_model N [option of dt-train…]: flows.tree, of all those features in the lab's captures.
flow_model() {
  first_rows "$1" "$(flow_fields "$1"),class" --label-from=filename "$testdata"/lab/*.pcap |
    dt-train -q --missing=0 "${@:2}" -o "$BATS_TEST_TMPDIR/flows.tree"
}

# packets_of PORT FLAGS TIME…: TCP packets from that port, or to it where a time ends in b.
packets_of() {
  local time ends
  for time in "${@:3}"; do
    ends="10.0.0.1 10.0.0.2 tcp $1 80"
    [ "${time%b}" = "$time" ] || ends="10.0.0.2 10.0.0.1 tcp 80 $1"
    echo "${time%b} $ends 10 flags=$2"
  done
}

# flow_ends: packets of flows that end by time and by TCP, some whose time runs backwards, some whose
# headers contradict themselves.
flow_ends() {
  {
    # A gap of 30 s goes on, one of a ns more does not; nor does a flow after 300 s.
    packets_of 1 16 10 40 70b 100.000000001 100.5 100.6
    packets_of 2 16 10b 39 68 97b 126 155 184 213 242 271 300 310 310.000000001 311 312b
    # FIN both ways: late packets are the flow's, but not a SYN, nor what comes 5 s later.
    packets_of 3 17 10 11b
    packets_of 3 16 12
    packets_of 3 2 12.5
    packets_of 3 18 12.6b
    packets_of 3 16 12.7
    packets_of 4 17 10 11b
    packets_of 4 16 16 16.000000001 16.2b 16.3
    # RST; a FIN one way only; SYN with ACK begins nothing.
    packets_of 5 4 10
    packets_of 5 18 10.5
    packets_of 5 2 11
    packets_of 5 16 11.1 11.2
    packets_of 6 17 10 10.1 10.2
    packets_of 6 2 10.3
    # A TCP header that contradicts itself counts no flags and ends nothing.
    echo "10 10.0.0.1 10.0.0.2 tcp 7 80 10 flags=4 offset=4"
    packets_of 7 16 10.1b 10.2
    packets_of 7 2 10.3
    echo "10.4 10.0.0.1 10.0.0.2 17 0 0 4"
    echo "10.5 10.0.0.1 10.0.0.2 17 0 0 4"
    echo "10.6 10.0.0.1 10.0.0.2 17 0 0 4"
  } | sort -s -g -k1,1
  # Backwards, within flows that end by no clock.
  packets_of 8 16 500 499 501b 498.5b 502
  packets_of 9 24 503b 502.9 502.8b
}
