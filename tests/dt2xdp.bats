#!/usr/bin/env bats
# dt2xdp, xdp-run and verdicts --ring: the program in a real kernel.

load helper

# Why programs can't be loaded here; nothing if they can.
no_bpf() {
  local probe=$BATS_FILE_TMPDIR/probe pin=/sys/fs/bpf/weir_probe_$$ program
  [ "$(id -u)" -eq 0 ] || { echo "needs root" && return; }
  for program in clang bpftool; do
    command -v "$program" >/dev/null || { echo "$program is not installed" && return; }
  done
  mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf 2>/dev/null ||
    { echo "this kernel has no BPF file system" && return; }
  printf '#include <linux/bpf.h>\n__attribute__((section("xdp"), used)) int p(void *c) { return 2; }\n' >"$probe.c"
  clang -target bpf -O2 "-I/usr/include/$(uname -m)-linux-gnu" -c "$probe.c" -o "$probe.o"
  bpftool prog load "$probe.o" "$pin" 2>/dev/null || { echo "this kernel loads no XDP program" && return; }
  rm "$pin"
}

setup_file() {
  network_models 64
  dt-train -q "$work/flow.csv" --max-leaves=8 -o "$work/small.tree"
  why_no_bpf=$(no_bpf)
  export why_no_bpf
}

setup() {
  pins=/sys/fs/bpf/weir_test_$$
}

teardown() {
  rm -rf "$pins"
  local n
  for n in weira$$ weirb$$; do
    [ ! -e "/run/netns/$n" ] || ip netns del "$n"
  done
  rm -rf "/sys/fs/bpf/weir/vb$$" "/run/weir/vb$$"
}

need_bpf() {
  [ -z "$why_no_bpf" ] || skip "$why_no_bpf"
}

# compile MODEL [options of dt2xdp]: the test build, which takes times from shims.
compile() {
  dt2xdp --report=all "$@" -o "$BATS_TEST_TMPDIR/p.bpf.c"
  clang -target bpf -mcpu=v3 -O2 -g -DTEST_TS -Wall -Werror "-I/usr/include/$(uname -m)-linux-gnu" \
    -c "$BATS_TEST_TMPDIR/p.bpf.c" -o "$BATS_TEST_TMPDIR/p.bpf.o"
}

load_program() {
  rm -rf "$pins"
  mkdir -p "$pins"
  bpftool prog load "$BATS_TEST_TMPDIR/p.bpf.o" "$pins/prog" pinmaps "$pins" 2>"$BATS_TEST_TMPDIR/log" || {
    tail -n 5 "$BATS_TEST_TMPDIR/log"
    return 1
  }
}

# same_verdicts MODEL FIELDS CAPTURE: what the kernel's program says of each packet is what pcap2feat
# and dt-eval say, features and class; what a broken header hides from these has no verdict.
same_verdicts() {
  local key=8
  [[ ,$2, = *,proto,* ]] || key=9
  load_program
  pcapshim -q "$3" -w "$BATS_TEST_TMPDIR/shimmed.pcap"
  verdicts -q --model="$1" --run="$pins/prog" --ring="$pins/reports" "$BATS_TEST_TMPDIR/shimmed.pcap" |
    tail -n +2 | cut -d, -f"2,$key-" >"$BATS_TEST_TMPDIR/got"
  pcap2feat -q --fields="frame,$2" "$3" | grep -vE ',(,|$)' | dt-eval -q --predict "$1" |
    awk -F, -v OFS=, 'NR > 1 { $1--; print }' >"$BATS_TEST_TMPDIR/want"
  diff "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got" >"$BATS_TEST_TMPDIR/diff" || {
    echo "$3 differs:"
    head -n 6 "$BATS_TEST_TMPDIR/diff"
    return 1
  }
  packets=$((packets + $(wc -l <"$BATS_TEST_TMPDIR/got")))
}

@test "every feature and class of the lab's packets is pcap2feat's and dt-eval's" {
  need_bpf
  packets=0
  compile "$work/all.tree"
  while read -r capture; do
    same_verdicts "$work/all.tree" "$network_fields" "$capture"
  done < <(printf '%s\n' "$testdata"/lab/*.pcap | some 5)
  [ "$packets" -gt $((WEIR_LONG ? 10000 : 2000)) ]
}

@test "the same of the P4 reference's captures and of 30 others" {
  need_bpf
  need_data
  packets=0
  compile "$work/all.tree"
  captures=("$data"/p4-reference/*.pcap)
  for capture in "$data"/odd/{frag,ipv6ext,vlan,qinq}/*.pcap "$data"/captures/*/*.pcap; do
    # Those that pcapshim can carry: Ethernet.
    [ ${#captures[@]} -lt 60 ] || break
    [ "$(od -An -tu4 -j20 -N4 "$capture" | tr -d ' ')" = 1 ] && captures+=("$capture")
  done
  [ ${#captures[@]} -ge 39 ]
  while read -r capture; do
    same_verdicts "$work/all.tree" "$network_fields" "$capture"
  done < <(printf '%s\n' "${captures[@]}" | some 5)
  [ "$packets" -gt $((WEIR_LONG ? 2000 : 300)) ]
}

@test "a UDP header that is cut hides nothing of TCP, and a TCP header all of it" {
  need_bpf
  cd "$BATS_TEST_TMPDIR"
  broken_transport
  compile tcp.tree
  load_program
  pcapshim -q broken.pcap -w shimmed.pcap
  said() {
    verdicts -q --all --model="$1" --run="$pins/prog" --ring="$pins/reports" shimmed.pcap | tail -n +2 | cut -d, -f9- | paste -sd ' '
  }
  [ "$(said tcp.tree)" = "1,2,b, 0,0,a, ,,,first 1,18,c," ]
  compile tcp_missing.tree
  load_program
  [ "$(said tcp_missing.tree)" = "1,2,b, 0,0,a, 0,0,a, 1,18,c," ]
}

@test "the same of threshold packets, and of headers that contradict themselves" {
  need_bpf
  packets=0
  compile "$work/all.tree"
  /usr/bin/python3 "$root/tests/threshold_packets.py" "$work/all.tree" "$BATS_TEST_TMPDIR/thresholds.pcap"
  same_verdicts "$work/all.tree" "$network_fields" "$BATS_TEST_TMPDIR/thresholds.pcap"
  [ "$packets" -gt 300 ]
}

@test "the same as a walk over arrays, and for a forest either way" {
  need_bpf
  packets=0
  # Leaves that hold votes: the forest's rows as such.
  sed 's/^trees /votes 1000000\n&/' "$work/forest.tree" >"$work/votes.tree"
  for options in "all --code=walk" "forest --code=branches" "forest --code=walk" "votes --code=walk"; do
    read -r model code <<<"$options"
    compile "$work/$model.tree" "$code"
    same_verdicts "$work/$model.tree" "$network_fields" "$testdata/lab/web.1.pcap"
    same_verdicts "$work/$model.tree" "$network_fields" "$testdata/lab/voice.2.pcap"
  done
  [ "$packets" -gt 1000 ]
}

@test "the kernel takes every size: one class, 100 classes, 20 trees, every single feature, odd names" {
  need_bpf
  awk 'BEGIN { srand(1); print "iat,len,class"; for (n = 0; n < 20000; n++)
    printf "%.0f,%d,c%d\n", 2 ^ (40 * rand()), 1500 * rand(), n < 100 ? n : 100 * rand() * rand() }' >"$BATS_TEST_TMPDIR/big.csv"
  cd "$BATS_TEST_TMPDIR"
  printf 'len,class\n1,a\n2,a\n' | dt-train -q -o one
  printf 'len,class\n1,a /* b */ c // d\\\n2,"e ""q"" f"\n' | dt-train -q -o odd
  dt-train -q --max-leaves=3000 big.csv -o leaves
  dt-train -q --trees=20 --max-depth=7 big.csv -o trees
  [ "$(grep -c '^class ' trees)" -eq 100 ]
  for model in one odd leaves trees; do
    compile "$model" --report=change
    load_program
  done
  compile trees --report=none --code=walk
  load_program
  compile odd --drop='a /* b */ c // d\' --dscp='e "q" f=CS1'
  load_program
  for feature in $(tr , '\n' <<<"$network_fields" | some 3); do
    dt-train -q --features="$feature" "$work/all.csv" --max-leaves=4 -o model
    compile model --report=none
    load_program
  done
}

# sized_model SHAPE LEAVES TREES CLASSES: a model of such trees, balanced or a chain.
sized_model() {
  awk -v shape="$1" -v leaves="$2" -v trees="$3" -v classes="$4" '
    function leaf(indent) { print indent "leaf " ++n % classes + 1 ":1" }
    function balanced(lo, hi, indent,   middle) {
      if (lo == hi) { leaf(indent); return }
      middle = int((lo + hi) / 2)
      print indent "split " middle " iat"
      balanced(lo, middle, indent " ")
      balanced(middle + 1, hi, indent " ")
    }
    BEGIN {
      print "weir-tree 1\nmade by hand\nseed 1\nrows " classes "\nlabel class\nweights none\nfeature 48 iat"
      for (i = 1; i <= classes; i++) print "class 1 1 c" i
      print "trees " trees
      for (t = 1; t <= trees; t++) {
        print "tree " 2 * leaves - 1
        if (shape == "balanced") balanced(1, leaves, "")
        else {
          for (i = 1; i < leaves; i++) { print indent "split " i " iat"; indent = indent " "; leaf(indent) }
          leaf(indent)
          indent = ""
        }
      }
    }'
}

# refuses [option…] TEXT < MODEL
refuses() {
  run -1 --separate-stderr dt2xdp "${@:1:$#-1}" -o refused.c -
  [ "$stderr" = "dt2xdp: ${*: -1}" ] || {
    echo "$stderr"
    return 1
  }
  [ ! -e refused.c ]
}

@test "what the kernel's verifier would refuse is refused before, with the limit and a way out" {
  cd "$BATS_TEST_TMPDIR"
  refuses "the model has 251 trees, and the kernel takes functions for 250 at most: dt-train --trees=250 grows a model that fits" \
    < <(sized_model balanced 2 251 2)
  for code in branches walk; do
    refuses --code=$code "tree 1 is 2701 levels deep, and the kernel's verifier follows 2700 at most: dt-train --max-depth=2700 grows a model that fits" \
      < <(sized_model chain 2702 1 2)
  done
  refuses --code=branches "tree 1 takes up to 32770 instructions as branches, and the kernel's jumps reach 32767: --code=walk has no such limit" \
    < <(sized_model balanced 8193 1 2)
  refuses "the model is a forest with 4001 classes, and the kernel's verifier follows votes for 4000 at most: a single tree has no such limit" \
    < <(sized_model balanced 2 2 4001)
  refuses "the kernel's verifier looks at up to 1000090 instructions for so many trees of such depth, and its limit is 1000000: fewer trees (dt-train --trees) or lower ones (--max-depth) fit" \
    < <(sized_model chain 43 250 169)
  # One less of each, and what has no such limit.
  for size in "chain 43 250 168" "balanced 2 2 4000" "balanced 8193 1 2" "balanced 2 1 4001"; do
    # shellcheck disable=SC2086  # words
    sized_model $size | dt2xdp -o taken.c -
  done
}

@test "the kernel takes the largest models that are not refused, and huge ones as a walk" {
  need_long
  need_bpf
  cd "$BATS_TEST_TMPDIR"
  for size in "balanced 2 250 2" "chain 2701 1 2" "balanced 100000 1 2" "balanced 100 100 100"; do
    # shellcheck disable=SC2086  # words
    sized_model $size >largest
    compile largest --report=change --drop=c1 --dscp=c2=EF
    load_program
  done
  sized_model balanced 8192 1 2 >largest
  compile largest --code=branches
  load_program
}

# same_flows N CAPTURE [2]: with flows.tree, the rows and classes of pcap2feat and dt-eval come out of
# the program when the N-th packet of the flow comes, by its time; their number is added to $flows.
# With 2 without the time, where it may run backwards.
same_flows() {
  cd "$BATS_TEST_TMPDIR"
  load_program
  pcapshim -q "$2" -w shimmed.pcap
  verdicts -q --model=flows.tree --run="$pins/prog" --ring="$pins/reports" shimmed.pcap |
    tail -n +2 | cut -d, -f1,9- | cut -d, -f"${3-1}-" | sort >got
  first_rows "$1" "end,$(flow_fields "$1")" "$2" | dt-eval -q --predict flows.tree |
    awk -F, -v OFS=, 'NR > 1 { for (i = 1; i <= NF; i++) if ($i == "") $i = 0; print }' |
    cut -d, -f"${3-1}-" | sort >want
  diff want got >differences || {
    echo "$2 differs:"
    head -n 6 differences
    return 1
  }
  flows=$((flows + $(wc -l <got)))
}

@test "flows: every feature of the first N packets is pcap2feat's, and so is the class, for N of 1, 3 and 50" {
  need_bpf
  need mergecap
  # All at once, as one interface would see them: hosts have the same addresses in all captures.
  mergecap -F nsecpcap -w "$BATS_TEST_TMPDIR/lab.pcap" "$testdata"/lab/*.pcap
  for n in 1 3 50; do
    flows=0
    flow_model "$n" --max-leaves=100
    compile "$BATS_TEST_TMPDIR/flows.tree" --first-packets="$n" --report=first
    same_flows "$n" "$BATS_TEST_TMPDIR/lab.pcap"
    [ "$flows" -gt 50 ]
  done
  # A forest, as a walk.
  flow_model 3 --trees=5 --max-depth=6
  compile "$BATS_TEST_TMPDIR/flows.tree" --first-packets=3 --report=change --code=walk
  same_flows 3 "$BATS_TEST_TMPDIR/lab.pcap"
}

@test "flows: the same of real captures" {
  need_bpf
  need_data
  flows=0
  flow_model 4 --max-leaves=100
  compile "$BATS_TEST_TMPDIR/flows.tree" --first-packets=4 --report=first
  for name in game/nintendo.ndpi-nintendo video/netflix.ndpi-netflix voice/whatsapp-call.ndpi-whatsapp_login_call \
    chat/wechat.ndpi-wechat video/1kxun.ndpi-1kxun; do
    same_flows 4 "$data/captures/$name.pcap"
  done
  [ "$flows" -gt 90 ]
}

@test "flows: they end as pcap2feat says, by time and TCP; time may run backwards, headers contradict themselves" {
  need_bpf
  flow_ends >"$BATS_TEST_TMPDIR/list"
  make_capture "$BATS_TEST_TMPDIR/made.pcap" <"$BATS_TEST_TMPDIR/list"
  flows=0
  for n in 1 2 3; do
    flow_model "$n" --max-leaves=100
    compile "$BATS_TEST_TMPDIR/flows.tree" --first-packets="$n" --report=first
    same_flows "$n" "$BATS_TEST_TMPDIR/made.pcap" 2
  done
  [ "$flows" -ge 40 ]
}

@test "flows: no verdict before the N-th packet, the class stays after it, and is what is counted" {
  need_bpf
  cd "$BATS_TEST_TMPDIR"
  flow_model 3 --max-leaves=20
  compile flows.tree --first-packets=3
  load_program
  pcapshim -q "$testdata/lab/web.1.pcap" -w shimmed.pcap
  verdicts -q --all --model=flows.tree --run="$pins/prog" --ring="$pins/reports" shimmed.pcap |
    awk -F, 'NR > 1 { key = $3 < $4 ? $3 $5 " " $4 $6 : $4 $6 " " $3 $5
      verdict = ""; for (i = 9; i <= NF; i++) verdict = verdict "," $i
      if (++n[key] < 3) { early++; wrong += !/,,first$/ }
      else if (n[key] == 3) { first[key] = verdict; wrong += verdict ~ /,,/ }
      else { later++; wrong += verdict != first[key] } }
      END { print (early > 10), (later > 100), wrong + 0; print early >"early" }' >said
  [ "$(<said)" = "1 1 0" ]
  [ "$(bpftool -j map dump pinned "$pins/counters" | jq '[.[0].formatted.values[].value.packets] | add')" = "$(<early)" ]
}

@test "flows: one that is forgotten begins anew, and none mixes with another" {
  need_bpf
  need_python
  cd "$BATS_TEST_TMPDIR"
  # 2,000 flows of 3 packets, a hundred at a time, and room for 64.
  awk 'BEGIN { for (block = 0; block < 20; block++) for (round = 0; round < 3; round++)
    for (i = 1; i <= 100; i++) { port = block * 100 + i
      printf "%.6f 10.0.0.1 10.0.0.2 udp %d 53 %d\n", 1 + ++n / 1e4, port, (port * 7 + round * 131) % 1000 } }' |
    make_capture many.pcap
  flow_model 3 --max-leaves=100
  compile flows.tree --first-packets=3 --report=first --flows=64
  flows=0
  run -1 same_flows 3 "$BATS_TEST_TMPDIR/many.pcap"
  [ "$(wc -l <want)" -eq 2000 ]
  [ -z "$(comm -13 want got)" ]
  [ "$(wc -l <got)" -lt 2000 ]
}

@test "flows: --first-packets where the model wants it, and features that it can't count by name" {
  cd "$BATS_TEST_TMPDIR"
  printf 'len_max,len_7,class\n1,1,a\n9,9,b\n' | dt-train -q -o m
  run -2 --separate-stderr dt2xdp m
  [ "${stderr_lines[0]}" = "dt2xdp: 'len_max' is a feature of flows: --first-packets=N says of how many packets, as for pcap2feat when it made the model's rows" ]
  run -2 --separate-stderr dt2xdp --first-packets=6 m
  [ "${stderr_lines[0]}" = "dt2xdp: the model knows a packet that comes after --first-packets=6: 'len_7'" ]
  dt2xdp --first-packets=7 m -o taken.c
  run -2 --separate-stderr dt2xdp --first-packets=7 "$work/flow.tree"
  [ "${stderr_lines[0]}" = "dt2xdp: the model has no feature of flows, which --first-packets is for" ]
  run -2 --separate-stderr dt2xdp --first-packets=1001 m
  printf 'len_mean,class\n1,a\n9,b\n' | dt-train -q -o m
  run -1 --separate-stderr dt2xdp --first-packets=7 m
  [[ $stderr == "dt2xdp: an XDP program can't compute the feature 'len_mean', which is of flow level (its parts are bytes and packets); it could use packets, bytes, duration, len_min, len_max, "*", len_N, iat_N, dir_N (of one direction with fwd_ or bwd_ before the name)" ]]
  printf 'len,len_max,class\n1,1,a\n9,9,b\n' | dt-train -q -o m
  run -1 --separate-stderr dt2xdp --first-packets=7 m
  [ "$stderr" = "dt2xdp: the model mixes features of packets ('len') with features of flows ('len_max')" ]
}

@test "flows: the kernel takes 1,000 packets, and values that are missing without one that stands for them" {
  need_bpf
  cd "$BATS_TEST_TMPDIR"
  printf 'len_1000,iat_1000,dir_1000,bytes,class\n1,1,0,1,a\n9,9,1,9,b\n' | dt-train -q -o m
  compile m --first-packets=1000
  load_program
  # 100 + 3 * 52 features are one more than a report has room for.
  first_rows 52 "$(flow_fields 52),class" --label-from=filename "$testdata"/lab/{voice,video}.*.pcap |
    dt-train -q --missing=0 -o m
  run -1 --separate-stderr dt2xdp --first-packets=52 m
  [ "$stderr" = "dt2xdp: the model has 256 features, and a report has room for 255: --report=none" ]
  compile m --first-packets=52 --report=none
  load_program
  # Flows without a packet back have no bwd_len_min, and no verdict.
  printf 'bwd_len_min,fwd_iat_max,class\n1,1,a\n99,9,b\n' | dt-train -q -o m
  compile m --first-packets=2 --report=first
  load_program
  pcapshim -q "$testdata/lab/web.1.pcap" -w shimmed.pcap
  verdicts -q --model=m --run="$pins/prog" --ring="$pins/reports" shimmed.pcap | tail -n +2 | cut -d, -f9-10 | sort >got
  first_rows 2 bwd_len_min,fwd_iat_max "$testdata/lab/web.1.pcap" | tail -n +2 | grep -vE '^,|,$' | sort >want || true
  diff want got
  printf 'bwd_len_min,bytes,class\n1,1,a\n99,9,b\n' | dt-train -q -o m
  compile m --first-packets=2 --report=first
  load_program
  verdicts -q --model=m --run="$pins/prog" --ring="$pins/reports" shimmed.pcap | tail -n +2 | cut -d, -f9-10 | sort >got
  first_rows 2 bwd_len_min,bytes "$testdata/lab/web.1.pcap" | tail -n +2 | grep -v '^,' | sort >want
  diff want got
  [ -s got ]
}

# Two namespaces and a veth pair: va in weira, vb in weirb.
make_path() {
  need ip tcpreplay
  ip netns add weira$$ && ip netns add weirb$$
  ip link add va$$ netns weira$$ type veth peer name vb$$ netns weirb$$
  # The kernel's own IPv6 messages would come between.
  local n
  for n in weira$$ weirb$$; do
    nsenter --net="/run/netns/$n" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
      echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
  done
  ip -n weira$$ link set va$$ up
  ip -n weirb$$ link set vb$$ up
}

in_b() {
  nsenter --net=/run/netns/weirb$$ "$@"
}

# Captures what arrives at vb until the file's writer is stopped.
start_capture() {
  # Not through a function: its process would stand between us and the one to stop.
  nsenter --net=/run/netns/weirb$$ pcap2feat -q -i vb$$ --first=zero --fields=len,src_ip,dst_ip,src_port,dst_port,dscp -o "$1" \
    -w "$BATS_TEST_TMPDIR/arrived.pcap" &
  capture=$!
  sleep 0.5
}

start_verdicts() {
  verdicts -q --all --model="$1" --ring="/sys/fs/bpf/weir/vb$$/reports" -o "$2" &
  verdicts=$!
  sleep 0.3
}

# Ends a process of ours when it had time to see all.
stop() {
  sleep 0.5
  kill -INT "$1"
  wait "$1"
}

replay() {
  nsenter --net=/run/netns/weira$$ timeout 60 tcpreplay -q -i va$$ "$@" >"$BATS_TEST_TMPDIR/replay.log" 2>&1
}

@test "live: every verdict is the model's, none is lost, a dropped class does not arrive, DSCP is set" {
  need_bpf
  make_path
  need tshark
  in_b "$root/scripts/xdp-run" vb$$ "$work/flow.tree" --report=all --drop=bulk --dscp=voice=EF,web=AF41
  start_verdicts "$work/flow.tree" "$BATS_TEST_TMPDIR/v.csv"
  start_capture "$BATS_TEST_TMPDIR/arrived.csv"
  cat_captures=("$testdata"/lab/{bulk,voice,web,video}.[1-3].pcap)
  for capture_file in "${cat_captures[@]}"; do
    replay --topspeed "$capture_file"
  done
  stop "$capture"
  stop "$verdicts"

  # None lost: a report for each IP packet sent, numbered without a gap.
  sent=$(pcap2feat -q --first=zero --fields=len "${cat_captures[@]}" | tail -n +2 | wc -l)
  [ "$(tail -n +2 "$BATS_TEST_TMPDIR/v.csv" | wc -l)" -eq "$sent" ]
  tail -n +2 "$BATS_TEST_TMPDIR/v.csv" | cut -d, -f2 >"$BATS_TEST_TMPDIR/numbers"
  diff <(sort -n "$BATS_TEST_TMPDIR/numbers") <(seq 0 $((sent - 1)))

  # The model on the features reported says the same.
  awk -F, -v OFS=, 'NR == 1 || $12 != ""' "$BATS_TEST_TMPDIR/v.csv" >"$BATS_TEST_TMPDIR/said.csv"
  dt-eval -q --predict=again "$work/flow.tree" "$BATS_TEST_TMPDIR/said.csv" |
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
             { n++; same += $at["predicted"] == $at["again"] } END { print (n == same), (n > 1000) }' >"$BATS_TEST_TMPDIR/agree"
  [ "$(<"$BATS_TEST_TMPDIR/agree")" = "1 1" ]

  # What arrived is what was not dropped, in order, with its class's DSCP.
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["predicted"] != "bulk" {
      dscp = $at["predicted"] == "voice" ? 46 : $at["predicted"] == "web" ? 34 : "-"
      print $at["src_ip"] "," $at["dst_ip"] "," $at["src_port"] "," $at["dst_port"] "," dscp }' \
    "$BATS_TEST_TMPDIR/v.csv" >"$BATS_TEST_TMPDIR/want"
  tail -n +2 "$BATS_TEST_TMPDIR/arrived.csv" | cut -d, -f2- >"$BATS_TEST_TMPDIR/got"
  paste -d, "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got" |
    awk -F, '{ n++; right += $1 == $6 && $2 == $7 && $3 == $8 && $4 == $9 && ($5 == "-" || $5 == $10); marked += $5 != "-" }
             END { print (n == right), (n > 1000), (marked > 100) }' >"$BATS_TEST_TMPDIR/arrived.ok"
  [ "$(<"$BATS_TEST_TMPDIR/arrived.ok")" = "1 1 1" ]
  dropped=$(awk -F, '{ n += /,bulk,/ } END { print n + 0 }' "$BATS_TEST_TMPDIR/v.csv")
  [ "$dropped" -gt 100 ]
  [ "$(wc -l <"$BATS_TEST_TMPDIR/got")" -eq $((sent - dropped)) ]

  # Checksums.
  run -0 tshark -n -r "$BATS_TEST_TMPDIR/arrived.pcap" -o ip.check_checksum:TRUE -Y 'ip.checksum.status == 0'
  run -1 grep -vE '^(Running as user.*)?$' <<<"$output"
}

# differences ROWS CAPTURED: how far the program's iat is from the capture's, in ns: p50 and p99 of
# the packets that have one, then how many these are and how many of them differ in len or diffLen.
differences() {
  paste -d, <(tail -n +2 "$1" | cut -d, -f9-11) <(tail -n +2 "$2") | awk -F, '
      $1 != "" { d = $1 - $4; print d < 0 ? -d : d, $2 != $5 || $3 != $6 }' | sort -n |
    awk '{ d[NR] = $1; other += $2 } END { print d[int((NR + 1) / 2)], d[int(NR * 0.99 + 0.99)], NR, other }'
}

@test "live: len is the capture's on the same interface, iat nearly" {
  need_bpf
  make_path
  in_b "$root/scripts/xdp-run" vb$$ "$work/flow.tree" --report=all
  start_verdicts "$work/flow.tree" "$BATS_TEST_TMPDIR/v.csv"
  start_capture "$BATS_TEST_TMPDIR/arrived.csv"
  replay --pps=1000 "$testdata/lab/voice.1.pcap"
  replay --pps=1000 "$testdata/lab/web.1.pcap"
  stop "$capture"
  stop "$verdicts"
  pcap2feat -q --first=zero --fields=iat,len,diffLen "$BATS_TEST_TMPDIR/arrived.pcap" -o "$BATS_TEST_TMPDIR/captured.csv"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/captured.csv")" -eq "$(wc -l <"$BATS_TEST_TMPDIR/v.csv")" ]
  read -r p50 p99 packets other < <(differences "$BATS_TEST_TMPDIR/v.csv" "$BATS_TEST_TMPDIR/captured.csv")
  echo "iat: p50 $p50 ns, p99 $p99 ns off, of $packets packets"
  [ "$packets" -gt 500 ]
  [ "$other" -eq 0 ]
  # The capture is stamped after the program ran, so on a busy machine some are late.
  [ "$p50" -lt 200000 ]
}

@test "a model swap under traffic loses no packet and keeps the flows" {
  need_bpf
  make_path
  in_b "$root/scripts/xdp-run" vb$$ "$work/flow.tree" --report=none
  start_capture "$BATS_TEST_TMPDIR/arrived.csv"
  replay --pps=2000 --loop=50 "$testdata/lab/voice.1.pcap" &
  sender=$!
  for model in small flow small; do
    sleep 0.2
    in_b "$root/scripts/xdp-run" vb$$ "$work/$model.tree" --report=none
  done
  [ -e "/proc/$sender" ] # it was still sending
  wait "$sender"
  stop "$capture"
  sent=$(($(pcap2feat -q --first=zero --fields=len "$testdata/lab/voice.1.pcap" | tail -n +2 | wc -l) * 50))
  [ "$(tail -n +2 "$BATS_TEST_TMPDIR/arrived.csv" | wc -l)" -eq "$sent" ]
  # All counted by one program or the next, and a first packet only once for each flow.
  in_b "$root/scripts/xdp-run" --counters vb$$ >"$BATS_TEST_TMPDIR/counters"
  [ "$(awk -F'\t' 'NR > 1 && $1 != "not IP" { n += $2 } END { print n }' "$BATS_TEST_TMPDIR/counters")" -eq "$sent" ]
  flows=$(pcap2feat -q --first=zero --fields=flow "$testdata/lab/voice.1.pcap" | tail -n +2 | sort -u | wc -l)
  [ "$(awk -F'\t' '/^no verdict/ { print $2 }' "$BATS_TEST_TMPDIR/counters")" -eq "$flows" ]
  in_b "$root/scripts/xdp-run" --off vb$$
  [ ! -e "/sys/fs/bpf/weir/vb$$" ]
}

@test "a model of flows takes over from one of packets, whose state differs, and the other way round" {
  need_bpf
  make_path
  flow_model 3 --max-leaves=20
  for model in "$work/small.tree" "$BATS_TEST_TMPDIR/flows.tree --first-packets=3" "$BATS_TEST_TMPDIR/flows.tree --first-packets=4" "$work/small.tree"; do
    # shellcheck disable=SC2086  # words
    in_b "$root/scripts/xdp-run" vb$$ $model
  done
  in_b "$root/scripts/xdp-run" --off vb$$
}

@test "a feature that the program can't compute is refused by name, with those it can" {
  printf 'tls.size,class\n1,a\n9,b\n' | dt-train -q -o "$BATS_TEST_TMPDIR/m"
  run -1 --separate-stderr dt2xdp "$BATS_TEST_TMPDIR/m"
  [ -z "$output" ]
  [[ $stderr == "dt2xdp: an XDP program can't compute the feature 'tls.size'; it could use dir, iat, len, "* ]]
}

@test "--drop and --dscp name what they do not know" {
  run -2 --separate-stderr dt2xdp --drop=vioce "$work/flow.tree"
  [[ $stderr == "dt2xdp: the model has no class 'vioce' (did you mean 'voice'?)"* ]]
  run -2 --separate-stderr dt2xdp --dscp=voice=EE "$work/flow.tree"
  [[ $stderr == "dt2xdp: 'EE' is no DSCP: a number up to 63, or a name such as EF, AF41, CS1"* ]]
  run -2 --separate-stderr dt2xdp --dscp=voice "$work/flow.tree"
  [[ $stderr == "dt2xdp: --dscp takes CLASS=DSCP, not 'voice'"* ]]
}

# refused_by_kernel TEXT: with the program that $BATS_TEST_TMPDIR/bin/dt2xdp writes, xdp-run shows
# what the verifier says.
refused_by_kernel() {
  chmod +x "$BATS_TEST_TMPDIR/bin/dt2xdp"
  WEIR_BIN=$BATS_TEST_TMPDIR/bin run -1 in_b "$root/scripts/xdp-run" vb$$ "$work/flow.tree"
  [[ $output == *"$1"* ]] || {
    echo "$output"
    return 1
  }
  [[ $output == *"the kernel refuses the program (all it said: "* ]]
  rm -f "$(sed -n 's/.*all it said: \(.*\))$/\1/p' <<<"$output")"
  [ ! -e "/sys/fs/bpf/weir/vb$$" ]
}

@test "xdp-run shows why the verifier refuses a program" {
  need_bpf
  make_path
  mkdir "$BATS_TEST_TMPDIR/bin"
  # A program that reads past the packet's end stands in for one that the verifier does not like.
  cat >"$BATS_TEST_TMPDIR/bin/dt2xdp" <<'P'
#!/bin/bash
cat >"${@: -1}" <<'C'
#include <linux/bpf.h>
__attribute__((section("xdp"), used)) int p(struct xdp_md *c) { return *(int *)(long)c->data; }
C
P
  refused_by_kernel "invalid access to packet"
  # And a walk that is deeper than dt2xdp would write it.
  dt2xdp --code=walk "$work/flow.tree" | sed 's/= 0; depth <= [0-9]*/= 0; depth <= 5000/' >"$BATS_TEST_TMPDIR/deep.c"
  printf '#!/bin/bash\ncp "%s" "${@: -1}"\n' "$BATS_TEST_TMPDIR/deep.c" >"$BATS_TEST_TMPDIR/bin/dt2xdp"
  refused_by_kernel "The sequence of 8193 jumps is too complex."
}

@test "latency: round trips with and without inference, and from packet to row" {
  need_bpf
  need ip cc jq gnuplot
  run -0 "$root/scripts/latency" --packets=60 --block=20 --picture="$BATS_TEST_TMPDIR/cdf.svg" "$work/small.tree"
  [ "${lines[0]}" = $'path\tpackets\tlost\tmean_us\tp50_us\tp99_us' ]
  pattern='^XDP_PASS 60 0 [0-9.]+ [0-9.]+ [0-9.]+$'
  [[ "${lines[1]//$'\t'/ }" =~ $pattern ]]
  [[ "${lines[2]//$'\t'/ }" == "inference 60 0 "* ]]
  [[ "${lines[3]}" =~ ^"difference of means, 3 pairs of blocks: "-?[0-9.]+" us +- "[0-9.]+" (" ]]
  grep -q '</svg>' "$BATS_TEST_TMPDIR/cdf.svg"
  run -0 "$root/scripts/latency" --verdicts --packets=60
  # ARP's question has no row.
  [[ "${lines[1]//$'\t'/ }" == "packet in to row out 60 0 "* ]]
  run -2 --separate-stderr "$root/scripts/latency" --block=0
  [ "${stderr_lines[0]}" = "latency: --block=0: a number from 1 on" ]
}
