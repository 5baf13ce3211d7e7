#!/usr/bin/env bats
# pcap2feat --per=flow beside nfpcapd and nfdump, argus and tshark, by direction: packets, bytes, times, and the number of
# flows. What differs has a rule that says just how, or it is not explained. All captures: doc/figures.md.

load helper

peers() {
  /usr/bin/python3 "$root/tests/python/flow_peers.py" "$@"
}

setup() {
  need_data
  need_python
  PATH=$PATH:/usr/sbin
  need nfpcapd nfdump argus ra tshark
  cd "$data"
}

# Of these each has something that a peer reads otherwise: fragments, tunnels, extension headers, VLANs, cut headers,
# DNS, ICMP errors.
some=(
  captures/chat/skype-idle.iiti-idle_27-9-16_1_27am_us.pcapng
  captures/control/igmp.ppp-IgmpPackets.pcap
  captures/dns/dns.zeek-dns-edns-ecs.pcap
  odd/gre/made-gre-key-seq.pcap
  odd/ipv6ext/made-hbh-routing-dstopts.pcap
  odd/malformed/made-bad-headers.pcap
  odd/snaplen/made-s60.pcap
  odd/vlan/zeek-vlan-collisions.pcap
)

@test "flows beside nfdump, argus and tshark: the same, or explained to the frame" {
  run -0 peers "${some[@]}"
  local peer all equal
  for peer in nfdump argus tshark; do
    [[ $output =~ $peer": captures ${#some[@]}, ".*", directions "([0-9]+)", packets "[0-9]+", equal "([0-9]+),.*"unexplained 0"$'\n' ]]
    all=${BASH_REMATCH[1]} equal=${BASH_REMATCH[2]}
    [ "$all" -gt 100 ]
    [ "$equal" -gt $((all * 6 / 10)) ]
  done
}

@test "flows beside peers: the comparison notices a wrong packet, byte, time, and a direction too much" {
  local file=$data/captures/dns/dns.ndpi-dns.pcapng
  cd "$BATS_TEST_TMPDIR"
  run -0 peers --cache=cache "$file"
  spoil_pcap2feat
  for WRONG in '$8++' '$9++' 'sub(/[.].*/, ".0", $11)' '$3++'; do # forward: packets, bytes, end; the sender's port
    WRONG="NR == 2 { $WRONG } 1"
    rm cache/*/whole # the flows, made once more
    run -1 peers --cache=cache "$file"
    [[ $output =~ nfdump:.*"unexplained "[1-9].*argus:.*"unexplained "[1-9] ]]
    [[ $output =~ tshark:.*"unexplained "[1-9] ]] || [[ $WRONG != *'$8'* && $WRONG != *'$3'* ]]
  done
}
