# trafgen: packets from models and tables, as a table or a capture.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# series FILE: a small table: two flows, both directions, in order of time.
series() {
  cat >"$1" <<'END'
ts,flow,dir,len
1000.000000001,a,1,60
1000.000000001,b,0,1500
1000.5,a,0,100
1000.5,a,1,52
1001,b,1,9000
1002.25,a,1,40
END
}

# healthy CAPTURE: tshark finds no fault in it: checksums right, nothing malformed, nothing lost,
# reordered or sent again.
healthy() {
  tshark -n -r "$1" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE \
    -Y '_ws.malformed || _ws.expert.severity >= 0x00600000 || ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0
        || tcp.analysis.retransmission || tcp.analysis.out_of_order || tcp.analysis.lost_segment
        || tcp.analysis.ack_lost_segment || tcp.analysis.duplicate_ack || tcp.analysis.window_full
        || tcp.analysis.zero_window || tcp.analysis.keep_alive || tcp.analysis.reused_ports' 2>/dev/null >faults.txt
  [ ! -s faults.txt ] || { head faults.txt; return 1; }
}

@test "a table comes back in order of time, with the times since the packets before" {
  series in.csv
  run -0 --separate-stderr trafgen in.csv
  [ "$output" = "ts,flow,dir,len,dir_iat,iat
1000.000000001,a,1,60,,
1000.000000001,b,0,1500,,
1000.500000000,a,0,100,,499999999
1000.500000000,a,1,52,499999999,0
1001.000000000,b,1,9000,,999999999
1002.250000000,a,1,40,1750000000,1750000000" ]
  [ -z "$stderr" ]
  # What it writes it reads, and the same comes out.
  trafgen in.csv >once.csv
  trafgen <once.csv | cmp - once.csv
  trafgen --time=iat --start=1000.000000001 once.csv | cmp - once.csv
}

# asked TABLE LEAST REST: its rows as ts, len (at least LEAST) and REST.
asked() {
  awk -F, -v OFS=, -v least="$2" -v rest="$3" 'NR > 1 {
    split($1, t, ".")
    print t[1] "." substr(t[2] "000000000", 1, 9), ($4 < least ? least : $4), rest
  }' "$1"
}

# of_series CAPTURE: ts, len, vlan, version and protocol of the packets of the series.
of_series() {
  pcap2feat -q --first=zero --fields=ts,len,vlan,ip_version,proto,ttl "$1" |
    awk -F, -v OFS=, '$6 == 64 { print $1, $2, $3, $4, $5 }'
}

@test "a capture of it has these packets at these times, over UDP and TCP, IPv4 and IPv6, with a VLAN" {
  need tshark
  series in.csv
  local combination ip proto number least vlan
  for combination in '4 udp 17 28' '4 tcp 6 40' '6 udp 17 48' '6 tcp 6 60'; do
    read -r ip proto number least <<<"$combination"
    for vlan in '' 0 4094; do
      trafgen -q --ip="$ip" --proto="$proto" ${vlan:+--vlan="$vlan"} in.csv -w out.pcap
      healthy out.pcap
      of_series out.pcap >got
      [ "$(wc -l <got)" -eq 6 ]
      asked in.csv "$least" "$vlan,$ip,$number" | diff - got
      # Two connections, three packets to open and three to close each.
      [ "$(tcpdump -nr out.pcap 2>/dev/null | wc -l)" -eq $((number == 6 ? 18 : 6)) ]
    done
  done
}
