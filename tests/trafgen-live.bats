# trafgen -i and --replay: packets sent when they are due. Timing itself is scripts/bench/trafgen-live's
# business: on a busy machine only bounds that are very wide can hold.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

teardown() {
  local n
  for n in weirp$$ weirq$$; do
    [ ! -e "/run/netns/$n" ] || ip netns del "$n"
  done
}

# Interface va$$ in namespace weirp$$; what it sends arrives at vb$$ in weirq$$.
make_wire() {
  need_root
  need ip nsenter tcpdump
  ip netns add weirp$$ 2>/dev/null || skip "no network namespaces here"
  ip netns add weirq$$
  # The kernel's own IPv6 messages would come between.
  local n
  for n in weirp$$ weirq$$; do
    nsenter --net="/run/netns/$n" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
      echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
  done
  ip link add va$$ netns weirp$$ type veth peer name vb$$ netns weirq$$
  ip -n weirp$$ link set va$$ up
  ip -n weirq$$ link set vb$$ up
}

# Captures what arrives into got.pcap, until arrived().
start_capture() {
  rm -f capture.log got.pcap # those of a capture before
  nsenter --net=/run/netns/weirq$$ tcpdump -qU --immediate-mode -s 9100 -B 65536 -i vb$$ --time-stamp-precision=nano \
    -w got.pcap 2>capture.log 3>&- &
  capture=$!
  for _ in {1..100}; do
    ! grep -qs listening capture.log || return 0
    sleep 0.05
  done
  cat capture.log
  return 1
}

# arrived N: waits for so many frames, and ends the capture, which has no more.
arrived() {
  for _ in {1..100}; do
    [ "$(tcpdump -nr got.pcap 2>/dev/null | wc -l)" -lt "$1" ] || break
    sleep 0.1
  done
  kill -INT "$capture"
  wait "$capture"
  local n
  n=$(tcpdump -nr got.pcap 2>/dev/null | wc -l)
  [ "$n" -eq "$1" ] || { echo "$n frames arrived, not $1"; cat capture.log; return 1; }
}

# frames_sent: since the wire was made.
frames_sent() {
  nsenter --net=/run/netns/weirp$$ awk -v "name=va$$:" '$1 == name { print $11 }' /proc/net/dev
}

# left N: waits until so many were.
left() {
  for _ in {1..200}; do
    [ "$(frames_sent)" -lt "$1" ] || return 0
    sleep 0.05
  done
  return 1
}

send() {
  nsenter --net=/run/netns/weirp$$ timeout 60 trafgen "$@"
}

# frames CAPTURE: its frames as hex, without their times.
frames() {
  tcpdump -ntq -xx -r "$1" 2>/dev/null
}

# value METRIC: of report.csv.
value() {
  awk -F, -v name="$1" '$1 == name { print $2 }' report.csv
}

# span CAPTURE: microseconds from its first to its last frame.
span() {
  tcpdump -ntt --nano -r "$1" 2>/dev/null |
    awk '{ t = $1 } NR == 1 { first = t } END { printf "%d\n", (t - first) * 1e6 }'
}

@test "live: the packets of a capture arrive in order, byte for byte, at about its times" {
  make_wire
  # A call, with bytes for those that were cut out of the recording.
  pcap2feat -q --first=zero --fields=ts,flow,dir,len "$testdata/lab/voice.1.pcap" | trafgen -q -w call.pcap
  start_capture
  send -q -i va$$ --replay=call.pcap --speed=4 --report=report.csv
  local n
  n=$(tcpdump -nr call.pcap 2>/dev/null | wc -l)
  [ "$n" -gt 100 ]
  arrived "$n"
  frames got.pcap >got
  frames call.pcap | diff -q - got
  [ "$(value packets)" -eq "$n" ]
  [ "$(value scheduled)" -eq "$n" ]
  [ "$(value bytes)" -eq "$(tcpdump -nqe -r call.pcap 2>/dev/null |
    sed -n 's/.* length \([0-9]*\): .*/\1/p' | awk '{ n += $1 } END { print n + 0 }')" ]
  local asked took
  asked=$(($(span call.pcap) / 4))
  took=$(span got.pcap)
  [ $((took - asked)) -gt -50000 ]
  [ $((took - asked)) -lt 3000000 ]
  # ns against the capture's own us, rounded.
  [ $(($(value asked_ns) / 1000 - asked)) -ge -1 ]
  [ $(($(value asked_ns) / 1000 - asked)) -le 1 ]
}

@test "live: packets of a table arrive as they would be written to a capture" {
  make_wire
  printf 'dir,len,iat\n1,60,\n0,1200,20000000\n0,52,5000\n1,1500,0\n' >series.csv
  trafgen -q --proto=tcp series.csv -w made.pcap
  start_capture
  run -0 --separate-stderr send --proto=tcp series.csv -i va$$
  [ -z "$output" ]
  [[ "$stderr" == "trafgen: 10 packets, "*" bytes in 0.0"*" asked, "*"late by p50 "* ]]
  arrived 10
  frames got.pcap >got
  frames made.pcap | diff - got
}

@test "live: rounds follow each other without a jump" {
  make_wire
  make_capture three.pcap <<'END'
1000.000 10.0.0.1 10.0.0.2 udp 1000 2000 4
1000.010 10.0.0.1 10.0.0.2 udp 1000 2000 5
1000.060 10.0.0.1 10.0.0.2 udp 1000 2000 6
END
  start_capture
  send -q -i va$$ --replay=three.pcap --loop=4 --report=report.csv
  arrived 12
  [ "$(frames got.pcap | grep -oE 'length [0-9]+' | paste -sd ' ')" = \
    "$(for _ in 1 2 3 4; do echo length 4; echo length 5; echo length 6; done | paste -sd ' ')" ]
  # Four times 60 ms, and three gaps of 30 ms, the mean.
  [ "$(value asked_ns)" -eq 330000000 ]
  local took
  took=$(span got.pcap)
  [ "$took" -gt 280000 ]
  [ "$took" -lt 3000000 ]
}

@test "live: SIGINT ends it with the report" {
  make_wire
  make_capture two.pcap <<'END'
1000 10.0.0.1 10.0.0.2 udp 1000 2000 4
5000 10.0.0.1 10.0.0.2 udp 1000 2000 5
END
  local signal n=0
  for signal in INT TERM; do
    nsenter --net=/run/netns/weirp$$ trafgen -i va$$ --replay=two.pcap 2>said 3>&- &
    local sender=$!
    left $((n += 1))
    kill "-$signal" "$sender"
    ends "$sender"
    [ "$(head -n 1 said)" = "trafgen: 1 packet, 46 bytes in 0.000 s" ]
  done
}

# ends PROCESS: with exit code 0, soon.
ends() {
  for _ in {1..100}; do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.05
  done
  ! kill -KILL "$1" 2>/dev/null || return 1
  wait "$1"
}

@test "live: a signal ends waiting for input, too, once there is some or its end" {
  make_wire
  mkfifo pipe
  nsenter --net=/run/netns/weirp$$ trafgen -i va$$ --replay=pipe 2>said 3>&- &
  local sender=$!
  exec 9>pipe
  make_capture - <<<'1000 10.0.0.1 10.0.0.2 udp 1000 2000 4' >&9
  left 1
  kill -INT "$sender"
  for _ in {1..100}; do
    [ ! -s said ] || break
    sleep 0.05
  done
  [ "$(head -n 1 said)" = "trafgen: 1 packet, 46 bytes in 0.000 s" ]
  exec 9>&-
  ends "$sender"
}

# held POLICY: sends 1 packet each 10 ms for 2 s, stopped for half a second by force; report.csv.
held() {
  local before
  before=$(frames_sent)
  nsenter --net=/run/netns/weirp$$ trafgen -q -i va$$ "--late=$1" --late-limit=0.1 regular.csv --report=report.csv 3>&- &
  local sender=$!
  left $((before + 3))
  kill -STOP "$sender"
  sleep 0.5
  kill -CONT "$sender"
  ends "$sender"
  [ "$(value scheduled)" -eq 200 ]
  [ "$(value asked_ns)" -eq 1990000000 ]
  [ "$(value late)" -gt 0 ]
}

@test "live: what is late is sent, dropped, or moves the rest" {
  make_wire
  { echo dir,len,iat; echo 1,60,; yes 1,60,10000000 | head -n 199; } >regular.csv
  start_capture
  held send
  [ "$(value packets)" -eq 200 ]
  [ "$(value moved_ns)" -eq 0 ]
  [ "$(value late)" -gt 20 ]
  [ "$(value lateness_max_ns)" -gt 250000000 ]
  arrived 200

  start_capture
  held drop
  [ "$(value dropped_late)" -gt 20 ]
  [ "$(value dropped_late)" -eq "$(value late)" ]
  [ $(($(value packets) + $(value dropped_late))) -eq 200 ]
  [ "$(value lateness_max_ns)" -le 100000000 ]
  arrived "$(value packets)"

  start_capture
  held shift
  [ "$(value packets)" -eq 200 ]
  [ "$(value moved_ns)" -gt 250000000 ]
  [ "$(value took_ns)" -ge $((1990000000 + $(value moved_ns) - 100000000)) ]
  arrived 200
}

@test "live: frames that are too long are counted, with what would help" {
  make_wire
  make_capture long.pcap <<'END'
1000.000 10.0.0.1 10.0.0.2 udp 1000 2000 1472
1000.001 10.0.0.1 10.0.0.2 udp 1000 2000 1473
1000.002 10.0.0.1 10.0.0.2 udp 1000 2000 1472 vlan=7
1000.003 10.0.0.1 10.0.0.2 udp 1000 2000 1473 vlan=7
END
  start_capture
  run -0 --separate-stderr send -i va$$ --replay=long.pcap
  [[ "$stderr" == *"trafgen: 2 packets not sent: longer than the MTU of va$$, 1500 (ip link set va$$ mtu N)"* ]]
  [[ "$stderr" == *"trafgen: 2 packets, 3032 bytes in "* ]]
  arrived 2
  ip -n weirp$$ link set va$$ mtu 9000
  ip -n weirq$$ link set vb$$ mtu 9000
  start_capture
  run -0 --separate-stderr send -i va$$ --replay=long.pcap
  [[ "$stderr" != *"not sent"* ]]
  arrived 4
  # Nothing that can be sent.
  ip -n weirp$$ link set va$$ mtu 500
  run -1 --separate-stderr send -q -i va$$ --replay=long.pcap
  [ "$stderr" = "trafgen: long.pcap: no packet to send" ]
}

@test "live: what was captured in part is filled up" {
  make_wire
  make_capture cut.pcap <<'END'
1000 10.0.0.1 10.0.0.2 udp 1000 2000 40 cut=46
1001 10.0.0.1 10.0.0.2 udp 1000 2000 40 cut=13
END
  make_capture whole.pcap <<<'1000 10.0.0.1 10.0.0.2 udp 1000 2000 40'
  start_capture
  run -0 --separate-stderr send -i va$$ --replay=cut.pcap
  [[ "$stderr" == *"trafgen: 1 packet captured in part: filled up with zeros"* ]]
  [[ "$stderr" == *"trafgen: 1 packet not sent: no whole Ethernet header"* ]]
  arrived 1
  frames got.pcap >got
  frames whole.pcap | diff - got
}

@test "live: a queue that is full loses packets, and they are counted" {
  make_wire
  need tc
  nsenter --net=/run/netns/weirp$$ tc qdisc add dev va$$ root tbf rate 100kbit burst 2000 limit 3000 2>/dev/null ||
    skip "the kernel has no tbf"
  { echo dir,len,iat; echo 1,1000,; yes 1,1000,0 | head -n 49; } >burst.csv
  start_capture
  run -0 --separate-stderr send -i va$$ burst.csv --report=report.csv
  [ "$(value dropped_full)" -gt 10 ]
  [ $(($(value packets) + $(value dropped_full))) -eq 50 ]
  [[ "$stderr" == *"trafgen: $(value dropped_full) packets lost: the queue of the interface was full"* ]]
  sleep 0.5
  arrived "$(value packets)"
}

# policies PROCESS: the scheduling policies that it has over 2 s: 0 normal, 1 SCHED_FIFO.
policies() {
  local fields
  for _ in {1..200}; do
    read -r -a fields <"/proc/$1/stat"
    echo "${fields[40]}"
    read -r -t 0.01 <&8 || true # a pause without a process
  done 8<>pause | sort -u | paste -sd ' '
}

@test "live: before all other processes, but for a share of the time" {
  make_wire
  chrt -f 50 true 2>/dev/null || skip "no real-time scheduling here"
  start_capture
  send -q -i va$$ --replay="$testdata/lab/dns.1.pcap" --speed=1000 --realtime
  arrived "$(tcpdump -nr "$testdata/lab/dns.1.pcap" 2>/dev/null | wc -l)"
  # A packet each 25 ms leaves time for others, one each 1 ms does not.
  local iat sender
  mkfifo pause
  for iat in 25000000 1000000; do
    { echo dir,len,iat; echo 1,60,; yes "1,60,$iat" | head -n 20000; } >regular.csv
    nsenter --net=/run/netns/weirp$$ trafgen -q -i va$$ --realtime regular.csv 3>&- &
    sender=$!
    left $(($(frames_sent) + 2))
    policies "$sender" >"policies.$iat"
    kill -INT "$sender"
    ends "$sender"
  done
  [ "$(<policies.25000000)" = 1 ]
  [ "$(<policies.1000000)" = "0 1" ]
}

@test "live: interfaces that can't be used" {
  make_wire
  local capture=$testdata/lab/dns.1.pcap
  run -1 --separate-stderr send -i nonesuch --replay="$capture"
  [ "$stderr" = "trafgen: nonesuch: no such interface (ip link lists them)" ]
  run -1 --separate-stderr send -i a-name-too-long-for-one --replay="$capture"
  [ "$stderr" = "trafgen: a-name-too-long-for-one: no such interface (ip link lists them)" ]
  run -1 --separate-stderr send -i lo --replay="$capture"
  [ "$stderr" = "trafgen: lo: is down (ip link set lo up)" ]
  ip -n weirq$$ link set vb$$ down
  # The kernel passes that on when it finds the time.
  for _ in {1..100}; do
    [[ $(ip -n weirp$$ link show va$$) == *LOWER_UP* ]] || break
    sleep 0.05
  done
  run -1 --separate-stderr send -i va$$ --replay="$capture"
  [ "$stderr" = "trafgen: va$$: has no carrier: is the other end plugged in and up?" ]
  ip -n weirq$$ link set vb$$ up
  nsenter --net=/run/netns/weirp$$ ip tuntap add dev tun$$ mode tun 2>/dev/null || skip "no tun devices here"
  run -1 --separate-stderr send -i tun$$ --replay="$capture"
  [ "$stderr" = "trafgen: tun$$: not an Ethernet interface" ]
}

@test "live: without the rights" {
  make_wire
  need setpriv
  # Where another user may read them.
  local open
  open=$(mktemp -d /tmp/weir-trafgen.XXXXXX)
  cp "${WEIR_BIN:-$root/bin}/trafgen" "$testdata/lab/dns.1.pcap" "$open"
  chmod -R a+rX "$open"
  nobody() { nsenter --net=/run/netns/weirp$$ setpriv --reuid=65534 --clear-groups "$open/trafgen" "$@"; }
  run -1 --separate-stderr nobody -i va$$ --replay="$open/dns.1.pcap"
  [ "$stderr" = "trafgen: va$$: sending frames needs root or the capability cap_net_raw" ]
  run -1 --separate-stderr nobody --dry-run --realtime --replay="$open/dns.1.pcap"
  [ "$stderr" = "trafgen: --realtime needs root or the capabilities cap_sys_nice and cap_ipc_lock" ]
  rm -r "$open"
}

# dry [options]: a dry run with report.csv.
dry() {
  trafgen -q --dry-run --report=report.csv "$@"
}

@test "the schedule of ten hours has no error, at any speed" {
  local capture=$testdata/lab/voice.1.pcap n span rounds asked
  n=$(tcpdump -nr "$capture" 2>/dev/null | wc -l)
  dry --replay="$capture"
  span=$(value asked_ns)
  [ "$(value packets)" -eq "$n" ]
  rounds=$((36000000000000 / span + 1))
  dry --replay="$capture" --loop="$rounds"
  asked=$((rounds * span + (rounds - 1) * (span / (n - 1))))
  [ "$asked" -gt 36000000000000 ]
  [ "$(value packets)" -eq $((rounds * n)) ]
  [ "$(value asked_ns)" -eq "$asked" ]
  [ "$(value took_ns)" -eq "$asked" ]
  [ "$(value lateness_max_ns)" -eq 0 ]
  dry --replay="$capture" --loop="$rounds" --speed=4
  [ "$(value asked_ns)" -eq $(((asked + 2) / 4)) ]
  [ "$(value lateness_max_ns)" -eq 0 ]
  dry --replay="$capture" --loop="$rounds" --speed=0.25 --loop-gap=0.5
  [ "$(value took_ns)" -eq $((4 * (rounds * span + (rounds - 1) * 500000000))) ]
  [ "$(value lateness_max_ns)" -eq 0 ]
}

@test "a clock on which sending takes longer than the gaps: what each policy does" {
  { echo dir,len,iat; echo 1,60,; yes 1,60,1000000 | head -n 4; } >regular.csv
  # 2.5 ms each, 1 ms apart: sent at 0, 2.5, 5, 7.5 and 10 ms.
  trafgen -q --dry-run=0.0025 --report=report.csv regular.csv
  [ "$(value packets)-$(value late)-$(value moved_ns)" = 5-4-0 ]
  [ "$(value took_ns)-$(value asked_ns)" = 10000000-4000000 ]
  [ "$(value lateness_max_ns)" -eq 6000000 ]
  [ "$(value lateness_p50_ns)" -ge 3000000 ]
  [ "$(value lateness_p50_ns)" -le 3046875 ]
  [ "$(value send_max_ns)" -eq 2500000 ]
  # The packets of 1 and 3 ms are 1.5 and 2 ms late; that of 4 ms is late by the limit and no more.
  trafgen -q --dry-run=0.0025 --late=drop --report=report.csv regular.csv
  [ "$(value packets)-$(value late)-$(value dropped_late)-$(value scheduled)" = 3-2-2-5 ]
  [ "$(value lateness_max_ns)" -eq 1000000 ]
  [ "$(value took_ns)" -eq 5000000 ]
  # Each is 1.5 ms late and moves the rest by as much.
  trafgen -q --dry-run=0.0025 --late=shift --report=report.csv regular.csv
  [ "$(value packets)-$(value late)-$(value moved_ns)" = 5-4-6000000 ]
  [ "$(value lateness_max_ns)" -eq 1500000 ]
  [ "$(value took_ns)-$(value asked_ns)" = 10000000-4000000 ]
  trafgen -q --dry-run=0.0025 --late=shift --late-limit=0.01 --report=report.csv regular.csv
  [ "$(value late)-$(value moved_ns)-$(value took_ns)" = 0-0-10000000 ]
}

@test "lateness is counted within a 64th" {
  { echo dir,len,iat; yes 1,60,0 | head -n 10000; } >burst.csv
  # The k-th is k times 777 ns late.
  trafgen -q --dry-run=0.000000777 --report=report.csv burst.csv
  local p rank
  for p in '50 4999' '90 8999' '99 9899' '999 9989'; do
    read -r p rank <<<"$p"
    [ "$(value "lateness_p${p}_ns")" -ge $((rank * 777)) ]
    [ "$(value "lateness_p${p}_ns")" -le $((rank * 777 + rank * 777 / 64)) ]
  done
  [ "$(value lateness_max_ns)" -eq $((9999 * 777)) ]
  [ "$(value took_ns)" -eq $((9999 * 777)) ]
}

@test "a small delay is made up for little by little" {
  # Two packets at once, of which the second is 12 us late; gaps of 100 us are then 3% shorter at
  # most: 12, 9, 6, 3. With --catch-up=100 the next one is in time again.
  { echo ts,dir,len; printf '%s,1,100\n' 1.000000000 1.000000000 1.000100000 1.000200000 1.000300000; } >pair.csv
  trafgen -q --dry-run=0.000012 --report=report.csv pair.csv
  [ "$(value lateness_p50_ns)" -ge 6000 ]
  [ "$(value lateness_p50_ns)" -le 6094 ]
  [ "$(value lateness_max_ns)" -eq 12000 ]
  trafgen -q --dry-run=0.000012 --catch-up=100 --report=report.csv pair.csv
  [ "$(value lateness_p50_ns)" -eq 0 ]
  [ "$(value lateness_max_ns)" -eq 12000 ]
}

@test "a small delay is made up for no faster in long gaps, a longer one in one of them" {
  { echo ts,dir,len; printf '%s,1,100\n' 1.00 1.00 1.02 1.04 1.06; } >pair.csv
  trafgen -q --dry-run=0.000012 --report=report.csv pair.csv
  [ "$(value lateness_p50_ns)" -ge 6000 ]
  [ "$(value lateness_p50_ns)" -le 6094 ]
  # 30 us late, and the next one 3 us less; 1 ns later than that, and the next one in time.
  printf 'ts,dir,len\n1.00,1,100\n1.00,1,100\n1.02,1,100\n' >pair.csv
  trafgen -q --dry-run=0.00003 --report=report.csv pair.csv
  [ "$(value lateness_p50_ns)" -ge 27000 ]
  [ "$(value lateness_p50_ns)" -le 27422 ]
  trafgen -q --dry-run=0.000030001 --report=report.csv pair.csv
  [ "$(value lateness_p50_ns)" -eq 0 ]
  [ "$(value lateness_max_ns)" -eq 30001 ]
}

@test "what the report says" {
  make_capture three.pcap <<'END'
1000.000 10.0.0.1 10.0.0.2 udp 1000 2000 4
1000.010 10.0.0.1 10.0.0.2 udp 1000 2000 5
1000.060 10.0.0.1 10.0.0.2 udp 1000 2000 6
END
  run -0 --separate-stderr trafgen --dry-run --replay=three.pcap --loop=11
  [ -z "$output" ]
  diff - <(echo "$stderr") <<'END'
trafgen: dry run: 33 packets, 1551 bytes in 0.960 s: 33.3333 packets/s of 33.3333 asked, 0.0125333 Mbit/s of 0.0125333
trafgen: late by p50 0.000 us, p99 0.000 us, max 0.000 us; by more than 1 ms: 0
END
  run -0 --separate-stderr trafgen --dry-run=0.04 --late=drop --replay=three.pcap
  diff - <(echo "$stderr") <<'END'
trafgen: 1 packet not sent: late (--late=drop)
trafgen: dry run: 2 packets, 94 bytes in 0.060 s: 16.6667 packets/s of 33.3333 asked, 0.00626667 Mbit/s of 0.0125333
trafgen: late by p50 0.000 us, p99 0.000 us, max 0.000 us; by more than 1 ms: 1
END
  run -0 --separate-stderr trafgen --dry-run=0.04 --late=shift --replay=three.pcap -n 2
  diff - <(echo "$stderr") <<'END'
trafgen: dry run: 2 packets, 93 bytes in 0.040 s: 25 packets/s of 100 asked, 0.0093 Mbit/s of 0.0372
trafgen: late by p50 0.000 us, p99 30000.000 us, max 30000.000 us; by more than 1 ms: 1
trafgen: schedule moved by 0.030000 s (--late=shift)
END
  trafgen -q --dry-run --replay=three.pcap --tsv --report=- >report.tsv
  [ "$(head -n 2 report.tsv)" = $'metric\tvalue\npackets\t3' ]
}

@test "a report that can't be written is told before anything is sent" {
  run -1 --separate-stderr trafgen --dry-run --replay="$testdata/lab/dns.1.pcap" --report=none/report.csv
  [ "$stderr" = "trafgen: none/report.csv: No such file or directory" ]
  # And where nothing could be sent, there is none.
  run -1 --separate-stderr trafgen --dry-run --replay=none.pcap --report=report.csv
  [ "$stderr" = "trafgen: none.pcap: No such file or directory" ]
  [ ! -e report.csv ]
}

@test "limits of a capture: packets, time" {
  make_capture three.pcap <<'END'
1000.000 10.0.0.1 10.0.0.2 udp 1000 2000 4
1000.010 10.0.0.1 10.0.0.2 udp 1000 2000 5
1000.060 10.0.0.1 10.0.0.2 udp 1000 2000 6
END
  dry --replay=three.pcap -n 2 --loop=2
  [ "$(value packets)-$(value asked_ns)" = 4-30000000 ]
  dry --replay=three.pcap --duration=0.06 --loop=2
  [ "$(value packets)-$(value asked_ns)" = 4-30000000 ]
  dry --replay=three.pcap --duration=0.060000001
  [ "$(value packets)" -eq 3 ]
}

@test "captures that are no good for it" {
  make_capture empty.pcap </dev/null
  run -1 --separate-stderr trafgen --dry-run --replay=empty.pcap
  [ "${stderr_lines[-1]}" = "trafgen: empty.pcap: no packet to send" ]
  run -1 --separate-stderr trafgen --dry-run --replay=empty.pcap --loop
  [ "${stderr_lines[-1]}" = "trafgen: empty.pcap: no packet to send" ]
  make_capture raw.pcap raw <<<'1000 10.0.0.1 10.0.0.2 udp 1000 2000 4'
  run -1 --separate-stderr trafgen --dry-run --replay=raw.pcap
  [ "${stderr_lines[1]}" = "trafgen: 1 packet not sent: not Ethernet" ]
  [ "${stderr_lines[-1]}" = "trafgen: raw.pcap: no packet to send" ]
  run -1 --separate-stderr trafgen --dry-run --replay=/nonexistent
  [ "$stderr" = "trafgen: /nonexistent: No such file or directory" ]
  make_capture one.pcap <<<'1000 10.0.0.1 10.0.0.2 udp 1000 2000 4'
  run -1 --separate-stderr trafgen -q --dry-run --replay=one.pcap --loop=2
  [ "$stderr" = "trafgen: all packets have the same time, so there is no gap to repeat them after: say --loop-gap=SECONDS" ]
  dry --replay=one.pcap --loop=3 --loop-gap=2
  [ "$(value packets)-$(value asked_ns)" = 3-4000000000 ]
  # What came before a fault is sent.
  head -c 70 one.pcap >cut.pcap
  cat one.pcap <(tail -c +25 one.pcap | head -c 30) >cut.pcap
  run -1 --separate-stderr trafgen --dry-run --replay=cut.pcap
  [ "${stderr_lines[0]}" = "trafgen: dry run: 1 packet, 46 bytes in 0.000 s" ]
  [ "${stderr_lines[-1]}" = "trafgen: cut.pcap: frame 2: the file ends in the middle of it" ]
  make_capture back.pcap <<'END'
1000.5 10.0.0.1 10.0.0.2 udp 1000 2000 4
1000.0 10.0.0.1 10.0.0.2 udp 1000 2000 4
1001.0 10.0.0.1 10.0.0.2 udp 1000 2000 4
END
  run -0 --separate-stderr trafgen --dry-run --replay=back.pcap --report=report.csv
  [ "${stderr_lines[-1]}" = "trafgen: 1 packet whose time runs backwards: sent right after the one before" ]
  [ "$(value asked_ns)" -eq 500000000 ]
}

@test "input that can be read only once goes round only once" {
  run -1 --separate-stderr trafgen --dry-run --loop --replay=- <"$testdata/lab/dns.1.pcap"
  [ "$stderr" = "trafgen: standard input: can be read once only: --loop wants a file" ]
  # shellcheck disable=SC2002  # a pipe is the point
  cat "$testdata/lab/dns.1.pcap" | trafgen -q --dry-run --replay=- --report=report.csv
  [ "$(value packets)" -eq "$(tcpdump -nr "$testdata/lab/dns.1.pcap" 2>/dev/null | wc -l)" ]
}

@test "any capture format, and mixed link types" {
  need_data
  local n=0 file status
  while read -r file; do
    status=0
    timeout 20 trafgen --dry-run --replay="$file" --report=report.csv 2>/dev/null || status=$?
    [ "$status" -le 1 ] || { echo "$file: $status"; return 1; }
    [ "$status" -eq 1 ] || n=$((n + 1))
  done < <(printf '%s\n' "$data"/odd/*/* | some 3)
  [ "$n" -gt $((WEIR_LONG ? 80 : 26)) ]
}

@test "the command line: what does not go together" {
  local capture=$testdata/lab/dns.1.pcap
  usage() {
    local text=$1
    shift
    run -2 --separate-stderr trafgen "$@"
    [ "${stderr_lines[0]}" = "trafgen: $text" ] || { echo "$stderr"; return 1; }
  }
  usage "--replay needs -i or --dry-run" --replay="$capture"
  usage "--dry-run sends nothing, so it takes no -i" -i lo --dry-run --replay="$capture"
  usage "--replay takes packets from a capture: no MODEL or TABLE" --dry-run --replay="$capture" t.csv
  usage "--replay sends packets as they are: of the options that make packets it takes -n and --duration" \
    --dry-run --replay="$capture" --vlan=3
  usage "-i and --dry-run go without -w and -o" --dry-run --replay="$capture" -o x
  usage "-i and --dry-run go without -w and -o" --dry-run --replay="$capture" -w x
  usage "these need -i or --dry-run: --speed, --loop, --loop-gap, --late, --late-limit, --catch-up, --realtime, --report" \
    --speed=2 t.csv
  usage "these need -i or --dry-run: --speed, --loop, --loop-gap, --late, --late-limit, --catch-up, --realtime, --report" \
    --late=send t.csv
  usage "--loop-gap has no use without --loop" --dry-run --replay="$capture" --loop-gap=1
  usage "--late: 'wait' is not one of send, drop, shift" --late=wait
  usage "--speed: '0' is not in 1e-06..1e+06" --speed=0
  usage "--loop: '0' is not in 1..18446744073709551615" --loop=0
}
