# qos-mark: what packets carry when they leave, in namespaces with real sockets; and that nothing
# hostile gets into a rule.
load helper

columns=src_ip,dst_ip,src_port,dst_port,proto,class

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
  local n
  for n in qosa$$ qosr$$ qosb$$; do
    [ ! -e "/run/netns/$n" ] || ip netns del "$n"
  done
}

# flow CLASS [SPORT [DPORT]]: a row, 10.9.1.1 to 10.9.2.1; flow6 likewise.
flow() { echo "10.9.1.1,10.9.2.1,${2:-5004},${3:-6004},17,$1"; }
flow6() { echo "fd09:1::1,fd09:2::1,${2:-5004},${3:-6004},17,$1"; }
rows() { echo "$columns"; cat; }

# Three namespaces in a row: qosa, the router qosr, qosb; IPv4 and IPv6.
make_path() {
  need_root
  need ip nft tc nsenter
  need_python
  local n
  for n in qosa$$ qosr$$ qosb$$; do
    ip netns add "$n" || skip "no network namespaces here"
    ip -n "$n" link set lo up
    ip netns exec "$n" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad; echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad'
  done
  ip netns exec qosr$$ nft list ruleset 2>/dev/null || skip "no nftables in this kernel"
  ip link add a0 netns qosa$$ type veth peer name ra netns qosr$$
  ip link add b0 netns qosb$$ type veth peer name rb netns qosr$$
  put_addresses qosa$$ a0 10.9.1.1 fd09:1::1
  put_addresses qosr$$ ra 10.9.1.2 fd09:1::2
  put_addresses qosr$$ rb 10.9.2.2 fd09:2::2
  put_addresses qosb$$ b0 10.9.2.1 fd09:2::1
  ip netns exec qosr$$ sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
  ip -n qosa$$ route add default via 10.9.1.2
  ip -n qosa$$ -6 route add default via fd09:1::2
  ip -n qosb$$ route add default via 10.9.2.2
  ip -n qosb$$ -6 route add default via fd09:2::2
}

put_addresses() { # NAMESPACE DEVICE IPV4 IPV6
  ip -n "$1" address add "$3/24" dev "$2"
  ip -n "$1" address add "$4/64" dev "$2" nodad
  ip -n "$1" link set "$2" up
}

udp() { ip netns exec "$1" timeout 60 /usr/bin/python3 "$root/tests/python/udp.py" "${@:2}"; }
mark() { ip netns exec qosr$$ qos-mark --apply "$@"; }

# start_capture NAMESPACE DEVICE FILE: UDP that comes in there, until stop_captures.
captures=()
start_capture() {
  nsenter --net="/run/netns/$1" pcap2feat -q -i "$2" -f udp --duration=20 --fields=ip_version,src_port,dst_port,dscp -o "$3" 3>&- &
  captures+=($!)
}
stop_captures() {
  sleep 0.5
  kill -INT "${captures[@]}"
  wait "${captures[@]}"
  captures=()
}

@test "packets of a classified flow leave with the DSCP, either way, IPv4 and IPv6; others are unchanged" {
  make_path
  { flow voice; flow6 video; flow bulk 5006; } | rows | mark
  udp qosb$$ echo 6004 8 &
  start_capture qosb$$ b0 at_b.csv
  start_capture qosa$$ a0 at_a.csv
  sleep 1
  udp qosa$$ send 10.9.2.1 6004 20 100 1 5004 5005 5006=34 5007=34 &
  udp qosa$$ send fd09:2::1 6004 20 100 1 5004 5005=10
  wait $!
  stop_captures
  # At b what a sent, at a what b's echo sent back: version, ports, DSCP, how many.
  for n in b a; do grep -E '(6004,|,6004,)' at_$n.csv | grep -E "$([ $n = b ] && echo '^[46],50..,6004' || echo '^[46],6004,50')" | sort | uniq -c | awk '{ print $2, $1 }' >got_$n; done
  diff - got_b <<'END'
4,5004,6004,46 20
4,5005,6004,0 20
4,5006,6004,10 20
4,5007,6004,34 20
6,5004,6004,26 20
6,5005,6004,10 20
END
  diff - got_a <<'END'
4,6004,5004,46 20
4,6004,5005,0 20
4,6004,5006,10 20
4,6004,5007,0 20
6,6004,5004,26 20
6,6004,5005,0 20
END
  # What was changed is still a whole packet: the checksums of IPv4 and UDP were right, or the echo
  # would not have come.
}

# dscp_now: that of a packet sent now.
dscp_now() {
  start_capture qosb$$ b0 now.csv
  sleep 0.7
  udp qosa$$ send 10.9.2.1 6004 3 100 0.1 5004
  stop_captures
  tail -n +2 now.csv | cut -d, -f4 | uniq | paste -sd' '
}

@test "live: rows count as they come, a new class replaces the old, and rules end by themselves" {
  make_path
  mkfifo in
  mark --timeout=5 -c predicted <in &
  marker=$!
  exec 5>in
  echo "${columns/class/predicted}" >&5
  flow voice >&5
  sleep 0.5
  [ "$(dscp_now)" = 46 ]
  flow bulk >&5
  sleep 0.5
  [ "$(dscp_now)" = 10 ]
  flow unknown >&5
  sleep 0.5
  [ "$(dscp_now)" = 0 ]
  flow game >&5
  sleep 0.5
  [ "$(dscp_now)" = 32 ]
  sleep 5
  [ "$(dscp_now)" = 0 ]
  flow voice >&5 # after its end, with another class
  sleep 0.5
  [ "$(dscp_now)" = 46 ]
  exec 5>&-
  wait "$marker"
}

@test "a rule is renewed by the flow's next row" {
  make_path
  mkfifo in
  mark --timeout=4 <in &
  marker=$!
  exec 5>in
  echo "$columns" >&5
  for _ in 1 2 3; do
    flow voice >&5
    sleep 2
  done
  [ "$(dscp_now)" = 46 ]
  exec 5>&-
  wait "$marker"
}

# kept FILE LOW HIGH: the first row's rate is between; the second's flow lost nothing.
kept() {
  cat "$1"
  awk -v low="$2" -v high="$3" 'NR == 1 && ($2 < low || $2 > high) { exit 1 } NR == 2 && $1 != 400 { exit 1 }' "$1"
}

@test "a rate is kept, by the rules and by tc, and costs others nothing" {
  make_path
  printf 'class,dscp,priority,rate\nbulk,AF11,5,800kbit\nvoice,EF,0,\n' >policy.csv
  local dev
  for dev in '' --dev=rb; do
    { flow bulk 5004 6004; flow voice 5005 6005; } | rows | mark --policy=policy.csv $dev
    udp qosb$$ rate 6004 7 6005 >rates &
    receiver=$!
    sleep 0.7
    # 400 packets of 1,000 bytes in 5 s each: 640 kbit/s of payload; four times as much is too much.
    udp qosa$$ send 10.9.2.1 6005 400 1000 5 5005 &
    udp qosa$$ send 10.9.2.1 6004 1600 1000 5 5004
    wait $!
    wait "$receiver"
    kept rates 740000 860000
  done
}

@test "tc: a class has its priority, and what has no class the usual one" {
  make_path
  printf 'class,dscp,priority,rate\nvoice,,0,\nbulk,,7,1mbit\n' >policy.csv
  { flow voice; flow bulk 5006; } | rows | mark --policy=policy.csv --dev=rb,ra
  udp qosa$$ send 10.9.2.1 6004 10 100 0.2 5004 5005 5006
  ip netns exec qosr$$ tc -s class show dev rb >classes
  grep -A1 '^class htb 1:10 root prio 0 ' classes | grep -q ' 10 pkt'
  grep -A1 '^class htb 1:11 .*prio 7 rate 1Mbit' classes | grep -q ' 10 pkt'
  grep -A1 '^class htb 1:1 root prio 4 ' classes | grep -qE ' 1[0-9] pkt'
  ip netns exec qosr$$ tc class show dev ra | grep -q '^class htb 1:11 .*rate 1Mbit'
  # Once more: what is there is replaced.
  flow voice | rows | mark --policy=policy.csv --dev=rb
}

@test "the pipeline at work: packets, flows by their first packets, a verdict, a mark" {
  make_path
  printf 'fwd_len_max,class\n200,voice\n1400,bulk\n' | dt-train -q -o m.tree
  ip netns exec qosr$$ pcap2feat -q -i ra -f udp --per=flow --first-packets=5 --duration=12 3>&- |
    dt-eval --predict m.tree | ip netns exec qosr$$ qos-mark --apply &
  udp qosb$$ echo 6004 10 &
  sleep 1.5
  start_capture qosb$$ b0 at_b.csv
  sleep 0.5
  { udp qosa$$ send 10.9.2.1 6004 40 100 3 5004 & udp qosa$$ send fd09:2::1 6004 40 1300 3 5005; wait $!; }
  stop_captures
  # Five packets, answers among them, make the verdict: two of the sender's leave before it for sure, and the last
  # ones with the mark.
  for flow in 4,5004,6004:46 6,5005,6004:10; do
    grep "^${flow%:*}," at_b.csv | cut -d, -f4 >marks
    [ "$(wc -l <marks)" -eq 40 ]
    [ "$(head -n 2 marks | sort -u)" = 0 ]
    [ "$(tail -n 10 marks | sort -u)" = "${flow#*:}" ]
    sort -u marks | wc -l | grep -qx 2
  done
}

@test "the policy: what is built in reads back as it is, and every value in its place" {
  qos-mark --print-policy >built-in.tsv
  qos-mark --print-policy --policy=built-in.tsv | cmp - built-in.tsv
  # RFC 4594, figure 3; RFC 8622 for lower effort.
  grep -qx $'voice\tEF\t0\t' built-in.tsv
  grep -qx $'video\tAF31\t2\t' built-in.tsv
  grep -qx $'malware\tLE\t7\t' built-in.tsv
  printf 'class,dscp,priority,rate\n"a,b",63,0,8kbit\nb,,,1000gbit\nc,AF43,7,1500kbit\nd,0,1,8001bit\n' >p.csv
  run -0 qos-mark --print-policy --policy=p.csv
  [ "$output" = $'class\tdscp\tpriority\trate\na,b\t63\t0\t8kbit\nb\t\t4\t1000000mbit\nc\tAF43\t7\t1500kbit\nd\tCS0\t1\t8001bit' ]
}

@test "a policy that is wrong: where, and why" {
  wrong() {
    printf 'class,dscp,priority,rate\n%s\n' "$1" >p.csv
    run -1 qos-mark --print-policy --policy=p.csv
    [ "$output" = "qos-mark: p.csv:$2" ]
  }
  wrong 'a,64,1,' "2: column 'dscp': '64' is no DSCP: a number up to 63, or a name such as EF, AF41, CS1"
  wrong 'a,ef,1,' "2: column 'dscp': 'ef' is no DSCP: a number up to 63, or a name such as EF, AF41, CS1"
  wrong 'a,EF,8,' "2: column 'priority': '8' is not in 0..7"
  local rate
  for rate in 7999bit 1001gbit 1 mbit 1mbps 1.5mbit -1kbit 18446744073709552kbit '1kbit;'; do
    wrong "a,EF,1,$rate" "2: column 'rate': '$rate' is no rate from 8kbit to 1000gbit, such as 500kbit"
  done
  wrong ',EF,1,' "2: column 'class': '' is no class"
  wrong $'a,,,\na,,,' "3: column 'class': 'a' stands twice"
  echo class,dscp,priority,rate >p.csv
  run -1 qos-mark --print-policy --policy=p.csv
  [ "$output" = "qos-mark: p.csv: a policy without classes" ]
}

@test "nothing of a row or a policy gets into a rule as it is" {
  printf 'class,dscp,priority,rate\n"x }\nadd table inet evil",EF,0,\n"\x1b[2J; flush ruleset #",1,1,1mbit\n' >p.csv
  { flow '"x }
add table inet evil"'; } | rows | qos-mark --policy=p.csv >rules
  run -1 grep -qE '^ *(add table inet evil|flush)' rules
  run -1 grep -q $'\x1b' rules
  grep -qxF '    chain class_1 { # x }\x0aadd table inet evil' rules
  grep -qF 'goto class_1' rules
  # Every line that is no comment is made of what rules are made of.
  sed 's/#.*//' rules | LC_ALL=C grep -vxE '[a-z0-9_ .:{};@%/-]*' | (! grep .)
  local bad
  for bad in '10.0.0.1;' '10.0.0.1 }' '10.0.0' '::1%lo' $'10.0.0.1\x01' '0x0a000001' "$(printf 'a%.0s' {1..300})" ''; do
    printf '%s\n"%s",10.0.0.2,1,2,17,voice\n' "$columns" "$bad" >row.csv
    run -1 --separate-stderr qos-mark row.csv
    [[ $stderr == "qos-mark: row.csv:2: column 'src_ip': '"*"' is no IP address" ]]
  done
  for bad in 'a;b' '-x' '' 'a,,b' 'a b' 'abcdefghijklmnop' $'a\nb' 'a/../b'; do
    run -2 qos-mark --apply --dev="$bad" row.csv
  done
  # At the limit, a name that interfaces have.
  run -0 qos-mark --dev=abcdefghijklmno,br-0_1.5 --tc=tc.txt <(rows </dev/null)
  grep -qx 'qdisc add dev abcdefghijklmno root handle 1: htb default 1' tc.txt
}

@test "rows without a rule are counted by cause" {
  { flow voice; flow nothing; flow ''; echo 10.9.1.1,10.9.2.1,0,0,1,voice; flow voice 9; flow voice 10; flow voice 11; } | rows >rows.csv
  run -0 --separate-stderr qos-mark -v --max-flows=2 rows.csv
  [ "$stderr" = "qos-mark: 1 row of a class that the policy does not have: no rule
qos-mark: 1 row without a class: no rule
qos-mark: 1 row of a protocol without ports: no rule
qos-mark: 1 row without a rule: there are as many as --max-flows allows
qos-mark: 3 rows with a rule" ]
}

@test "a flow of many rows in one batch has one rule, of the last one; nft refuses some dozens of changes" {
  { for _ in {1..50}; do flow voice; flow bulk 7; flow nothing 8; flow voice 8; flow nothing 8; flow bulk; flow voice 7; done; } | rows >rows.csv
  qos-mark -q rows.csv | grep element >elements
  diff - elements <<'END'
add element inet weir_qos flows4 { 10.9.1.1 . 5004 . 10.9.2.1 . 6004 . 17 timeout 360s : goto class_10 }
add element inet weir_qos flows4 { 10.9.2.1 . 6004 . 10.9.1.1 . 5004 . 17 timeout 360s : goto class_10 }
add element inet weir_qos flows4 { 10.9.1.1 . 7 . 10.9.2.1 . 6004 . 17 timeout 360s : goto class_1 }
add element inet weir_qos flows4 { 10.9.2.1 . 6004 . 10.9.1.1 . 7 . 17 timeout 360s : goto class_1 }
END
  need_root
  need unshare nft
  unshare --net nft list ruleset 2>/dev/null || skip "no nftables in this kernel"
  unshare --net bash -c 'qos-mark -q --apply rows.csv && nft list map inet weir_qos flows4' >map
  [ "$(grep -oE ' \. (5004|7|8) .*goto class_[0-9]+' map | wc -l)" = 4 ]
}

@test "what is missing or refused ends it with a reason" {
  printf 'src_ip,dst_ip,src_port,dst_port,proto\n' >no.csv
  run -1 qos-mark no.csv
  [ "$output" = "qos-mark: no.csv:1: there is no column 'predicted' or 'class' (-c COLUMN names it)" ]
  printf '%s\n10.0.0.1,::1,1,2,17,voice\n' "$columns" >two.csv
  run -1 --separate-stderr qos-mark two.csv
  [ "$stderr" = "qos-mark: two.csv:2: column 'dst_ip': '::1' is not of the IP version that src_ip is of" ]
  run -2 qos-mark --dev=eth0 no.csv
  run -2 qos-mark --tc=x --apply --dev=eth0 no.csv
  run -2 --separate-stderr qos-mark --policy=- <no.csv
  [[ "$stderr" == "qos-mark: only one of the policy and the table can be standard input"* ]]
  flow voice | rows >rows.csv
  need_root
  need unshare nft
  # Where one interface is missing, the others keep what they have.
  run -0 unshare --net bash -c 'tc qdisc add dev lo root handle 7: pfifo
    qos-mark --apply --dev=lo,none rows.csv || tc qdisc show dev lo'
  [ "${lines[0]}" = "qos-mark: --dev: there is no interface 'none'" ]
  [[ "${lines[1]}" == "qdisc pfifo 7: root"* ]]
  # Refusals of tc and nft: without the right to set rules.
  need setpriv
  local without=(unshare --net setpriv --bounding-set=-all --inh-caps=-all --reuid=65534 --clear-groups)
  run -1 "${without[@]}" "$(command -v qos-mark)" --apply --dev=lo <rows.csv
  [[ $output == *"qos-mark: tc refused the rules (exit status "* ]]
  run -1 "${without[@]}" "$(command -v qos-mark)" --apply <rows.csv
  [[ $output == *"qos-mark: nft refused the rules (exit status 1)" ]]
}
