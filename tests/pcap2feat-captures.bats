#!/usr/bin/env bats
# pcap2feat on captures of every kind: formats, link types, damage, tunnels; beside tshark's tables.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# The columns of the reference tables, one row for each IP packet.
rows() {
  pcap2feat --fields=frame,ts,ip_version,len,src_ip,dst_ip,src_port,dst_port "$@"
}

# From a table by tshark to what rows() prints (0 is "no port").
reference_rows() {
  echo "frame,ts,ip_version,len,src_ip,dst_ip,src_port,dst_port"
  awk -F'\t' -v OFS=, 'NR > 1 && $3 {
    print $1, $2, $3, $4, $5, $6, ($7 $9 == "" ? 0 : $7 $9), ($8 $10 == "" ? 0 : $8 $10) }' "$1"
}

@test "captures: the 23 reference tables, packet by packet" {
  need_data
  local table capture seen=0
  while IFS=$'\t' read -r table capture _; do
    reference_rows "$data/reference/$table" >expected.csv
    rows -q "$data/$capture" >got.csv
    diff expected.csv got.csv >difference || {
      echo "$capture:"
      head -n 5 difference
      return 1
    }
    seen=$((seen + 1))
  done < <(tail -n +2 "$data/reference/index.tsv")
  [ "$seen" -eq 23 ]
}

# Files that end in exit 1: path and frames before the damage; below, the message after the path.
damaged() {
  cat <<'END'
bad-file/libpcap-pcapng-invalid-vers-1.pcapng 0
  frame 1: pcapng version 0.1 (only 1.0 is known)
bad-file/libpcap-pcapng-invalid-vers-2.pcapng 0
  frame 1: pcapng version 1.1 (only 1.0 is known)
empty/made-zero-bytes.pcap 0
  is empty, not a capture
garbage/made-caplen-huge.pcap 0
  frame 1: invalid packet capture length 4294967295, bigger than snaplen of 65535
garbage/made-header-then-random.pcap 0
  frame 1: invalid packet capture length 3475736497, bigger than snaplen of 65535
garbage/made-magic-then-random.pcap 0
  unsupported pcap savefile version 11010.23811
garbage/made-pcapng-magic-then-random.pcapng 0
  frame 1: pcapng block at byte 0: a section header without the byte-order magic
garbage/made-text.pcap 0
  not a pcap or pcapng capture (looks like text)
other-format/made-netmon2.cap 0
  not a pcap or pcapng capture (looks like a Microsoft Network Monitor 2 capture)
other-format/made-nokia.pcap 1
  frame 2: the file ends in the middle of it
other-format/made-snoop.snoop 0
  not a pcap or pcapng capture (looks like a snoop capture)
other-format/ppp-cert.pem 0
  not a pcap or pcapng capture (looks like a PEM file)
pcapng-blocks/made-bad-block-length.pcapng 2
  frame 3: pcapng block at byte 268: its length is 13 (at least 12, a multiple of 4)
pcapng-blocks/made-no-interface.pcapng 0
  frame 1: pcapng block at byte 28: interface 0, and 0 are described
truncated-file/made-magic-only.pcap 0
  ends inside its file header
truncated-file/made-mid-block.pcapng 37
  frame 38: pcapng block at byte 7492: the file ends inside it
truncated-file/made-mid-file-header.pcap 0
  ends inside its file header
truncated-file/made-mid-packet.pcap 30
  frame 31: the file ends in the middle of it
truncated-file/made-mid-record-header.pcap 40
  frame 41: the file ends in the middle of it
truncated-file/made-three-bytes.pcap 0
  ends inside its file header
truncated-file/sv-bug-1450-05-tls_DER-incomplete-content.pcap 6
  frame 7: invalid packet capture length 4325376, bigger than snaplen of 262144
truncated-file/sv-smtp-to-comma-10_7_29_101_49898-178_63_41_150_25.pcap 18
  frame 19: invalid packet capture length 3925868813, bigger than snaplen of 262144
END
}

# Runs pcap2feat on a capture: rows and packets without a row, together the frames, in $frames; the
# exit code in $code; messages in the file `messages`. (Without other programs: there are many files.)
account() {
  local line table
  code=0
  timeout 20 pcap2feat --fields=frame "$@" >rows.csv 2>messages || code=$?
  mapfile -t table <rows.csv
  frames=$((${#table[@]} ? ${#table[@]} - 1 : 0))
  while read -r line; do
    if [[ $line =~ ^pcap2feat:\ ([0-9]+)\ packets?\ without\ a\ row:\  ]]; then
      frames=$((frames + BASH_REMATCH[1]))
    fi
  done <messages
}

@test "captures: damaged and foreign files give what is good, exit 1 and the reason" {
  need_data
  local file expected message frames code
  while read -r file expected && read -r message; do
    account "$data/odd/$file"
    echo "$file: exit $code, $frames frames"
    cat messages
    [ "$code" -eq 1 ]
    [ "$frames" -eq "$expected" ]
    grep -qxF "pcap2feat: $data/odd/$file: $message" messages
    account --decap "$data/odd/$file"
    [ "$code" -eq 1 ]
  done < <(damaged)
}

@test "captures: every other file is read to its end, each frame a row or counted by cause" {
  need_data
  need capinfos
  local file packets frames code folder seen=0
  local -A is_damaged files_of packets_of
  while read -r file _ && read -r _; do
    is_damaged[odd/$file]=1
  done < <(damaged)
  (cd "$data" && capinfos -TMmcr odd/*/* captures/*/* 2>/dev/null) >capinfos.txt || true
  # Read by libpcap and not by capinfos: reserved bits of the link type are set, and no packets.
  echo odd/bad-file/libpcap-linktype-reserved-field-not-zero.pcap,0 >>capinfos.txt
  while IFS=, read -r file packets; do
    [ -z "${is_damaged[$file]:-}" ] || continue
    folder=${file%/*}
    files_of[$folder]+=" $data/$file"
    packets_of[$folder]=$((${packets_of[$folder]:-0} + packets))
    seen=$((seen + 1))
  done < <(grep -E '^(odd|captures)/' capinfos.txt)
  [ "$seen" -eq 575 ]
  # A folder at once: a program is started 60 times and not 770.
  for folder in "${!files_of[@]}"; do
    local options
    for options in "" --decap; do
      [ -z "$options" ] || [[ $folder == odd/* ]] || continue
      # shellcheck disable=SC2086  # no name of a capture has blanks
      account ${options:+"$options"} ${files_of[$folder]}
      [ "$code" -eq 0 ] && [ "$frames" -eq "${packets_of[$folder]}" ] || {
        echo "$folder: exit $code, $frames frames, capinfos has ${packets_of[$folder]}"
        cat messages
        return 1
      }
    done
  done
}

# All of them in one, so that tshark, which is slow to start, starts once.
joined() {
  mergecap -a -F pcapng -w joined.pcapng "$@"
}

# tshark's table with every occurrence of a field, down to the innermost IP packet that is not
# quoted in an ICMP message.
innermost_rows() {
  tshark -n -o ip.defragment:FALSE -o ipv6.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE \
    -r "$1" -T fields -E occurrence=a -E aggregator='|' -e frame.number -e frame.time_epoch \
    -e frame.protocols -e ip.len -e ip.src -e ip.dst -e ipv6.plen -e ipv6.src -e ipv6.dst \
    -e tcp.srcport -e tcp.dstport -e udp.srcport -e udp.dstport 2>/dev/null |
    awk -F'\t' -v OFS=, '
      function nth(field, n, parts) { split(field, parts, "|"); return parts[n] }
      {
        n = split($3, proto, ":"); split("", count); at = 0
        for (i = 1; i <= n && proto[i] !~ /^icmp/; i++) {
          count[proto[i]]++
          if (proto[i] ~ /^ip(v6)?$/) at = i
        }
        if (!at) next
        next_proto = proto[at + 1]
        for (i = at + 1; proto[i] ~ /^(ipv6\..*|ah)$/; i++) next_proto = proto[i + 1]
        sport = dport = 0
        if (next_proto == "tcp") { sport = nth($10, count["tcp"]); dport = nth($11, count["tcp"]) }
        if (next_proto == "udp") { sport = nth($12, count["udp"]); dport = nth($13, count["udp"]) }
        if (proto[at] == "ip")
          print $1, $2, 4, nth($4, count["ip"]), nth($5, count["ip"]), nth($6, count["ip"]), sport, dport
        else
          print $1, $2, 6, nth($7, count["ipv6"]) + 40, nth($8, count["ipv6"]), nth($9, count["ipv6"]), sport, dport
      }'
}

@test "captures: --decap gives tshark's innermost IP packets" {
  need_data
  need tshark
  # Where the two differ, and why:
  #   gre/tcpdump-various_gre: frames 11 and 16 have a Cisco metadata header inside GRE, and an empty
  #     GRE packet behind it: not IP to us;
  #   mixed/ndpi-capwap_data: CAPWAP is not among the tunnels;
  #   mpls/tcpdump-mpls-over-udp, jumbo/…ipv6-hbh: tshark names tcp and udp ports of the outer packet
  #     and a length of 40 for a jumbogram (65535 here);
  #   snaplen/zeek-mpls-…-trunc: the innermost header is cut: counted, no row;
  #   big-endian/tcpdump-pptp: frame 16 carries LCP, not IP.
  joined "$data"/odd/gre/{made-gre-key-seq,made-gre-teb-ethernet,zeek-gre-over-udp-4754,zeek-gre-within-gre}.pcap \
    "$data"/odd/gtp/* "$data"/odd/ipip/* "$data"/odd/vxlan-geneve/* "$data/odd/l2tag/zeek-erspanI.pcap" \
    "$data"/odd/mpls/{made-mpls-3labels,tcpdump-mpls-traceroute,tcpdump-mpls-over-udp,zeek-mixed-vlan-mpls}.pcap \
    "$data"/odd/jumbo/tcpdump-gso-ipv4-vxlan-ipv4.pcap \
    "$data"/captures/vpn-tunnel/teredo.sv-decode-teredo-01.pcap \
    "$data"/captures/web/http.ndpi-http_origin_different_than_host.pcap
  innermost_rows joined.pcapng >expected.csv
  rows -q --decap joined.pcapng | tail -n +2 >got.csv
  diff expected.csv got.csv
  [ "$(wc -l <got.csv)" -gt 800 ]
}

# tshark's words for what pcap2feat calls ecn, ip_hdr_len (IPv4), ip_df, ip_mf, frag_offset,
# tcp_hdr_len and the eight flags, of the outermost IP packet; places of fragments are in 8 bytes.
tshark_headers() {
  tshark -n -o ip.defragment:FALSE -o ipv6.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE \
    -r "$1" -T fields -E occurrence=f -e frame.number -e ip.dsfield.ecn -e ip.hdr_len -e ip.flags.df \
    -e ip.flags.mf -e ip.frag_offset -e ipv6.tclass.ecn -e ipv6.fraghdr.more -e ipv6.fraghdr.offset \
    -e tcp.hdr_len -e tcp.flags.fin -e tcp.flags.syn -e tcp.flags.reset -e tcp.flags.push \
    -e tcp.flags.ack -e tcp.flags.urg -e tcp.flags.ece -e tcp.flags.cwr 2>/dev/null |
    awk -F'\t' -v OFS=, '
      $3 == "" && $7 == "" { next }
      {
        if ($3 != "") line = $1 OFS $2 OFS $3 OFS $4 OFS $5 OFS $6 * 8
        else line = $1 OFS $7 OFS "-" OFS 0 OFS $8 + 0 OFS $9 * 8
        for (i = 10; i <= 18; i++) line = line OFS $i + 0
        print line
      }'
}

@test "captures: lengths of headers, ECN, fragments and flags are tshark's" {
  need_data
  need tshark
  # Not libpcap-AH-IPcomp-IPv6: tshark decompresses the TCP header there.
  joined "$data"/p4-reference/*.pcap "$data"/odd/frag/*.pcap "$data"/odd/ipv6ext/{made,tcpdump,zeek}-*.pcap \
    "$testdata"/lab/{web,bulk,voice}.1.pcap
  pcap2feat -q --first=zero --fields=frame,ecn,ip_hdr_len,ip_df,ip_mf,frag_offset,tcp_hdr_len,tcp_fin,tcp_syn,tcp_rst,tcp_psh,tcp_ack,tcp_urg,tcp_ece,tcp_cwr,ip_version joined.pcapng |
    awk -F, -v OFS=, 'NR > 1 { if ($NF == 6) $3 = "-"; NF--; print }' >got.csv
  # Two are nested too deep, or cut, for a row.
  tshark_headers joined.pcapng | awk -F, 'FNR == NR { has[$1]; next } $1 in has' got.csv - >expected.csv
  diff expected.csv got.csv
  [ "$(wc -l <got.csv)" -gt 2500 ]
}

# pcap_of_seed FOLDER SEED…: seeds of the decoder's fuzz target as captures of one packet, FOLDER/NAME.
pcap_of_seed() {
  need_python
  /usr/bin/python3 "$root/tests/python/pcap_of_seed.py" "$@"
}

@test "captures: every link type and tunnel, down to the innermost packet" {
  local seeds=$root/tests/fuzz/corpus/decode
  # name, then ip_version,len,src_ip,src_port,dst_port,vlan,src_mac
  cat >expected <<'END'
4in6 4,41,10.0.0.1,40000,80,,
6in4 6,61,fd00::1,40000,80,,
avs 4,29,10.0.0.1,5000,53,,00:00:00:00:00:00
chdlc 4,29,10.0.0.1,5000,53,,
cooked 4,29,10.0.0.1,5000,53,,
cooked2 4,29,10.0.0.1,5000,53,,
erspan2 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
erspan3 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
ether-ah 4,65,10.0.0.1,40000,80,,02:00:00:00:00:01
ether-backbone 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
ether-fragment 4,24,10.0.0.1,0,0,,02:00:00:00:00:01
ether-zero-length 4,41,10.0.0.1,40000,80,,02:00:00:00:00:01
ether-ip6 6,61,fd00::1,40000,80,,02:00:00:00:00:01
ether-macsec 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
ether-mpls 4,41,10.0.0.1,40000,80,,02:00:00:00:00:01
ether-options 4,32,10.0.0.1,1,2,,02:00:00:00:00:01
ether-pppoe 4,41,10.0.0.1,40000,80,,02:00:00:00:00:01
ether-pseudowire 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
ether-qinq 4,29,10.0.0.1,5000,53,100,02:00:00:00:00:01
ether-snap 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
ether-tcp 4,41,10.0.0.1,40000,80,,02:00:00:00:00:01
ether-vntag 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
geneve 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
gre 4,29,10.0.0.1,5000,53,,
gre-ethernet 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
gre-keepalive 4,65,10.0.0.1,0,0,,
gre-later-fragment 4,53,10.0.0.1,0,0,,
gre-routes 4,29,10.0.0.1,5000,53,,
gtp 4,29,10.0.0.1,5000,53,,
gtp-echo 4,40,10.0.0.1,2152,2152,,
hdlc 4,41,10.0.0.1,40000,80,,
ip6-later-fragment 6,56,fd00::1,0,0,,
ip6-zero-length 6,61,fd00::1,40000,80,,
ip6-chain 6,81,fd00::1,9,9,,
ipip 4,29,10.0.0.1,5000,53,,
loop6 6,61,fd00::1,40000,80,,
mpls-in-ip 4,41,10.0.0.1,40000,80,,
null 4,41,10.0.0.1,40000,80,,
ppi 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
ppp 4,41,10.0.0.1,40000,80,,
pptp-ack 4,32,10.0.0.1,0,0,,
pptp 4,29,10.0.0.1,5000,53,,
prism 4,29,10.0.0.1,5000,53,,00:00:00:00:00:00
radiotap-padded 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
raw 4,41,10.0.0.1,40000,80,,
teredo 6,40,fd00::1,0,0,,
vxlan 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
wlan-qos 4,29,10.0.0.1,5000,53,,02:00:00:00:00:01
END
  mkdir seeds
  # shellcheck disable=SC2046  # words
  pcap_of_seed seeds $(sed "s|\([^ ]*\) .*|$seeds/\1|" expected)
  (cd seeds && pcap2feat -q --decap --fields=file,ip_version,len,src_ip,src_port,dst_port,vlan,src_mac -- *) |
    sed '1d; s/,/ /' | sort >seen
  sort expected | diff - seen
  [ "$(wc -l <seen)" -eq 48 ]
}

@test "captures: what stands behind the IP packet is padding, not ports" {
  pcap_of_seed . "$root/tests/fuzz/corpus/decode/ether-padding"
  mv ether-padding padded.pcap
  run -0 --separate-stderr rows padded.pcap
  [ "${#lines[@]}" -eq 1 ]
  [ "$stderr" = "pcap2feat: 1 packet without a row: cut short before the ports" ]
}

@test "captures: what a short snap length hides is missing, not 0" {
  need_python struct
  /usr/bin/python3 "$root/tests/python/make_capture.py" short.pcap <<'END'
1.0 10.0.0.1 10.0.0.2 tcp 1000 80 10
2.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 cut=50
3.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 cut=49
4.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 cut=38
5.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 cut=37
6.0 10.0.0.1 10.0.0.2 udp 1000 53 10 cut=38
7.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 cut=33
8.0 10.0.0.1 10.0.0.2 tcp 1000 80 10 cut=13
END
  run -0 --separate-stderr pcap2feat --fields=frame,src_port,payload_len,tcp_flags,tcp_window short.pcap
  [ "${lines[*]:1}" = "1,1000,10,16,1000 2,1000,10,16,1000 3,1000,,, 4,1000,,, 6,1000,10,0,0" ]
  [ "${stderr_lines[0]}" = "pcap2feat: 1 packet without a row: cut short before the IP header" ]
  [ "${stderr_lines[1]}" = "pcap2feat: 1 packet without a row: cut short in the IP header" ]
  [ "${stderr_lines[2]}" = "pcap2feat: 1 packet without a row: cut short before the ports" ]
  run -0 --separate-stderr pcap2feat -q --fields=frame --payload short.pcap
  [ "${lines[*]:1}" = "1 2 6" ]
}

@test "captures: cut at every byte of the last packet, pcap and pcapng" {
  local seeds=$root/tests/fuzz/corpus/pcapng
  # file, bytes of its last packet (record or block), what the message says after the frame
  while read -r file last message; do
    local size cut
    size=$(stat -c %s "$seeds/$file")
    rows -q "$seeds/$file" >whole.csv
    [ "$(wc -l <whole.csv)" -eq 3 ]
    head -n 2 whole.csv >first.csv
    head -c $((size - last)) "$seeds/$file" >short
    rows -q short | cmp - first.csv
    for ((cut = size - last + 1; cut < size; cut += WEIR_LONG ? 1 : 5)); do
      head -c "$cut" "$seeds/$file" >short
      run -1 --separate-stderr rows short
      [ "$output" = "$(<first.csv)" ]
      [ "$stderr" = "pcap2feat: short: frame 2: $message" ]
    done
  done <<'END'
us.pcap 71 the file ends in the middle of it
two.pcapng 64 pcapng block at byte 112: the file ends inside it
END
}

@test "captures: pcapng blocks that contradict themselves" {
  local at bytes message
  # The second packet's block is at byte 112 of 176: type, length, interface, time (2 numbers),
  # captured and original length, data, length.
  while read -r at bytes message; do
    cp "$root/tests/fuzz/corpus/pcapng/two.pcapng" wrong.pcapng
    printf '%b' "$bytes" | dd of=wrong.pcapng bs=1 seek="$at" conv=notrunc status=none
    run -1 --separate-stderr rows wrong.pcapng
    [ "${#lines[@]}" -eq 2 ]
    [ "$stderr" = "pcap2feat: wrong.pcapng: frame 2: pcapng block at byte 112: $message" ]
  done <<'END'
172 \x44 its two lengths differ
116 \x3e its length is 62 (at least 12, a multiple of 4)
116 \x08 its length is 8 (at least 12, a multiple of 4)
116 \x1c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1c too short for a packet
116 \0\0\0\x7f longer than 16 MiB
112 \x77\x77\0\0\0\0\0\x7f the file ends inside it
112 \x0a\x0d\x0d\x0a a section header without the byte-order magic
120 \x01 interface 1, and 1 are described
132 \x21 the packet is longer than its block
END
}

@test "captures: gzip and zstd data cut at every seventh byte" {
  need zstd
  local file size cut kind
  gzip -nc "$root/tests/fuzz/corpus/pcapng/us.pcap" >data.gzip
  zstd -qc "$root/tests/fuzz/corpus/pcapng/us.pcap" >data.zstd
  rows -q "$root/tests/fuzz/corpus/pcapng/us.pcap" >whole.csv
  for kind in gzip zstd; do
    rows -q data.$kind | cmp - whole.csv
    size=$(stat -c %s data.$kind)
    for ((cut = 4; cut < size; cut += 7)); do
      head -c "$cut" data.$kind >short
      run -1 --separate-stderr rows short
      echo "$kind, $cut bytes: $stderr"
      [[ $stderr =~ ^"pcap2feat: short: "("frame "[123]": ")?"the $kind data ends early"$ ]]
      [ "$(head -n ${#lines[@]} whole.csv)" = "$output" ]
    done
  done
}

@test "captures: compressed ones give the same rows, from files and pipes, in parts and padded" {
  need_data
  need zstd
  local capture=$data/p4-reference/skype.v1.pcap
  rows -q "$capture" >plain.csv
  [ "$(wc -l <plain.csv)" -eq 388 ]
  gzip -nc "$capture" >capture.gz
  zstd -qc "$capture" >capture.zst
  { head -c 9999 "$capture" | gzip -nc; tail -c +10000 "$capture" | gzip -nc; head -c 512 /dev/zero; } >parts.gz
  { head -c 9999 "$capture" | zstd -qc; tail -c +10000 "$capture" | zstd -qc; } >parts.zst
  { printf '\x50\x2a\x4d\x18\x03\0\0\0...'; cat capture.zst; } >skip.zst
  for file in capture.gz capture.zst parts.gz parts.zst skip.zst; do
    rows -q "$file" | cmp - plain.csv
    rows -q <"$file" | cmp - plain.csv
    # shellcheck disable=SC2002  # a pipe is what is tested
    cat "$file" | rows -q - | cmp - plain.csv
  done
  # shellcheck disable=SC2002
  cat "$capture" | rows -q | cmp - plain.csv
  { cat capture.gz; echo more; } >more.gz
  run -1 --separate-stderr rows more.gz
  [ "$output" = "$(<plain.csv)" ]
  [ "$stderr" = "pcap2feat: more.gz: frame 388: after the gzip data comes something else" ]
  { head -c -8 capture.gz; head -c 8 /dev/zero; } >bad.gz
  run -1 --separate-stderr rows bad.gz
  [ "$output" = "$(<plain.csv)" ]
  [ "$stderr" = "pcap2feat: bad.gz: frame 388: the gzip data is damaged (incorrect data check)" ]
}

@test "captures: pcapng with mixed links, clocks, byte orders and blocks; ns and big-endian pcap" {
  local seeds=$root/tests/fuzz/corpus/pcapng
  run -0 rows -q "$seeds/mixed.pcapng"
  [ "${lines[1]}" = "1,1699996400.123456000,4,41,10.0.0.1,10.0.0.2,40000,80" ]
  [ "${lines[2]}" = "2,1700000000.123456000,6,61,fd00::1,fd00::2,40000,80" ]
  [ "${lines[3]}" = "3,0.000000000,4,29,10.0.0.1,10.0.0.2,5000,53" ]
  [ "${lines[4]}" = "4,1621246338.008361816,4,29,10.0.0.1,10.0.0.2,5000,53" ]
  run -0 rows -q "$seeds/sections.pcapng"
  [ "${lines[1]}" = "1,1700000000.123456000,4,29,10.0.0.1,10.0.0.2,5000,53" ]
  [ "${lines[2]}" = "2,1700000000.123456000,4,29,10.0.0.1,10.0.0.2,5000,53" ]
  run -0 rows -q "$seeds/ns-big-endian.pcap"
  [ "${lines[1]}" = "1,1700000000.000000001,4,29,10.0.0.1,10.0.0.2,5000,53" ]
  # A simple packet block does not say how much was captured: the interface's snap length does.
  run -0 --separate-stderr rows "$seeds/simple-snaplen.pcapng"
  [ "$stderr" = "pcap2feat: 1 packet without a row: cut short before the ports" ]
  # A filter means the same on every link type of a file.
  run -0 rows -q -f 'udp port 53' "$seeds/mixed.pcapng"
  [ "${#lines[@]}" -eq 3 ]
  [[ ${lines[1]} == 3,* && ${lines[2]} == 4,* ]]
  # One that means nothing on some of them takes no packets of those, and says so.
  run -0 --separate-stderr rows -f 'ether host 02:00:00:00:00:01' "$seeds/mixed.pcapng"
  [[ ${#lines[@]} -eq 3 && ${lines[1]} == 2,* && ${lines[2]} == 3,* ]]
  [ "$stderr" = "pcap2feat: 2 packets without a row: the filter can't be used on their link type" ]
  pcap_of_seed . "$root/tests/fuzz/corpus/decode/wlan-qos"
  mv wlan-qos wlan.pcap
  run -0 rows -q -f 'type data subtype qos-data' wlan.pcap
  [ "${#lines[@]}" -eq 2 ]
}

@test "captures: times out of range count as what they say, and stop at 0" {
  pcap_of_seed . "$root/tests/fuzz/corpus/decode/raw"
  mv raw good.pcap
  # The record's time, at byte 24: seconds, microseconds.
  { head -c 24 good.pcap; printf '\xff\xff\xff\xff\x40\x42\x0f\0'; tail -c +33 good.pcap; } >late.pcap
  run -0 rows -q late.pcap
  [[ ${lines[1]} == 1,4294967296.000000000,* ]]
  { head -c 24 good.pcap; printf '\0\0\0\0\xff\xff\xff\xff'; tail -c +33 good.pcap; } >early.pcap
  run -0 rows -q early.pcap
  [[ ${lines[1]} == 1,0.000000000,* ]]
}

@test "captures: files that are none say what they look like" {
  printf 'BZh91AY' >a
  printf '\xfd7zXZ\0\0' >b
  printf '\x01\x02\x03\x04\x05\x06' >c
  printf '<html>' >d
  local name what
  while read -r name what; do
    run -1 --separate-stderr rows "$name"
    [ "$stderr" = "pcap2feat: $name: not a pcap or pcapng capture${what:+ $what}" ]
  done <<'END'
a  (looks like bzip2 data; decompress it first)
b  (looks like xz data; decompress it first)
c
d  (looks like text)
END
  run -1 --separate-stderr rows absent.pcap
  [ "$stderr" = "pcap2feat: absent.pcap: No such file or directory" ]
  run -1 --separate-stderr rows .
  [ "$stderr" = "pcap2feat: .: reading: Is a directory" ]
}
