# pcap2feat --per=flow: the rules and the columns, worked by hand from pcap2feat(1) and
# weir-features(7).

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# flows FILE COLUMNS [OPTION...]: the table, against standard input.
flows() {
  cat >expected
  pcap2feat -q --per=flow --fields="$2" "${@:3}" "$1" >written
  diff expected written
}

# --- When a flow ends ---

@test "pcap2feat --per=flow: a gap of exactly the idle timeout ends nothing, one of 1 ns more does" {
  make_capture idle.pcap <<'EOT'
100 10.0.0.1 10.0.0.2 udp 1000 53 10
130 10.0.0.2 10.0.0.1 udp 53 1000 10
160.000000001 10.0.0.2 10.0.0.1 udp 53 1000 10
EOT
  # The last one begins a flow of its own: its sender is the forward one.
  flows idle.pcap start,end,src_ip,src_port,packets,fwd_packets,bwd_packets,end_reason <<'EOT'
start,end,src_ip,src_port,packets,fwd_packets,bwd_packets,end_reason
100.000000000,130.000000000,10.0.0.1,1000,2,1,1,idle
160.000000001,160.000000001,10.0.0.2,53,1,1,0,file
EOT
  flows idle.pcap packets,end_reason --idle=29.999999999 <<'EOT'
packets,end_reason
1,idle
1,idle
1,file
EOT
  flows idle.pcap packets,end_reason --no-split <<'EOT'
packets,end_reason
3,file
EOT
}

@test "pcap2feat --per=flow: other flows' packets move the clock, whichever partition they are of" {
  make_capture clock.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 udp 1 2 0
2 10.0.0.3 10.0.0.4 udp 1 2 0
40 10.0.0.5 10.0.0.6 udp 1 2 0
41 10.0.0.1 10.0.0.2 udp 1 2 0
EOT
  flows clock.pcap start,src_ip,end_reason <<'EOT'
start,src_ip,end_reason
1.000000000,10.0.0.1,idle
2.000000000,10.0.0.3,idle
40.000000000,10.0.0.5,file
41.000000000,10.0.0.1,file
EOT
}

@test "pcap2feat --per=flow: the active timeout is tested before the packet is added" {
  make_capture active.pcap <<'EOT'
10 10.0.0.1 10.0.0.2 udp 1 2 0
20 10.0.0.2 10.0.0.1 udp 2 1 0
25 10.0.0.1 10.0.0.2 udp 1 2 0
25.000000001 10.0.0.2 10.0.0.1 udp 2 1 0
EOT
  flows active.pcap start,end,src_ip,packets,end_reason --active=15 <<'EOT'
start,end,src_ip,packets,end_reason
10.000000000,25.000000000,10.0.0.1,3,active
25.000000001,25.000000001,10.0.0.2,1,file
EOT
}

@test "pcap2feat --per=flow: FINs both ways close, and late packets linger" {
  # FIN 1, SYN 2, RST 4, ACK 16.
  make_capture fin.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=2
2 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=17
3 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=17
4 10.0.0.2 10.0.0.1 tcp 80 1 0 flags=17
9 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=16
9.000000001 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=16
EOT
  flows fin.pcap start,end,packets,fin,fwd_fin,bwd_fin,end_reason <<'EOT'
start,end,packets,fin,fwd_fin,bwd_fin,end_reason
1.000000000,9.000000000,5,3,2,1,fin
9.000000001,9.000000001,1,0,0,0,file
EOT
  flows fin.pcap packets,end_reason --linger=0 <<'EOT'
packets,end_reason
4,fin
2,file
EOT
  flows fin.pcap packets,end_reason --no-tcp-end <<'EOT'
packets,end_reason
6,file
EOT
}

@test "pcap2feat --per=flow: RST closes at once, a SYN begins anew, the file's end keeps the reason" {
  make_capture rst.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=2
2 10.0.0.2 10.0.0.1 tcp 80 1 0 flags=20
2.5 10.0.0.2 10.0.0.1 tcp 80 1 0 flags=18
3 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=2
4 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=17
5 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=4
6 10.0.0.2 10.0.0.1 tcp 80 1 0 flags=17
EOT
  # SYN with ACK is no beginning; with one FIN a flow goes on; the RST closed before the second FIN.
  flows rst.pcap start,end,packets,end_reason <<'EOT'
start,end,packets,end_reason
1.000000000,2.500000000,3,rst
3.000000000,6.000000000,4,rst
EOT
}

@test "pcap2feat --per=flow: for one more than the cap, the longest idle flow of its partition ends" {
  # 100 flows, each with its number as port; with room for one in each of 64 partitions.
  for i in $(seq 100); do echo "$i 10.0.0.1 10.0.0.2 udp $i 2 0"; done | make_capture cap.pcap
  pcap2feat --per=flow --idle=1000 --max-flows=64 --fields=src_port,end_reason cap.pcap >rows 2>messages
  [ "$(grep -c cap rows)" -gt 20 ]
  [ "$(grep -c file rows)" -le 64 ]
  [ "$(tail -n +2 rows | wc -l)" -eq 100 ]
  [ "$(cat messages)" = "pcap2feat: $(grep -c cap rows) flows ended early: more than 64 at a time (--max-flows)" ]
  # 65 flows are two a partition.
  pcap2feat -q --per=flow --idle=1000 --max-flows=65 --fields=end_reason cap.pcap >more.csv
  [ "$(grep -c cap more.csv)" -lt "$(grep -c cap rows)" ]
  # What idle has ended makes room and is no victim.
  flows cap.pcap end_reason --max-flows=64 --idle=0.5 < <(
    echo end_reason; for i in $(seq 99); do echo idle; done; echo file)
}

@test "pcap2feat --per=flow: the one idle longest goes, not the one begun first" {
  # Three flows of one partition, two to a partition: found by which ports push the first out, port i at i/100 s.
  for i in {2..300}; do
    printf '%s.%02d 10.0.0.1 10.0.0.2 udp %s 9 0\n' $((i / 100)) $((i % 100)) 1 $((i / 100)) $((i % 100)) "$i"
  done | make_capture try.pcap
  pcap2feat -q --per=flow --max-flows=1 --fields=src_port,end,end_reason try.pcap |
    awk -F, '$1 == 1 && $3 == "cap" { print $2 * 100 }' | head -n 2 >ports
  { read -r a; read -r b; } <ports
  make_capture cap.pcap <<EOT
1 10.0.0.1 10.0.0.2 udp 1 9 0
2 10.0.0.1 10.0.0.2 udp $a 9 0
3 10.0.0.1 10.0.0.2 udp 1 9 0
4 10.0.0.1 10.0.0.2 udp $b 9 0
EOT
  flows cap.pcap start,packets,end_reason --max-flows=128 <<'EOT'
start,packets,end_reason
2.000000000,1,cap
1.000000000,2,file
4.000000000,1,file
EOT
}

@test "pcap2feat --per=flow: time backwards: own time for start and end, gap 0, the clock stands" {
  make_capture back.pcap <<'EOT'
10 10.0.0.1 10.0.0.2 udp 1 2 0
9 10.0.0.1 10.0.0.2 udp 1 2 0
12 10.0.0.1 10.0.0.2 udp 1 2 0
EOT
  pcap2feat --per=flow --fields=start,end,duration,iat_min,iat_max,end_reason back.pcap >rows 2>messages
  diff rows - <<'EOT'
start,end,duration,iat_min,iat_max,end_reason
9.000000000,12.000000000,3000000000,0,2000000000,file
EOT
  [ "$(cat messages)" = "pcap2feat: 1 packet earlier than one before" ]
}

# --- Order, files ---

@test "pcap2feat --per=flow: rows by the time of their end, then start, then key" {
  # 10.0.0.5 ends by RST and 2 s of linger at 5; .3 and .4 (same times) by idle at 12; .1 at 13.
  make_capture order.pcap <<'EOT'
1 10.0.0.1 10.0.0.9 udp 1 2 0
2 10.0.0.4 10.0.0.9 udp 1 2 0
2 10.0.0.3 10.0.0.9 udp 1 2 0
3 10.0.0.1 10.0.0.9 udp 1 2 0
3 10.0.0.5 10.0.0.9 tcp 1 2 0 flags=4
20 10.0.0.7 10.0.0.9 udp 1 2 0
20 10.0.0.6 10.0.0.9 udp 1 2 0
EOT
  flows order.pcap src_ip,end_reason --idle=10 --linger=2 <<'EOT'
src_ip,end_reason
10.0.0.5,rst
10.0.0.3,idle
10.0.0.4,idle
10.0.0.1,idle
10.0.0.6,file
10.0.0.7,file
EOT
}

@test "pcap2feat --per=flow: files end flows, unless --continue joins them" {
  make_capture a.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 udp 1 2 0
EOT
  make_capture b.pcap <<'EOT'
2 10.0.0.2 10.0.0.1 udp 2 1 0
EOT
  pcap2feat -q --per=flow --fields=file,start,src_ip,packets,end_reason a.pcap b.pcap >rows
  diff rows - <<'EOT'
file,start,src_ip,packets,end_reason
a.pcap,1.000000000,10.0.0.1,1,file
b.pcap,2.000000000,10.0.0.2,1,file
EOT
  pcap2feat -q --per=flow --continue --fields=file,start,src_ip,packets,bwd_packets,end_reason a.pcap b.pcap >rows
  diff rows - <<'EOT'
file,start,src_ip,packets,bwd_packets,end_reason
a.pcap,1.000000000,10.0.0.1,2,1,input
EOT
  # The identifier is that of packet level.
  [ "$(pcap2feat -q --per=flow --fields=flow a.pcap)" = "$(pcap2feat -q --fields=flow,len --first=zero a.pcap | cut -d , -f 1)" ]
  # A damaged capture gives the flows of what is good.
  head -c 30 b.pcap >cut.pcap
  cat a.pcap <(tail -c +25 b.pcap | head -c 20) >damaged.pcap
  run -1 --separate-stderr pcap2feat --per=flow --fields=packets,end_reason damaged.pcap
  [ "$output" = $'packets,end_reason\n1,file' ]
}

# --- Columns ---

# A UDP exchange: lengths 28 + payload; forward 0, 100, 7 bytes at 1.0, 1.5, 2.0; back 20 at 1.25.
exchange() {
  make_capture exchange.pcap <<'EOT'
1.000 10.0.0.1 10.0.0.2 udp 1 2 0 ttl=64 dscp=10
1.250 10.0.0.2 10.0.0.1 udp 2 1 20 ttl=50
1.500 10.0.0.1 10.0.0.2 udp 1 2 100 ttl=60 dscp=0
2.000 10.0.0.1 10.0.0.2 udp 1 2 7 ttl=70
EOT
}

@test "pcap2feat --per=flow: counts, lengths, gaps, payloads, rates" {
  exchange
  # Lengths 28 48 128 35: sum 239, mean 59, squares 28^2+48^2+128^2+35^2 = 20697;
  # variance 20697/4 - (239/4)^2 = 1604.2, root 40. Forward 28 128 35: 191, 63, variance 2077.6, 45.
  flows exchange.pcap packets,fwd_packets,bwd_packets,bytes,fwd_bytes,bwd_bytes,len_min,len_mean,len_max,len_std,fwd_len_mean,fwd_len_std,bwd_len_min,bwd_len_std <<'EOT'
packets,fwd_packets,bwd_packets,bytes,fwd_bytes,bwd_bytes,len_min,len_mean,len_max,len_std,fwd_len_mean,fwd_len_std,bwd_len_min,bwd_len_std
4,3,1,239,191,48,28,59,128,40,63,45,48,0
EOT
  # Gaps 250 250 500 ms: mean 333333333, deviation 250/sqrt(4.5) = 117.851130197 ms. Forward 500 500.
  flows exchange.pcap duration,fwd_duration,bwd_duration,iat_min,iat_mean,iat_max,iat_std,fwd_iat_min,fwd_iat_std,bwd_iat_mean,bwd_iat_std <<'EOT'
duration,fwd_duration,bwd_duration,iat_min,iat_mean,iat_max,iat_std,fwd_iat_min,fwd_iat_std,bwd_iat_mean,bwd_iat_std
1000000000,1000000000,0,250000000,333333333,500000000,117851130,500000000,0,,
EOT
  # Payloads 0 20 100 7: mean 31.75, variance (400+10000+49)/4 - 31.75^2 = 1604.2; forward 0 100 7.
  flows exchange.pcap payload_bytes,payload_packets,fwd_payload_packets,payload_min,payload_mean,payload_std,fwd_payload_mean,bytes_per_s,packets_per_s,fwd_bytes_per_s,bwd_bytes_per_s <<'EOT'
payload_bytes,payload_packets,fwd_payload_packets,payload_min,payload_mean,payload_std,fwd_payload_mean,bytes_per_s,packets_per_s,fwd_bytes_per_s,bwd_bytes_per_s
127,3,2,0,31,40,35,239,4,191,
EOT
  flows exchange.pcap fwd_ttl_min,fwd_ttl_max,bwd_ttl_min,bwd_ttl_max,fwd_dscp_first,bwd_dscp_first,proto,ip_version,vlan,src_mac,dst_port <<'EOT'
fwd_ttl_min,fwd_ttl_max,bwd_ttl_min,bwd_ttl_max,fwd_dscp_first,bwd_dscp_first,proto,ip_version,vlan,src_mac,dst_port
60,70,50,50,10,0,17,4,,02:00:00:00:00:01,2
EOT
}

@test "pcap2feat --per=flow: a direction without packets has counts of 0 and no statistics" {
  make_capture one.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 tcp 1 80 5 vlan=7
EOT
  flows one.pcap duration,iat_min,len_std,bytes_per_s,bwd_packets,bwd_bytes,bwd_duration,bwd_len_min,bwd_len_std,bwd_payload_mean,bwd_payload_bytes,bwd_syn,bwd_tcp_flags_or,bwd_init_window,bwd_ttl_min,bwd_dscp_first,bwd_iat_hist_0,bwd_bursts,bwd_burst_bytes_max,active_max,idle_min,vlan <<'EOT'
duration,iat_min,len_std,bytes_per_s,bwd_packets,bwd_bytes,bwd_duration,bwd_len_min,bwd_len_std,bwd_payload_mean,bwd_payload_bytes,bwd_syn,bwd_tcp_flags_or,bwd_init_window,bwd_ttl_min,bwd_dscp_first,bwd_iat_hist_0,bwd_bursts,bwd_burst_bytes_max,active_max,idle_min,vlan
0,,0,,0,0,0,,,,0,0,0,,,,0,0,,0,,7
EOT
}

@test "pcap2feat --per=flow: TCP flags and first windows; what a cut header hides is in no statistic" {
  make_capture tcp.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 tcp 1 80 9 flags=2 window=111 cut=40
2 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=66 window=222
3 10.0.0.2 10.0.0.1 tcp 80 1 0 flags=18 window=333
4 10.0.0.1 10.0.0.2 tcp 1 80 30 flags=184 window=444
EOT
  # 66 is ECE SYN, 184 CWR URG ACK PSH. The first packet is cut after its ports.
  flows tcp.pcap packets,syn,fwd_syn,ack,psh,urg,ece,cwr,rst,tcp_flags_or,fwd_tcp_flags_or,fwd_init_window,bwd_init_window,payload_bytes,payload_mean <<'EOT'
packets,syn,fwd_syn,ack,psh,urg,ece,cwr,rst,tcp_flags_or,fwd_tcp_flags_or,fwd_init_window,bwd_init_window,payload_bytes,payload_mean
4,2,1,2,1,1,1,1,0,250,250,222,333,30,10
EOT
}

@test "pcap2feat --per=flow: histograms have their bins where ipfixprobe has them" {
  make_capture bins.pcap <<'EOT'
1.000 10.0.0.1 10.0.0.2 udp 1 2 0
1.015999999 10.0.0.1 10.0.0.2 udp 1 2 15
1.031999999 10.0.0.1 10.0.0.2 udp 1 2 16
2.055999999 10.0.0.1 10.0.0.2 udp 1 2 1023
3.079999998 10.0.0.1 10.0.0.2 udp 1 2 1024
3.079999998 10.0.0.2 10.0.0.1 udp 2 1 511
EOT
  # Gaps: 15.999999, 16, 1024, 1023.999999 ms.
  flows bins.pcap "$(for h in payload iat; do for i in 0 1 2 3 4 5 6 7; do echo fwd_${h}_hist_$i; done; done | paste -sd ,),bwd_payload_hist_5,bwd_payload_hist_4" < <(
    for h in payload iat; do for i in 0 1 2 3 4 5 6 7; do echo fwd_${h}_hist_$i; done; done | paste -sd , | sed 's/$/,bwd_payload_hist_5,bwd_payload_hist_4/'
    echo 1,1,0,0,0,0,1,1,1,1,0,0,0,0,1,1,1,0)
}

@test "pcap2feat --per=flow: bursts: 3 packets with payload at most 1 s apart" {
  make_capture bursts.pcap <<'EOT'
1.0 10.0.0.1 10.0.0.2 udp 1 2 10
2.0 10.0.0.1 10.0.0.2 udp 1 2 20
2.5 10.0.0.1 10.0.0.2 udp 1 2 0
3.0 10.0.0.1 10.0.0.2 udp 1 2 30
4.000000001 10.0.0.1 10.0.0.2 udp 1 2 500
4.5 10.0.0.1 10.0.0.2 udp 1 2 500
6.0 10.0.0.1 10.0.0.2 udp 1 2 1
6.1 10.0.0.1 10.0.0.2 udp 1 2 1
6.2 10.0.0.1 10.0.0.2 udp 1 2 1
6.3 10.0.0.1 10.0.0.2 udp 1 2 1
EOT
  flows bursts.pcap fwd_bursts,fwd_burst_packets_max,fwd_burst_bytes_max,fwd_burst_duration_max,bwd_bursts <<'EOT'
fwd_bursts,fwd_burst_packets_max,fwd_burst_bytes_max,fwd_burst_duration_max,bwd_bursts
2,4,60,2000000000,0
EOT
}

@test "pcap2feat --per=flow: periods are parted by gaps longer than --activity" {
  make_capture periods.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 udp 1 2 10
3 10.0.0.2 10.0.0.1 udp 2 1 10
8 10.0.0.1 10.0.0.2 udp 1 2 10
14 10.0.0.1 10.0.0.2 udp 1 2 10
15 10.0.0.1 10.0.0.2 udp 1 2 10
EOT
  # At 5 s: 1 to 8, gap 6, 14 to 15. At 2 s: 1 to 3, 8, 14 to 15; gaps 5 and 6.
  flows periods.pcap active_min,active_mean,active_max,active_std,idle_min,idle_mean,idle_max,idle_std <<'EOT'
active_min,active_mean,active_max,active_std,idle_min,idle_mean,idle_max,idle_std
1000000000,4000000000,7000000000,3000000000,6000000000,6000000000,6000000000,0
EOT
  flows periods.pcap active_min,active_mean,active_max,idle_min,idle_mean,idle_std --activity=2 <<'EOT'
active_min,active_mean,active_max,idle_min,idle_mean,idle_std
0,1000000000,2000000000,5000000000,5500000000,500000000
EOT
}

@test "pcap2feat --per=flow: --first-packets: the row comes with the N-th, later packets have none" {
  exchange
  flows exchange.pcap packets,bytes,end,end_reason,len_1,iat_1,dir_1,len_2,iat_2,dir_2 --first-packets=2 <<'EOT'
packets,bytes,end,end_reason,len_1,iat_1,dir_1,len_2,iat_2,dir_2
2,76,1.250000000,first,28,0,1,48,250000000,0
EOT
  flows exchange.pcap packets,end_reason,len_4,len_5,iat_5,dir_5 --first-packets=5 <<'EOT'
packets,end_reason,len_4,len_5,iat_5,dir_5
4,file,35,,,
EOT
  # The flow is kept alive: 2.0 is more than 0.6 s after 1.25, 1.5 is not.
  flows exchange.pcap start,packets,end_reason --first-packets=1 --idle=0.4 <<'EOT'
start,packets,end_reason
1.000000000,1,first
2.000000000,1,first
EOT
  run -2 --separate-stderr pcap2feat --per=flow --first-packets=4 --fields=len_5 exchange.pcap
  [ "${stderr_lines[0]}" = "pcap2feat: --fields: column 'len_5' needs --first-packets=5 or more" ]
  run -2 --separate-stderr pcap2feat --per=flow --first-packets=1001 exchange.pcap
  run -0 pcap2feat -q --per=flow --first-packets=1000 --fields=all exchange.pcap
  [[ ${lines[0]} = *,len_1000,iat_1,* ]]
}

@test "pcap2feat --per=flow: exact where numbers are large: gaps of a century, deviation and all" {
  make_capture far.pcap <<'EOT'
0 10.0.0.1 10.0.0.2 udp 1 2 0
3000000000.000000001 10.0.0.1 10.0.0.2 udp 1 2 0
3000000000.000000002 10.0.0.1 10.0.0.2 udp 1 2 0
EOT
  # Gaps a = 3 * 10^18 + 1 and 1: mean (a + 1) / 2, deviation (a - 1) / 2.
  flows far.pcap iat_mean,iat_std,iat_max --no-split <<'EOT'
iat_mean,iat_std,iat_max
1500000000000000001,1500000000000000000,3000000000000000001
EOT
}

@test "pcap2feat --per=flow: a variance of 8/9 has the root 0, not 1" {
  make_capture near.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 udp 1 2 0
2 10.0.0.1 10.0.0.2 udp 1 2 0
3 10.0.0.1 10.0.0.2 udp 1 2 2
EOT
  flows near.pcap payload_mean,payload_std,len_std <<'EOT'
payload_mean,payload_std,len_std
0,0,0
EOT
}

# --- Selections, labels, options ---

@test "pcap2feat --per=flow: --device and --flow make one flow, split by time" {
  make_capture device.pcap <<'EOT'
1 10.0.0.2 10.0.0.1 tcp 80 1 0 flags=4
2 10.0.0.1 10.0.0.3 udp 5 6 0
50 10.0.0.1 10.0.0.2 tcp 1 80 0 flags=2
51 10.0.0.7 10.0.0.8 udp 1 2 0
EOT
  flows device.pcap start,src_ip,dst_ip,packets,fwd_packets,bwd_packets,end_reason --device=10.0.0.1 <<'EOT'
start,src_ip,dst_ip,packets,fwd_packets,bwd_packets,end_reason
1.000000000,10.0.0.2,10.0.0.1,2,1,1,idle
50.000000000,10.0.0.1,10.0.0.2,1,1,0,file
EOT
  flows device.pcap start,src_ip,fwd_packets,bwd_packets,end_reason --flow='TCP 10.0.0.1:1 10.0.0.2:80' <<'EOT'
start,src_ip,fwd_packets,bwd_packets,end_reason
1.000000000,10.0.0.2,0,1,rst
50.000000000,10.0.0.1,1,0,file
EOT
}

@test "pcap2feat --per=flow: the first packet decides on the class; a flow without one has no row" {
  exchange
  flows exchange.pcap packets,class --label-rule='back=src host 10.0.0.2' -l other <<'EOT'
packets,class
4,other
EOT
  run -0 --separate-stderr pcap2feat --per=flow --fields=packets,class --label-rule='back=src host 10.0.0.2' exchange.pcap
  [ "$output" = "packets,class" ]
  [ "$stderr" = "pcap2feat: 1 flow without a row: no label rule matches" ]
  cp exchange.pcap web.1.pcap
  cp exchange.pcap dns.1.pcap
  pcap2feat -q --per=flow --continue --no-split --label-from=filename --fields=file,packets,class web.1.pcap dns.1.pcap >rows
  [ "$(cat rows)" = $'file,packets,class\nweb.1.pcap,8,web' ]
}

@test "pcap2feat --per=flow: columns by default, all, and the order of the registry" {
  exchange
  run -0 pcap2feat -q --per=flow exchange.pcap
  [[ ${lines[0]} = flow,start,end,src_ip,dst_ip,src_port,dst_port,proto,packets,fwd_packets,bwd_packets,bytes,* ]]
  [[ ${lines[0]} = *,fwd_dscp_first,bwd_dscp_first ]]
  run -0 pcap2feat -q --per=flow -l x exchange.pcap
  [[ ${lines[0]} = *,bwd_dscp_first,class ]]
  pcap2feat -q --per=flow -l x --filter any='ip or ip6' --context=60 --fields=all exchange.pcap | head -n 1 | tr , '\n' >written
  pcap2feat --list-fields | awk -F '\t' 'NR > 1 && $3 != "packet" && $1 !~ /^(class|tag|confidence|novelty|cluster|[a-z_]*_N)$/ { print $1 }' >listed
  echo class >>listed
  diff listed written
  pcap2feat -q --first=zero --fields=all exchange.pcap >packets
  [ "$(wc -l <packets)" -eq 5 ]
  [ "$(pcap2feat -q --per=flow --tsv --fields=bytes,packets exchange.pcap)" = $'bytes\tpackets\n239\t4' ]
}

@test "pcap2feat --per=flow: -v counts the rows by their end" {
  exchange
  run -0 --separate-stderr pcap2feat -v --per=flow --idle=0.3 --fields=packets exchange.pcap
  [ "${stderr_lines[0]}" = "pcap2feat: rows by end_reason: 1 idle, 1 file" ]
  [ "${stderr_lines[1]}" = "pcap2feat: 2 rows from 4 packets" ]
}

@test "pcap2feat --per=flow: wrong usage" {
  exchange
  wrong() {
    run -2 --separate-stderr pcap2feat "${@:2}" exchange.pcap
    [ "${stderr_lines[0]}" = "pcap2feat: $1" ]
  }
  wrong "--idle is for --per=flow" --idle=3
  wrong "--first-packets is for --per=flow" --first-packets=3
  wrong "--scope is for --per=packet" --per=flow --scope=flow
  wrong "--first is for --per=packet" --per=flow --first=zero
  wrong "--no-split or --active, not both" --per=flow --active=3 --no-split
  wrong "--linger must not be longer than --idle" --per=flow --linger=30.5
  wrong "--fields: there is no flow column 'iat_avg' (did you mean 'iat_min'?)" --per=flow --fields=iat_avg
  wrong "--fields: there is no packet column 'packets'" --fields=packets
  wrong "--fields: column 'bytes' stands twice" --per=flow --fields=bytes,packets,bytes
  wrong "flows are labelled, but --fields has no column 'class'" --per=flow -l x --fields=bytes
  run -2 --separate-stderr pcap2feat --per=flow --continue -i lo
  [ "${stderr_lines[0]}" = "pcap2feat: --continue is for files" ]
}

@test "pcap2feat --per=flow: live, flows end by the clock on the wall when no packet comes" {
  need_root
  need ip unshare
  # shellcheck disable=SC2016 # for the inner shell
  unshare --net bash -c 'ip link set lo up && { { sleep 0.5; echo x >/dev/udp/127.0.0.1/9; } 2>/dev/null & } &&
    pcap2feat -q --per=flow --idle=0.5 --fields=proto,end_reason -i lo --duration=3.5' >rows
  grep -qx '17,idle' rows
  run ! grep -q input rows
}

# --- What comes after ---

@test "pcap2feat --per=flow: the flows of the lab train a tree; a P4 program refuses them by name" {
  pcap2feat -q --per=flow --label-from=filename --fields=file,flow,start,end,bytes,duration,class "$testdata"/lab/*.pcap >flows.csv
  dt-train -q --max-depth=4 flows.csv >model
  grep -q '^feature 63 bytes$' model
  run ! grep -qE '^feature .* (start|end|flow|file)$' model
  dt-eval model flows.csv
  dt2p4entries model >entries
  run -2 --separate-stderr dt2p4 model
  [[ $stderr = *"--first-packets"* ]]
  dt2p4 --first-packets=5 model >program
  grep -q V1Switch program
}

@test "pcap2feat --per=flow: featsplit keeps flows, or files, together" {
  pcap2feat -q --per=flow --label-from=filename --fields=file,flow,start,end,bytes,class "$testdata"/lab/*.pcap >flows.csv
  featsplit -q --train=train --test=test flows.csv
  [ "$(tail -qn +2 train test | sort | md5sum)" = "$(tail -n +2 flows.csv | sort | md5sum)" ]
  featsplit -q --by=file --train=train --test=test flows.csv
  [ -z "$(comm -12 <(tail -n +2 train | cut -d , -f 1 | sort -u) <(tail -n +2 test | cut -d , -f 1 | sort -u))" ]
  featsplit --by=time --train=train --test=test flows.csv
}
