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

# hmm: a model whose packets are known: 300 bytes forward every 20 ms, 100 bytes backward every 30 ms.
# Variances are the least there may be, and a time is a whole millisecond.
hmm() {
  cat <<'END'
weir-hmm 1
made by hand
seed 1
iat dir_iat
resolution 1000000
emission gaussian
chains 2
chain forward 1 3 converged 1 0
state 1 0.2 4.301052 1e-9 0 1e-9
to 1
chain backward 1 2 converged 1 0
state 1 0.06666667 4.477136 1e-9 0 1e-9
to 1
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
  trafgen <once.csv >twice.csv
  cmp once.csv twice.csv
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
  need tshark tcpdump
  series in.csv
  local combination ip proto number least tag vlan
  for combination in '4 udp 17 28 0' '4 tcp 6 40 4094' '6 udp 17 48 4094' '6 tcp 6 60 0'; do
    read -r ip proto number least tag <<<"$combination"
    for vlan in '' "$tag"; do
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

@test "times from iat: one clock a flow, which starts with its first packet" {
  printf '%s\n' flow,len,dir,iat b,50,0,777 a,60,1, b,70,1,1000 a,80,0,2000 b,90,0,0 >in.csv
  run -0 --separate-stderr trafgen --start=5 in.csv
  [ "$output" = "ts,flow,dir,len,dir_iat,iat
5.000000000,b,0,50,,
5.000000000,a,1,60,,
5.000001000,b,1,70,,1000
5.000001000,b,0,90,1000,0
5.000002000,a,0,80,,2000" ]
  # Flows in order of appearance, 10 s apart; what is written keeps the format.
  run -0 --separate-stderr bash -c "tr , '\t' <in.csv | trafgen --spacing=10 | cut -f 1-4"
  [ "$output" = "ts	flow	dir	len
1767225600.000000000	b	0	50
1767225600.000001000	b	1	70
1767225600.000001000	b	0	90
1767225610.000000000	a	1	60
1767225610.000002000	a	0	80" ]
}

@test "times from dir_iat: a clock a direction, merged; together, forward comes first" {
  printf '%s\n' dir,len,dir_iat 0,1,500 0,2,1000 0,3,500 1,4,1500 1,5,0 1,6,600 >in.csv
  # Backward at 500, 1500 and 2000, forward at 1500, 1500 and 2100; all 500 less.
  run -0 --separate-stderr trafgen --start=0 in.csv
  [ "$output" = "ts,flow,dir,len,dir_iat,iat
0.000000000,1,0,1,,
0.000001000,1,1,4,,1000
0.000001000,1,1,5,0,0
0.000001000,1,0,2,1000,0
0.000001500,1,0,3,500,500
0.000001600,1,1,6,600,100" ]
  # Of several columns the first of ts, iat and dir_iat counts, unless --time says otherwise.
  printf '%s\n' dir,len,dir_iat,iat,ts 1,1,,,7 0,2,,4,9 1,3,10,6,9.5 >in.csv
  [ "$(trafgen in.csv | cut -d , -f 1 | tr '\n' ' ')" = "ts 7.000000000 9.000000000 9.500000000 " ]
  [ "$(trafgen --start=1 --time=iat in.csv | cut -d , -f 1 | tr '\n' ' ')" = "ts 1.000000000 1.000000004 1.000000010 " ]
  [ "$(trafgen --start=1 --time=dir_iat in.csv | cut -d , -f 1 | tr '\n' ' ')" = "ts 1.000000000 1.000000000 1.000000010 " ]
}

@test "times that run backwards stand still and are counted; many rows out of order are sorted" {
  printf '%s\n' ts,flow,dir,len 5,a,1,1 3,a,1,2 4,a,0,3 6,a,1,4 1,b,1,5 >in.csv
  run -0 --separate-stderr trafgen in.csv
  [ "$output" = "ts,flow,dir,len,dir_iat,iat
1.000000000,b,1,5,,
5.000000000,a,1,1,,
5.000000000,a,1,2,0,0
5.000000000,a,0,3,,0
6.000000000,a,1,4,1000000000,1000000000" ]
  [ "$stderr" = "trafgen: 2 packets whose time runs backwards: taken as the time before" ]
  run -0 --separate-stderr trafgen -q in.csv
  [ -z "$stderr" ]
  # 20,000 flows of one packet, at times all over 64 bits.
  awk 'BEGIN { print "ts,flow,dir,len"; srand(1)
    for (i = 0; i < 20000; i++) printf "%d.%09d,%d,1,%d\n", int(rand() * 18446744072), int(rand() * 1e9), i, i }' >in.csv
  trafgen in.csv | cut -d , -f 1-4 >out.csv
  { head -n 1 in.csv; tail -n +2 in.csv | sort -t . -s -k 1,1n -k 2,2n; } | diff -q - out.csv
}

@test "-n and --duration end a series; --start moves it" {
  series in.csv
  [ "$(trafgen -n 2 in.csv | wc -l)" -eq 3 ]
  [ "$(trafgen -n 7 in.csv | wc -l)" -eq 7 ]
  # The packet that comes a second and 1 ns before is in, the one at the second is not.
  [ "$(trafgen --duration=1 in.csv | wc -l)" -eq 6 ]
  [ "$(trafgen --duration=0.999999999 in.csv | wc -l)" -eq 5 ]
  [ "$(trafgen --start=0.5 in.csv | cut -d , -f 1 | tr '\n' ' ')" = \
    "ts 0.500000000 0.500000000 0.999999999 0.999999999 1.499999999 2.749999999 " ]
  printf 'ts,flow,dir,len\n1,a,1,60\n11,b,1,60\n' >two.csv
  fails "two.csv: the series reaches past the year 2554" trafgen --start=18446744070 two.csv
}

@test "tables that are no good: the line, the column and the reason" {
  wrong() {
    printf '%b' "$2" >in.csv
    run -1 --separate-stderr trafgen in.csv
    [ "$stderr" = "trafgen: in.csv$1" ] || { echo "$stderr"; return 1; }
    [ -z "$output" ]
  }
  wrong ":1: there is no column that says when: ts, iat or dir_iat" 'dir,len\n1,2\n'
  wrong ":1: there is no column 'dir'" 'len,iat\n1,2\n'
  wrong ":1: there is no column 'len'" 'dir,iat\n1,2\n'
  wrong ": there is no packet" 'dir,len,iat\n'
  wrong ":3: column 'dir': '2' is not in 0..1" 'dir,len,iat\n1,60,0\n2,60,0\n'
  wrong ":2: column 'len': '65536' is not in 0..65535" 'dir,len,iat\n1,65536,0\n'
  wrong ":2: column 'iat': '1.5' is not an integer" 'dir,len,iat\n1,60,1.5\n'
  wrong ":2: column 'iat': '281474976710656' is not in 0..281474976710655" 'dir,len,iat\n1,60,281474976710656\n'
  wrong ":2: column 'ts': '' is not a time in seconds since the epoch" 'dir,len,ts\n1,60,\n'
  wrong ":2: column 'ts': '-1' is not a time in seconds since the epoch" 'dir,len,ts\n1,60,-1\n'
  wrong ": is empty (a table begins with a header line)" ''
  wrong ": is a capture: pcap2feat makes a table of it (and --replay sends it)" '\xd4\xc3\xb2\xa1\x02'
  wrong ": is neither a model of traffic (of hmm-train or gmm-train) nor a table" 'weir-tree 1\n'
  printf '%s\n' ts,dir,len 1,1,60 >in.csv
  run -1 --separate-stderr trafgen --arrivals=1 in.csv
  [ "$stderr" = "trafgen: in.csv: its 'ts' says when flows start (--spacing and --arrivals go with --time=iat)" ]
  run -1 --separate-stderr trafgen --start=18446744073 <(printf '%s\n' dir,len,iat 1,60,0 1,60,1000000000)
  [[ "$stderr" =~ ^"trafgen: /dev/fd/"[0-9]+": the series reaches past the year 2554"$ ]]
}

@test "a model that reaches the last time there is ends with an error, unless it is done by then" {
  hmm >m.hmm
  run -1 --separate-stderr trafgen --start=18446744073.6 -n 100000 -o out.csv m.hmm
  [[ "$stderr" =~ ^"trafgen: after "[0-9]+" packets the series reaches past the year 2554"$ ]]
  [ ! -e out.csv ]
  trafgen --start=18446744073.6 --duration=0.1 m.hmm >out.csv
  [[ "$(tail -n 1 out.csv)" == 18446744073.6* ]]
}

@test "wrong command lines" {
  usage() {
    run -2 --separate-stderr trafgen "${@:2}"
    [ "$stderr" = "trafgen: $1
Try 'trafgen --help'." ] || { echo "$stderr"; return 1; }
  }
  series in.csv
  hmm >m.hmm
  usage "a model never ends: how much of it? (-n N or --duration=SECONDS)" m.hmm
  usage "--flows is for models, and in.csv is a table" --flows=2 in.csv
  usage "--chain goes with a mixture of gmm-train, and in.csv is a table" --chain=x in.csv
  usage "--chain goes with a mixture of gmm-train, and m.hmm is a model of hmm-train" --chain=x m.hmm
  usage "only one of MODEL and --chain can be standard input" -n 1 --chain=-
  usage "--time is for tables, and m.hmm is a model" -n 1 --time=iat m.hmm
  usage "--spacing and --arrivals: one of them" --spacing=1 --arrivals=1 in.csv
  usage "-w writes a capture, -o a table: one of them" -w x -o y in.csv
  usage "a table has no frames: these need -w, -i or --dry-run: --proto, --timestamps, --ip, --src, --dst, --sport, --dport, --src-mac, --dst-mac, --vlan, --payload" --src=10.0.0.1 in.csv
  usage "--write: './in.csv' is an input file" -w ./in.csv in.csv
  usage "--output: './m.chain' is an input file" --chain=m.chain -o ./m.chain in.csv
  usage "--write: 'm.chain' is an input file" --chain=m.chain -w m.chain in.csv
  usage "--report: 'in.csv' is an input file" --dry-run --report=in.csv in.csv
  usage "--report: 'in.pcap' is an input file" --dry-run --report=in.pcap --replay=in.pcap
  usage "--src: '10.0.0.0/33' has a prefix length that is not in 0..32" --src=10.0.0.0/33 in.csv
  usage "--src: '10.0.0.256' is not an IP address" --src=10.0.0.256 in.csv
  usage "--dst: 'fd00::/8' is not an IPv4 address (--ip=4)" --dst=fd00::/8 in.csv
  usage "--dst: '10.0.0.1' is not an IPv6 address (--ip=6)" --dst=10.0.0.1 --ip=6 in.csv
  usage "--sport: '70000' is not a port (0..65535) or a range of ports" --sport=70000 in.csv
  usage "--sport: '5-' is not a port (0..65535) or a range of ports" --sport=5- in.csv
  usage "--dport: '5-4' is a range that ends before it begins" --dport=5-4 in.csv
  usage "--timestamps goes with --proto=tcp" --timestamps in.csv
  usage "--vlan: '4095' is not in 0..4094" --vlan=4095 in.csv
  usage "--src-mac: '02:00:00:00:00' is not a MAC address" --src-mac=02:00:00:00:00 in.csv
  usage "--payload: 'abc' is neither random, zero nor bytes as hex digits" --payload=abc in.csv
  usage "--start: 'now' is not a time in seconds since the epoch" --start=now in.csv
  usage "--duration: '0' is not in 1e-09..1e+09" --duration=0 in.csv
}

@test "packets of a hidden Markov model: two clocks, merged, from the start on" {
  hmm >m.hmm
  run -0 --separate-stderr trafgen -n 7 m.hmm
  # Forward at 20, 40, 60 ms, backward at 30, 60, 90; all 20 ms less.
  [ "$output" = "ts,flow,dir,len,dir_iat,iat,state
1767225600.000000000,1,1,300,,,1
1767225600.010000000,1,0,100,,10000000,1
1767225600.020000000,1,1,300,20000000,10000000,1
1767225600.040000000,1,1,300,20000000,20000000,1
1767225600.040000000,1,0,100,30000000,0,1
1767225600.060000000,1,1,300,20000000,20000000,1
1767225600.070000000,1,0,100,30000000,10000000,1" ]
  [ -z "$stderr" ]
  # One direction only, from standard input.
  run -0 --separate-stderr bash -c "sed 's/^chains 2/chains 1/; /^chain backward/,\$d' m.hmm | trafgen -n 2 --tsv --start=1"
  [ "$output" = "ts	flow	dir	len	dir_iat	iat	state
1.000000000	1	1	300			1
1.020000000	1	1	300	20000000	20000000	1" ]
}

@test "coupled chains: a direction goes on by the state that the other one is in by then" {
  # Backward packets every 20 ms, of 100 and 50 bytes in turn. Forward ones come every 10 ms and would
  # stay at 300 bytes; while a packet of 50 is the next one backward, they go to 200, and back after it.
  cat >coupled.hmm <<'END'
weir-hmm 1
made by hand
seed 1
iat dir_iat
resolution 1000000
emission discrete-len
chains 2
chain forward 2 2 converged 1 0
state 1
lengths 1 300:1
times 1 1 4.000043 1e-12
to 1 0
state 0
lengths 1 200:1
times 1 1 4.000043 1e-12
to 1 0
chain backward 2 2 converged 1 0
state 1
lengths 1 100:1
times 1 1 4.301052 1e-12
to 0 1
state 0
lengths 1 50:1
times 1 1 4.301052 1e-12
to 1 0
coupling forward 2
beside 1 2 0 1
beside 2 2 0 1
coupling backward 0
END
  # What comes forward at 20 ms, before the 100 bytes, goes by those; what comes at 30 ms by the 50.
  trafgen -q -n 11 --start=0 coupled.hmm | cut -d , -f 1,4 | diff - <(printf '%s\n' ts,len 0.000000000,300 \
    0.010000000,300 0.010000000,100 0.020000000,300 0.030000000,200 0.030000000,50 0.040000000,200 \
    0.050000000,300 0.050000000,100 0.060000000,300 0.070000000,200)
  # Without the coupling all are of 300 bytes.
  sed '/^coupling/,$d' coupled.hmm | trafgen -q -n 11 --start=0 | cut -d , -f 4 | sort | uniq -c | awk '{ print $1, $2 }' |
    diff - <(printf '%s\n' '2 100' '8 300' '1 50' '1 len')
}

@test "models with one clock: the order is the chain's, or drawn where there is none" {
  # A joint chain: forward, then twice backward, and again.
  cat >joint.hmm <<'END'
weir-hmm 1
made by hand
seed 1
iat iat
resolution 1000000
emission discrete-len
chains 1
chain both 3 3 converged 1 0
state 1 1
lengths 1 300:1
times 1 1 3.000434 1e-9
to 0 1 0
state 0 0
lengths 1 100:1
times 1 1 3.301247 1e-9
to 0 0 1
state 0 0
lengths 1 50:1
times 1 1 3.301247 1e-9
to 1 0 0
END
  run -0 --separate-stderr trafgen -n 5 --start=0 joint.hmm
  [ "$output" = "ts,flow,dir,len,dir_iat,iat,state
0.000000000,1,1,300,,,1
0.002000000,1,0,100,,2000000,2
0.004000000,1,0,50,2000000,2000000,3
0.005000000,1,1,300,5000000,1000000,1
0.007000000,1,0,100,3000000,2000000,2" ]
  # Two chains that learnt from iat: 60 % forward, as was learnt.
  hmm | sed 's/^iat dir_iat/iat iat/' >m.hmm
  trafgen -n 20000 m.hmm | awk -F, 'NR > 2 { n[$3 "," $4 "," $6]++ } END { for (k in n) print k, int(n[k] / 400 + 0.5) }' | sort >got
  printf '%s\n' "0,100,30000000 20" "1,300,20000000 30" | diff - got
}

# gmm: a mixture of 40, 80, 120 bytes forward (times 10, 20, 30 ms) and 200 backward (15 ms).
gmm() {
  cat <<'END'
weir-gmm 1
made by hand
seed 1
iat dir_iat
resolution 1000000
mixtures 2
mixture forward 3 600 converged 1 0
component 0.5 0.026666667 4.00004343 1e-9 0 1e-9
component 0.3 0.053333333 4.30105171 1e-9 0 1e-9
component 0.2 0.08 4.47713573 1e-9 0 1e-9
mixture backward 1 100 converged 1 0
component 1 0.13333333 4.17612 1e-9 0 1e-9
END
}

@test "a mixture alone draws by weight; with a chain, its tokens come in the order of the chain" {
  gmm >m.gmm
  trafgen --duration=300 m.gmm >out.csv
  # Forward 17 ms on average, backward 15 ms.
  awk -F, 'NR > 1 { n[$7 "," $4]++; if ($3) f++ } END {
    print n["f1,40"] / f, n["f2,80"] / f, n["f3,120"] / f, n["b1,200"] / f }' out.csv >shares
  awk '{ exit !($1 > 0.49 && $1 < 0.51 && $2 > 0.29 && $2 < 0.31 && $3 > 0.19 && $3 < 0.21 && $4 > 1.11 && $4 < 1.16) }' shares
  # f3 f1 b1, f3 f1 b1, …: each direction by its own clock.
  printf '%s\n' token f3 f1 b1 f3 f1 b1 f3 f1 b1 >tokens.csv
  markov-gen -q --order=2 --escape=none --save=m.chain tokens.csv
  run -0 --separate-stderr trafgen -n 8 --start=0 --chain=m.chain m.gmm
  # Forward 30, 40, 70, 80, 110, backward 15, 30, 45, 60; all 15 ms less.
  [ "$output" = "ts,flow,dir,len,dir_iat,iat,token
0.000000000,1,0,200,,,b1
0.015000000,1,1,120,,15000000,f3
0.015000000,1,0,200,15000000,0,b1
0.025000000,1,1,40,10000000,10000000,f1
0.030000000,1,0,200,15000000,5000000,b1
0.045000000,1,0,200,15000000,15000000,b1
0.055000000,1,1,120,30000000,10000000,f3
0.060000000,1,0,200,15000000,5000000,b1" ]
  # One clock: the order of the tokens.
  sed 's/^iat dir_iat/iat iat/' m.gmm >one.gmm
  [ "$(trafgen -n 6 --chain=m.chain one.gmm | cut -d , -f 6,7 | tr '\n' ' ')" = \
    "iat,token ,f3 10000000,f1 15000000,b1 30000000,f3 10000000,f1 15000000,b1 " ]
  # A chain that never turns backward: that direction has stopped.
  printf '%s\n' token f3 f1 f3 f1 >tokens.csv
  markov-gen -q --order=1 --escape=none --save=f.chain tokens.csv
  [ "$(trafgen -n 4 --start=0 --chain=f.chain m.gmm | cut -d , -f 1,7 | tr '\n' ' ')" = \
    "ts,token 0.000000000,f3 0.010000000,f1 0.040000000,f3 0.050000000,f1 " ]
  # Tokens of another mixture; a chain without a mixture.
  printf '%s\n' token f4 f1 >tokens.csv
  markov-gen -q --save=x.chain tokens.csv
  run -1 --separate-stderr trafgen -n 4 --chain=x.chain m.gmm
  [ "$stderr" = "trafgen: x.chain: 'f4' is no token of m.gmm" ]
  run -1 --separate-stderr trafgen -n 4 x.chain
  [ "$stderr" = "trafgen: x.chain: a chain knows tokens only: trafgen MIXTURE --chain=x.chain" ]
}

@test "a chain whose directions drift apart: bounded memory, and time goes on" {
  not_sanitized "which wants more memory"
  gmm >m.gmm
  # As many forward as backward, but 10 ms a packet forward and 15 ms backward.
  printf '%s\n' token f1 b1 f1 b1 f1 b1 >tokens.csv
  markov-gen -q --order=1 --escape=none --save=m.chain tokens.csv
  trafgen -n 1000000 --start=0 --chain=m.chain m.gmm -o out.csv
  (ulimit -v 30000 && trafgen -n 5000000 --chain=m.chain m.gmm -w /dev/null)
  # In order, with every step of its direction at least what was drawn, or, the other way, none at all.
  awk -F, 'NR > 1 && ($1 + 0 < last || ($5 != "" && $5 < ($3 == 1 ? 10000000 : 15000000))) { exit 1 } { last = $1 + 0 }' out.csv
  [ "$(wc -l <out.csv)" -eq 1000001 ]
}

@test "flows have random numbers of their own: one more changes nothing in the others" {
  gmm >m.gmm
  trafgen -n 5000 --flows=3 --arrivals=0.5 m.gmm >three.csv
  trafgen -n 10000 --flows=4 --arrivals=0.5 m.gmm >four.csv
  trafgen -n 10000 m.gmm >one.csv
  local flow
  for flow in 1 2 3; do
    awk -F, -v flow=$flow '$2 == flow' three.csv >a
    awk -F, -v flow=$flow '$2 == flow' four.csv | head -n "$(wc -l <a)" | cmp - a
    [ "$flow" -gt 1 ] || head -n "$(($(wc -l <a) + 1))" one.csv | tail -n +2 | cmp - a
  done
  # But each is another, and so is another seed's.
  [ "$(awk -F, '$2 == 1 { print $4 }' four.csv | head -n 50 | md5sum)" != "$(awk -F, '$2 == 2 { print $4 }' four.csv | head -n 50 | md5sum)" ]
  run -1 cmp -s <(trafgen -n 100 m.gmm) <(trafgen -n 100 --seed=2 m.gmm)
  # In a model of two equal parts no two directions of any two flows are alike.
  { sed 's/mixture backward 1 100/mixture backward 3 600/; /^component 1 /d' m.gmm && gmm | grep '^component 0'; } >equal.gmm
  trafgen -n 4000 --flows=8 equal.gmm >equal.csv
  for flow in {1..8}; do
    for dir in 0 1; do
      awk -F, -v flow="$flow" -v dir="$dir" '$2 == flow && $3 == dir { print $4 }' equal.csv | head -n 50 | md5sum
    done
  done | sort -u >sums
  [ "$(wc -l <sums)" -eq 16 ]
  # In order of time all along.
  tail -n +2 four.csv | cut -d , -f 1 | sort -c
  # Half a second from start to start on average.
  hmm | sed 's/4.301052/11/; s/4.477136/11/' | trafgen -q --duration=1000 --flows=4000 --arrivals=0.5 |
    awk -F, '$6 == "" { n++; last = $1 } END { mean = (last - 1767225600) / (n - 1); exit !(mean > 0.47 && mean < 0.53) }'
}

@test "the least series there are: one packet, one direction, no time between packets" {
  need tshark
  local rows proto
  for rows in '0,0,' 1,28,0 '0,60,0 0,60,0 0,0,0' '1,1500,0 0,1500,0'; do
    # shellcheck disable=SC2086  # words
    printf '%s\n' dir,len,iat $rows >in.csv
    for proto in udp tcp; do
      trafgen -q --proto=$proto in.csv -w out.pcap
      healthy out.pcap
      [ "$(pcap2feat -q --first=zero -f 'ip[8] = 64' --fields=len out.pcap | tail -n +2 | wc -l)" -eq "$(tail -n +2 in.csv | wc -l)" ]
    done
    trafgen in.csv | cut -d , -f 3,4 | diff - <(cut -d , -f 1,2 in.csv)
  done
}

@test "a model whose time stands still does not run for ever" {
  hmm | sed 's/4.301052/-5/; s/4.477136/-5/' >m.hmm
  run -1 --separate-stderr trafgen --duration=1 -w out.pcap m.hmm
  [ "$stderr" = "trafgen: after 1048578 packets time stands still, and --duration is never over (-n ends a series, too)" ]
  run -1 --separate-stderr trafgen --duration=1 -o out.csv m.hmm
  [[ "$stderr" == "trafgen: after "*" packets time stands still"* ]]
  [ ! -e out.csv ]
  [ ! -e out.pcap ]
  [ "$(trafgen -n 1000 m.hmm | tail -n 1)" = "1767225600.000000000,1,1,300,0,0,1" ]
}

@test "hosts, ports and MAC addresses of the flows" {
  awk 'BEGIN { print "dir,len,iat,flow"; for (i = 0; i < 12; i++) print (i % 5 > 0) ",60,," i }' >in.csv
  ends() {
    trafgen "$@" in.csv -w out.pcap
    pcap2feat -q --first=zero --fields=src_ip,src_port,dst_ip,dst_port,src_mac,dst_mac out.pcap | tail -n +2
  }
  # Two hosts, three ports, two hosts: the packets of flows 0, 5 and 10 go backward.
  ends --src=192.0.2.9/30 --sport=7-9 --dst=198.51.100.5/30 --dport=53 --src-mac=02:00:00:00:00:0a --dst-mac=06:0B:0c:0d:0e:0f >got
  {
    local i a b
    for ((i = 0; i < 12; i++)); do
      a=192.0.2.$((9 + i % 2)),$((7 + i / 2 % 3)) b=198.51.100.$((5 + i / 6)),53
      if [ $((i % 5)) -gt 0 ]; then
        echo "$a,$b,02:00:00:00:00:0a,06:0b:0c:0d:0e:0f"
      else
        echo "$b,$a,06:0b:0c:0d:0e:0f,02:00:00:00:00:0a"
      fi
    done
  } | diff - got
  run -1 --separate-stderr trafgen -w out.pcap --src=192.0.2.8/30 --sport=7-9 --dst=198.51.100.4 in.csv
  [ "$stderr" = "trafgen: 12 flows need a pair of addresses and ports each, and --src, --sport, --dst and --dport make 6" ]
  # Flow 5 would go from 192.0.2.5 to itself; the first four keep clear of it.
  both=(--src=192.0.2.0/29 --dst=192.0.2.5 --sport=5060-5061 --dport=5060)
  fails "flow 5 would have the same address and port at both ends: let --src and --dst, or --sport and --dport, have none in common" \
    trafgen -w out.pcap "${both[@]}" in.csv
  head -n 5 in.csv >four.csv
  trafgen -w out.pcap "${both[@]}" four.csv
  # IPv6: a block of 127 bits has one host but its first; the largest there is.
  [ "$(ends --ip=6 --src=2001:db8::ff/127 | cut -d , -f 1 | sort -u | tr '\n' ' ')" = "2001:db8::ff fd00:2::1 " ]
  [ "$(ends --ip=6 --src=ffff::/0 | head -n 3 | cut -d , -f 1 | tr '\n' ' ')" = "fd00:2::1 ::2 ::3 " ]
  [ "$(ends --ip=6 --src=2001:db8:ffff:ffff:ffff::/40 --sport=0 --dport=65535 | sed -n 2p | cut -d , -f 1-4)" = "2001:db8:ff00::2,0,fd00:2::1,65535" ]
  [ "$(ends --src=10.0.0.255/0 | sed -n '2p;4p' | cut -d , -f 1 | tr '\n' ' ')" = "0.0.0.2 0.0.0.4 " ]
  [ "$(ends --src=10.0.0.1/31 | cut -d , -f 1 | sort -u | tr '\n' ' ')" = "10.0.0.0 10.0.0.1 10.2.0.1 " ]
}

# payloads CAPTURE: those of UDP packets, in hex.
payloads() {
  tshark -n -r "$1" -T fields -e udp.payload 2>/dev/null
}

@test "payloads: zeros, a pattern, random after four zeros and another one each time" {
  need tshark
  printf '%s\n' dir,len,iat 1,28, 1,29,1 1,32,1 0,39,1 0,39,1 >in.csv
  trafgen --payload=zero in.csv -w out.pcap
  healthy out.pcap
  [ "$(payloads out.pcap | tr '\n' ' ')" = " 00 00000000 0000000000000000000000 0000000000000000000000 " ]
  trafgen --payload=A1b2C3 in.csv -w out.pcap
  healthy out.pcap
  [ "$(payloads out.pcap | tr '\n' ' ')" = " a1 a1b2c3a1 a1b2c3a1b2c3a1b2c3a1b2 a1b2c3a1b2c3a1b2c3a1b2 " ]
  trafgen in.csv -w out.pcap
  healthy out.pcap
  payloads out.pcap >random
  [ "$(sed -n 2,3p random | tr '\n' ' ')" = "00 00000000 " ]
  [[ "$(sed -n 4p random)" =~ ^00000000[0-9a-f]{14}$ ]]
  [ "$(sed -n 4p random)" != "$(sed -n 5p random)" ]
  trafgen --seed=2 in.csv -w out.pcap
  run -1 diff -q random <(payloads out.pcap)
  trafgen in.csv | trafgen -w - | tshark -n -r - -T fields -e udp.payload 2>/dev/null | diff random -
}

@test "a UDP checksum that comes out as 0 is written as 65535: 0 would mean that there is none" {
  need tshark
  printf '%s\n' dir,len,iat 1,30, >in.csv
  local ip sum
  for ip in 4 6; do
    sed -i "2s/.*/1,$((ip == 4 ? 30 : 50)),/" in.csv
    sum=$(trafgen --ip=$ip --payload=0000 in.csv -w - | tshark -n -r - -T fields -e udp.checksum 2>/dev/null)
    trafgen --ip=$ip --payload="${sum#0x}" in.csv -w out.pcap
    [ "$(tshark -n -r out.pcap -T fields -e udp.checksum 2>/dev/null)" = 0xffff ]
    healthy out.pcap
  done
}

@test "lengths below the headers are raised and counted; the longest packets there are" {
  need tshark
  local case least
  for case in '--proto=udp --ip=4 28' '--proto=tcp --ip=4 40' '--proto=udp --ip=6 48' '--proto=tcp --ip=6 60'; do
    least=${case##* }
    printf '%s\n' dir,len,iat 1,0,1 0,$((least - 1)),1 1,"$least",1 0,65535,1 1,65535,1 >in.csv
    # shellcheck disable=SC2086  # words
    run -0 --separate-stderr trafgen -v ${case% *} in.csv -w out.pcap
    [ "$(tail -n 1 <<<"$stderr")" = "trafgen: 2 packets raised to the length of their headers" ]
    [[ "$stderr" == "trafgen: "*" frames written, the longest of 65549 bytes"* ]]
    healthy out.pcap
    [ "$(pcap2feat -q --first=zero --fields=len,ttl out.pcap | grep ',64$' | cut -d , -f 1 | tr '\n' ' ')" = "$least $least $least 65535 65535 " ]
  done
}

@test "TCP: connections open and close, and their streams are what was sent" {
  need tshark
  # Pure acknowledgments (40), some with nothing new, among data; two flows, one backward only.
  printf '%s\n' flow,dir,len,iat a,1,140, a,0,40,10000000 a,0,40,5 a,0,40,5 a,1,40,5 a,1,240,5 a,0,540,10 a,1,40,100 \
    b,0,1540,77 b,0,3040,1 >in.csv
  trafgen --proto=tcp --payload=aabb in.csv -w out.pcap
  healthy out.pcap
  tshark -n -r out.pcap -Y 'tcp.stream == 0' -T fields -e ip.src -e tcp.flags -e tcp.seq -e tcp.ack -e tcp.len -e ip.ttl 2>/dev/null |
    sed 's/10.1.0.1/A/; s/10.2.0.1/B/; s/0x00//' | tr '\t' ' ' >got
  cat <<'END' | diff - got
A 02 0 0 0 255
B 12 0 1 0 255
A 10 1 1 0 255
A 18 1 1 100 64
B 10 1 101 0 64
B 10 1 101 0 64
B 10 1 101 0 64
A 10 101 1 0 64
A 18 101 1 200 64
B 18 1 301 500 64
A 10 301 501 0 64
A 11 301 501 0 255
B 11 501 302 0 255
A 10 302 502 0 255
END
  tshark -n -r out.pcap -Y 'tcp.stream == 0' -T fields -e frame.time_relative 2>/dev/null |
    sed -n '1,4p;11,14p' | tr '\n' ' ' >got
  [ "$(<got)" = "0.000000000 0.001000000 0.002000000 0.003000000 0.013000130 0.014000130 0.015000130 0.016000130 " ]
  stream() {
    tshark -n -r out.pcap -q -z "follow,tcp,raw,$1" 2>/dev/null | grep -E '^\s*[0-9a-f]+$' >hex
    sed -n 's/^\t//p' hex | tr -d '\n' | wc -c
    grep -v "$(printf '\t')" hex | tr -d '\n' | wc -c
    tr -d '\t\n' <hex | sed 's/aabb//g' | wc -c
  }
  [ "$(stream 0 | tr '\n' ' ')" = "1000 600 0 " ]
  # The stream of the second has bytes of the server alone: 1500 + 3000.
  [ "$(stream 1 | tr '\n' ' ')" = "9000 0 0 " ] || [ "$(stream 1 | tr '\n' ' ')" = "0 9000 0 " ]
}

@test "TCP opens before the first packet even where time begins with it" {
  need tshark
  printf '%s\n' dir,len,ts 0,100,0 1,100,0 1,100,0.0005 >in.csv
  trafgen --proto=tcp in.csv -w out.pcap
  healthy out.pcap
  [ "$(tshark -n -r out.pcap -T fields -e tcp.flags -e tcp.len 2>/dev/null | tr '\t\n' ', ')" = \
    "0x0002,0 0x0012,0 0x0010,0 0x0018,60 0x0018,60 0x0018,60 0x0011,0 0x0011,0 0x0010,0 " ]
}

@test "TCP with timestamps: milliseconds, the other side's echoed, 12 bytes more of headers" {
  need tshark
  printf '%s\n' dir,len,iat 1,152, 0,52,40000000 1,52,5000000 0,51,0 0,552,999999 >in.csv
  run -0 --separate-stderr trafgen --proto=tcp --timestamps --start=4294967.3 in.csv -w out.pcap
  [ "$stderr" = "trafgen: 1 packets raised to the length of their headers" ]
  healthy out.pcap
  # 4294967300 ms are 4 more than 32 bits hold.
  tshark -n -r out.pcap -T fields -e ip.src -e tcp.hdr_len -e tcp.len -e tcp.options.timestamp.tsval -e tcp.options.timestamp.tsecr 2>/dev/null |
    sed 's/10.1.0.1/A/; s/10.2.0.1/B/' | tr '\t' ' ' >got
  cat <<'END' | diff - got
A 40 0 1 0
B 40 0 2 1
A 32 0 3 2
A 32 100 4 2
B 32 0 44 4
A 32 0 49 44
B 32 0 49 49
B 32 500 49 49
A 32 0 50 49
B 32 0 51 50
A 32 0 52 51
END
  series in.csv
  trafgen -q --proto=tcp --timestamps --ip=6 --vlan=3 in.csv -w out.pcap
  healthy out.pcap
  of_series out.pcap >got
  asked in.csv 72 3,6,6 | diff - got
}

@test "TCP: a series that ends before its flows do closes those that are open, and no other" {
  need tshark
  gmm >m.gmm
  trafgen -n 500 --flows=100 --spacing=0.03 --proto=tcp m.gmm -w out.pcap
  healthy out.pcap
  local flags
  tshark -n -r out.pcap -T fields -e tcp.stream -e tcp.flags -e ip.ttl 2>/dev/null >got
  [ "$(awk '$3 == 64' got | wc -l)" -eq 500 ]
  for flags in 0x0002 0x0012; do
    [ "$(awk -v f=$flags '$2 == f { print $1 }' got | sort -u | wc -l)" -eq "$(cut -f 1 got | sort -u | wc -l)" ]
  done
  [ "$(grep -c 0x0011 got)" -eq "$(($(cut -f 1 got | sort -u | wc -l) * 2))" ]
  [ "$(cut -f 1 got | sort -u | wc -l)" -lt 40 ]
}

# rows_asked TABLE LEAST: what a table asked for, as pcap2feat says it: time, direction, length, and
# times since the packets before.
rows_asked() {
  awk -F, -v OFS=, -v least="$2" 'NR > 1 { print $1, $3, ($4 < least ? least : $4), $5 + 0, $6 + 0 }' "$1"
}

@test "pcap2feat gives back exactly what was asked for, over all that a capture can be" {
  need tshark
  gmm >m.gmm
  local combination ip proto least filter flows vlan
  for combination in '4 udp 28 ip[8]' '4 tcp 40 ip[8]' '6 udp 48 ip6[7]' '6 tcp 60 ip6[7]'; do
    read -r ip proto least filter <<<"$combination"
    for flows in 1 100; do
      trafgen -n 3000 --flows=$flows --arrivals=0.001 m.gmm -o asked.csv
      for vlan in '' 7; do
        [ -n "${WEIR_LONG-}" ] || [ $flows = 1 ] || [ -n "$vlan" ] || continue
        [ -n "${WEIR_LONG-}" ] || [ $flows = 100 ] || [ -z "$vlan" ] || continue
        trafgen -q -n 3000 --flows=$flows --arrivals=0.001 --ip="$ip" --proto="$proto" ${vlan:+--vlan=$vlan} m.gmm -w out.pcap
        healthy out.pcap
        pcap2feat -q --first=zero -f "${vlan:+vlan $vlan and }$filter = 64" --fields=ts,src_ip,len,dir_iat,iat out.pcap |
          awk -F, -v OFS=, 'NR > 1 { $2 = $2 ~ /^(10\.1\.|fd00:1:)/ ? 1 : 0; print }' >got
        [ "$(wc -l <got)" -eq 3000 ]
        rows_asked asked.csv "$least" | diff -q - got
        # What else there is, opens and closes connections.
        [ "$(pcap2feat -q --first=zero --fields=proto out.pcap | tail -n +2 | wc -l)" -eq $((3000 + (least % 20 == 0 ? 6 * flows : 0))) ]
      done
    done
  done
  # Where all packets carry something --payload will do: 10 bytes more than the headers of TCP.
  printf '%s\n' dir,len,dir_iat,iat 1,50,0,0 1,1500,3000000,3000000 0,50,0,17 0,60,18,18 >in.csv
  trafgen --proto=tcp in.csv -w out.pcap
  pcap2feat -q --first=zero --payload --fields=dir,len,dir_iat,iat out.pcap | diff in.csv -
}

@test "flows of real captures, there and back again, are the same byte for byte" {
  need_data
  local capture flows=0 captures=0 flow
  while read -r capture; do
    pcap2feat -q --first=zero --fields=flow,dir,len,dir_iat,iat "$capture" >all.csv
    # Its longest flow; where time runs backwards, dir_iat and iat speak of different things.
    pcap2feat --first=zero --fields=len,iat "$capture" 2>&1 >/dev/null | grep -q 'earlier than the one before' && continue
    flow=$(tail -n +2 all.csv | cut -d , -f 1 | sort | uniq -c | sort -rn | awk 'NR == 1 && $1 > 1 { print $2 }')
    [ -n "$flow" ] || continue
    captures=$((captures + 1))
    awk -F, -v flow="$flow" 'NR == 1 || $1 == flow' all.csv | cut -d , -f 2- >in.csv
    for proto in udp tcp; do
      [ "$proto" = udp ] || awk -F, 'NR > 1 && $2 < 40 { exit 1 }' in.csv || continue
      trafgen --proto=$proto in.csv -w out.pcap
      pcap2feat -q --first=zero -f 'ip[8] = 64' --flow="$proto 10.1.0.1:40000 10.2.0.1:30000" --fields=dir,len,dir_iat,iat out.pcap | cmp - in.csv
      flows=$((flows + 1))
    done
  done < <(printf '%s\n' "$data"/captures/{voice,video,chat,game}/* | some 4)
  echo "$captures captures, $flows times"
  [ "$captures" -ge $((WEIR_LONG ? 60 : 15)) ]
  [ "$flows" -ge $((WEIR_LONG ? 100 : 25)) ]
}

@test "whole captures, all their flows, there and back again, and over TCP nothing for tshark to say" {
  need_data
  need tshark
  local capture captures=0 fields=ts,flow,dir,len,dir_iat,iat file
  while read -r capture; do
    pcap2feat -q --first=zero --fields=$fields "$capture" >in.csv
    # In order of time, or it comes back in another order.
    [ "$(wc -l <in.csv)" -gt 1 ] && tail -n +2 in.csv | cut -d , -f 1 | sort -c 2>/dev/null || continue
    trafgen in.csv -w out.pcap
    pcap2feat -q --first=zero --fields=$fields out.pcap >out.csv
    for file in in out; do
      awk -F, -v OFS=, '{ if (!($2 in n)) n[$2] = ++k; $2 = n[$2]; print }' $file.csv >$file.numbered
    done
    cmp in.numbered out.numbered
    captures=$((captures + 1))
    if [ $((captures % 8)) -eq 0 ]; then
      trafgen -q --proto=tcp in.csv -w out.pcap
      healthy out.pcap
      trafgen -q --proto=tcp --timestamps in.csv -w out.pcap
      healthy out.pcap
    fi
  done < <(printf '%s\n' "$data"/captures/{web,mail,iot}/* | some 8)
  [ "$captures" -ge $((WEIR_LONG ? 100 : 12)) ]
}
