#!/usr/bin/env bats
# pcap2feat --per=flow: what flows say in clear beside what tshark reads, on real captures: SNI, ALPN, JA3, QUIC's, DNS
# names, HTTP, SSH. What differs has a rule that says why. All captures: doc/figures.md.

load helper

facts() {
  /usr/bin/python3 "$root/tests/python/facts_tshark.py" "$@"
}

setup() {
  need_data
  need_python
  need tshark
  pcap2feat --per=flow --fields=tls.ja3 /dev/null 2>&1 | grep -q libcrypto && skip "built without libcrypto"
  cd "$data"
}

# A ClientHello over several segments, QUIC over several packets, of a draft, names of DNS, HTTP on odd ports, TLS behind
# STARTTLS, frames that were captured in part, fragments.
some=(
  captures/chat/irc.zeek-tls_irc-starttls.pcap
  captures/chat/kakaotalk.ndpi-KakaoTalk_chat.pcap
  captures/dns/avast-securedns.ndpi-avast_securedns.pcapng
  captures/malware/ssh-bruteforce.joy-kali-password-attack_hydra.pcap
  captures/web/facebook-quic.ndpi-quic-mvfst-22.pcap
  captures/web/http.ndpi-http_on_sip_port.pcapng
  captures/web/http.zeek-http_methods.pcap
  captures/web/instagram.ndpi-tls_2_reasms.pcapng
  captures/web/mixed-lan.tcpreplay-test.pcap
  odd/frag/ppp-ip6_fragments.pcap
)

@test "facts beside tshark: the same, or explained to the frame" {
  run -0 facts "${some[@]}"
  [[ ${lines[0]} =~ ^"facts: captures ${#some[@]}, ".*" values "([0-9]+)", explained "([0-9]+)", unexplained 0"$ ]]
  echo "# ${lines[0]}" >&3
  [ "${BASH_REMATCH[1]}" -gt 120 ]
  [ "${BASH_REMATCH[2]}" -lt $((BASH_REMATCH[1] / 2)) ]
}

@test "facts beside tshark: the comparison notices a wrong value, one too many, and one that is missing" {
  local file=$data/captures/web/instagram.ndpi-tls_2_reasms.pcapng
  cd "$BATS_TEST_TMPDIR"
  run -0 facts --cache=cache "$file"
  spoil_pcap2feat
  for WRONG in '$6 = $6 "x"' '$6 = ""' '$11 = "quic"'; do # tls.sni, quic.alpn
    WRONG="NR == 2 { $WRONG } 1"
    rm cache/*/facts # made once more
    run -1 facts --cache=cache "$file"
    [[ $output == *", unexplained "[1-9]* ]]
  done
}

@test "facts: the first packets of QUIC's draft 22, as Facebook's mvfst spoke it" {
  run -0 pcap2feat -q --per=flow --fields=quic.version,quic.sni,quic.alpn \
    captures/web/facebook-quic.ndpi-quic-mvfst-22.pcap
  [ "${lines[1]}" = "0xfaceb001,graph.facebook.com,h3-fb-05;h1q-fb" ]
}
