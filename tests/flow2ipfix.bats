# flow2ipfix: every field of every row comes back from a decoder of our own, from tshark and from
# nfcapd; and collectors that are away, slow or gone cost what is said and no more.
load helper

started=()

setup() {
  command -v flow2ipfix >/dev/null || skip "built without libfixbuf"
  need_python
  cd "$BATS_TEST_TMPDIR"
}

teardown() {
  local pid
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}

rows() {
  /usr/bin/python3 "$root/tests/python/ipfix_rows.py" "$@"
}

# collect udp|tcp OUT [PORT]: starts a collector; $port is where it listens, $collector its process.
collect() {
  rm -f ready
  /usr/bin/python3 "$root/tests/python/ipfix_collect.py" "$1" "${3-0}" "$2" >ready 3>&- 5>&- &
  collector=$!
  started+=("$collector")
  for _ in {1..100}; do
    [ ! -s ready ] || break
    sleep 0.05
  done
  port=$(<ready)
}

# away: a port on which nobody listens.
away() {
  collect tcp nothing
  kill "$collector"
  wait "$collector" || true
}

# tshark_says TABLE FILE
tshark_says() {
  need tshark
  tshark -n -o cflow.max_template_fields:0 -r "$2" -T pdml 2>/dev/null | rows tshark "$1" "$2"
}

# many N [TEXT]: N rows of flows, each its own, with a class if TEXT is given.
many() {
  echo "flow,start,end,src_ip,dst_ip,src_port,dst_port,proto,fwd_packets,bwd_packets,fwd_bytes,bwd_bytes${2:+,class}"
  awk -v n="$1" -v more="${2:+,$2}" 'BEGIN {
    for (i = 1; i <= n; i++)
      printf "%016x,%d.000000001,%d.5,10.0.0.1,10.0.0.2,%d,443,6,%d,2,%d,99%s\n", i, i, i, i % 65536, i, 3 * i, more
  }'
}

# until_true COMMAND…: tries until it is, for half a minute or so.
until_true() {
  local i
  for i in {1..100}; do
    ! "$@" || return 0
    sleep 0.2
  done
  echo "never came true: $*"
  return 1
}

@test "a file: every field of the lab's flows, with all columns and with sequences" {
  pcap2feat -q --per=flow --fields=all --context=60 "$testdata"/lab/*.[12].pcap -o all.csv
  pcap2feat -q --per=flow --first-packets=7 "$testdata"/lab/*.[12].pcap -o seq.csv
  for t in all seq; do
    flow2ipfix $t.csv -o $t.ipfix
    [ "$(rows compare $t.csv $t.ipfix)" = "$(($(wc -l <$t.csv) - 1)) rows equal" ]
    tshark_says $t.csv $t.ipfix
  done
}

@test "real captures: every field of every flow, in two decoders" {
  need_data
  need tshark
  cd "$data"
  local fields=flow,start,end,src_ip,dst_ip i
  for i in {1..20}; do
    fields+=,len_$i,iat_$i,dir_$i
  done
  find captures -name '*cap*' -type f | LC_ALL=C sort >"$BATS_TEST_TMPDIR/list"
  xargs pcap2feat -q --per=flow --fields=all -o "$BATS_TEST_TMPDIR/all.csv" <"$BATS_TEST_TMPDIR/list"
  xargs pcap2feat -q --per=flow --first-packets=20 --fields="$fields" -o "$BATS_TEST_TMPDIR/seq.csv" \
    <"$BATS_TEST_TMPDIR/list"
  cd "$BATS_TEST_TMPDIR"
  for t in all seq; do
    flow2ipfix $t.csv -o $t.ipfix
    rows compare $t.csv $t.ipfix
    tshark_says $t.csv $t.ipfix
  done
}

@test "odd captures: every field; times after 2036 among them" {
  need_data
  find "$data/odd" -name '*cap*' -type f | LC_ALL=C sort >list
  # Of damaged files come the flows before the damage, and exit 1.
  xargs pcap2feat -q --per=flow --fields=all --decap <list >odd.csv 2>/dev/null || [ $? -eq 123 ]
  [ "$(wc -l <odd.csv)" -gt 600 ]
  flow2ipfix odd.csv -o odd.ipfix
  rows compare odd.csv odd.ipfix
}

# nfcapd 1.7.1 loses a record or two whenever it has filled a block of a megabyte: fewer than 3000
# rows at a time.
nfdump_says() {
  rm -rf nf
  mkdir nf
  nfcapd -w nf -b 127.0.0.1 -p "$1" -P nf/pid -t 3600 -B 8000000 >nfcapd.log 2>&1 3>&- &
  local nfcapd=$!
  started+=("$nfcapd")
  for _ in {1..100}; do
    [ ! -s nf/pid ] || ! grep -q Startup nfcapd.log || break
    sleep 0.05
  done
  flow2ipfix --collector="udp://127.0.0.1:$1" --rate=2000 "$2"
  sleep 0.3
  kill "$nfcapd"
  wait "$nfcapd" || true
  TZ=UTC nfdump -q -r nf/nfcapd.2* -o raw 2>/dev/null | rows nfdump "$2"
}

@test "nfcapd and nfdump: addresses, ports, times in ms, counts both ways, flags, MACs, VLANs, end reasons" {
  need nfcapd nfdump
  away
  pcap2feat -q --per=flow --fields=all "$testdata"/lab/*.pcap -o lab.csv
  nfdump_says "$port" lab.csv
  [ -d "$data" ] || return 0
  (cd "$data" && find captures -name '*cap*' -type f | LC_ALL=C sort) | sed "s|^|$data/|" |
    xargs pcap2feat -q --per=flow --fields=all -o all.csv
  head -n 2001 all.csv >part.csv
  nfdump_says "$port" part.csv
  sed '2,2001d' all.csv >part.csv
  nfdump_says "$port" part.csv
}

@test "ipfixDump reads it, with names from the type records" {
  need ipfixDump
  printf '%s\n' flow,start,end,len_std,tls.sni 00000000000000ff,1.5,2.25,77,example.org >t.csv
  flow2ipfix t.csv | ipfixDump --rfc5610 --data >dump
  grep -q '(148) *flowId : 255$' dump
  grep -q '(32473/7) *weirLenStd : 77$' dump
  grep -q 'informationElementDescription : (len: [0-9]*) len_std: standard deviation of len, rounded down$' dump
}

@test "which side is the source: forward is octetDeltaCount, backward its reverse" {
  need tshark
  printf '%s\n' src_ip,dst_ip,src_port,dst_port,fwd_bytes,bwd_bytes,fwd_packets,bwd_packets \
    10.0.0.9,10.0.0.1,4000,53,60,1000,1,2 >t.csv
  flow2ipfix t.csv -o t.ipfix
  tshark -n -r t.ipfix -V 2>/dev/null >v
  grep -q '^ *SrcAddr: 10.0.0.9$' v
  grep -q '^ *DstAddr: 10.0.0.1$' v
  grep -q '^ *SrcPort: 4000$' v
  grep -q '^ *Octets: 60$' v
  grep -q '^ *Octets: 1000 (Reverse Type 1 BYTES)$' v
  grep -q '^ *Packets: 1$' v
  grep -q '^ *Packets: 2 (Reverse Type 2 PKTS)$' v
  grep -q '^ *Biflow Direction: Initiator (1)$' v
  # No reverse element, no direction.
  printf '%s\n' src_ip,fwd_bytes 10.0.0.9,60 >t.csv
  flow2ipfix t.csv -o t.ipfix
  run ! grep -q Biflow <(tshark -n -r t.ipfix -V 2>/dev/null)
}

@test "IPv4 and IPv6, MAC and VLAN, empty fields: a template for each kind of row, and nothing for what is missing" {
  need tshark
  cat >t.csv <<'END'
src_ip,dst_ip,src_mac,vlan,bwd_bytes,end_reason,predicted,fwd_len_min
10.0.0.1,10.0.0.2,02:00:00:00:00:01,7,100,idle,web,40
fe80::1,ff02::fb,02:00:00:00:00:0F,,,fin,,
10.0.0.3,10.0.0.2,,0,0,,"a ""b"", c",0
fe80::2,10.0.0.2,02:00:00:00:00:01,4095,100,cap,web,65535
10.0.0.4,10.0.0.2,02:00:00:00:00:02,8,101,rst,voice,41
END
  sed 's/:0F/:0f/' t.csv >lower.csv
  run -0 --separate-stderr flow2ipfix -v t.csv -o t.ipfix
  [ "$stderr" = "flow2ipfix: 5 rows in 10 messages, 4 templates" ]
  rows compare lower.csv t.ipfix
  tshark_says lower.csv t.ipfix
}

@test "the largest numbers, and one more" {
  {
    echo flow,start,end,src_ip,dst_ip,src_port,dst_port,proto,ip_version,vlan,fwd_packets,bwd_bytes,bytes,fwd_tcp_flags_or,fwd_len_max,bwd_syn,fwd_ttl_min,bwd_init_window,fwd_dscp_first,fwd_iat_hist_7,ece,iat_max,len_1,iat_1,dir_1
    echo ffffffffffffffff,18446744073.709551615,18446744073.709551615,255.255.255.255,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,65535,65535,255,15,65535,9223372036854775807,9223372036854775807,9223372036854775807,255,65535,4294967295,255,65535,63,4294967295,4294967295,9223372036854775807,65535,9223372036854775807,1
    echo 0000000000000000,0,0,0.0.0.0,::,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
  } >t.csv
  flow2ipfix t.csv -o t.ipfix
  sed 's/^0000000000000000,0,0,/0000000000000000,0.000000000,0.000000000,/' t.csv >want.csv
  rows compare want.csv t.ipfix
  tshark_says want.csv t.ipfix
  while IFS='|' read -r column value most; do
    printf '%s\n' "$column" "$value" >bad.csv
    run -1 flow2ipfix bad.csv -o bad.ipfix
    [ "$output" = "flow2ipfix: bad.csv:2: column '$column': '$value' is not in 0..$most" ]
    [ ! -e bad.ipfix ]
  done <<'END'
src_port|65536|65535
fwd_packets|9223372036854775808|9223372036854775807
fwd_dscp_first|64|63
bwd_syn|4294967296|4294967295
len_1|65536|65535
dir_1|2|1
END
}

@test "sequences of different length are lists; a hole in one is an error" {
  cat >t.csv <<'END'
flow,len_1,len_2,len_3,iat_1,iat_2,iat_3,dir_1,dir_2,dir_3,fwd_payload_hist_0,fwd_payload_hist_1,fwd_payload_hist_2,fwd_payload_hist_3,fwd_payload_hist_4,fwd_payload_hist_5,fwd_payload_hist_6,fwd_payload_hist_7
0000000000000001,40,1500,52,0,7,9,1,0,1,1,2,3,4,5,6,7,8
0000000000000002,40,,,0,,,1,,,,,,,,,,
0000000000000003,,,,,,,,,,0,0,0,0,0,0,0,9
END
  run -0 --separate-stderr flow2ipfix -v t.csv -o t.ipfix
  [[ "$stderr" == *" 1 templates" ]]
  rows compare t.csv t.ipfix
  printf '%s\n' len_1,len_2,len_3 40,,52 >t.csv
  run -1 flow2ipfix t.csv
  [ "$output" = "flow2ipfix: t.csv:2: column 'len_3': '52' stands behind an empty 'len_2'" ]
  # Without its beginning, a series is columns.
  printf '%s\n' len_2,len_3 40,52 >t.csv
  flow2ipfix t.csv -o t.ipfix
  rows compare t.csv t.ipfix
}

@test "bad rows: file, line, column and value" {
  while IFS='|' read -r column value text; do
    printf '%s\n' "file,$column" "a,$value" >bad.csv
    run -1 flow2ipfix bad.csv
    [ "$output" = "flow2ipfix: bad.csv:2: column '$column': '$value' $text" ]
  done <<'END'
src_ip|10.0.0.256|is not an IP address
src_ip|::::::::::::::::::::::::::::::::::::::::|is not an IP address
src_mac|02:00:00:00:00|is not a MAC address
start|1.5s|is not a time (seconds since the epoch, up to 9 decimals)
flow|12345|is not 16 hex digits
flow|00000000000000zz|is not 16 hex digits
end_reason|bored|is no end of a flow (idle, active, fin, rst, cap, first, file, input)
fwd_bytes|12x|is not an integer
fwd_bytes|-1|is not an integer
len_mean|1.5|is not an integer
END
  printf '%s\n' flow,proto 0000000000000001,6 0000000000000002 >bad.csv
  run -1 flow2ipfix bad.csv
  [[ "$output" == "flow2ipfix: bad.csv:3: "* ]]
  run -1 flow2ipfix /dev/null
  [ "$output" = "flow2ipfix: /dev/null: is empty (a table begins with a header line)" ]
  printf '%s\n' proto 6 >a.csv
  printf '%s\n' dst_port 6 >b.csv
  run -1 flow2ipfix a.csv b.csv
  [ "$output" = "flow2ipfix: b.csv:1: column 'dst_port' stands where a.csv has 'proto'" ]
  printf '%s\n' proto,vlan 6, ',' >bad.csv
  run -1 flow2ipfix bad.csv
  [ "$output" = "flow2ipfix: bad.csv:3: a row without any value" ]
}

@test "columns that Weir does not know go as text, whatever their names and bytes" {
  printf 'x_y,x.y,tls.sni,dns.qname,"a b"\n1,2,example.org,\303\244.example,"q ""u"""\n,,,,%s\n' \
    "$(head -c 400 /dev/zero | tr '\0' v)" >t.csv
  flow2ipfix t.csv -o t.ipfix
  rows compare t.csv t.ipfix
  # Bytes that are no UTF-8: counted, and replaced.
  printf 'http.user_agent\na\377b\nfine\n\355\240\200\n' >t.csv
  run -0 flow2ipfix t.csv -o t.ipfix
  [ "$output" = "flow2ipfix: 2 texts were no UTF-8: U+FFFD stands for what was none" ]
  printf 'http.user_agent\na\357\277\275b\nfine\n\357\277\275\357\277\275\357\277\275\n' >want.csv
  rows compare want.csv t.ipfix
}

@test "several files, TSV, standard input; --pen" {
  many 10 >all.csv
  head -n 4 all.csv >a.csv
  sed '2,4d' all.csv >b.csv
  flow2ipfix a.csv b.csv -o t.ipfix
  rows compare all.csv t.ipfix
  flow2ipfix all.csv -o all.ipfix
  tr , '\t' <all.csv | flow2ipfix | cmp - all.ipfix
  printf 'packets\n5\n' >t.csv
  flow2ipfix --pen=4711 t.csv -o t.ipfix
  rows compare t.csv t.ipfix
  run -0 flow2ipfix --pen=4711 --list-elements t.csv
  [ "$output" = "$(printf '%s\t' column element pen id | sed 's/$/type/')
$(printf 'packets\tweirPackets\t4711\t1\tunsigned64')" ]
}

@test "the mapping as a list" {
  printf '%s\n' src_ip,start,bwd_bytes,bytes,dir_1,dir_2,predicted,mine,class >t.csv
  run -0 flow2ipfix --list-elements t.csv
  diff <(echo "$output") - <<'END'
column	element	pen	id	type
dir_1 and on: basicList of 2	packetDirection	8057	1016	signed8
src_ip	sourceIPv4Address	0	8	ipv4Address
src_ip	sourceIPv6Address	0	27	ipv6Address
start	flowStartNanoseconds	0	156	dateTimeNanoseconds
start	flowStartMilliseconds	0	152	dateTimeMilliseconds
bwd_bytes	reverseOctetDeltaCount	29305	1	unsigned64
bytes	weirBytes	32473	2	unsigned64
predicted	applicationName	0	96	string
mine	weirMine	32473	2048	string
class	weirClass	32473	65	string
	biflowDirection	0	239	unsigned8
END
}

@test "no column of flows that Weir writes has a number that depends on the others in the table" {
  # Of the i-th packet's some are lists, the others have a number for each i.
  pcap2feat --list-fields | awk -F '\t' 'NR > 1 && $3 != "packet" && $1 !~ /_N$/ { print $1 }' | sort -R >names
  paste -sd , names >t.csv
  run -0 flow2ipfix --list-elements t.csv
  [ "${#lines[@]}" -gt 150 ]
  [ -z "$(echo "$output" | awk -F '\t' '$4 >= 2048 && $4 < 4096')" ]
  # These were given for ever.
  diff <(echo "$output" | awk -F '\t' '$3 == 32473 && $4 < 2048 { print $4, $1 }' | sort -n | sed -n '1p; /payload_changes/,$p') - <<'END'
1 packets
82 payload_changes
85 tag
86 ended
87 filters
88 app.protocol
89 tls.alpn
90 tls.version
91 tls.ja3
92 tls.server_version
93 tls.cipher
94 tls.server_alpn
95 tls.ja3s
96 quic.version
97 quic.sni
98 quic.alpn
99 quic.ja4
100 dns.qtype
101 dns.rcode
102 dns.answer_count
103 dns.answers
104 http.path
105 http.status
106 http.content_type
107 ssh.client
108 ssh.server
109 host_flows
110 pair_flows
111 host_starts
112 pair_starts
113 host_repeats
114 host_repeat_gap_mean
115 host_repeat_gap_std
116 confidence
117 novelty
118 cluster
END
}

@test "the same bytes again: export time and sequence of a file come from its rows" {
  many 500 >t.csv
  flow2ipfix t.csv -o a.ipfix
  sleep 1.1
  flow2ipfix <t.csv >b.ipfix
  cmp a.ipfix b.ipfix
  # Rows end at i + 0.5 s: the message's time is the next whole second.
  rows head a.ipfix | awk '$3 != n { exit 1 } { for (i = 5; i <= NF; i++) if ($i !~ /^[23]:/) { split($i, s, ":"); n += (s[2] - 4) / 86 } } END { if (n != 500) exit 1; }' ||
    { rows head a.ipfix; false; }
  [ "$(rows head a.ipfix | tail -n 1 | cut -d ' ' -f 2)" = 501 ]
  flow2ipfix --export-time=7 --domain=9 t.csv -o c.ipfix
  [ "$(rows head c.ipfix | cut -d ' ' -f 2,4 | sort -u)" = "7 9" ]
}

@test "too many kinds of rows, a row too large: errors with the line" {
  {
    echo proto,vlan,fwd_syn,fwd_fin,fwd_ack,fwd_rst,fwd_psh,fwd_urg,src_port,dst_port
    awk 'BEGIN { for (i = 1; i < 1024; i++) {
      row = ""
      for (c = 0; c < 10; c++)
        row = row "," int(i / 2 ^ c) % 2
      gsub(/0/, "", row)
      print substr(row, 2)
    } }'
  } >t.csv
  head -n 1001 t.csv >fits.csv
  flow2ipfix fits.csv -o t.ipfix
  rows compare fits.csv t.ipfix
  run -1 flow2ipfix t.csv -o t2.ipfix
  [ "$output" = "flow2ipfix: t.csv:1002: more than 1000 templates: the rows differ in too many ways in which of their fields are empty (leave columns out)" ]
  { printf 'class\n'; head -c 65512 /dev/zero | tr '\0' x; echo; } >t.csv
  flow2ipfix t.csv -o t.ipfix
  rows compare t.csv t.ipfix
  { printf 'class\n'; head -c 65513 /dev/zero | tr '\0' x; echo; } >t.csv
  run -1 flow2ipfix t.csv
  [ "$output" = "flow2ipfix: t.csv:2: a record of 65516 bytes (a message holds 65515)" ]
}

@test "a full disk, a closed pipe" {
  many 5000 >t.csv
  run -1 bash -c 'flow2ipfix t.csv >/dev/full'
  [ "$output" = "flow2ipfix: writing standard output: No space left on device" ]
  run -1 flow2ipfix t.csv -o /dev/full
  [ "$output" = "flow2ipfix: writing /dev/full: No space left on device" ]
  flow2ipfix t.csv 2>err.txt | true
  [ ! -s err.txt ]
}

@test "UDP: messages fit the size, templates come again by messages and by time, the sequence counts" {
  collect udp got
  many 300 >t.csv
  flow2ipfix --collector="udp://127.0.0.1:$port" --message-size=600 --template-packets=10 --rate=20000 t.csv
  sleep 0.2
  rows compare t.csv got
  [ "$(rows head got | awk '$1 > 600' | wc -l)" -eq 0 ]
  # Six rows a message: after the template nine, then always ten, and the template again: 6 times.
  [ "$(rows head got | grep -c ' 2:')" -eq 6 ]
  kill "$collector"
  collect udp got
  { head -n 2 t.csv; sleep 1; sed -n 3p t.csv; } |
    flow2ipfix --collector="udp://127.0.0.1:$port" --template-refresh=0.3
  sleep 0.2
  head -n 3 t.csv >want.csv
  rows compare want.csv got
  # After 0, 0.3, 0.6 and 0.9 s.
  local n
  n=$(rows head got | grep -c ' 2:')
  [ "$n" -ge 3 ]
  [ "$n" -le 5 ]
}

@test "a row larger than the size of a message goes alone, and is counted" {
  collect udp got
  { echo flow,class; echo "0000000000000001,a"; echo "0000000000000002,$(head -c 3000 /dev/zero | tr '\0' x)"; echo "0000000000000003,b"; } >t.csv
  run -0 flow2ipfix --collector="udp://127.0.0.1:$port" t.csv
  [ "$output" = "flow2ipfix: 1 messages larger than --message-size: of one row or template each" ]
  sleep 0.2
  rows compare t.csv got
}

@test "UDP: refusals are counted; exit 1" {
  many 3 >t.csv
  away
  run -1 flow2ipfix --collector="udp://127.0.0.1:$port" --message-size=256 t.csv
  # The template, and two messages of rows: each was refused.
  [ "$output" = "flow2ipfix: 3 messages refused at least: nobody listens at udp://127.0.0.1:$port
flow2ipfix: 3 rows lost" ]
}

@test "a live pipe: rows leave when the input pauses" {
  for kind in udp tcp; do
    collect $kind got.$kind
    has_rows() { [ "$(cat got."$kind"* 2>/dev/null | wc -c)" -gt 300 ]; }
    {
      many 3
      until_true has_rows && : >in-time.$kind
    } | flow2ipfix --collector="$kind://127.0.0.1:$port"
    [ -e in-time.$kind ]
  done
}

@test "a row that is wrong, or cut: a collector gets those before it; a file does not come to be" {
  many 3 >t.csv
  for kind in udp tcp; do
    collect $kind got.$kind
    run -1 --separate-stderr flow2ipfix -v --collector="$kind://127.0.0.1:$port" <<<"$(cat t.csv)"$'\n000000000000'
    [ "$stderr" = "flow2ipfix: standard input:5: the row has 1 field, the header has 12
flow2ipfix: 3 rows in 2 messages, 1 templates" ]
    whole() { rows compare t.csv got."$kind"* >said 2>&1; }
    until_true whole
  done
  run -1 flow2ipfix -o no.ipfix <<<"$(cat t.csv)"$'\n0000'
  [ ! -e no.ipfix ]
}

@test "--rate: so many rows a second" {
  collect udp got
  many 50 >t.csv
  local began=$EPOCHREALTIME
  flow2ipfix --collector="udp://127.0.0.1:$port" --rate=50 t.csv
  # Five rows every tenth of a second: the last 0.9 s after the first.
  awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { exit !(b - a >= 0.9 && b - a < 30) }'
  sleep 0.2
  rows compare t.csv got
}

@test "TCP over localhost, all rows" {
  collect tcp got
  many 20000 >t.csv
  flow2ipfix --collector="tcp://localhost:$port" t.csv
  wait_for_rows got.1
  rows compare t.csv got.1
}

# wait_for_rows FILE: until it grows no more.
wait_for_rows() {
  local before=
  while [ "$before" != "$(stat -c %s "$1")" ]; do
    before=$(stat -c %s "$1")
    sleep 0.2
  done
}

# received N FILE…: whether N rows of t.csv are there.
received() {
  local n=$1
  shift
  [ "$(rows subset t.csv "$@" 2>/dev/null)" = "$n" ]
}

@test "TCP: a collector killed in the middle and started again loses nothing" {
  many 3000 >t.csv
  collect tcp first
  mkfifo pipe
  flow2ipfix --collector="tcp://127.0.0.1:$port" <pipe 2>err.txt 3>&- &
  local ours=$!
  exec 5>pipe
  head -n 1001 t.csv >&5
  until_true received 1000 first.1
  kill -9 "$collector"
  wait "$collector" || true
  sed -n 1002,2001p t.csv >&5
  until_true grep -q 'trying again' err.txt
  collect tcp second "$port"
  sed -n '2002,$p' t.csv >&5
  exec 5>&-
  wait "$ours"
  until_true received 2000 second.1
  received 3000 first.1 second.1
  grep -qx "flow2ipfix: tcp://127.0.0.1:$port: closed by the collector; trying again" err.txt
  grep -qx "flow2ipfix: tcp://127.0.0.1:$port: connected, [0-9]* rows wait" err.txt
  [ "$(wc -l <err.txt)" -eq 2 ]
}

@test "TCP: away for longer than the queue is: sent = received + lost" {
  many 6000 >t.csv
  collect tcp first
  mkfifo pipe
  flow2ipfix --collector="tcp://127.0.0.1:$port" --queue=500 --give-up=1 <pipe 2>err.txt 3>&- &
  local ours=$! status=0 lost
  exec 5>pipe
  head -n 1001 t.csv >&5
  until_true received 1000 first.1
  kill -9 "$collector"
  wait "$collector" || true
  # More than the queue and the pipe hold.
  sed -n 1002,5001p t.csv >&5
  collect tcp second "$port"
  sed -n '5002,$p' t.csv >&5
  exec 5>&-
  wait "$ours" || status=$?
  [ "$status" -eq 1 ]
  lost=$(sed -n 's/^flow2ipfix: \([0-9]*\) rows lost: .*/\1/p' err.txt)
  [ "$lost" -gt 0 ]
  grep -qx "flow2ipfix: [0-9]* rows dropped: no room for more while the collector was away" err.txt
  until_true received $((6000 - lost)) first.1 second.1
}

@test "TCP: nobody there: given up in time, all rows counted; exit 1" {
  away
  many 100 >t.csv
  local began=$EPOCHREALTIME
  run -1 flow2ipfix --collector="tcp://127.0.0.1:$port" --give-up=1 t.csv
  awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { exit !(b - a >= 1 && b - a < 30) }'
  [ "$output" = "flow2ipfix: tcp://127.0.0.1:$port: Connection refused; trying again
flow2ipfix: 100 rows lost: Connection refused" ]
}

@test "TCP: a collector that stops reading is given up, and what it had not taken is lost" {
  many 12000 "$(printf '%0600d' 0)" >t.csv
  collect tcp got
  kill -STOP "$collector"
  run -1 flow2ipfix -q --collector="tcp://127.0.0.1:$port" --give-up=1 --queue=1000 t.csv
  kill -CONT "$collector"
  local lost
  lost=$(sed -n 's/^flow2ipfix: \([0-9]*\) rows lost.*/\1/p' <<<"$output")
  until_true received $((12000 - lost)) got.1
}

# Whether something that came to $port was not read.
unread() {
  awk -v p=":$(printf %04X "$port")" '
    substr($2, length($2) - 4) == p && substr($5, 10) != "00000000" && $4 != "0A" { n++ } END { exit !n }' /proc/net/tcp
}

# The collector reads nothing and is killed: what its system took (some hundred kilobytes of 700 bytes a
# row) nobody read, what waited in ours (megabytes) goes to the next.
@test "TCP: a connection that is reset: said, and what was not acknowledged goes again" {
  many 12000 "$(printf '%0600d' 0)" >t.csv
  collect tcp first
  kill -STOP "$collector"
  flow2ipfix --collector="tcp://127.0.0.1:$port" --queue=1000 --give-up=60 t.csv 2>err.txt 3>&- &
  local ours=$! status=0
  until_true unread
  sleep 0.5
  kill -9 "$collector"
  wait "$collector" || true
  collect tcp second "$port"
  wait "$ours" || status=$?
  [ "$status" -eq 1 ]
  grep -qx 'flow2ipfix: 1 connections reset: what the collector had not read is lost, too' err.txt
  run ! grep -q 'rows lost' err.txt
  wait_for_rows second.1
  local got
  got=$(rows subset t.csv second.1)
  [ "$got" -lt 12000 ]
  [ "$got" -gt 11000 ]
}

@test "wrong usage" {
  while IFS='|' read -r arguments text; do
    # shellcheck disable=SC2086  # several
    run -2 flow2ipfix $arguments
    [ "${lines[0]}" = "flow2ipfix: $text" ]
  done <<'END'
--collector=http://x|--collector: 'http://x' is no udp://HOST:PORT or tcp://HOST:PORT (IPv6: udp://[ADDRESS]:PORT)
--collector=udp://|--collector: 'udp://' is no udp://HOST:PORT or tcp://HOST:PORT (IPv6: udp://[ADDRESS]:PORT)
--collector=udp://::1|--collector: 'udp://::1' is no udp://HOST:PORT or tcp://HOST:PORT (IPv6: udp://[ADDRESS]:PORT)
--collector=udp://h:65536|--collector: 'udp://h:65536' has a port that is not in 1..65535
--collector=tcp://h:0|--collector: 'tcp://h:0' has a port that is not in 1..65535
--collector=udp://h -o f|--collector and -o: one of them
--rate=5|--rate is for --collector
--queue=5 --collector=udp://h|--queue is for --collector=tcp://…
--template-refresh=5 --collector=tcp://h|--template-refresh is for --collector=udp://…
--message-size=65508 --collector=udp://h|--message-size: a datagram holds at most 65507 bytes
--message-size=255|--message-size: '255' is not in 256..65535
--pen=8057|--pen: '8057' is the number of elements that others have defined
END
  printf 'proto\n6\n' >t.csv
  run -1 flow2ipfix --collector=udp://no-such-host.invalid t.csv
  [[ "$output" == "flow2ipfix: udp://no-such-host.invalid: "* ]]
}
