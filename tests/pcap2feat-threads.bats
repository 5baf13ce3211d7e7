# pcap2feat --per=flow -j: the same bytes whatever the number of threads.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# same OPTION... FILE...: with 1, 2 and 8 threads the same table, remarks and exit code; `one` and `one.err` stay.
same() {
  local status=0 other
  pcap2feat -v --per=flow -j1 "$@" >one 2>one.err || status=$?
  for threads in 2 8; do
    other=0
    pcap2feat -v --per=flow -j"$threads" "$@" >many 2>many.err || other=$?
    [ "$other" -eq "$status" ]
    cmp one many
    diff one.err many.err
  done
}

# flow_packets PACKETS FLOWS BYTES GAP [CHURN]: the bench's captures, on standard output.
flow_packets() {
  need gcc
  [ -x "$BATS_RUN_TMPDIR/flow-packets" ] ||
    gcc -O2 -D_GNU_SOURCE -o "$BATS_RUN_TMPDIR/flow-packets" "$root/scripts/bench/flow-packets.c"
  "$BATS_RUN_TMPDIR/flow-packets" "$@"
}

@test "-j: the same bytes on the lab's captures, one by one and joined, with sequences, labels and a cap" {
  same "$testdata"/lab/*.pcap
  [ "$(wc -l <one)" -gt 100 ]
  same --first-packets=5 --fields=all --context=20 --label-from=filename "$testdata"/lab/*.pcap
  same --continue --tsv --context=100 "$testdata"/lab/*.pcap
  same --continue --idle=1000000000 --active=1000000000 --max-flows=64 "$testdata"/lab/*.pcap
  grep -q 'ended early: more than 64' one.err
  same --label-rule='dns=port 53' "$testdata"/lab/*.pcap
  grep -q 'flows without a row: no label rule matches' one.err
}

@test "-j: the same bytes on all real captures, in one go" {
  need_data
  local files
  mapfile -t files < <(find "$data/captures" "$data/odd" -name '*.pcap*' | sort)
  same --fields=all --first-packets=3 "${files[@]}"
  [ "$(wc -l <one)" -gt 4000 ]
  grep -q 'could not\|the file ends\|not a pcap' one.err
  same --continue "${files[@]}"
}

@test "-j: the same bytes where flows come and go, and when the output fails" {
  flow_packets 100000 5000 100 1000000 3 >churn.pcap
  same --idle=4 churn.pcap
  [ "$(wc -l <one)" -gt 20000 ]
  same --idle=4 -n 77777 --context=2 churn.pcap
  same --max-flows=1000 churn.pcap
  for threads in 1 3; do
    run ! pcap2feat -q --per=flow -j$threads -o /dev/full churn.pcap
    [[ "$output" == *"writing /dev/full: No space left on device" ]]
  done
}

@test "-j: rows of one time never wait in memory for ever, and come in the same order" {
  flow_packets 200000 150000 64 0 >still.pcap
  same --first-packets=1 --fields=src_ip,src_port,end_reason still.pcap
  [ "$(wc -l <one)" -eq 150001 ]
}

# bounded MB OPTION...: pcap2feat on standard input with so much address space.
bounded() {
  (ulimit -v $(($1 * 1024)) && pcap2feat -q --per=flow -j2 "${@:2}")
}

@test "memory does not grow with the flows that have been there" {
  not_sanitized "the sanitizer takes memory of its own"
  # 5,000 at a time, 450,000 in all, of a quarter of a KB and more each.
  local fields=end_reason,iat_std,fwd_bursts,active_mean,fwd_payload_hist_0
  flow_packets 900000 5000 64 1000000 2 >stream.pcap
  bounded 144 --idle=30 --fields="$fields" <stream.pcap >flows
  [ "$(wc -l <flows)" -gt 440000 ]
  # If all were kept, this would not be enough.
  run ! bounded 144 --idle=1000 --active=1000 --fields="$fields" <stream.pcap
  [[ "$output" == *"out of memory"* ]]
}

@test "a flood of new flows: the cap ends the longest idle of each part, and memory stays" {
  not_sanitized "the sanitizer takes memory of its own"
  flow_packets 300000 1 64 1000 1 |
    bounded 192 --max-flows=6400 --fields=start,end_reason,len_std,fwd_bursts,idle_mean >flows
  [ "$(wc -l <flows)" -eq 300001 ]
  # 100 in each of 64 parts are left at the end.
  [ "$(grep -c ',input,\|,file,' flows)" -eq 6400 ]
  [ "$(grep -c ',cap,' flows)" -eq 293600 ]
  # No part has got 100 more flows among the last 3,000; all have among the first 280,000.
  tail -n +2 flows | sort -t, -k1,1 >by_start
  [ "$(tail -n 3000 by_start | grep -c ',cap,')" -eq 0 ]
  [ "$(head -n 280000 by_start | grep -vc ',cap,')" -eq 0 ]
}

@test "context: memory does not grow with the hosts and starts that have been there, and a flood is forgotten" {
  not_sanitized "the sanitizer takes memory of its own"
  local fields=end_reason,host_flows,pair_starts,host_repeats
  # Each flow has a host of its own, 5,000 at a time and 245,000 in all.
  flow_packets 480000 5000 64 1000000 2 >stream.pcap
  bounded 192 --idle=30 --context=30 --fields=$fields <stream.pcap >flows
  [ "$(wc -l <flows)" -gt 240000 ]
  run ! bounded 192 --idle=30 --context=1000 --fields=$fields <stream.pcap
  [[ "$output" == *"out of memory"* ]]
  # 300,000 at once: 6,400 and as many starts are remembered.
  flow_packets 300000 1 64 1000 1 >flood.pcap
  (ulimit -v 196608 && pcap2feat --per=flow -j2 --max-flows=6400 --context=1000 --fields=$fields flood.pcap >flows 2>log)
  [ "$(wc -l <flows)" -eq 300001 ]
  grep -qx 'pcap2feat: 293600 starts forgotten early: more than 6400 in the time of --context (--max-flows)' log
}
