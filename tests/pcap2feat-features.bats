# pcap2feat --per=flow: a value worked by hand for every column of flow level, and the presets.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# 14 packets of one connection with a VLAN tag. FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128.
# With offset=6 four of the bytes behind the TCP header are its own.
connection() {
  make_capture connection.pcap <<'EOT'
1.000 10.0.0.1 10.0.0.2 tcp 40000 443 4 flags=2 window=111 ttl=64 dscp=10 offset=6 vlan=7
1.020 10.0.0.2 10.0.0.1 tcp 443 40000 0 flags=18 window=222 ttl=50 dscp=20 vlan=7
1.030 10.0.0.1 10.0.0.2 tcp 40000 443 10 flags=24 ttl=60 vlan=7
1.040 10.0.0.1 10.0.0.2 tcp 40000 443 20 flags=16 ttl=64 vlan=7
1.050 10.0.0.1 10.0.0.2 tcp 40000 443 20 flags=16 ttl=66 vlan=7
1.060 10.0.0.1 10.0.0.2 tcp 40000 443 40 flags=48 ttl=64 vlan=7
1.100 10.0.0.2 10.0.0.1 tcp 443 40000 200 flags=16 ttl=50 vlan=7
1.110 10.0.0.2 10.0.0.1 tcp 443 40000 300 flags=16 ttl=50 vlan=7
1.130 10.0.0.2 10.0.0.1 tcp 443 40000 400 flags=16 ttl=50 vlan=7
1.160 10.0.0.2 10.0.0.1 tcp 443 40000 500 flags=24 ttl=50 vlan=7
3.160 10.0.0.2 10.0.0.1 tcp 443 40000 1100 flags=24 ttl=51 vlan=7
10.160 10.0.0.1 10.0.0.2 tcp 40000 443 0 flags=81 ttl=64 vlan=7
10.260 10.0.0.2 10.0.0.1 tcp 443 40000 0 flags=241 ttl=50 vlan=7
10.300 10.0.0.1 10.0.0.2 tcp 40000 443 0 flags=4 ttl=64 vlan=7
EOT
}

# transposed: a table with one row, a line for each column.
transposed() {
  awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next } { for (i = 1; i <= NF; i++) print name[i], $i }'
}

# The workings, with times in ms. Forward:
#   len 44 50 60 60 80 40 40: sum 374, squares 21236; 21236/7 - (374/7)^2 = 179.1, root 13
#   payload 0 10 20 20 40 0 0: sum 90, squares 2500; 2500/7 - (90/7)^2 = 191.8, root 13
#   gaps 30 10 10 10 9100 140: sum 9300, mean 1550; 82830800/6 - 1550^2 = 11402633.3, root 3376.778543
#   a run of 10 20 20 40 bytes within 30 ms is a burst and a bulk: 90 bytes, 3000 a second
# Backward:
#   len 40 240 340 440 540 1140 40: sum 2780, squares 1961200; 1961200/7 - (2780/7)^2 = 122447.8, root 349
#   payload 0 200 300 400 500 1100 0: sum 2500, squares 1750000; 1750000/7 - (2500/7)^2 = 122449.0, root 349
#   gaps 80 10 20 30 2000 7100: sum 9240, mean 1540; 54417800/6 - 1540^2 = 6698033.3, root 2588.055898
#   a run of 200 300 400 500 bytes within 60 ms: 1400 bytes, 23333 a second; 1100 stand alone, 2 s later
# Both: gaps 20 10 10 10 10 40 10 20 30 2000 7000 100 40: sum 9300, mean 715.384615;
#   53015400/13 - (9300/13)^2 = 3566332.5, root 1888.473601; two are above 1 s: 3 subflows; one is above
#   5 s and parts 1.000 to 3.160 from 10.160 to 10.300: mean (2160 + 140)/2, deviation (2160 - 140)/2.
#   payload squares 1752500/14 = 125178.6: root 353, less 185^2: root 301; payload changes before
#   10 20 40 200 300 400 500 1100 and the first 0 behind.
golden() {
  cat <<'EOT'
file connection.pcap
src_ip 10.0.0.1
dst_ip 10.0.0.2
src_port 40000
dst_port 443
src_mac 02:00:00:00:00:01
dst_mac 02:00:00:00:00:02
vlan 7
ip_version 4
proto 6
start 1.000000000
end 10.300000000
end_reason fin
ended 15.260000000
fwd_start 1.000000000
fwd_end 10.300000000
bwd_start 1.020000000
bwd_end 10.260000000
packets 14
fwd_packets 7
bwd_packets 7
bytes 3154
fwd_bytes 374
bwd_bytes 2780
duration 9300000000
fwd_duration 9300000000
bwd_duration 9240000000
len_min 40
fwd_len_min 40
bwd_len_min 40
len_mean 225
fwd_len_mean 53
bwd_len_mean 397
len_max 1140
fwd_len_max 80
bwd_len_max 1140
len_std 301
fwd_len_std 13
bwd_len_std 349
iat_min 10000000
fwd_iat_min 10000000
bwd_iat_min 10000000
iat_mean 715384615
fwd_iat_mean 1550000000
bwd_iat_mean 1540000000
iat_max 7000000000
fwd_iat_max 9100000000
bwd_iat_max 7100000000
iat_std 1888473601
fwd_iat_std 3376778543
bwd_iat_std 2588055898
payload_min 0
fwd_payload_min 0
bwd_payload_min 0
payload_mean 185
fwd_payload_mean 12
bwd_payload_mean 357
payload_max 1100
fwd_payload_max 40
bwd_payload_max 1100
payload_std 301
fwd_payload_std 13
bwd_payload_std 349
payload_bytes 2590
fwd_payload_bytes 90
bwd_payload_bytes 2500
payload_packets 9
fwd_payload_packets 4
bwd_payload_packets 5
fin 2
fwd_fin 1
bwd_fin 1
syn 2
fwd_syn 1
bwd_syn 1
rst 1
fwd_rst 1
bwd_rst 0
psh 3
fwd_psh 1
bwd_psh 2
ack 12
fwd_ack 5
bwd_ack 7
urg 2
fwd_urg 1
bwd_urg 1
ece 2
fwd_ece 1
bwd_ece 1
cwr 1
fwd_cwr 0
bwd_cwr 1
tcp_flags_or 255
fwd_tcp_flags_or 127
bwd_tcp_flags_or 251
bytes_per_s 339
fwd_bytes_per_s 40
bwd_bytes_per_s 300
packets_per_s 1
fwd_packets_per_s 0
bwd_packets_per_s 0
fwd_init_window 111
bwd_init_window 222
fwd_ttl_min 60
bwd_ttl_min 50
fwd_ttl_max 66
bwd_ttl_max 51
fwd_dscp_first 10
bwd_dscp_first 20
fwd_payload_hist_0 1
bwd_payload_hist_0 0
fwd_iat_hist_0 3
bwd_iat_hist_0 1
fwd_payload_hist_1 2
bwd_payload_hist_1 0
fwd_iat_hist_1 1
bwd_iat_hist_1 2
fwd_payload_hist_2 1
bwd_payload_hist_2 0
fwd_iat_hist_2 0
bwd_iat_hist_2 0
fwd_payload_hist_3 0
bwd_payload_hist_3 0
fwd_iat_hist_3 0
bwd_iat_hist_3 1
fwd_payload_hist_4 0
bwd_payload_hist_4 1
fwd_iat_hist_4 1
bwd_iat_hist_4 0
fwd_payload_hist_5 0
bwd_payload_hist_5 3
fwd_iat_hist_5 0
bwd_iat_hist_5 0
fwd_payload_hist_6 0
bwd_payload_hist_6 0
fwd_iat_hist_6 0
bwd_iat_hist_6 0
fwd_payload_hist_7 0
bwd_payload_hist_7 1
fwd_iat_hist_7 1
bwd_iat_hist_7 2
fwd_bursts 1
bwd_bursts 1
fwd_burst_packets_max 4
bwd_burst_packets_max 4
fwd_burst_bytes_max 90
bwd_burst_bytes_max 1400
fwd_burst_duration_max 30000000
bwd_burst_duration_max 60000000
active_min 140000000
active_mean 1150000000
active_max 2160000000
active_std 1010000000
idle_min 7000000000
idle_mean 7000000000
idle_max 7000000000
idle_std 0
l4_hdr_bytes 284
fwd_l4_hdr_bytes 144
bwd_l4_hdr_bytes 140
l4_hdr_min 20
fwd_l4_hdr_min 20
bwd_l4_hdr_min 20
payload_bytes_per_s 278
fwd_payload_bytes_per_s 9
bwd_payload_bytes_per_s 270
fwd_syn_len 44
bwd_syn_len 40
fwd_bulks 1
bwd_bulks 1
fwd_bulk_packets_mean 4
bwd_bulk_packets_mean 4
fwd_bulk_bytes_mean 90
bwd_bulk_bytes_mean 1400
fwd_bulk_bytes_per_s 3000
bwd_bulk_bytes_per_s 23333
fwd_subflow_packets_mean 2
bwd_subflow_packets_mean 2
fwd_subflow_bytes_mean 30
bwd_subflow_bytes_mean 833
subflows 3
down_up_permille 1000
payload_rms 353
payload_changes 9
EOT
}

# Of the second packet, with --first-packets=2.
golden_sequence() {
  printf '%s\n' 'len_2 40' 'iat_2 20000000' 'dir_2 0' 'payload_len_2 0' 'tcp_flags_2 18'
}

# Flows of three hosts, one packet each but the last, which is asked about.
neighbours() {
  make_capture neighbours.pcap <<'EOT'
1.0 10.0.0.1 10.0.0.2 udp 1000 53 10
3.0 10.0.0.1 10.0.0.2 udp 1001 53 10
6.0 10.0.0.1 10.0.0.2 udp 1002 53 10
6.5 10.0.0.2 10.0.0.1 udp 2000 80 10
7.0 10.0.0.1 10.0.0.3 udp 1003 53 10
11.0 10.0.0.1 10.0.0.2 udp 1004 53 10
11.000000001 10.0.0.2 10.0.0.1 udp 53 1004 10
EOT
}

# Of the last flow, with --context=10. When it ends, the first packet is 10.000000001 s ago. The host has flows 2, 3,
# 5 and 6 of what is left, the pair has 2, 3, 4 and 6; to port 53 of the same host began 2, 3 and 6, 3 s and 5 s
# after each other: mean 4, deviation 1.
golden_context() {
  cat <<'EOT'
host_flows 4
pair_flows 4
host_starts 4
pair_starts 4
host_repeats 3
host_repeat_gap_mean 4000000000
host_repeat_gap_std 1000000000
EOT
}

# context OPTION… FILE: those columns of its last flow by start.
context() {
  pcap2feat -q --per=flow --fields="start,$(golden_context | cut -d ' ' -f 1 | paste -sd ,)" "$@" | sort -n | tail -n 1 | cut -d , -f 2-
}

@test "pcap2feat --per=flow: every column has the value worked by hand" {
  connection
  golden >expected
  pcap2feat -q --per=flow --fields="$(cut -d ' ' -f 1 expected | paste -sd ,)" connection.pcap | transposed >written
  diff expected written
  neighbours
  golden_context >expected
  pcap2feat -q --per=flow --context=10 --fields="$(cut -d ' ' -f 1 expected | paste -sd ,)" neighbours.pcap >all
  sed -n '1p; $p' all | transposed >written
  diff expected written
  golden_sequence >expected
  pcap2feat -q --per=flow --first-packets=2 --fields="$(cut -d ' ' -f 1 expected | paste -sd ,)" connection.pcap |
    transposed >written
  diff expected written
}

@test "pcap2feat --per=flow: no column of the registry is without a value worked by hand" {
  # The identifier is a hash, and is compared with that of packets; the class is what -l says, filters what
  # --filter does, confidence, novelty, emb_N and cluster what cnn-eval and flow-cluster do;
  # facts with a dot have tests of their own.
  { golden && golden_context && golden_sequence | sed 's/_2 /_N /' &&
    printf 'flow\nclass\nfilters\ntag\nconfidence\nnovelty\ncluster\nemb_N\n'; } | cut -d ' ' -f 1 | sort >worked
  pcap2feat --list-fields | awk -F '\t' 'NR > 1 && $3 != "packet" && $1 !~ /[.]/ { print $1 }' | sort >listed
  diff listed worked
}

@test "pcap2feat --context: what is just so long ago counts; as of the last packet of the statistics" {
  neighbours
  # Of the first packet of the last flow: at 11.0 flow 1 counts too. The gaps are 2, 3 and 5 s: mean 10/3, and
  # 38/3 - (10/3)^2 = 14/9, root 1.247219128.
  [ "$(context --context=10 --first-packets=1 neighbours.pcap)" = 5,5,5,5,4,3333333333,1247219128 ]
  # Flow 1, 10.000000001 s before, counts again with 1 ns more.
  [ "$(context --context=10.000000001 neighbours.pcap)" = 5,5,5,5,4,3333333333,1247219128 ]
  # 300 s by default; the flow itself is there whatever the time is, its start is not.
  [ "$(context neighbours.pcap)" = 5,5,5,5,4,3333333333,1247219128 ]
  [ "$(context --context=4 neighbours.pcap)" = 1,1,1,1,1,, ]
  make_capture long.pcap <<'EOT'
1.0 10.0.0.1 10.0.0.2 udp 1000 53 10
6.0 10.0.0.1 10.0.0.2 udp 1000 53 10
EOT
  [ "$(pcap2feat -q --per=flow --context=4 --fields=host_flows,host_starts,host_repeats,host_repeat_gap_mean long.pcap |
    tail -n 1)" = 1,0,0, ]
}

@test "pcap2feat --context: a flow counts until it ends by FIN or by a gap, and is one whoever sends" {
  # Two TCP connections, the first closed at 2.0: with 5 s of linger it goes on until 7.0.
  closed() {
    make_capture closed.pcap <<EOT
1.0 10.0.0.1 10.0.0.2 tcp 1000 80 0 flags=2
1.5 10.0.0.2 10.0.0.1 tcp 80 1000 0 flags=17
2.0 10.0.0.1 10.0.0.2 tcp 1000 80 0 flags=17
3.0 10.0.0.1 10.0.0.2 tcp 1001 80 0 flags=2
$1 10.0.0.2 10.0.0.1 tcp 80 1001 0 flags=16
EOT
  }
  closed 7.0
  [ "$(context closed.pcap)" = 2,2,2,2,2,2000000000,0 ]
  closed 7.000000001
  [ "$(context closed.pcap)" = 1,1,2,2,2,2000000000,0 ]
  # The same two ends 40 s later are a new flow of the other host, and the old one is over.
  make_capture turned.pcap <<'EOT'
1.0 10.0.0.1 10.0.0.2 udp 1000 2000 1
41.0 10.0.0.2 10.0.0.1 udp 2000 1000 1
EOT
  [ "$(context turned.pcap)" = 1,1,1,2,1,, ]
}

@test "pcap2feat --context: hosts of different VLANs are different hosts; labels leave flows in it; files start afresh" {
  make_capture vlans.pcap <<'EOT'
1.0 10.0.0.1 10.0.0.2 udp 1000 53 10 vlan=7
2.0 10.0.0.1 10.0.0.2 udp 1001 53 10 vlan=8
3.0 10.0.0.1 10.0.0.2 udp 1002 53 10 vlan=7
EOT
  [ "$(context vlans.pcap)" = 2,2,2,2,2,2000000000,0 ]
  neighbours
  # Only the last flow has a class, and so a row.
  [ "$(pcap2feat -q --per=flow --context=10 --label-rule='last=udp port 1004' --fields=host_flows,host_repeats,class neighbours.pcap |
    paste -sd ' ')" = "host_flows,host_repeats,class 4,3,last" ]
  [ "$(pcap2feat -q --per=flow --fields=host_starts neighbours.pcap neighbours.pcap | sort -n | tail -n 1)" -eq 5 ]
  make_capture later.pcap <<<'51.0 10.0.0.1 10.0.0.2 udp 1000 53 10'
  [ "$(pcap2feat -q --per=flow --fields=host_starts neighbours.pcap later.pcap | tail -n 1)" -eq 1 ]
  [ "$(pcap2feat -q --per=flow --continue --fields=host_starts neighbours.pcap later.pcap | tail -n 1)" -eq 6 ]
}

@test "pcap2feat --context: a heartbeat beside a burst, in the lab's captures of an application" {
  local columns=start,end,dst_port,host_flows,pair_flows,host_starts,pair_starts,host_repeats
  columns+=,host_repeat_gap_mean,host_repeat_gap_std
  # Each report to port 80 and each transfer from port 443 is a connection, which counts for 5 s after its end: at
  # the end of the third transfer, 796.625541019, those that ended after 791.625: the reports of 793.550 and 795.947
  # and the transfer before; at the end of the last report one of each. The reports began 2.375548531, 2.723935706,
  # 2.397005686 and 2.879150969 s after each other: mean 2.593910223, deviation 0.214896565; the transfers 3.330438030
  # and 3.498851934: mean 3.414644982, and half their difference.
  pcap2feat -q --per=flow --fields=$columns "$testdata/context/sync.1.pcap" >with
  diff - with <<EOT
$columns
1795892788.451134532,1795892788.569189030,80,1,1,1,1,1,,
1795892789.459851479,1795892789.815078955,443,2,2,2,2,1,,
1795892790.826683063,1795892790.960576116,80,3,3,3,3,2,2375548531,0
1795892792.790289509,1795892793.082787617,443,4,4,4,4,2,3330438030,0
1795892793.550618769,1795892793.656786559,80,4,4,5,5,3,2549742118,174193587
1795892795.947624455,1795892796.139059002,80,3,3,6,6,4,2498829974,159414648
1795892796.289141443,1795892796.625541019,443,4,4,7,7,3,3414644982,84206952
1795892798.826775424,1795892798.967052725,80,3,3,8,8,5,2593910223,214896565
EOT
  # The same without reports: 3.105187558 and 3.587142753 s between the transfers.
  pcap2feat -q --per=flow --fields=$columns "$testdata/context/sync.2.pcap" >without
  diff - without <<EOT
$columns
1795892786.635165512,1795892786.979095655,443,1,1,1,1,1,,
1795892789.740353070,1795892790.041845365,443,2,2,2,2,2,3105187558,0
1795892793.327495822,1795892793.693716808,443,2,2,3,3,3,3346165155,240977597
EOT
  # In the one its two hosts have begun more than transfers, in the other they have not: that alone tells a tree
  # which is which.
  sed '1s/$/,class/; 1!s/$/,with/' with >both
  sed 1d without | sed 's/$/,without/' >>both
  awk -F , -v OFS=, 'NR == 1 { print "more,class" } NR > 1 && $3 == 443 { print $7 - $8, $11 }' both >transfers.csv
  dt-train -q --max-leaves=2 transfers.csv -o transfers.tree
  dt-eval transfers.tree transfers.csv | grep -q '^accuracy *1.0000  6 of 6 rows'
}

@test "pcap2feat --per=flow: a payload the other way, and a gap above 1 s, end a bulk" {
  make_capture bulks.pcap <<'EOT'
1.0 10.0.0.1 10.0.0.2 udp 1 2 10
1.1 10.0.0.1 10.0.0.2 udp 1 2 10
1.2 10.0.0.1 10.0.0.2 udp 1 2 10
1.3 10.0.0.2 10.0.0.1 udp 2 1 5
1.4 10.0.0.1 10.0.0.2 udp 1 2 20
1.5 10.0.0.2 10.0.0.1 udp 2 1 0
2.4 10.0.0.1 10.0.0.2 udp 1 2 20
2.4 10.0.0.1 10.0.0.2 udp 1 2 20
2.5 10.0.0.1 10.0.0.2 udp 1 2 20
2.6 10.0.0.1 10.0.0.2 udp 1 2 21
3.600000001 10.0.0.1 10.0.0.2 udp 1 2 50
3.7 10.0.0.1 10.0.0.2 udp 1 2 50
3.7 10.0.0.1 10.0.0.2 udp 1 2 50
3.7 10.0.0.1 10.0.0.2 udp 1 2 0
4.0 10.0.0.1 10.0.0.2 udp 1 2 50
EOT
  # 5 packets of 101 bytes in 1.2 s, and 4 of 200 in 0.399999999 s; the burst of 8 began before them.
  pcap2feat -q --per=flow --fields=fwd_bulks,fwd_bulk_packets_mean,fwd_bulk_bytes_mean,fwd_bulk_bytes_per_s,bwd_bulks,bwd_bulk_bytes_mean,fwd_bursts,fwd_burst_packets_max bulks.pcap >written
  diff - written <<'EOT'
fwd_bulks,fwd_bulk_packets_mean,fwd_bulk_bytes_mean,fwd_bulk_bytes_per_s,bwd_bulks,bwd_bulk_bytes_mean,fwd_bursts,fwd_burst_packets_max
2,4,150,188,0,,2,8
EOT
}

@test "pcap2feat --preset: the columns of each, in weir-features(7) too; --fields adds some" {
  connection
  for preset in nfstream cicflowmeter netflow pstats; do
    pcap2feat -q --per=flow --first-packets=2 --preset=$preset connection.pcap >written
    [ "$(wc -l <written)" -eq 2 ]
    head -n 1 written | tr , '\n' | sed -n '/_2$/d; s/_1$/_N/; p' | LC_ALL=C sort -u >columns
    # The page says theirs in the first column of its table, and ours in the second.
    awk -v preset="$preset" '$0 == ".\\\" PRESET " preset { on = 1; next } /^\.\\" PRESET/ { on = 0 }
      on && /^[^.]/ && sub(/.*\t/, "") && !/^-/ { gsub(/, /, "\n"); print }' \
      "$root/man/weir-features.7" | LC_ALL=C sort -u >told
    diff columns told
  done
  run -0 pcap2feat -q --per=flow --preset=netflow --fields=file,iat_mean -l x connection.pcap
  [[ ${lines[0]} = start,end,duration,*,end_reason,file,iat_mean,class ]]
  wrong() {
    run -2 --separate-stderr pcap2feat "${@:2}" connection.pcap
    [ "${stderr_lines[0]}" = "pcap2feat: $1" ]
  }
  run -0 pcap2feat -q --per=flow --preset=netflow --context=60 connection.pcap
  [[ ${lines[0]} = *,end_reason,host_flows,*,host_repeat_gap_std ]]
  run -0 pcap2feat -q --per=flow --context=60 connection.pcap
  [[ ${lines[0]} = *,bwd_dscp_first,host_flows,*,host_repeat_gap_std ]]
  run -0 pcap2feat -q --per=flow --fields=all connection.pcap
  [[ ${lines[0]} != *host_* ]]
  wrong "--context is for --per=flow" --context=60
  wrong "--context is for columns such as 'host_flows', and --fields has none of them" --per=flow --context=60 --fields=bytes
  wrong "--fields: columns such as 'host_flows' need all flows: not with --shard" --per=flow --shard=0/2 --fields=pair_starts
  wrong "--fields: columns such as 'host_flows' need all flows: not with --device or --flow" --per=flow --context=60 \
    --device=10.0.0.1
  wrong "--context: '0' is not in 0.001..1e+09" --per=flow --context=0
  wrong "--preset is for --per=flow" --preset=netflow
  wrong "--preset or --fields=all, not both" --per=flow --preset=netflow --fields=all
  wrong "--preset=pstats needs --first-packets=N (ipfixprobe takes 30)" --per=flow --preset=pstats
  wrong "--fields: column 'start' stands twice" --per=flow --preset=netflow --fields=start
}
