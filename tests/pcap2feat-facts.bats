# pcap2feat --per=flow: what flows say in clear, against values worked by hand from the bytes, at
# every place where a packet may end.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

clear_text() {
  /usr/bin/python3 "$root/tests/python/clear.py" "$@"
}

# facts COLUMNS [OPTION...] < LIST: the table of a capture of these packets, without its header.
facts() {
  make_capture facts.pcap
  pcap2feat -q --per=flow --fields="$1" "${@:2}" facts.pcap >table
  tail -n +2 table
}

# sha12 TEXT: as JA4 writes it.
sha12() {
  printf %s "$1" | sha256sum | head -c 12
}

need_crypto() {
  pcap2feat --per=flow --fields=tls.ja4 /dev/null 2>&1 | grep -q libcrypto && skip "built without libcrypto"
  return 0
}

# --- TLS ---

# With a cipher of RFC 8701, which fingerprints leave out.
small=(hello sni=www.example.org 'alpn=h2,http/1.1' 'ciphers=0a0a,1302,1301' 'versions=0304,0303')

@test "facts: a ClientHello split at every byte, in any order, twice, overlapping, without SYN" {
  local hello way
  hello=$(clear_text "${small[@]}")
  for way in order reversed again overlap nosyn wrap three; do
    clear_text split "$way" "$hello" | facts src_port,app.protocol,tls.sni,tls.alpn,tls.version | sort >rows
    seq 10001 $((10000 + ${#hello} / 2 - 1)) |
      sed 's/$/,tls,www.example.org,h2;http\/1.1,1.3/' | diff - rows
  done
}

@test "facts: a ClientHello whose records end at every byte, and each of them split once more" {
  local n hello
  for n in 1 2 3 4 5 37 38 39 71 100; do
    hello=$(clear_text "${small[@]}" record="$n")
    clear_text split reversed "$hello" | facts tls.sni,tls.version | sort -u >"rows"
    [ "$(cat rows)" = "www.example.org,1.3" ]
  done
}

@test "facts: a ClientHello cut at every byte: the name once all of it is there, the rest with the whole" {
  local hello
  hello=$(clear_text hello sni=abc alpn=h2 versions=0304)
  clear_text cut "$hello" | facts src_port,app.protocol,tls.sni,tls.alpn,tls.version | sort >rows
  # 5 bytes of record, 4 of message, version, random 32, session 1, ciphers 4, compression 2, all
  # extensions 2: the SNI's 12 bytes are 52 to 64, the ALPN's 9 to 73, the versions' 7 to 80.
  [ "${#hello}" -eq 160 ]
  for n in $(seq 0 80); do
    local protocol='' sni='' alpn='' version=''
    [ "$n" -lt 11 ] || protocol=tls
    [ "$n" -lt 64 ] || sni=abc
    [ "$n" -lt 73 ] || alpn=h2
    [ "$n" -lt 80 ] || version=1.3
    echo "$((10000 + n)),$protocol,$sni,$alpn,$version"
  done | diff - rows
}

@test "facts: a hello whose lengths lie is none, and harms nothing" {
  local hello
  hello=$(clear_text "${small[@]}" groups=001d formats=00 signatures=0403)
  clear_text lie "$hello" | facts src_port,app.protocol,tls.sni,tls.alpn,tls.version | sort >rows
  [ "$(wc -l <rows)" -eq $((3 * ${#hello} / 2)) ]
  # The length of all extensions stands at 54; one more than there is.
  grep -qx '30055,,,,' rows
  # Those of the SNI extension, list and name.
  for n in 59 61 64; do grep -qx "$((30000 + n)),,,," rows; done
  # Its last letter, g, is no length.
  grep -qx '30079,tls,www.example.orh,h2;http/1.1,1.3' rows
}

@test "facts: bytes that a table or a terminal would not take are escaped, and lists parted" {
  local hello
  hello=$(clear_text hello sni=$'a,"b\\\x1b\xc3\xa9\xff;' "alpn=x;y,z" versions=0a0a,7f1c,0303)
  echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts tls.sni,tls.alpn,tls.version >rows
  [ "$(cat rows)" = '"a,""b\x5c\x1bé\xff;",x\x3by;z,0x7f1c' ]
  [ "$(pcap2feat -q --per=flow --tsv --fields=tls.sni,tls.version facts.pcap | tail -n 1)" = \
    $'"a,""b\\x5c\\x1bé\\xff;"\t0x7f1c' ]
}

@test "facts: what the server chose, and TLS that begins later" {
  local server hello
  server=$(clear_text server ciphers=1302 versions=0304)
  hello=$(clear_text hello sni=mail.example)
  facts app.protocol,tls.sni,tls.version,tls.server_version,tls.cipher,tls.server_alpn >rows <<EOT
1 10.0.0.1 10.0.0.2 tcp 1 25 0 flags=2 seq=9
2 10.0.0.2 10.0.0.1 tcp 25 1 x3232300d0a seq=100
3 10.0.0.1 10.0.0.2 tcp 1 25 x5354415254544c530d0a seq=10
4 10.0.0.2 10.0.0.1 tcp 25 1 x3232300d0a seq=105
5 10.0.0.1 10.0.0.2 tcp 1 25 x$hello seq=20
6 10.0.0.2 10.0.0.1 tcp 25 1 x$server seq=110
EOT
  [ "$(cat rows)" = "tls,mail.example,1.2,1.3,0x1302," ]
  server=$(clear_text server ciphers=c02f alpn=h2 version=0303)
  [ "$(echo "1 10.0.0.1 10.0.0.2 tcp 443 9 x$server" |
    facts tls.server_version,tls.cipher,tls.server_alpn)" = "1.2,0xc02f,h2" ]
}

@test "facts: JA4 of the published example, whose lists are in the specification" {
  need_crypto
  local hello
  hello=$(clear_text hello sni=example.com alpn=h2,http/1.1 versions=fafa,0304,0303 \
    ciphers=3a3a,1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035 \
    extensions=0a0a,001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015,8a8a \
    groups=4a4a,001d formats=00 signatures=0403,0804,0401,0503,0805,0501,0806,0601)
  [ "$(echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts tls.ja4)" = t13d1516h2_8daaf6152771_e5627efa2ab1 ]
  # Without SNI, signatures and ALPN.
  hello=$(clear_text hello ciphers=00ff,0035 version=0301 groups=0017 extensions=000a)
  [ "$(echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts tls.ja4)" = "t10i020100_$(sha12 0035,00ff)_$(sha12 000a)" ]
  # With nothing to hash; an ALPN of one letter, and of bytes that are no letters.
  hello=$(clear_text hello ciphers= sni=a extensions=0)
  [ "$(echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts tls.ja4)" = t12d000100_000000000000_000000000000 ]
  hello=$(clear_text hello alpn=h extensions=10)
  [[ $(echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts tls.ja4) = t12i0101hh_* ]]
  hello=$(clear_text hello alpn=0é extensions=10)
  [[ $(echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts tls.ja4) = t12i010139_* ]]
}

@test "facts: JA3 of its authors' examples, and JA3S of its definition" {
  need_crypto
  local hello
  # 769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0
  hello=$(clear_text hello version=0301 ciphers=002f,0035,0005,000a,c009,c00a,c013,c014,0032,0038,0013,0004 \
    sni=a groups=0017,0018,0019 formats=00)
  [ "$(echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts tls.ja3)" = ada70206e40642a3e4461f35503241d5 ]
  # 769,4-5-10-9-100-98-3-6-19-18-99,,,
  hello=$(clear_text hello version=0301 ciphers=0004,0005,000a,0009,0064,0062,0003,0006,0013,0012,0063)
  [ "$(echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts tls.ja3)" = de350869b8c85de67a350c8d186f11e6 ]
  hello=$(clear_text server version=0301 ciphers=002f extensions=ff01,0,b,23,5,10 alpn=h2 formats=00)
  [ "$(echo "1 10.0.0.2 10.0.0.1 tcp 443 9 x$hello" | facts tls.ja3s)" = \
    "$(printf 769,47,65281-0-11-35-5-16 | md5sum | head -c 32)" ]
}

# --- The flow around them ---

@test "facts: of the first packets under --first-packets, and once for each flow" {
  local hello
  hello=$(clear_text hello sni=first.example)
  facts packets,tls.sni,end_reason --first-packets=2 >rows <<EOT
1 10.0.0.1 10.0.0.2 tcp 1 443 0 flags=2 seq=0
2 10.0.0.1 10.0.0.2 tcp 1 443 x$hello seq=1
3 10.0.0.1 10.0.0.2 tcp 1 443 x$hello seq=1000
EOT
  [ "$(cat rows)" = "2,first.example,first" ]
  pcap2feat -q --per=flow --fields=packets,tls.sni --first-packets=1 facts.pcap | diff - <(printf 'packets,tls.sni\n1,\n')
  pcap2feat -q --per=flow --fields=packets,tls.sni --active=0.5 facts.pcap |
    diff - <(printf 'packets,tls.sni\n1,\n1,first.example\n1,first.example\n')
}

@test "facts: a stream that never becomes anything is given up, whatever it holds back" {
  # A record of 16 KB that comes a byte at a time, and a hole that nothing fills.
  {
    echo "1 10.0.0.1 10.0.0.2 tcp 1 443 0 flags=2 seq=0"
    echo "1 10.0.0.1 10.0.0.2 tcp 1 443 x1603014000010039fc0303 seq=1"
    for i in $(seq 100); do echo "2 10.0.0.1 10.0.0.2 tcp 1 443 1 seq=$((11 + i))"; done
    echo "1 10.0.0.1 10.0.0.2 tcp 2 443 0 flags=2 seq=0"
    for i in $(seq 100); do echo "2 10.0.0.1 10.0.0.2 tcp 2 443 1400 seq=$((100 + 1500 * i))"; done
  } | facts src_port,packets,app.protocol | sort >rows
  diff rows - <<'EOT'
1,102,
2,101,
EOT
}

@test "facts: an unlabelled flow, a flow that the cap ends, a damaged file: nothing is left behind" {
  local hello
  hello=$(clear_text hello sni=first.example)
  for i in $(seq 300); do echo "1 10.0.0.1 10.0.0.2 tcp $i 443 x${hello:0:50} seq=1"; done | make_capture many.pcap
  pcap2feat -q --per=flow --fields=tls.sni,class --max-flows=64 --label-rule='a=src port 7' many.pcap >rows
  [ "$(wc -l <rows)" -eq 2 ]
  head -c 1000 many.pcap >damaged.pcap
  run -1 pcap2feat -q --per=flow --fields=tls.sni damaged.pcap
}

@test "facts: in --fields=all, not by default, and facts never train" {
  local hello
  hello=$(clear_text hello sni=first.example)
  echo "1 10.0.0.1 10.0.0.2 tcp 9 443 x$hello" | facts all >/dev/null
  head -n 1 table | tr , '\n' | grep -qx tls.sni
  run ! grep -q 'tls' <(pcap2feat -q --per=flow facts.pcap)
  pcap2feat --list-fields | awk -F '\t' '$1 ~ /[.]/ && $2 != "fact" { exit 1 }'
}
