# pcap2feat: several files as one by time, and filters with names.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# two: a.pcap and b.pcap, the two directions of one flow as two taps see them, and what only one has.
two() {
  make_capture a.pcap <<'END'
1.0 10.0.0.1 10.0.0.2 udp 1000 53 30
3.0 10.0.0.1 10.0.0.2 udp 1000 53 31
5.0 10.0.0.3 10.0.0.4 udp 2000 80 32
END
  make_capture b.pcap <<'END'
2.0 10.0.0.2 10.0.0.1 udp 53 1000 40
3.0 10.0.0.2 10.0.0.1 udp 53 1000 41
4.0 10.0.0.2 10.0.0.1 udp 53 1000 42
END
}

@test "merge: by time, of equal times the order of the command line, each with its file and frame" {
  two
  run -0 pcap2feat -q --merge --first=zero --fields=file,frame,ts,dir,iat,len a.pcap b.pcap
  [ "$output" = "file,frame,ts,dir,iat,len
a.pcap,1,1.000000000,1,0,58
b.pcap,1,2.000000000,0,1000000000,68
a.pcap,2,3.000000000,1,1000000000,59
b.pcap,2,3.000000000,0,0,69
b.pcap,3,4.000000000,0,1000000000,70
a.pcap,3,5.000000000,1,0,60" ]
  run -0 pcap2feat -q --merge --fields=file,frame b.pcap a.pcap
  [ "$output" = "file,frame
a.pcap,1
b.pcap,1
b.pcap,2
a.pcap,2
b.pcap,3
a.pcap,3" ]
}

@test "merge: a flow seen on two taps is one flow, of the file that saw it first" {
  two
  run -0 pcap2feat -q --per=flow --merge --fields=file,src_port,fwd_packets,bwd_packets,end_reason a.pcap b.pcap
  [ "$output" = "file,src_port,fwd_packets,bwd_packets,end_reason
a.pcap,1000,2,3,file
a.pcap,2000,1,0,file" ]
  # One after another they are two.
  run -0 pcap2feat -q --per=flow --fields=file,src_port,fwd_packets,bwd_packets a.pcap b.pcap
  [ "$output" = "file,src_port,fwd_packets,bwd_packets
a.pcap,1000,2,0
a.pcap,2000,1,0
b.pcap,53,3,0" ]
  pcap2feat -q --per=flow --merge --fields=file,flow a.pcap b.pcap >merged
  pcap2feat -q --per=flow --fields=file,flow a.pcap >alone
  cmp merged alone
}

@test "merge: fifty captures of the lab, against a stable sort of what each gives alone" {
  pcap2feat -q --merge --label-from=filename --fields=ts,file,frame,len,class \
    "$testdata"/lab/*.pcap >merged
  pcap2feat -q --label-from=filename --fields=ts,file,frame,len,class "$testdata"/lab/*.pcap >one_by_one
  { head -n 1 one_by_one; tail -n +2 one_by_one | LC_ALL=C sort -s -t, -k1,1; } >sorted
  [ "$(wc -l <merged)" -gt 10000 ]
  cmp merged sorted
  run -1 cmp -s merged one_by_one
}

@test "merge: the whole of a capture that was cut packet by packet has the same flows again" {
  need editcap
  editcap -c 100 "$testdata/lab/web.1.pcap" part.pcap 2>/dev/null
  local parts=(part_*.pcap)
  [ "${#parts[@]}" -gt 2 ]
  pcap2feat -q --per=flow --merge --fields=start,end,src_ip,dst_ip,src_port,packets,bytes,iat_mean part_*.pcap >merged
  pcap2feat -q --per=flow --fields=start,end,src_ip,dst_ip,src_port,packets,bytes,iat_mean "$testdata/lab/web.1.pcap" >whole
  cmp merged whole
}

@test "merge: captures of different link types, and of a clock that runs back" {
  make_capture raw.pcap raw <<<'2.0 10.0.0.1 10.0.0.2 udp 1 2 20'
  make_capture ether.pcap <<'END'
1.0 10.0.0.1 10.0.0.2 udp 1 2 10
3.0 10.0.0.1 10.0.0.2 udp 1 2 30
2.5 10.0.0.1 10.0.0.2 udp 1 2 25
4.0 10.0.0.1 10.0.0.2 udp 1 2 40
END
  run -0 pcap2feat -q --merge --fields=file,len -f udp raw.pcap ether.pcap
  [ "$output" = "file,len
ether.pcap,38
raw.pcap,48
ether.pcap,58
ether.pcap,53
ether.pcap,68" ]
}

@test "merge: a capture that can't be read to its end is told, the others are read" {
  two
  head -c 60 b.pcap >cut.pcap
  run -1 --separate-stderr pcap2feat -q --merge --fields=file,frame nothere.pcap a.pcap cut.pcap
  [ "$output" = "file,frame
a.pcap,1
a.pcap,2
a.pcap,3" ]
  [ "${stderr_lines[0]}" = "pcap2feat: nothere.pcap: No such file or directory" ]
  [[ "${stderr_lines[1]}" == "pcap2feat: cut.pcap: frame 1: "* ]]
  [ "${#stderr_lines[@]}" -eq 2 ]
}

@test "merge: standard input may be one of them; -n counts all; at most 256 files" {
  two
  run -0 bash -c 'pcap2feat -q --merge -n 3 --fields=file,frame - b.pcap <a.pcap'
  [ "$output" = $'file,frame\n-,1\nb.pcap,1\n-,2' ]
  local files=() i
  for ((i = 0; i < 257; i++)); do files+=(a.pcap); done
  run -2 --separate-stderr pcap2feat --merge "${files[@]}"
  [ "${stderr_lines[0]}" = "pcap2feat: --merge: 257 files, and at most 256 can be open at once" ]
  unset 'files[0]'
  run -0 pcap2feat -q --merge --fields=frame "${files[@]}"
  [ "${#lines[@]}" -eq $((256 * 3 + 1)) ]
  run -2 --separate-stderr pcap2feat --merge -i lo
  [ "${stderr_lines[0]}" = "pcap2feat: --merge is for files: interfaces (-i) always are" ]
}

# --- Filters with names ---

@test "named filters: a packet has the names that it matches, in the order of the options" {
  two
  run -0 pcap2feat -q --fields=ts,filters --filter big='len >= 73' --filter dns='port 53' -f b.2-x='src host 10.0.0.2' a.pcap b.pcap
  # Of 30 bytes of payload a frame has 72.
  [ "$output" = "ts,filters
1.000000000,dns
3.000000000,big;dns
5.000000000,big
2.000000000,big;dns;b.2-x
3.000000000,big;dns;b.2-x
4.000000000,big;dns;b.2-x" ]
}

@test "named filters: what matches none is not taken; a filter without a name selects before" {
  two
  run -0 pcap2feat -q --fields=ts,filters --filter web='port 80' --filter dns='port 53' -f 'src host 10.0.0.1 or port 80' a.pcap b.pcap
  [ "$output" = "ts,filters
1.000000000,dns
3.000000000,dns
5.000000000,web" ]
  run -0 --separate-stderr pcap2feat -v --fields=ts,filters --filter web='port 80' a.pcap b.pcap
  [ "$output" = $'ts,filters\n5.000000000,web' ]
  [[ "$stderr" == *"pcap2feat: 1 rows from 6 packets"* ]]
}

@test "named filters: a flow has those of any of its packets, and its state once" {
  two
  run -0 pcap2feat -q --per=flow --merge --fields=src_port,packets,filters --filter from1='src host 10.0.0.1' \
    --filter from2='src host 10.0.0.2' --filter all=udp --filter tcp=tcp a.pcap b.pcap
  [ "$output" = "src_port,packets,filters
1000,5,from1;from2;all
2000,1,all" ]
  run -0 pcap2feat -q --per=flow --first-packets=1 --merge --fields=src_port,packets,filters --filter from2='src host 10.0.0.2' --filter all=udp a.pcap b.pcap
  [ "$output" = "src_port,packets,filters
1000,1,all
2000,1,all" ]
}

@test "named filters: the column is there by default, before the class, and in all" {
  two
  run -0 pcap2feat -q --filter all=udp -l x a.pcap
  [ "${lines[0]}" = "flow,iat,len,diffLen,filters,class" ]
  run -0 pcap2feat -q --per=flow --filter all=udp -l x a.pcap
  [[ "${lines[0]}" == *",filters,class" ]]
  [[ "${lines[1]}" == *",all,x" ]]
  run -0 pcap2feat -q --per=flow --fields=all --filter all=udp a.pcap
  [[ "${lines[0]}" == *",filters,"* ]]
  run -0 pcap2feat -q --fields=all a.pcap
  [[ "${lines[0]}" != *filters* ]]
  run -0 pcap2feat -q --fields=all --filter all=udp a.pcap
  [[ "${lines[0]}" == *filters* ]]
}

@test "named filters: what is a name and what an expression" {
  two
  # An index, a length and a number are expressions, and so is what has a blank before its '='.
  pcap2feat -q --fields=ts a.pcap >all
  local expression
  for expression in 'ip[0]=69' 'len=72 or len>72' 'len = 72 or len > 72' '1=1'; do
    pcap2feat -q --fields=ts -f "$expression" a.pcap | cmp - all
  done
  run -2 --separate-stderr pcap2feat --fields=ts,filters -f 'udp' a.pcap
  [ "${stderr_lines[0]}" = "pcap2feat: --fields: column 'filters' needs filters with names (--filter NAME=EXPR)" ]
  run -2 --separate-stderr pcap2feat --filter x=udp --filter x=tcp a.pcap
  [ "${stderr_lines[0]}" = "pcap2feat: --filter: 'x=tcp' has the name of another filter" ]
  run -2 --separate-stderr pcap2feat --filter 'x=prt 1' a.pcap
  [ "${stderr_lines[0]}" = "pcap2feat: -f: filter 'prt 1': can't parse filter expression: syntax error" ]
  # Sixty-four, and one more.
  local many=() i
  for ((i = 0; i < 64; i++)); do many+=(--filter "f$i=udp"); done
  run -0 pcap2feat -q -n 1 --fields=filters "${many[@]}" a.pcap
  [ "${lines[1]}" = "$(seq -s';' -f 'f%.0f' 0 63)" ]
  run -2 --separate-stderr pcap2feat "${many[@]}" --filter more=udp a.pcap
  [ "${stderr_lines[0]}" = "pcap2feat: --filter: 'more=udp' is one filter with a name too many" ]
  local long
  long=$(printf 'x%.0s' {1..64})
  run -0 pcap2feat -q -n 1 --fields=filters --filter "$long=udp" a.pcap
  [ "${lines[1]}" = "$long" ]
  run -2 --separate-stderr pcap2feat --filter "x$long=udp" a.pcap
  [[ "${stderr_lines[0]}" == *"has a name of more than 64 bytes" ]]
}

@test "named filters: frames of a link type on which one makes no sense are told" {
  make_capture raw.pcap raw <<<'2.0 10.0.0.1 10.0.0.2 udp 1 2 20'
  run -0 --separate-stderr pcap2feat --fields=len,filters --filter mac='ether src 02:00:00:00:00:01' --filter udp=udp raw.pcap
  [ "$output" = $'len,filters\n48,udp' ]
  [ "$stderr" = "pcap2feat: 1 packet without a match: filter 'mac' can't be used on their link type" ]
}

# --- Statistics of a file ---

@test "stats: windows go by the packets' time; those without packets have no line" {
  make_capture s.pcap <<'END'
100.0 10.0.0.1 10.0.0.2 udp 1 2 100
100.5 10.0.0.1 10.0.0.2 udp 1 2 100
109.9 10.0.0.1 10.0.0.2 udp 1 3 58
110.0 10.0.0.1 10.0.0.2 udp 1 2 100
1000.0 10.0.0.1 10.0.0.2 udp 1 2 100
1002.0 10.0.0.1 10.0.0.2 udp 1 2 100
END
  run -0 --separate-stderr pcap2feat -q --per=flow --stats=10 s.pcap
  [ "$stderr" = "pcap2feat: stats: time=100.000000000 seconds=10.000 packets=3 bytes=384 packets_per_s=0.3 bytes_per_s=38.4 flows=2 rows=0
pcap2feat: stats: time=110.000000000 seconds=10.000 packets=1 bytes=142 packets_per_s=0.1 bytes_per_s=14.2 flows=2 rows=0
pcap2feat: stats: time=1000.000000000 seconds=2.000 packets=2 bytes=284 packets_per_s=1.0 bytes_per_s=142.0 flows=1 rows=3" ]
}
