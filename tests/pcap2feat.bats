# pcap2feat: columns, scopes, labels, errors, live capture.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# Two flows, a packet that is not IP, one that is earlier than the one before it, IPv6.
tiny() {
  make_capture tiny.pcap <<'END'
1.000000000 10.0.0.1 10.0.0.2 tcp 40000 443 0 flags=2 window=64240
1.000250000 10.0.0.2 10.0.0.1 tcp 443 40000 0 flags=18 ttl=60 smac=02:00:00:00:00:02 dmac=02:00:00:00:00:01
1.000300001 10.0.0.1 10.0.0.2 tcp 40000 443 100 flags=24 dscp=46
1.000300001 10.0.0.3 10.0.0.2 udp 5000 53 12 vlan=7
1.100000000 arp
1.200000000 10.0.0.2 10.0.0.1 tcp 443 40000 1000
1.150000000 10.0.0.2 10.0.0.1 tcp 443 40000 0
1.300000000 10.0.0.1 10.0.0.2 tcp 40000 443 0
1.300000005 2001:db8::1 2001:db8::2 udp 1000 2000 20 ttl=5
END
}

# The table that is expected on standard input, against what the command writes.
expect() {
  cat >expected
  "$@" >written 2>messages
  diff expected written
}

# --- Definitions: every value below was worked out by hand from weir-features(7). ---

@test "pcap2feat: scope flow" {
  tiny
  expect pcap2feat --fields=frame,iat,len,diffLen tiny.pcap <<'END'
frame,iat,len,diffLen
2,250000,40,65535
3,50001,140,65635
6,199699999,1040,66435
7,0,40,64535
8,100000000,40,65535
END
  diff - messages <<'END'
pcap2feat: 1 packet without a row: not IP
pcap2feat: 3 packets without a row: the first of a flow
pcap2feat: 1 packet earlier than the one before: iat 0
END
}

@test "pcap2feat: scope direction" {
  tiny
  expect pcap2feat --fields=frame,dir,dir_iat,dir_diffLen tiny.pcap <<'END'
frame,dir,dir_iat,dir_diffLen
3,1,300001,65635
6,0,199750000,66535
7,0,0,64535
8,1,299699999,65435
END
  run -0 cat messages
  [ "${lines[1]}" = "pcap2feat: 4 packets without a row: the first of a flow's direction" ]
}

@test "pcap2feat: scope capture" {
  tiny
  expect pcap2feat --fields=frame,cap_iat,cap_diffLen tiny.pcap <<'END'
frame,cap_iat,cap_diffLen
2,250000,65535
3,50001,65635
4,0,65435
6,199699999,66535
7,0,64535
8,100000000,65535
9,5,65563
END
  run -0 cat messages
  [ "${lines[1]}" = "pcap2feat: 1 packet without a row: the first of a capture" ]
}

@test "pcap2feat: --first=zero gives the first packets their rows" {
  tiny
  expect pcap2feat --first=zero --fields=frame,iat,diffLen,dir_iat,dir_diffLen,cap_iat,cap_diffLen tiny.pcap <<'END'
frame,iat,diffLen,dir_iat,dir_diffLen,cap_iat,cap_diffLen
1,0,65535,0,65535,0,65535
2,250000,65535,0,65535,250000,65535
3,50001,65635,300001,65635,50001,65635
4,0,65535,0,65535,0,65435
6,199699999,66435,199750000,66535,199699999,66535
7,0,64535,0,64535,0,64535
8,100000000,65535,299699999,65435,100000000,65535
9,0,65535,0,65535,5,65563
END
}

@test "pcap2feat: columns from the headers" {
  tiny
  expect pcap2feat --fields=frame,ts,len,payload_len,ttl,dscp,tcp_flags,tcp_window,ip_version,proto tiny.pcap <<'END'
frame,ts,len,payload_len,ttl,dscp,tcp_flags,tcp_window,ip_version,proto
1,1.000000000,40,0,64,0,2,64240,4,6
2,1.000250000,40,0,60,0,18,1000,4,6
3,1.000300001,140,100,64,46,24,1000,4,6
4,1.000300001,40,12,64,0,0,0,4,17
6,1.200000000,1040,1000,64,0,16,1000,4,6
7,1.150000000,40,0,64,0,16,1000,4,6
8,1.300000000,40,0,64,0,16,1000,4,6
9,1.300000005,68,20,5,0,0,0,6,17
END
}

@test "pcap2feat: lengths of headers, ECN, fragments, single flags" {
  make_capture headers.pcap <<'END'
1.0 10.0.0.1 10.0.0.2 tcp 1000 80 40 ecn=3 dscp=46 flags=2 offset=10 fragment=16384
2.0 10.0.0.1 10.0.0.2 tcp 1000 80 0 ecn=1 flags=129 options=40
3.0 10.0.0.1 10.0.0.2 udp 1000 80 64 fragment=8192
4.0 10.0.0.1 10.0.0.2 udp 1000 80 64 fragment=8200
5.0 10.0.0.1 10.0.0.2 tcp 1000 80 64 fragment=8191 options=4
6.0 2001:db8::1 2001:db8::2 tcp 1000 80 12 ecn=2 flags=76 offset=8
7.0 2001:db8::1 2001:db8::2 udp 1000 80 8 ecn=3 fragment=1
8.0 2001:db8::1 2001:db8::2 tcp 1000 80 8 fragment=65528
9.0 2001:db8::1 2001:db8::2 tcp 1000 80 8 flags=48 offset=4
END
  expect pcap2feat --first=zero --fields=frame,ecn,ip_hdr_len,ip_df,ip_mf,frag_offset,tcp_hdr_len,tcp_fin,tcp_syn,tcp_rst,tcp_psh,tcp_ack,tcp_urg,tcp_ece,tcp_cwr,payload_len headers.pcap <<'END'
frame,ecn,ip_hdr_len,ip_df,ip_mf,frag_offset,tcp_hdr_len,tcp_fin,tcp_syn,tcp_rst,tcp_psh,tcp_ack,tcp_urg,tcp_ece,tcp_cwr,payload_len
1,3,20,1,0,0,40,0,1,0,0,0,0,0,0,20
2,1,60,0,0,0,20,1,0,0,0,0,0,0,1,0
3,0,20,0,1,0,0,0,0,0,0,0,0,0,0,64
4,0,20,0,1,64,0,0,0,0,0,0,0,0,0,72
5,0,24,0,0,65528,0,0,0,0,0,0,0,0,0,84
6,2,40,0,0,0,32,0,0,1,1,0,0,1,0,0
7,3,48,0,1,0,0,0,0,0,0,0,0,0,0,8
8,0,48,0,0,65528,0,0,0,0,0,0,0,0,0,28
9,0,40,0,0,0,,,,,,,,,,
END
}

@test "pcap2feat: columns that say which packet it is" {
  tiny
  expect pcap2feat --fields=file,frame,src_ip,dst_ip,src_port,dst_port,src_mac,dst_mac,vlan,dir tiny.pcap <<'END'
file,frame,src_ip,dst_ip,src_port,dst_port,src_mac,dst_mac,vlan,dir
tiny.pcap,1,10.0.0.1,10.0.0.2,40000,443,02:00:00:00:00:01,02:00:00:00:00:02,,1
tiny.pcap,2,10.0.0.2,10.0.0.1,443,40000,02:00:00:00:00:02,02:00:00:00:00:01,,0
tiny.pcap,3,10.0.0.1,10.0.0.2,40000,443,02:00:00:00:00:01,02:00:00:00:00:02,,1
tiny.pcap,4,10.0.0.3,10.0.0.2,5000,53,02:00:00:00:00:01,02:00:00:00:00:02,7,1
tiny.pcap,6,10.0.0.2,10.0.0.1,443,40000,02:00:00:00:00:01,02:00:00:00:00:02,,0
tiny.pcap,7,10.0.0.2,10.0.0.1,443,40000,02:00:00:00:00:01,02:00:00:00:00:02,,0
tiny.pcap,8,10.0.0.1,10.0.0.2,40000,443,02:00:00:00:00:01,02:00:00:00:00:02,,1
tiny.pcap,9,2001:db8::1,2001:db8::2,1000,2000,02:00:00:00:00:01,02:00:00:00:00:02,,1
END
}

@test "pcap2feat: every packet column of the registry can be asked for" {
  tiny
  # All but those that models and classifiers in the network write.
  fields=$(pcap2feat --list-fields | awk -F '\t' '
    NR > 1 && $3 != "flow" && $1 !~ /^(predicted|seq|no_verdict|token|state|log_likelihood)$/ { print $1 }' | paste -sd ,)
  pcap2feat -q -l x --filter any='ip or ip6' --fields="$fields" tiny.pcap >rows.csv
  [ "$(head -n 1 rows.csv)" = "$fields" ]
  [ "$(tail -n +2 rows.csv | wc -l)" -gt 0 ]
}

@test "pcap2feat: the limits: iat stops at 2^48 - 1 ns, diffLen covers the largest change" {
  make_capture far.pcap <<'END'
1 10.0.0.1 10.0.0.2 1 0 0 65515 cut=40
281475.976710655 10.0.0.2 10.0.0.1 1 0 0 0
281475.976710656 10.0.0.1 10.0.0.2 1 0 0 65515 cut=40
562951 10.0.0.1 10.0.0.2 1 0 0 0
END
  expect pcap2feat -q --fields=iat,len,diffLen,dir_iat far.pcap --first=zero <<'END'
iat,len,diffLen,dir_iat
0,65535,65535,0
281474976710655,20,20,0
1,65535,131050,281474976710655
281474976710655,20,20,281474976710655
END
}

@test "pcap2feat: default columns by scope, by --device and --flow, with a label" {
  tiny
  header() { pcap2feat -q "$@" tiny.pcap | head -n 1; }
  [ "$(header)" = "flow,iat,len,diffLen" ]
  [ "$(header --scope=flow)" = "flow,iat,len,diffLen" ]
  [ "$(header --scope=direction)" = "flow,dir_iat,len,dir_diffLen" ]
  [ "$(header --scope=capture)" = "flow,cap_iat,len,cap_diffLen" ]
  [ "$(header -l x)" = "flow,iat,len,diffLen,class" ]
  [ "$(header --device=10.0.0.1)" = "dir,len,dir_iat,iat" ]
  [ "$(header --flow='TCP 10.0.0.1:40000 10.0.0.2:443')" = "dir,len,dir_iat,iat" ]
  [ "$(header --device=10.0.0.1 --scope=flow)" = "flow,iat,len,diffLen" ]
}

@test "pcap2feat: a flow's identifier comes from file, key and first time, and never changes" {
  tiny
  expect pcap2feat -q --fields=frame,flow tiny.pcap <<'END'
frame,flow
1,6921dcecb8a26e58
2,6921dcecb8a26e58
3,6921dcecb8a26e58
4,3bd856b664e060d4
6,6921dcecb8a26e58
7,6921dcecb8a26e58
8,6921dcecb8a26e58
9,a27c44b8dc19f7b8
END
  # The same packets in another file are other flows.
  cp tiny.pcap copy.pcap
  run -0 bash -c "pcap2feat -q --fields=flow tiny.pcap copy.pcap | tail -n +2 | sort -u | wc -l"
  [ "$output" = 6 ]
}

@test "pcap2feat: VLANs part flows; a later fragment has ports 0 and a flow of its own" {
  make_capture parts.pcap <<'END'
1 10.0.0.1 10.0.0.2 udp 1 2 8 vlan=1
2 10.0.0.1 10.0.0.2 udp 1 2 8 vlan=2
3 10.0.0.1 10.0.0.2 udp 1 2 8 vlan=1
4 10.0.0.1 10.0.0.2 udp 1 2 8 vlan=1 fragment=2
5 10.0.0.2 10.0.0.1 udp 2 1 8 vlan=1 fragment=4
END
  expect pcap2feat -q --fields=frame,src_port,dst_port,iat parts.pcap <<'END'
frame,src_port,dst_port,iat
3,1,2,2000000000
5,0,0,1000000000
END
}

@test "pcap2feat: a file starts afresh" {
  tiny
  pcap2feat -q --scope=capture --fields=frame,cap_iat,cap_diffLen tiny.pcap >once
  pcap2feat -q --scope=capture --fields=frame,cap_iat,cap_diffLen tiny.pcap tiny.pcap >twice
  diff <(cat once; tail -n +2 once) twice
  pcap2feat -q --fields=frame,iat,dir_iat tiny.pcap >once
  pcap2feat -q --fields=frame,iat,dir_iat tiny.pcap tiny.pcap >twice
  diff <(cat once; tail -n +2 once) twice
  # So does the room for flows: there are three in each.
  pcap2feat --max-flows=3 --fields=frame,iat,dir_iat tiny.pcap tiny.pcap >twice 2>messages
  diff <(cat once; tail -n +2 once) twice
  run -1 grep forgotten messages
}

@test "pcap2feat: the P4 reference's 809 rows, and the classes of the file names" {
  need_data
  # The reference read its captures in this order.
  captures=()
  for name in skype.v2 whasapp.v4 whasapp.v2 webex.v1 whasapp.v3 webex.v3 whasapp.v1 webex.v2 skype.v1; do
    captures+=("$data/p4-reference/$name.pcap")
  done
  pcap2feat -q --scope=capture --label-from=filename --fields=cap_iat,len,cap_diffLen,class \
    "${captures[@]}" >rows.csv
  [ "$(wc -l <rows.csv)" -eq 810 ]
  [ "$(head -n 1 rows.csv)" = "cap_iat,len,cap_diffLen,class" ]
  diff <(tail -n +2 "$data/p4-reference/features.csv" | cut -d, -f1-3) <(tail -n +2 rows.csv | cut -d, -f1-3)
  # Of the reference's classes 581 are wrong; the files' names give these.
  run -0 awk -F, 'NR > 1 { n[$4]++ } END { print n["skype"], n["whasapp"], n["webex"] }' rows.csv
  [ "$output" = "400 253 156" ]
}

@test "pcap2feat: all that looks back, on every real capture, as another program computes it" {
  need_data
  need_python csv
  pcap2feat -q --fields=file,frame,ts,len,src_ip,dst_ip,src_port,dst_port,proto,vlan "$data"/captures/*/* |
    /usr/bin/python3 "$BATS_TEST_DIRNAME/python/packet_features.py" >expected
  pcap2feat -q --first=zero --fields=file,frame,dir,iat,diffLen,dir_iat,dir_diffLen,cap_iat,cap_diffLen \
    "$data"/captures/*/* >written
  [ "$(wc -l <written)" -gt 40000 ]
  cmp expected written
}

# --- Selecting packets ---

@test "pcap2feat: -f, --payload and -n take packets as though the others were not there" {
  tiny
  expect pcap2feat -q --fields=frame,cap_iat -f 'src host 10.0.0.2' tiny.pcap <<'END'
frame,cap_iat
6,199750000
7,0
END
  expect pcap2feat -q --fields=frame,iat --payload tiny.pcap <<'END'
frame,iat
6,199699999
END
  run -0 cat messages
  [ -z "$output" ]
  run -0 --separate-stderr pcap2feat --fields=frame --payload -n 3 tiny.pcap
  [ "$output" = $'frame\n3' ]
  [ "$stderr" = "pcap2feat: 2 packets without a row: no payload" ]
  run -0 --separate-stderr pcap2feat --fields=frame -n 2 tiny.pcap tiny.pcap
  [ "$output" = $'frame\n1\n2' ]
}

@test "pcap2feat: --device by IP and by MAC" {
  tiny
  expect pcap2feat --device=10.0.0.2 --fields=frame,dir,iat,dir_iat tiny.pcap <<'END'
frame,dir,iat,dir_iat
3,0,50001,300001
4,0,0,0
6,1,199699999,199750000
7,1,0,0
8,0,100000000,299699999
END
  diff - messages <<'END'
pcap2feat: 1 packet without a row: not IP
pcap2feat: 1 packet without a row: not of the device
pcap2feat: 2 packets without a row: the first of a flow's direction
pcap2feat: 1 packet earlier than the one before: iat 0
END
  expect pcap2feat -q --device=02:00:00:00:00:02 --fields=frame,dir tiny.pcap <<'END'
frame,dir
1,0
2,1
3,0
4,0
6,0
7,0
8,0
9,0
END
  # One flow, whoever the other end is.
  run -0 bash -c "pcap2feat -q --device=10.0.0.2 --fields=flow tiny.pcap | tail -n +2 | sort -u | wc -l"
  [ "$output" = 1 ]
  run -0 pcap2feat -q --device=2001:db8::2 --fields=frame,dir tiny.pcap
  [ "$output" = $'frame,dir\n9,0' ]
}

@test "pcap2feat: --flow, forward from its first end to its second" {
  tiny
  expect pcap2feat --flow='tcp 10.0.0.2:443 10.0.0.1:40000' --fields=frame,dir,iat tiny.pcap <<'END'
frame,dir,iat
2,1,250000
3,0,50001
6,1,199699999
7,1,0
8,0,100000000
END
  run -0 cat messages
  [ "${lines[1]}" = "pcap2feat: 2 packets without a row: not of the flow" ]
  run -0 pcap2feat -q --flow='UDP [2001:db8::2]:2000 [2001:db8::1]:1000' --fields=frame,dir tiny.pcap
  [ "$output" = $'frame,dir\n9,0' ]
  run -0 pcap2feat -q --flow='17 10.0.0.3:5000 10.0.0.2:53' --fields=frame,dir tiny.pcap
  [ "$output" = $'frame,dir\n4,1' ]
  run -0 pcap2feat -q --flow='udp 10.0.0.3:5000 10.0.0.2:54' --fields=frame,dir tiny.pcap
  [ "$output" = 'frame,dir' ]
}

@test "pcap2feat: --max-flows forgets the flow that has been idle the longest, and says so" {
  make_capture three.pcap <<'END'
1 10.0.0.1 10.0.0.9 udp 1 9 0
2 10.0.0.2 10.0.0.9 udp 1 9 0
3 10.0.0.1 10.0.0.9 udp 1 9 0
4 10.0.0.3 10.0.0.9 udp 1 9 0
5 10.0.0.1 10.0.0.9 udp 1 9 0
6 10.0.0.2 10.0.0.9 udp 1 9 0
END
  # The third flow takes the second's place: the first was met again.
  expect pcap2feat --max-flows=2 --fields=frame,iat three.pcap <<'END'
frame,iat
3,2000000000
5,2000000000
END
  run -0 cat messages
  [ "${lines[1]}" = "pcap2feat: 2 flows forgotten early: more than 2 at a time (--max-flows)" ]
  expect pcap2feat --max-flows=3 --fields=frame,iat three.pcap <<'END'
frame,iat
3,2000000000
5,2000000000
6,4000000000
END
  run -0 grep -c forgotten messages --invert-match
}

@test "pcap2feat: many flows, with and without room" {
  for n in $(seq 5000); do
    echo "$n 10.0.$((n / 250)).$((n % 250)) 10.1.0.1 udp 1 9 0"
  done >list
  cat list list | make_capture many.pcap
  run -0 --separate-stderr pcap2feat --fields=frame,iat many.pcap
  [ "${#lines[@]}" -eq 5001 ]
  # With room for all but one, every flow is forgotten just before it comes again.
  run -0 --separate-stderr pcap2feat --max-flows=4999 --fields=frame,iat many.pcap
  [ "${#lines[@]}" -eq 1 ]
  [ "${stderr_lines[1]}" = "pcap2feat: 5001 flows forgotten early: more than 4999 at a time (--max-flows)" ]
}

# --- Labels ---

@test "pcap2feat: -l, --label-from" {
  tiny
  mkdir -p chat
  cp tiny.pcap chat/web.1.pcap
  classes() { pcap2feat -q --fields=class -n 1 "$@" | tail -n +2; }
  [ "$(classes -l 'a class' tiny.pcap)" = "a class" ]
  [ "$(classes -l 'a,b"c' tiny.pcap)" = '"a,b""c"' ]
  [ "$(classes --tsv -l 'a,b' tiny.pcap)" = 'a,b' ]
  [ "$(classes -l "$(printf '%01000d' 0)" tiny.pcap | wc -c)" -eq 1001 ]
  [ "$(classes --label-from=filename chat/web.1.pcap)" = web ]
  [ "$(classes --label-from=dirname chat/web.1.pcap)" = chat ]
  cd chat
  [ "$(classes --label-from=dirname web.1.pcap)" = chat ]
  cp web.1.pcap .hidden
  run -1 --separate-stderr pcap2feat -q --label-from=filename --fields=class .hidden
  [ "$stderr" = "pcap2feat: .hidden: its name gives no class" ]
}

@test "pcap2feat: --label-rule: the first match wins, the rest has -l or no row" {
  tiny
  expect pcap2feat --label-rule 'web=tcp port 443' --label-rule 'web=ip' --label-rule 'tagged=vlan 7' --fields=frame,class tiny.pcap <<'END'
frame,class
1,web
2,web
3,web
4,tagged
6,web
7,web
8,web
END
  diff - messages <<'END'
pcap2feat: 1 packet without a row: not IP
pcap2feat: 1 packet without a row: no label rule matches
END
  run -0 pcap2feat -q --label-rule 'web=tcp port 443' -l rest --fields=frame,class -f 'ip6 or vlan' tiny.pcap
  [ "$output" = $'frame,class\n4,rest\n9,rest' ]
  # What has no class is still part of what went before.
  run -0 pcap2feat -q --label-rule 'data=tcp[13] == 24' --fields=frame,iat,class tiny.pcap
  [ "$output" = $'frame,iat,class\n3,50001,data' ]
}

@test "pcap2feat: --label-table: both ways, in a time window, ambiguous rows counted" {
  tiny
  cat >labels.csv <<'END'
src_ip,src_port,dst_ip,dst_port,proto,start,end,class,note
10.0.0.2,443,10.0.0.1,40000,6,1.00025,1.2,web,server first
10.0.0.2,443,10.0.0.1,40000,6,1.2,,late,open end
2001:db8::1,1000,2001:db8::2,2000,,,,six,any protocol and time
10.0.0.3,5000,10.0.0.2,53,6,,,wrong,not UDP
END
  expect pcap2feat --label-table=labels.csv --fields=frame,class tiny.pcap <<'END'
frame,class
2,web
3,web
7,web
8,late
9,six
END
  diff - messages <<'END'
pcap2feat: 1 packet without a row: not IP
pcap2feat: 2 packets without a row: not in the label table
pcap2feat: 1 packet without a row: the label table has several classes for them
END
  # Rows that agree are not ambiguous; without proto, start and end every packet of the ports.
  printf 'src_ip\tdst_ip\tsrc_port\tdst_port\tclass\n%s\n%s\n' \
    $'10.0.0.1\t10.0.0.2\t40000\t443\tweb' $'10.0.0.2\t10.0.0.1\t443\t40000\tweb' >labels.tsv
  run -0 pcap2feat -q --label-table=labels.tsv -l other --fields=class tiny.pcap
  [ "$(printf '%s\n' "${lines[@]}" | sort | uniq -c | xargs)" = "1 class 2 other 6 web" ]
}

@test "pcap2feat: a label table with a window around others" {
  cat >labels.csv <<'END'
src_ip,dst_ip,src_port,dst_port,start,end,class
10.0.0.1,10.0.0.2,40000,443,1,100,wide
10.0.0.1,10.0.0.2,40000,443,2,3,wide
10.0.0.1,10.0.0.2,40000,443,4,5,narrow
END
  make_capture nested.pcap <<'END'
2 10.0.0.1 10.0.0.2 tcp 40000 443 0
4 10.0.0.1 10.0.0.2 tcp 40000 443 0
6 10.0.0.1 10.0.0.2 tcp 40000 443 0
100 10.0.0.1 10.0.0.2 tcp 40000 443 0
101 10.0.0.1 10.0.0.2 tcp 40000 443 0
END
  run -0 pcap2feat -q --label-table=labels.csv --fields=frame,class nested.pcap
  [ "$output" = $'frame,class\n1,wide\n3,wide\n4,wide' ]
}

@test "pcap2feat: a label table of many windows of one key" {
  { echo src_ip,dst_ip,src_port,dst_port,start,end,class
    for n in $(seq 2000); do echo "10.0.0.1,10.0.0.2,40000,443,$n,$n.5,c$((n % 7))"; done; } >labels.csv
  make_capture windows.pcap <<'END'
1 10.0.0.1 10.0.0.2 tcp 40000 443 0
700.5 10.0.0.1 10.0.0.2 tcp 40000 443 0
700.500000001 10.0.0.1 10.0.0.2 tcp 40000 443 0
2000.25 10.0.0.2 10.0.0.1 tcp 443 40000 0
END
  run -0 pcap2feat -q --label-table=labels.csv --fields=frame,class windows.pcap
  [ "$output" = $'frame,class\n1,c1\n2,c0\n4,c5' ]
}

@test "pcap2feat: label tables that are wrong" {
  tiny
  wrong() { # HEADER ROW MESSAGE
    printf '%s\n%s\n' "$1" "$2" >bad.csv
    run -1 --separate-stderr pcap2feat --label-table=bad.csv tiny.pcap
    [ "$stderr" = "pcap2feat: $3" ]
    [ -z "$output" ]
  }
  all=src_ip,dst_ip,src_port,dst_port,proto,start,end,class
  wrong src_ip,dst_ip,src_port,dst_prt,class a,b,c,d,e "bad.csv:1: there is no column 'dst_port' (did you mean 'dst_prt'?)"
  wrong $all 10.0.0,10.0.0.2,1,2,,,,x "bad.csv:2: column 'src_ip': '10.0.0' is not an IP address"
  wrong $all 10.0.0.1,::1,1,2,,,,x "bad.csv:2: column 'dst_ip': '::1' is not of the IP version of src_ip"
  wrong $all 10.0.0.1,10.0.0.2,65536,2,,,,x "bad.csv:2: column 'src_port': '65536' is not in 0..65535"
  wrong $all 10.0.0.1,10.0.0.2,1,2,tcp,,,x "bad.csv:2: column 'proto': 'tcp' is not an integer"
  wrong $all 10.0.0.1,10.0.0.2,1,2,6,1e9,,x "bad.csv:2: column 'start': '1e9' is not a time in seconds"
  wrong $all 10.0.0.1,10.0.0.2,1,2,6,2,1.5,x "bad.csv:2: column 'end': '1.5' is before the start"
  wrong $all 10.0.0.1,10.0.0.2,1,2,6,1,2, "bad.csv:2: column 'class': '' is not a class name of 1..1000 bytes"
  run -1 --separate-stderr pcap2feat --label-table=none.csv tiny.pcap
  [ "$stderr" = "pcap2feat: none.csv: No such file or directory" ]
}

# --- Output ---

@test "pcap2feat: TSV, names that need quotes, standard input" {
  tiny
  run -0 pcap2feat -q --tsv --fields=frame,len -n 1 tiny.pcap
  [ "$output" = $'frame\tlen\n1\t40' ]
  cp tiny.pcap 'a,"b.pcap'
  run -0 pcap2feat -q --fields=file,frame -n 1 'a,"b.pcap'
  [ "${lines[1]}" = '"a,""b.pcap",1' ]
  run -0 pcap2feat -q --fields=file,frame -n 1 <tiny.pcap
  [ "${lines[1]}" = '-,1' ]
  run -0 pcap2feat -q --fields=file,frame -n 1 - <tiny.pcap
  [ "${lines[1]}" = '-,1' ]
}

@test "pcap2feat: -w keeps the packets that match -f, to the nanosecond" {
  tiny
  pcap2feat -q -f 'not arp' -w kept.pcap -o kept.csv tiny.pcap
  pcap2feat -q -f 'not arp' --fields=ts,len,src_ip,vlan tiny.pcap >expected
  pcap2feat -q --fields=ts,len,src_ip,vlan kept.pcap >written
  diff expected written
  [ "$(wc -l <written)" -eq 9 ]
  # It is the very file, but for the packets that -f leaves out.
  pcap2feat -q -w all.pcap -o all.csv tiny.pcap
  cmp all.pcap tiny.pcap
  pcap2feat -q -w none.pcap -o none.csv -f 'port 1' tiny.pcap
  run -0 --separate-stderr pcap2feat --fields=frame none.pcap
  [ "$output" = frame ]
  run -1 --separate-stderr pcap2feat -w /dev/full tiny.pcap -o rows.csv
  [ "${stderr_lines[-1]}" = "pcap2feat: writing /dev/full: No space left on device" ]
  run -2 --separate-stderr pcap2feat -w - tiny.pcap
  [ "${stderr_lines[0]}" = "pcap2feat: -w - needs -o FILE: the rows go to standard output" ]
}

@test "-w tells of frames that are longer than those in a pcap file" {
  # A pcapng file whose one frame has 300,000 bytes.
  {
    printf '\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0'
    printf '\1\0\0\0\x14\0\0\0\1\0\0\0\0\0\0\0\x14\0\0\0'
    printf '\6\0\0\0\0\x94\4\0\0\0\0\0\0\0\0\0\0\0\0\0\xe0\x93\4\0\xe0\x93\4\0'
    head -c 300000 /dev/zero
    printf '\0\x94\4\0'
  } >large.pcapng
  run -0 --separate-stderr pcap2feat --fields=frame -w cut.pcap large.pcapng
  [ "${stderr_lines[-1]}" = "pcap2feat: -w: 1 packet cut to 262144 bytes, the most there are in a pcap file" ]
  [ "$(wc -c <cut.pcap)" -eq $((24 + 16 + 262144)) ]
  run -0 --separate-stderr pcapshim -d -w cut.pcap large.pcapng
  [ "${stderr_lines[-1]}" = "pcapshim: 1 packet cut to 262144 bytes, the most there are in a pcap file" ]
}

@test "pcap2feat: -w has one link type" {
  tiny
  echo '1 10.0.0.1 10.0.0.2 udp 1 2 3' | make_capture raw.pcap raw
  run -1 --separate-stderr pcap2feat -q -o rows.csv -w mixed.pcap tiny.pcap raw.pcap
  [ "$stderr" = "pcap2feat: -w: a pcap file has one link type, and after EN10MB comes RAW (-f can select, or write a file each)" ]
  [ ! -e mixed.pcap ]
  [ ! -e rows.csv ]
  pcap2feat -q -w again.pcap -o rows.csv raw.pcap
  cmp raw.pcap again.pcap
}

@test "pcap2feat: -q and -v" {
  tiny
  run -0 --separate-stderr pcap2feat -q tiny.pcap
  [ -z "$stderr" ]
  run -0 --separate-stderr pcap2feat -v tiny.pcap
  [ "${stderr_lines[-1]}" = "pcap2feat: 5 rows from 9 packets" ]
}

@test "pcap2feat: --list-fields is the registry" {
  run -0 pcap2feat --list-fields
  [ "${lines[0]}" = $'name\trole\tlevel\tsource\tbits\tunit\tmeaning' ]
  printf '%s\n' "${lines[@]}" | grep -Fqx $'len\tfeature\tpacket\theader\t16\tbytes\tIP packet: IPv4 total length, IPv6 payload length + 40'
  printf '%s\n' "${lines[@]}" | grep -Fqx $'iat\tfeature\tpacket\tregister\t48\tns\tinter-arrival time: since the flow\'s previous packet, both directions'
  [ -z "$(printf '%s\n' "${lines[@]}" | awk -F '\t' 'NF != 7')" ]
}

@test "pcap2feat: weir-features(7) has the registry as it is" {
  diff "$root/man/weir-features.7" <("$root/scripts/features-man")
}

# --- Faults ---

@test "pcap2feat: a wrong command line" {
  tiny
  wrong() { # MESSAGE OPTIONS…
    local message=$1
    shift
    run -2 --separate-stderr pcap2feat "$@" tiny.pcap
    [ "${stderr_lines[0]}" = "pcap2feat: $message" ]
    [ "${stderr_lines[1]}" = "Try 'pcap2feat --help'." ]
    [ -z "$output" ]
  }
  wrong "--fields: there is no packet column 'lenn' (did you mean 'len'?)" --fields=lenn
  wrong "--fields: there is no packet column ''" --fields=len,
  wrong "--fields: there is no packet column 'predicted'" --fields=predicted
  wrong "--fields: column 'len' stands twice" --fields=len,iat,len
  wrong "--fields: column 'class' needs a label (-l, --label-from, --label-rule or --label-table)" --fields=class
  wrong "packets are labelled, but --fields has no column 'class'" --fields=len -l x
  wrong "--scope: 'flows' is not one of flow, direction, capture (did you mean 'flow'?)" --scope=flows
  wrong "--first: 'one' is not one of skip, zero" --first=one
  wrong "--device: '10.0.0' is neither a MAC nor an IP address" --device=10.0.0
  wrong "--device: '02:00:00:00:00:0g' is neither a MAC nor an IP address" --device=02:00:00:00:00:0g
  wrong "--device or --flow, once" --device=10.0.0.1 --flow='UDP 10.0.0.1:1 10.0.0.2:2'
  for flow in 'UDP' 'UDP 10.0.0.1:1' 'XDP 10.0.0.1:1 10.0.0.2:2' 'UDP 10.0.0.1:1 10.0.0.2:65536' \
    'UDP 10.0.0.1:1 [::1]:2' 'UDP [::1:1 [::1]:2' 'UDP 10.0.0.1: 10.0.0.2:2' 'UDP 10.0.0.1:1 10.0.0.2:2 '; do
    wrong "--flow: '$flow' is not 'PROTO A:PORT B:PORT', such as 'UDP 10.0.0.1:5004 10.0.0.2:5004' or 'TCP [2001:db8::1]:443 [2001:db8::2]:50000'" --flow="$flow"
  done
  wrong "-w and --output are the same file" -w new.pcap -o ./new.pcap
  wrong "-w and --output are the same file" -w - -o -
  wrong "-w: './tiny.pcap' is an input file" -w ./tiny.pcap
  wrong "--write: 'labels.csv' is an input file" -w labels.csv --label-table=labels.csv
  long=$(printf '%01001d' 0)
  wrong "--label: a class name of 1001 bytes, and 1000 are the most" -l "$long"
  wrong "--label-rule: a class name of 1001 bytes, and 1000 are the most" --label-rule "$long=ip"
  wrong "--max-flows: '0' is not in 1..2147483647" --max-flows=0
  wrong "--count: '0' is not in 1..18446744073709551615" -n 0
  wrong "-f: filter 'tcp prt 1': can't parse filter expression: syntax error" -f 'tcp prt 1'
  wrong "--label-rule: filter 'prt 1': can't parse filter expression: syntax error" --label-rule 'x=prt 1'
  wrong "--label-rule: 'x' is not NAME=EXPR" --label-rule x
  wrong "--label: '' is no class name" -l ''
  wrong "--label-from: 'name' is not one of filename, dirname" --label-from=name
  wrong "-l or --label-from, not both" -l x --label-from=filename
  wrong "an interface (-i) or files, not both" -i lo
  wrong "--duration is for live capture (-i)" --duration=1
  wrong "-Z is for live capture (-i)" -Z root
  wrong "-s is for live capture (-i)" -s 128
  wrong "--snaplen: '63' is not in 64..262144" -s 63
  wrong "--user: 'no-such-user' is not a user here" -i lo -Z no-such-user
  run -2 --separate-stderr pcap2feat --label-from=filename <tiny.pcap
  [ "${stderr_lines[0]}" = "pcap2feat: --label-from needs files" ]
}

@test "pcap2feat: captures that can't be read; the others still are" {
  tiny
  run -1 --separate-stderr pcap2feat -q --fields=frame -f udp none.pcap tiny.pcap
  [ "$output" = $'frame\n9' ]
  [ "$stderr" = "pcap2feat: none.pcap: No such file or directory" ]
  echo 'no capture' >text.pcap
  run -1 --separate-stderr pcap2feat -q --fields=frame text.pcap
  [ "$output" = frame ]
  [[ "$stderr" == "pcap2feat: text.pcap: not a pcap or pcapng capture"* ]]
  # What comes before a cut is good; a file of its own is written whole or not at all.
  head -c -1 tiny.pcap >cut.pcap
  run -1 --separate-stderr pcap2feat -q --fields=frame cut.pcap
  [ "${#lines[@]}" -eq 8 ]
  [ "$stderr" = "pcap2feat: cut.pcap: frame 9: the file ends in the middle of it" ]
  run -1 --separate-stderr pcap2feat -q --fields=frame -o rows.csv -w kept.pcap tiny.pcap cut.pcap
  [ "${stderr_lines[1]}" = "pcap2feat: no output file is written, because of 1 capture" ]
  [ ! -e rows.csv ]
  [ ! -e kept.pcap ]
}

@test "pcap2feat: full disk, closed pipe" {
  tiny
  run -1 --separate-stderr bash -c 'pcap2feat -q tiny.pcap >/dev/full'
  [ "$stderr" = "pcap2feat: writing standard output: No space left on device" ]
  run -1 --separate-stderr pcap2feat -q -o /dev/full tiny.pcap
  [ "$stderr" = "pcap2feat: writing /dev/full: No space left on device" ]
  # Long work ends soon after the disk is full: this pipe never would.
  tail -c +25 tiny.pcap >body
  for _ in $(seq 12); do
    cat body body >twice
    mv twice body
  done
  cat tiny.pcap body >big.pcap
  run -1 --separate-stderr bash -c '{ cat big.pcap; while cat body 2>/dev/null; do :; done; } |
    timeout 20 pcap2feat -q --fields=file,frame,ts >/dev/full'
  [ "$stderr" = "pcap2feat: writing standard output: No space left on device" ]
  run -1 --separate-stderr pcap2feat --list-fields -o /dev/full
  [ "$stderr" = "pcap2feat: writing /dev/full: No space left on device" ]
  # A reader that goes away ends it, quietly.
  run -0 --separate-stderr bash -c 'pcap2feat -q --fields=ts,flow big.pcap | head -n 1; echo "${PIPESTATUS[0]}"'
  [ "$output" = $'ts,flow\n141' ]
  [ -z "$stderr" ]
}

# --- Live ---

# live OPTIONS…: captures on a veth of a network namespace of its own, until it is told to stop.
# Sets $pid; the rows go to live.csv, what it says to live.messages.
start_live() {
  need_root
  need ip unshare nsenter
  unshare --net sleep 60 3>&- &
  holder=$!
  for _ in $(seq 100); do
    [ "$(readlink "/proc/$holder/ns/net")" = "$(readlink /proc/self/ns/net)" ] || break
    sleep 0.02
  done
  inside ip link add left type veth peer name right 2>/dev/null || skip "no veth here"
  inside ip addr add 10.9.0.1/24 dev left
  inside ip link set left up
  inside ip link set right up
  inside ip neighbour add 10.9.0.2 lladdr 02:00:00:00:00:99 dev left
  : >live.csv # what an earlier capture left is no sign that this one has begun
  nsenter --net="/proc/$holder/ns/net" "$(command -v pcap2feat)" -i right "$@" \
    >live.csv 2>live.messages 3>&- &
  pid=$!
  wait_for 'len' live.csv # the header comes once the interface is open
}

inside() {
  nsenter --net="/proc/$holder/ns/net" "$@"
}

# One packet of so many bytes of payload.
send() {
  inside bash -c 'head -c "$1" /dev/zero >/dev/udp/10.9.0.2/4000' - "$1"
}

wait_for() { # TEXT FILE
  for _ in $(seq 200); do
    ! grep -q "$1" "$2" || return 0
    sleep 0.05
  done
  return 1
}

teardown() {
  [ -z "${holder-}" ] || kill "$holder" 2>/dev/null || true
  [ -z "${pid-}" ] || kill "$pid" 2>/dev/null || true
}

@test "pcap2feat: live: rows come while it runs, SIGINT ends it well" {
  start_live -v -l live --fields=len,class -f 'udp port 4000'
  send 100
  wait_for '^128,live$' live.csv
  send 200
  wait_for '^228,live$' live.csv
  kill -INT "$pid"
  wait "$pid"
  run -0 cat live.csv
  [ "$output" = $'len,class\n128,live\n228,live' ]
  grep -Eq '^pcap2feat: right: the kernel dropped 0 of [0-9]+ packets$' live.messages
  grep -Eq '^pcap2feat: 2 rows from [0-9]+ packets$' live.messages
}

@test "pcap2feat: live: -n, --duration, SIGTERM" {
  start_live -q -n 2 --fields=len -f 'udp port 4000'
  send 1
  send 2
  wait "$pid"
  [ "$(<live.csv)" = $'len\n29\n30' ]
  kill "$holder"
  start_live -q --duration=0.3 --fields=len -f 'udp port 4000'
  wait "$pid"
  [ "$(<live.csv)" = len ]
  kill "$holder"
  start_live -q --fields=len -f 'udp port 4000'
  kill -TERM "$pid"
  wait "$pid"
}

@test "pcap2feat: live: -Z drops root for good before files are written, -w keeps the packets" {
  need_root
  mkdir -m 777 out
  chmod 755 "$BATS_TEST_TMPDIR"
  start_live -q -Z nobody -w out/live.pcap --fields=len -f 'udp port 4000'
  [ "$(awk '/^Uid:/ { print $2, $3, $4, $5 }' "/proc/$pid/status")" = "$(id -u nobody) $(id -u nobody) $(id -u nobody) $(id -u nobody)" ]
  [ "$(awk '/^Gid:/ { print $2 }' "/proc/$pid/status")" = "$(id -g nobody)" ]
  [ "$(awk '/^CapEff:/ { print $2 }' "/proc/$pid/status")" = 0000000000000000 ]
  send 50
  wait_for '^78$' live.csv
  kill -INT "$pid"
  wait "$pid"
  [ "$(stat -c %U out/live.pcap)" = nobody ]
  run -0 pcap2feat -q --fields=len,dst_port out/live.pcap
  [ "$output" = $'len,dst_port\n78,4000' ]
}

@test "pcap2feat: live: -s takes the headers only, and the lengths stay" {
  start_live -q -n 1 -s 64 -w cut.pcap --fields=len -f 'udp port 4000'
  send 400
  wait "$pid"
  [ "$(<live.csv)" = $'len\n428' ]
  [ "$(stat -c %s cut.pcap)" -eq $((24 + 16 + 64)) ]
}

@test "pcap2feat: live: what can't be opened" {
  need_root
  run -1 --separate-stderr pcap2feat -i no-such-interface
  [[ "$stderr" == "pcap2feat: no-such-interface: "* ]]
  mkdir -m 755 rooted
  run -1 --separate-stderr pcap2feat -q -i lo -Z nobody -o rooted/rows.csv --duration=1
  [ "$stderr" = "pcap2feat: rooted/rows.csv: Permission denied" ]
}
