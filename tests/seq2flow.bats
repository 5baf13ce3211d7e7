# seq2flow: a table of packets gives the rows of flows that pcap2feat makes of the capture.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# same_columns A B: the columns that both tables have, in the order of the first, hold the same rows.
same_columns() {
  local both
  both=$(grep -Fxf <(head -n 1 "$2" | tr , '\n') <(head -n 1 "$1" | tr , '\n') | paste -sd,)
  echo "$both" >columns
  for table; do
    awk -F, -v names="$both" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(names, name, ",") }
      { for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? "," : "\n" }' "$table" | LC_ALL=C sort >"$table.both"
  done
  cmp "$1.both" "$2.both"
}

# as_pcap2feat CAPTURE OPTION…: packets of the capture through seq2flow, beside its flows.
as_pcap2feat() {
  local capture=$1
  shift
  pcap2feat -q --first=zero --label-from=filename --fields=flow,ts,len,dir,class "$capture" >packets.csv
  pcap2feat -q --per=flow --no-split --label-from=filename "$@" "$capture" >flows.csv
  seq2flow -q "$@" packets.csv >mine.csv
  same_columns mine.csv flows.csv
  [ "$(head -n 1 mine.csv)" = "$(<columns)" ] # every column of ours is pcap2feat's
}

@test "packets of the lab's captures: the rows that pcap2feat makes of their flows" {
  local capture
  for capture in "$testdata"/lab/{bulk,web,voice,dns}.1.pcap; do
    as_pcap2feat "$capture"
    as_pcap2feat "$capture" --first-packets=7
    [ "$(head -n 1 mine.csv | tr , '\n' | grep -c '_[0-9]$')" -eq 21 ]
  done
}

@test "real captures: the same" {
  need_data
  local capture n=0
  for capture in "$data"/captures/{video,voice,chat}/*[a-f].pcap; do
    as_pcap2feat "$capture" --first-packets=16
    n=$((n + $(wc -l <mine.csv) - 1))
  done
  [ "$n" -gt 50 ]
}

@test "times out of order: gaps of 0, counted, as pcap2feat has them" {
  printf '%s 10.0.0.1 10.0.0.2 udp 1 2 10\n' 5.5 7.25 6 6.5 9 >list
  printf '%s 10.0.0.2 10.0.0.1 udp 2 1 99\n' 5.25 8.125 8 >>list
  make_capture late.x.pcap <list
  as_pcap2feat late.x.pcap
  as_pcap2feat late.x.pcap --first-packets=6
  run -0 --separate-stderr seq2flow packets.csv
  [ "$stderr" = "seq2flow: 5 packets earlier than one before in their flow: the gap is 0" ]
}

@test "the QUIC table: a row for each of its flows, in seconds, with the service as class" {
  need_data
  seq2flow --first-packets=150 "$data/tables/ucdavis19_quic.tsv" >flows.tsv 2>/dev/null
  [ "$(tail -n +2 flows.tsv | cut -f1 | sort -u | wc -l)" -eq 120 ]
  # Of one flow by hand: the sum of sizes, the last time, the gap before its last packet.
  awk -F'\t' '$1 == "GoogleDoc-765" { n++; sum += $4; gap = $3 - last; last = $3 }
    END { printf "%d %d %.0f %.0f\n", n, sum, last * 1e9, gap * 1e9 }' "$data/tables/ucdavis19_quic.tsv" >wanted
  awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    $1 == "GoogleDoc-765" { print $at["packets"], $at["bytes"], $at["duration"], $at["iat_150"], $at["class"] }' flows.tsv >row
  [ "$(<row)" = "$(<wanted) google-doc" ]
}

@test "units, powers of ten, and what is below a nanosecond" {
  local unit
  for unit in s:0.0000125 ms:0.0125 us:12.5 ns:12500 s:1.25e-05 ms:125E-4 s:0.0000125009; do
    printf 'flow,time,size,dir\na,0,1,1\na,%s,1,0\n' "${unit#*:}" | seq2flow -q --unit="${unit%%:*}" --first-packets=2 >row
    [ "$(tail -n 1 row | cut -d, -f10)" = 12500 ]
  done
  printf 'flow,time,size,dir\na,0,1,1\na,1.0000000009,1,0\n' >cut.csv
  run -0 --separate-stderr seq2flow cut.csv
  [ "$stderr" = "seq2flow: 1 times cut to whole nanoseconds" ]
}

@test "flows that alternate, and --grouped: a row where the next begins" {
  printf 'flow,time,size,dir\na,0,1,1\nb,0,2,1\na,1,3,0\nb,1,4,0\n' >mixed.csv
  [ "$(seq2flow mixed.csv | cut -d, -f1,4,7 | paste -sd' ')" = "flow,packets,bytes a,2,4 b,2,6" ]
  [ "$(seq2flow --grouped mixed.csv | cut -d, -f1,4,7 | paste -sd' ')" = "flow,packets,bytes a,1,1 b,1,2 a,1,3 b,1,4" ]
  # The N-th packet writes the row; others follow at the end, with empty places.
  printf 'b,2,9,1\nb,3,9,1\nc,3,5,1\n' >>mixed.csv
  [ "$(seq2flow --first-packets=3 mixed.csv | cut -d, -f1,4,7,45 | paste -sd' ')" = "flow,packets,bytes,len_3 b,3,15,9 a,2,4, c,1,5," ]
}

@test "memory does not grow with the flows when they are grouped" {
  not_sanitized "it takes more addresses than the limit"
  awk 'BEGIN { print "flow,time,size,dir"; for (f = 0; f < 100000; f++) print "f" f ",0,1,1" }' >many.csv
  (ulimit -v 30000; seq2flow --grouped --first-packets=100 many.csv) | tail -n 1 | grep -q ^f99999,
  run -1 --separate-stderr seq2flow --max-flows=99999 many.csv
  [[ $stderr == "seq2flow: many.csv:100001: more than 99999 flows: --max-flows=N allows more, --grouped"* ]]
  seq2flow --max-flows=100000 many.csv | wc -l | grep -qx 100001
}

@test "a live pipe: the row is there when the N-th packet was read" {
  mkfifo in
  seq2flow --first-packets=2 <in >out &
  exec 5>in
  printf 'flow,time,size,dir\na,0,1,1\na,1,1,0\n' >&5
  for _ in {1..100}; do grep -q ^a, out && break; sleep 0.05; done
  grep -q ^a, out
  exec 5>&-
  wait $!
}

@test "columns are passed on as they are at the first packet" {
  printf 'flow,time,size,dir,file,class\na,0,1,1,"x,1",web\na,1,1,0,y,web\n' >p.csv
  [ "$(seq2flow --pass=file,dir p.csv | cut -d, -f1-6 | head -n 1)" = flow,file,dir,start,end,packets ]
  [ "$(seq2flow --pass=file p.csv | tail -n 1 | cut -d, -f1-3)" = 'a,"x,1"' ] ||
    [ "$(seq2flow --pass=file p.csv | tail -n 1 | cut -d, -f1-4)" = 'a,"x,1",0.000000000' ]
  local name
  for name in flow class file,file; do
    run -2 seq2flow --pass="$name" p.csv
    [[ $output == *"--pass: there would be two columns '${name##*,}'"* ]]
  done
}

@test "what is wrong is said with its place" {
  wrong() { # wrong ROW MESSAGE OPTION…
    printf 'flow,time,size,dir,label\n%s\n' "$1" >bad.csv
    run -1 --separate-stderr seq2flow "${@:3}" bad.csv
    [ "$stderr" = "seq2flow: bad.csv:2: $2" ]
    [ "$(wc -l <<<"$output")" -le 1 ]
  }
  wrong ',0,1,1,x' "column 'flow': '' is no flow"
  wrong 'a,,1,1,x' "column 'time': '' is empty"
  wrong 'a,-1,1,1,x' "column 'time': '-1' is before 0: times count from the epoch, or from any start before the first packet"
  wrong 'a,1x,1,1,x' "column 'time': '1x' is no time"
  wrong 'a,1e,1,1,x' "column 'time': '1e' is no time"
  wrong 'a,.,1,1,x' "column 'time': '.' is no time"
  wrong 'a,nan,1,1,x' "column 'time': 'nan' is no time"
  wrong 'a,1e10,1,1,x' "column 'time': '1e10' is too large (--unit says what times are in)"
  wrong 'a,9223372036.854775808,1,1,x' "column 'time': '9223372036.854775808' is too large (--unit says what times are in)"
  wrong 'a,0,65536,1,x' "column 'size': '65536' is not in 0..65535"
  wrong 'a,0,1,2,x' "column 'dir': '2' is neither a direction of --forward (1,forward) nor one of --backward (0,-1,backward)"
  wrong 'a,0,1,1,x' "column 'dir': '1' is neither a direction of --forward (up) nor one of --backward (0,-1,backward)" --forward=up
  wrong 'a,0,1,1,' "column 'label': '' is no class"
  printf 'flow,time,size,dir,label\na,0,1,1,x\na,0,1,1,y\n' >two.csv
  run -1 --separate-stderr seq2flow two.csv
  [ "$stderr" = "seq2flow: two.csv:3: flow 'a' is of class 'y' here, and was of 'x' before" ]
  # Also where the row is written already.
  run -1 --separate-stderr seq2flow --first-packets=1 two.csv
  [ "$stderr" = "seq2flow: two.csv:3: flow 'a' is of class 'y' here, and was of 'x' before" ]
  refuses "'0' is forward and backward (--forward=in,0, --backward=0,-1,backward)" seq2flow --forward=in,0 two.csv
  printf 'flow,t,size,dir\n' >names.csv
  run -1 --separate-stderr seq2flow names.csv
  [ "$stderr" = "seq2flow: names.csv:1: there is no column 'time' or 'ts' (--time=COLUMN names it)" ]
  # At the limit all is well.
  printf 'flow,time,size,dir\na,9223372036.854775807,65535,1\n' | seq2flow | grep -q '^a,9223372036.854775807,9223372036.854775807,1,1,0,65535,'
}
