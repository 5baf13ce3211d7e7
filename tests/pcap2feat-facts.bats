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
    [ "$(<rows)" = "www.example.org,1.3" ]
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
  [ "$(<rows)" = '"a,""b\x5c\x1bé\xff;",x\x3by;z,0x7f1c' ]
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
  [ "$(<rows)" = "tls,mail.example,1.2,1.3,0x1302," ]
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
  [ "$(<rows)" = "2,first.example,first" ]
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

# --- QUIC ---

# A datagram of the corpus, in hex digits.
sealed() {
  tail -c +4 "$root/tests/fuzz/corpus/quic/$1" | od -An -v -tx1 | tr -d ' \n'
}

@test "facts: the client's first packets of RFC 9001 and RFC 9369, appendix A" {
  need_crypto
  local packet
  for packet in rfc9001-a2 rfc9369-a2; do
    echo "1 10.0.0.1 10.0.0.2 udp 5000 443 x$(sealed $packet)" |
      facts app.protocol,quic.version,quic.sni,quic.alpn,quic.ja4 >>rows
  done
  # Its ciphers are 1301 and 1302; extensions and signature algorithms as they stand in A.2.
  local ja4
  ja4=q13d0211an_$(sha12 1301,1302)_$(sha12 0005,000a,000d,001c,002b,002d,0033,0039,ff01_0403,0503,0603,0203,0804,0805,0806)
  cut -d, -f1-4 rows | diff - <(printf 'quic,1,example.com,alpn\nquic,2,example.com,alpn\n')
  [ "$(cut -d, -f5- rows | sort -u)" = "$ja4" ]
  # A byte that is not as it was sealed.
  echo "1 10.0.0.1 10.0.0.2 udp 5000 443 x$(sealed rfc9001-a2 | sed 's/..$/00/')" | facts quic.version,quic.sni >rows
  [ "$(<rows)" = "1," ]
}

@test "facts: a ClientHello over several QUIC packets, out of order, coalesced, twice, after a Retry" {
  need_crypto
  need_python cryptography
  local hello a b c
  hello=$(clear_text hello sni=quic.example alpn=h3 versions=0304)
  hello=${hello:10} # without the record's header
  a=$(clear_text quic 1 0011223344556677 first "0:${hello:0:40}" "50:${hello:100:20}")
  b=$(clear_text quic 1 0011223344556677 8899aabbccdd "20:${hello:40:60}")
  c=$(clear_text quic 1 0011223344556677 8899aabbccdd "60:${hello:120}")
  {
    echo "1 10.0.0.1 10.0.0.2 udp 1 443 x$a"
    echo "2 10.0.0.2 10.0.0.1 udp 443 1 x$(sealed rfc9001-a2)"
    echo "3 10.0.0.1 10.0.0.2 udp 1 443 x$c"
    echo "4 10.0.0.1 10.0.0.2 udp 1 443 x$a"
    echo "5 10.0.0.1 10.0.0.2 udp 1 443 x$b"
    echo "1 10.0.0.1 10.0.0.2 udp 2 443 x$a$c$b"
  } | facts quic.sni,quic.alpn | sort -u >rows
  [ "$(<rows)" = "quic.example,h3" ]
  # A Retry gives the client another connection ID, and with it other keys.
  b=$(clear_text quic 2 a1a2a3a4a5a6a7a8 first "0:$hello")
  a=$(clear_text quic 2 0011223344556677 first "0:${hello:0:40}")
  {
    echo "1 10.0.0.1 10.0.0.2 udp 1 443 x$a"
    echo "2 10.0.0.1 10.0.0.2 udp 1 443 x$b"
  } | facts quic.version,quic.sni >rows
  [ "$(<rows)" = "2,quic.example" ]
  # The end is missing: the name was there.
  echo "1 10.0.0.1 10.0.0.2 udp 1 443 x$(clear_text quic 1 00112233 first "0:${hello:0:136}")" |
    facts quic.sni,quic.ja4 >rows
  [ "$(<rows)" = "quic.example," ]
}

# --- DNS ---

@test "facts: DNS: the first question and the answer to it, names compressed" {
  # Query 1234 of www.example.com A; the answers to another, then to it: CNAME to web. + pointer to
  # example.com at 16, and A 10.1.2.3.
  local question=03777777076578616d706c6503636f6d0000010001
  facts app.protocol,dns.qname,dns.qtype,dns.rcode,dns.answer_count,dns.answers >rows <<EOT
1 10.0.0.1 10.0.0.2 udp 5000 53 x123401000001000000000000$question
2 10.0.0.2 10.0.0.1 udp 53 5000 x999981830001000000000000$question
3 10.0.0.2 10.0.0.1 udp 53 5000 x123481800001000200000000${question}c00c000500010000000a000603776562c010c02d000100010000000a00040a010203
EOT
  [ "$(<rows)" = "dns,www.example.com,A,NOERROR,2,web.example.com;10.1.2.3" ]
  # The same over TCP in two segments; MX, TXT, AAAA, SRV and a type without a text of its own.
  local answer=123481800001000500000000${question}c00c000f00010000000a0004000ac010
  answer+=c00c001000010000000a000703613b62025c63c00c001c00010000000a001020010db8000000000000000000000001
  answer+=c00c002100010000000a000800010002005bc010c00cfde800010000000a00020000
  facts dns.qname,dns.answers >rows <<EOT
1 10.0.0.1 10.0.0.2 tcp 5000 53 x0021123401000001000000000000$question seq=1
2 10.0.0.2 10.0.0.1 tcp 53 5000 x$(printf %04x $((${#answer} / 2)))${answer:0:90} seq=1
3 10.0.0.2 10.0.0.1 tcp 53 5000 x${answer:90} seq=48
EOT
  [ "$(<rows)" = 'www.example.com,10 example.com;a\x3bb\x5cc;2001:db8::1;1 2 91 example.com;TYPE65000' ]
}

@test "facts: DNS: names of odd bytes, the root, codes and types by number; ports decide with the shape" {
  facts dns.qname,dns.qtype,dns.rcode,app.protocol >rows <<'EOT'
1 10.0.0.1 10.0.0.2 udp 5001 53 x00010100000100000000000004612e2cff02c3a90000ff0001
2 10.0.0.1 10.0.0.2 udp 5002 5353 x0001818f00010000000000000012340001
3 10.0.0.1 10.0.0.2 udp 5003 5355 x000101000001000000000000016100001c0001
4 10.0.0.1 10.0.0.2 udp 5004 54 x00010100000100000000000001610000010001
5 10.0.0.1 10.0.0.2 udp 5005 53 x000101000001000000000000c00c00010001
6 10.0.0.1 10.0.0.2 udp 5006 53 x000101000001000000000000
EOT
  diff rows - <<'EOT'
"a\x2e,\xff.é",ANY,,dns
.,TYPE4660,RCODE15,dns
a,AAAA,,dns
,,,
,,,
,,,
EOT
}

@test "facts: DNS: loops of names, records that lie, cuts at every byte: nothing is believed or read past" {
  local question=03777777076578616d706c6503636f6d0000010001
  local response=123481800001000100000000${question}c00c000500010000000a000603776562c010
  for ((n = 0; n <= ${#response} / 2; n++)); do
    echo "1 10.0.0.2 10.0.0.1 udp 53 $((20000 + n)) x$response cut=$((42 + n))"
  done | facts src_port,dst_port,dns.qname,dns.answers | sort >rows
  # The question's name ends at 29, its type and class at 33; the record at 51.
  for ((n = 0; n <= ${#response} / 2; n++)); do
    local name='' answers=''
    [ "$n" -lt 33 ] || name=www.example.com
    [ "$n" -lt 51 ] || answers=web.example.com
    echo "53,$((20000 + n)),$name,$answers"
  done | diff - rows
  # Pointers to themselves, to each other, ahead; more records than there are.
  facts dns.qname,dns.answers >rows <<EOT
1 10.0.0.2 10.0.0.1 udp 53 1 x${response:0:66}c021000500010000000a0002c021
2 10.0.0.2 10.0.0.1 udp 53 2 x${response:0:66}c00c000500010000000a0002c02d
3 10.0.0.2 10.0.0.1 udp 53 3 x12348180000100ff00000000${question}
EOT
  diff rows - <<'EOT'
www.example.com,
www.example.com,CNAME
,
EOT
}

# --- HTTP, SSH ---

hex() {
  printf %b "$1" | od -An -v -tx1 | tr -d ' \n'
}

@test "facts: HTTP: a request split at every byte, and its answer" {
  local request answer
  request=$(hex 'GET /a,b?q="x" HTTP/1.1\r\nhOST:  www.example.org \r\nUser-Agent: a\tb\r\nReferer:\r\nreferer: http://r/\r\n\r\nHost: no')
  for way in order reversed three; do
    clear_text split "$way" "$request" | facts app.protocol,http.method,http.host,http.path,http.referer,http.user_agent |
      sort -u >rows
    [ "$(<rows)" = 'http,GET,www.example.org,"/a,b?q=""x""",http://r/,a\x09b' ]
  done
  answer=$(hex 'HTTP/1.0 404\nContent-Type: text/html; charset=x\n\n')
  facts http.status,http.content_type,http.method >rows <<EOT
1 10.0.0.1 10.0.0.2 tcp 9 80 0 flags=2 seq=0
2 10.0.0.1 10.0.0.2 tcp 9 80 x$request seq=1
3 10.0.0.2 10.0.0.1 tcp 80 9 x$answer seq=1
EOT
  [ "$(<rows)" = "404,text/html; charset=x,GET" ]
}

@test "facts: HTTP: what is like it and is not; over UDP; a tunnel in it with TLS" {
  facts src_port,app.protocol,http.method >rows <<EOT
1 10.0.0.1 10.0.0.2 tcp 1 80 x$(hex 'GET / HTTP/2.0\r\n\r\n')
2 10.0.0.1 10.0.0.2 tcp 2 80 x$(hex 'get / HTTP/1.1\r\n\r\n')
3 10.0.0.1 10.0.0.2 tcp 3 80 x$(hex 'GET  HTTP/1.1\r\n\r\n')
4 10.0.0.1 10.0.0.2 tcp 4 80 x$(hex 'HTTP/1.1 2x0 OK\r\n\r\n')
5 10.0.0.1 10.0.0.2 tcp 5 80 x$(hex 'GET / HTTP/1.1\r\nHost: a\r\n')
6 10.0.0.1 10.0.0.2 udp 6 1900 x$(hex 'M-SEARCH * HTTP/1.1\r\n\r\n')
7 10.0.0.1 10.0.0.2 tcp 7 80 x$(hex 'GET /')
EOT
  [ "$(paste -sd' ' rows)" = "1,, 2,, 3,, 4,, 5,http,GET 6,http,M-SEARCH 7,," ]
  local hello connect
  hello=$(clear_text hello sni=inner.example)
  connect=$(hex 'CONNECT inner.example:443 HTTP/1.1\r\n\r\n')
  facts app.protocol,http.path,tls.sni,tls.server_version >rows <<EOT
1 10.0.0.1 10.0.0.2 tcp 1 8080 x$connect seq=1
2 10.0.0.2 10.0.0.1 tcp 8080 1 x$(hex 'HTTP/1.1 200 OK\r\n\r\n') seq=1
3 10.0.0.1 10.0.0.2 tcp 1 8080 x$hello seq=$((1 + ${#connect} / 2))
4 10.0.0.2 10.0.0.1 tcp 8080 1 x$(clear_text server versions=0304) seq=20
EOT
  [ "$(<rows)" = "http,inner.example:443,inner.example,1.3" ]
}

@test "facts: SSH: both first lines, whoever is seen first" {
  facts app.protocol,ssh.client,ssh.server >rows <<EOT
1 10.0.0.2 10.0.0.1 tcp 22 9 0 flags=18 seq=0
2 10.0.0.2 10.0.0.1 tcp 22 9 x$(hex 'SSH-2.0-server 1\r\nrest') seq=1
3 10.0.0.1 10.0.0.2 tcp 9 22 x$(hex 'SSH-2.0-cli') seq=1
4 10.0.0.1 10.0.0.2 tcp 9 22 x$(hex 'ent\n') seq=12
5 10.0.0.1 10.0.0.2 tcp 8 22 x$(hex 'SSH-2.0-no end')
EOT
  [ "$(paste -sd' ' rows)" = "ssh,SSH-2.0-client,SSH-2.0-server 1 ,," ]
}

# --- Virtual private networks ---

@test "facts: WireGuard by its handshake, or by data that goes on" {
  zeros() { printf "%0$((2 * $1))d" 0; }
  facts src_port,app.protocol >rows <<EOT
1 10.0.0.1 10.0.0.2 udp 1 9 x01000000$(zeros 144)
1 10.0.0.1 10.0.0.2 udp 2 9 x01000000$(zeros 143)
1 10.0.0.1 10.0.0.2 udp 3 9 x01000001$(zeros 144)
1 10.0.0.1 10.0.0.2 udp 4 9 x02000000$(zeros 88)
1 10.0.0.1 10.0.0.2 udp 5 9 x03000000$(zeros 60)
1 10.0.0.1 10.0.0.2 udp 6 9 x04000000aabbccdd0100000000000000$(zeros 16)
2 10.0.0.1 10.0.0.2 udp 6 9 x04000000aabbccdd0300000000000000$(zeros 32)
1 10.0.0.1 10.0.0.2 udp 7 9 x04000000aabbccdd0100000000000000$(zeros 16)
2 10.0.0.1 10.0.0.2 udp 7 9 x04000000aabbccde0300000000000000$(zeros 32)
1 10.0.0.1 10.0.0.2 udp 8 9 x04000000aabbccdd0300000000000000$(zeros 16)
2 10.0.0.1 10.0.0.2 udp 8 9 x04000000aabbccdd0100000000000000$(zeros 32)
EOT
  [ "$(sort rows | paste -sd' ')" = "1,wireguard 2, 3, 4,wireguard 5,wireguard 6,wireguard 7, 8," ]
}

@test "facts: OpenVPN by its two resets" {
  local client=38aabbccddeeff00110000000000 server=40123456789abcdef00100000000aabbccddeeff001100000000
  facts src_port,app.protocol >rows <<EOT
1 10.0.0.1 10.0.0.2 udp 1 9 x$client
2 10.0.0.2 10.0.0.1 udp 9 1 x$server
1 10.0.0.1 10.0.0.2 udp 2 9 x$client
2 10.0.0.2 10.0.0.1 udp 9 2 x${server/aabb/aabc}
1 10.0.0.1 10.0.0.2 udp 3 9 x38$(printf '%0106d' 1)
2 10.0.0.2 10.0.0.1 udp 9 3 x40$(printf '%0130d' 1)
1 10.0.0.1 10.0.0.2 tcp 4 9 x000e$client
2 10.0.0.2 10.0.0.1 tcp 9 4 x001a$server
1 10.0.0.1 10.0.0.2 udp 5 9 x$client
EOT
  [ "$(sort rows | paste -sd' ')" = "1,openvpn 2, 3,openvpn 4,openvpn 5," ]
}
