# pcap2feat as a sensor: several interfaces, processes that share one, statistics, and no packet lost
# without being counted. In a network namespace of its own; packets come from trafgen.
load helper

setup() {
  need_root
  need ip nsenter unshare
  cd "$BATS_TEST_TMPDIR" || return
  unshare --net sleep 120 3>&- &
  holder=$!
  local i
  for i in {1..100}; do
    [ "$(readlink "/proc/$holder/ns/net")" = "$(readlink /proc/self/ns/net)" ] || break
    sleep 0.02
  done
  # The kernel's own IPv6 messages would come between.
  inside sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
    echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
  wire va vb
  sensors=()
}

teardown() {
  local process
  for process in "${sensors[@]}" "${holder-}"; do
    [ -z "$process" ] || kill "$process" 2>/dev/null || true
  done
}

inside() {
  nsenter --net="/proc/$holder/ns/net" "$@"
}

# wire NEAR FAR: what NEAR sends arrives at FAR.
wire() {
  inside ip link add "$1" type veth peer name "$2" 2>/dev/null || skip "no veth here"
  inside ip link set "$1" up
  inside ip link set "$2" up
}

# sense NAME OPTIONS…: starts a sensor, whose rows go to NAME.csv and what it says to NAME.log; its
# process is the last of sensors.
sense() {
  local name=$1
  shift
  rm -f "$name.csv"
  nsenter --net="/proc/$holder/ns/net" "$(command -v pcap2feat)" "$@" --duration=60 >"$name.csv" 2>"$name.log" 3>&- &
  sensors+=($!)
  for _ in {1..200}; do
    [ ! -s "$name.csv" ] || return 0 # the header comes once all is open
    sleep 0.02
  done
  cat "$name.log"
  return 1
}

# stop SIGNAL: sends it to the sensors, which must end with exit code 0.
stop() {
  local process
  for process in "${sensors[@]}"; do
    kill "-$1" "$process"
  done
  for process in "${sensors[@]}"; do
    wait "$process"
  done
  sensors=()
}

# play INTERFACE CAPTURE OPTIONS…: sends the capture as fast as can be; sets $sent.
play() {
  inside trafgen -q -i "$1" --replay="$2" --report=report.csv --speed=1e6 --catch-up=100 "${@:3}"
  sent=$(awk -F, '$1 == "packets" { print $2 }' report.csv)
}

# rows_packets FILE…: the sum of the column packets.
rows_packets() {
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "packets") column = i; next }
    { n += $column } END { print n + 0 }' "$@"
}

# dropped LOG: packets that the kernel dropped.
dropped() {
  sed -nE 's/^pcap2feat: .*: the kernel dropped ([0-9]+) of [0-9]+ packets$/\1/p' "$1" | awk '{ n += $1 } END { if (NR) print n }'
}

@test "live: two interfaces, merged by time; rows say which" {
  wire vc vd
  sense rows --fields=ts,file,len -i vb -i vd
  local pids=()
  local side
  for side in va:1 vc:2; do
    nsenter --net="/proc/$holder/ns/net" trafgen -q -i "${side%:*}" \
      --replay="$testdata/lab/voice.${side#*:}.pcap" --speed=40 3>&- &
    pids+=($!)
  done
  wait "${pids[@]}"
  stop INT
  local name
  for name in 1:vb 2:vd; do
    pcap2feat -q --fields=len "$testdata/lab/voice.${name%:*}.pcap" | tail -n +2 >want
    awk -F, -v file="${name#*:}" '$2 == file { print $3 }' rows.csv | diff - want
  done
  tail -n +2 rows.csv | LC_ALL=C sort -s -t, -k1,1 -c
  # They took turns.
  [ "$(tail -n +2 rows.csv | cut -d, -f2 | uniq | wc -l)" -gt 20 ]
}

@test "live: the two directions of a flow on two taps are one flow" {
  wire vc vd
  make_capture there.pcap <<<'1.0 10.0.0.1 10.0.0.2 udp 1000 53 30'
  make_capture back.pcap <<<'1.0 10.0.0.2 10.0.0.1 udp 53 1000 40'
  sense rows --per=flow --fields=file,src_port,fwd_packets,bwd_packets,end_reason -i vb -i vd
  play va there.pcap
  play vc back.pcap
  play va there.pcap
  stop TERM
  [ "$(<rows.csv)" = "file,src_port,fwd_packets,bwd_packets,end_reason
vb,1000,2,1,input" ]
}

@test "live: processes that share an interface: no packet twice, none lost, a flow whole in one" {
  local fields=src_ip,dst_ip,src_port,dst_port,proto,fwd_packets,bwd_packets,bytes
  # At one time, as the flows of captures that were joined: their order does not matter.
  pcap2feat -q --per=flow --no-split --fields="$fields" --merge "$testdata"/lab/web.[1-4].pcap | tail -n +2 | sort >want
  local i
  for i in 1 2 3; do
    sense "part$i" --per=flow --no-split --fields="$fields" -i vb --fanout=7 -v
  done
  for i in 1 2 3 4; do
    play va "$testdata/lab/web.$i.pcap"
  done
  sleep 0.3
  stop INT
  for i in 1 2 3; do
    [ "$(dropped "part$i.log")" -eq 0 ]
    # Each has a part of them.
    [ "$(wc -l <"part$i.csv")" -gt 5 ]
  done
  [ "$(wc -l <want)" -gt 50 ]
  tail -qn +2 part?.csv | sort | diff want -
}

@test "live: --fanout needs a group that is free, or another kind of use of it is told" {
  run -2 --separate-stderr pcap2feat -i lo --fanout=65536
  [ "${stderr_lines[0]}" = "pcap2feat: --fanout: '65536' is not in 0..65535" ]
  wire vc vd
  sense one --per=flow -i vb --fanout=9
  run -1 --separate-stderr inside "$(command -v pcap2feat)" -i vd --fanout=9
  [ "$stderr" = "pcap2feat: vd: can't join group 9 of those that share it: Invalid argument" ]
}

@test "live: rows and counted drops are all that was sent, at a moderate rate: no drop" {
  sense rows --per=flow --fields=packets -i vb -v
  play va "$testdata/lab/dns.1.pcap" --loop=20
  stop INT
  [ "$sent" -gt 5000 ]
  [ "$(dropped rows.log)" -eq 0 ]
  [ "$(rows_packets rows.csv)" -eq "$(pcap2feat -q --per=flow --fields=packets "$testdata/lab/dns.1.pcap" |
    awk 'NR > 1 { n += $1 } END { print 20 * n }')" ]
}

@test "live: rows and counted drops are all that was sent, when there are far too many" {
  for i in {1..2000}; do
    printf '%d.%06d 10.0.0.1 10.0.0.2 udp %d 53 30\n' 1 "$i" "$i"
  done | make_capture many.pcap
  sense rows --per=flow --fields=packets -i vb -v --buffer=64K
  # It stands still for a while, and then is too late for most.
  kill -STOP "${sensors[0]}"
  play va many.pcap --loop=20
  [ "$sent" -eq 40000 ]
  kill -CONT "${sensors[0]}"
  play va many.pcap --loop=20
  stop INT
  [ "$(dropped rows.log)" -gt 30000 ]
  [ "$(rows_packets rows.csv)" -gt 1000 ]
  [ $(($(rows_packets rows.csv) + $(dropped rows.log))) -eq 80000 ]
}

@test "live: statistics each half second, with the kernel's counters" {
  sense rows --per=flow --fields=packets -i vb --stats=0.5
  play va "$testdata/lab/dns.1.pcap"
  sleep 1.2
  stop INT
  grep -Ec '^pcap2feat: stats: time=[0-9.]+ seconds=0.[0-9]+ packets=[0-9]+ bytes=[0-9]+ packets_per_s=[0-9.]+ bytes_per_s=[0-9.]+ flows=[0-9]+ rows=[0-9]+ vb.received=[0-9]+ vb.dropped=0 vb.lost=0$' rows.log >n
  [ "$(<n)" -ge 3 ]
  local key
  for key in packets vb.received; do
    [ "$(grep -oE " $key=[0-9]+" rows.log | cut -d= -f2 | awk '{ n += $1 } END { print n + 0 }')" -eq "$sent" ]
  done
  [ "$(grep -oE ' rows=[0-9]+' rows.log | cut -d= -f2 | awk '{ n += $1 } END { print n + 0 }')" -eq $(($(wc -l <rows.csv) - 1)) ]
}

@test "live: an interface that goes away: its flows are written, and it is told" {
  sense rows --per=flow --fields=packets,end_reason -i vb
  play va "$testdata/lab/dns.1.pcap"
  inside ip link del va
  local status=0
  wait "${sensors[0]}" || status=$?
  sensors=()
  [ "$status" -eq 1 ]
  grep -q '^pcap2feat: vb: .*' rows.log
  [ "$(rows_packets rows.csv)" -eq "$(pcap2feat -q --per=flow --fields=packets "$testdata/lab/dns.1.pcap" |
    awk 'NR > 1 { n += $1 } END { print n }')" ]
  grep -q ',input$' rows.csv
}

@test "live: an interface that goes away, a row for each packet" {
  sense rows --fields=len,iat --first=zero -w rows.pcap -i vb
  play va "$testdata/lab/dns.1.pcap"
  inside ip link del va
  local status=0
  wait "${sensors[0]}" || status=$?
  sensors=()
  [ "$status" -eq 1 ]
  grep -q '^pcap2feat: vb: .*' rows.log
  [ "$(pcap2feat -q --fields=len,iat --first=zero "$testdata/lab/dns.1.pcap" | cut -d , -f 1 | sort)" = \
    "$(cut -d , -f 1 rows.csv | sort)" ]
}

@test "live: where one of two interfaces goes away, the other goes on" {
  wire vc vd
  sense rows --per=flow --fields=packets,file -i vb -i vd
  inside ip link del va
  for _ in {1..100}; do
    [ ! -s rows.log ] || break
    sleep 0.02
  done
  play vc "$testdata/lab/dns.1.pcap"
  kill -INT "${sensors[0]}"
  local status=0
  wait "${sensors[0]}" || status=$?
  sensors=()
  [ "$status" -eq 1 ]
  [ "$(rows_packets rows.csv)" -gt 300 ]
}

@test "live: what the options of a ring can be" {
  local bad
  for bad in 1 65535 63K 2048M 2G 1T 64KB -1 '' K; do
    run -2 pcap2feat -i lo --buffer="$bad"
    [[ "$output" == "pcap2feat: --buffer: '$bad' is not "* ]] || { echo "$bad: $output"; return 1; }
  done
  local good
  for good in 65536 64K 1M 33554433; do
    inside "$(command -v pcap2feat)" -q -i vb --buffer="$good" --duration=0.05 >/dev/null
  done
  run -2 --separate-stderr pcap2feat --buffer=1M "$testdata/lab/dns.1.pcap"
  [ "${stderr_lines[0]}" = "pcap2feat: --buffer is for live capture (-i)" ]
  run -2 --separate-stderr pcap2feat --fanout=1 "$testdata/lab/dns.1.pcap"
  [ "${stderr_lines[0]}" = "pcap2feat: --fanout is for live capture (-i)" ]
  run -2 --separate-stderr pcap2feat -i lo -i lo
  [ "${stderr_lines[0]}" = "pcap2feat: -i: 'lo' stands twice" ]
}
