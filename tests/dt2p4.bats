#!/usr/bin/env bats
# dt2p4 and bmv2-lab: the program as P4 compilers take it, and in a real switch (BMv2).

load helper

setup_file() {
  network_models 8
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# made_model FEATURES CLASSES TREES: a model with so many of each, and blanks in the classes' names.
made_model() {
  tr , '\n' <<<"$network_fields" | head -n "$1" | awk -v classes="$2" -v trees="$3" '
    BEGIN { print "weir-tree 1\nmade by hand\nseed 1\nrows 100\nlabel class\nweights none"
            split("48 16 17 48 17 48 17 1 16 8 6 8 16 4 8 2 1 1 1 1 1 1 1 1 6 16 1 1 16", bits, " ") }
    { print "feature " bits[NR] " " $0; names[NR] = $0 }
    END {
      for (i = 1; i <= classes; i++) print "class " (i == 1 ? 100 : 0) " 1 class no. " i " \\ */ \"x\""
      print "trees " trees
      # Below each split a leaf; the rows are spread so that every class is some leaf'\''s.
      for (t = 1; t <= trees; t++) {
        print "tree " 2 * NR + 1
        indent = ""
        for (i = 1; i <= NR; i++) {
          print indent "split " (bits[i] == 1 ? 0 : bits[i] == 2 ? t % 3 : t % 15) " " names[i]
          indent = indent " "
          print indent "leaf " (i + t) % classes + 1 ":1"
        }
        print indent "leaf " t % classes + 1 ":1"
      }
    }'
}

# compiles PROGRAM [option…]: without a word of the compiler.
compiles() {
  run -0 --separate-stderr p4c-bm2-ss "${@:2}" -o program.json "$1"
  [ -z "$output$stderr" ] || {
    echo "$output$stderr"
    return 1
  }
}

need_bmv2() {
  need p4c-bm2-ss simple_switch simple_switch_CLI
  not_sanitized "the switch takes the time"
}

# In the table that bmv2-lab prints: sum COLUMN.
sum() {
  awk -F'\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NF < 2 { exit }
    NR > 1 { n += $at[name] } END { print n + 0 }' <<<"$output"
}

# lab [option…] MODEL CAPTURE…: what the switch says is equal to what pcap2feat and dt-eval say.
lab() {
  run -0 "$root/scripts/bmv2-lab" "$@"
  echo "$output"
  [ "$(sum equal)" -eq "$(sum verdicts)" ]
  [ "$(sum unreported)" -eq 0 ]
}

# flow_part N K M [option…]: flows.tree, of the K-th of M parts of those features: a report has no room
# for all.
flow_part() {
  flow_model "$1" "--features=$(flow_fields "$1" | tr , '\n' | awk -v k="$2" -v m="$3" 'NR % m == k % m' | paste -sd,)" "${@:4}"
}

# lab_flows N [option…] CAPTURE…: of flows that have N packets the switch says, by flows.tree, what
# pcap2feat and dt-eval say: of all but a few that met a collision.
lab_flows() {
  local options=(--first-packets="$1")
  while [[ $2 == --* ]]; do
    options+=("$2")
    shift
  done
  run -0 "$root/scripts/bmv2-lab" "${options[@]}" flows.tree "${@:2}"
  echo "$output"
  [ "$(sum equal)" -eq "$(sum verdicts)" ]
  [ $(($(sum equal) + $(sum wanted) / 50)) -ge "$(sum wanted)" ]
}

@test "the program has what the model uses, and nothing else" {
  printf 'len,class\n10,a\n2000,b\n' | dt-train -q -o len.tree
  run -0 dt2p4 --report=none len.tree
  [[ $output != *register* ]]
  [[ $output != *tcp_t* ]]
  [[ $output == *'meta.keys.len : range @name("len");'* ]]
  run -0 dt2p4 --report=all "$work/flow.tree"
  [[ $output == *"register<bit<48>>(SLOTS) slot_owner"* ]]
  [[ $output != *side_* ]]
  [[ $output != *capture_* ]]
  printf 'bytes,bwd_len_min,class\n10,1,a\n2000,9,b\n' | dt-train -q -o flows.tree
  run -0 dt2p4 --first-packets=5 flows.tree
  [[ $output == *"const bit<16> FIRST_PACKETS = 5;"* ]]
  [ "$(grep -c 'register<.*(SLOTS) slot_' <<<"$output")" -eq 14 ]
  [ "$(grep -cE 'register<bit<(32|16)>>\(SLOTS\) slot_(bytes|bwd_len_min|fwd_packets|bwd_packets);' <<<"$output")" -eq 4 ]
}

@test "tables have the names, keys, widths and sizes of dt2p4entries" {
  for encoding in range coded ternary; do
    dt2p4 -e $encoding "$work/flow.tree" >p.p4
    dt2p4entries -q -e $encoding "$work/flow.tree" >entries
    while read -r table action n; do
      grep -q "@name(\".$table\") table $table {" p.p4
      grep -q "@name(\".$action\") action $action(" p.p4
      awk -v table="$table" '$0 ~ "table " table " " { on = 1 } on && /size =/ { sub(/;/, ""); print $3; exit }' p.p4 >size
      [ "$(cat size)" -eq "$n" ]
    done < <(awk '$1 == "table_add" { n[$2 " " $3]++ } END { for (t in n) print t, n[t] }' entries)
  done
  run -0 dt2p4 --size=5000 "$work/flow.tree"
  [[ $output == *"size = 5000;"* ]]
}

@test "a feature that the program can't compute is refused by name, with those it can" {
  printf 'tls.size,class\n1,a\n9,b\n' | dt-train -q -o m
  run -1 --separate-stderr dt2p4 -o p.p4 m
  [ "$stderr" = "dt2p4: a P4 program can't compute the feature 'tls.size'; it could use dir, iat, len, diffLen, dir_iat, dir_diffLen, cap_iat, cap_diffLen, payload_len, ttl, dscp, ecn, tcp_flags, tcp_fin, tcp_syn, tcp_rst, tcp_psh, tcp_ack, tcp_urg, tcp_ece, tcp_cwr, tcp_window, tcp_hdr_len, ip_version, ip_hdr_len, ip_df, ip_mf, frag_offset, proto" ]
  [ ! -e p.p4 ]
}

@test "flows: --first-packets where the model wants it, and features that it can't count by name" {
  printf 'len_max,len_7,class\n1,1,a\n9,9,b\n' | dt-train -q -o m
  run -2 --separate-stderr dt2p4 m
  [ "${stderr_lines[0]}" = "dt2p4: 'len_max' is a feature of flows: --first-packets=N says of how many packets, as for pcap2feat when it made the model's rows" ]
  dt2p4 --first-packets=7 m -o taken.p4
  for mean in "fwd_len_mean fwd_bytes and fwd_packets" "bwd_iat_mean bwd_duration and bwd_packets" "bytes_per_s bytes and duration"; do
    printf '%s,class\n1,a\n9,b\n' "${mean%% *}" | dt-train -q -o m
    run -1 --separate-stderr dt2p4 --first-packets=7 m
    [[ $stderr == "dt2p4: a P4 program can't compute the feature '${mean%% *}', which is of flow level (its parts are ${mean#* }); it could use packets, bytes, duration, len_min, "* ]]
  done
  for n in 54 55; do
    { seq -s, -f len_%.0f $n && seq -s, 1 $n && seq -s, 2 $((n + 1)); } |
      awk 'NR == 1 { print $0 ",class" } NR > 1 { print $0 "," NR }' | dt-train -q -o m$n
  done
  dt2p4 --first-packets=54 m54 -o taken.p4
  run -1 --separate-stderr dt2p4 --first-packets=55 m55
  [ "$stderr" = "dt2p4: the model has 55 features, and a report has room for 54: --report=none" ]
  dt2p4 --first-packets=55 --report=none m55 -o taken.p4
}

@test "wrong options" {
  run -2 --separate-stderr dt2p4 --slots=1000 "$work/flow.tree"
  [[ $stderr == "dt2p4: --slots: '1000' is not a power of two"* ]]
  run -2 --separate-stderr dt2p4 --default-class=vioce "$work/flow.tree"
  [[ $stderr == "dt2p4: --default-class: the model has no class 'vioce' (did you mean 'voice'?)"* ]]
  run -2 --separate-stderr dt2p4 --drop=vioce "$work/flow.tree"
  [[ $stderr == "dt2p4: the model has no class 'vioce' (did you mean 'voice'?)"* ]]
  run -2 --separate-stderr dt2p4 --dscp=voice=EE "$work/flow.tree"
  [[ $stderr == "dt2p4: 'EE' is no DSCP: a number up to 63, or a name such as EF, AF41, CS1"* ]]
  run -2 --separate-stderr "$root/scripts/bmv2-lab" --drpo=a "$work/flow.tree" x.pcap
  [[ $stderr == "bmv2-lab: unknown option '--drpo=a'"* ]]
  run -1 --separate-stderr "$root/scripts/bmv2-lab" no.tree x.pcap
  [ "$stderr" = "bmv2-lab: no.tree: can't be read" ]
}

@test "--max-entries refuses by the table's name, with what would fit" {
  run -1 --separate-stderr dt2p4 --max-entries=7 "$work/flow.tree"
  fewer=$(dt2p4entries -q --default-class --report "$work/flow.tree" | awk -F'\t' '$1 == "total" { print $3 }')
  [ "$stderr" = "dt2p4: the model takes 8 entries (with --default-class $fewer), more than --max-entries=7: table 'classify' needs 8; dt-train --max-entries=7 --no-default-class grows a model that fits" ]
  # It does.
  dt-train -q --max-entries=7 --no-default-class "$work/flow.csv" | dt2p4 --max-entries=7 - -o fits.p4
  # The other encoding is named where it takes fewer.
  run -1 --separate-stderr dt2p4 -e ternary --max-entries=100 "$work/flow.tree"
  pattern="with --encoding=coded $(dt2p4entries -q -e coded "$work/flow.tree" | grep -c table_add))"
  [[ $stderr == *"$pattern"* ]]
  run -1 --separate-stderr dt2p4 --max-entries=100 "$work/forest.tree"
  largest=$(dt2p4entries -q --report "$work/forest.tree" | awk -F'\t' '
    /^classify/ && $3 > n { n = $3; name = $1 } END { print "\047" name "\047, needs " n }')
  [[ $stderr == *": the largest of 5 tables, $largest; dt-train "* ]]
}

@test "--max-entries and --default-class count as dt2p4entries does, and say what would fit" {
  for model in flow forest; do
    for options in "" "-e coded" --default-class "-e coded --default-class"; do
      # shellcheck disable=SC2086  # options
      n=$(dt2p4entries -q $options --report "$work/$model.tree" | awk -F'\t' '$1 == "total" { print $3 }')
      # shellcheck disable=SC2086
      dt2p4 $options --max-entries="$n" "$work/$model.tree" -o fits.p4
      [ "$(awk '/^control/ { on = /Classify/ } on && /size =/ { n += $3 } END { print n }' fits.p4)" -eq "$n" ]
      # shellcheck disable=SC2086
      run -1 --separate-stderr dt2p4 $options --max-entries=$((n - 1)) "$work/$model.tree" -o refused.p4
      ours=$stderr
      # shellcheck disable=SC2086
      run -1 --separate-stderr dt2p4entries $options --max-entries=$((n - 1)) "$work/$model.tree"
      [ "${ours#dt2p4: }" = "${stderr#dt2p4entries: }" ]
      [ ! -e refused.p4 ]
    done
  done
}

@test "programs compile without a warning: 1 to 29 features, 1 to 100 classes, 1 to 20 trees" {
  need p4c-bm2-ss
  n=$(tr , '\n' <<<"$network_fields" | wc -l)
  [ "$n" -eq 29 ]
  made_model 1 1 1 >made.tree
  for report in first none; do
    dt2p4 --encoding=ternary --report=$report --drop='class no. 1 \ */ "x"' made.tree -o drop.p4
    compiles drop.p4
  done
  made_model "$n" 100 1 >made.tree
  dt2p4 --encoding=coded --report=all made.tree -o coded.p4
  compiles coded.p4 -DTEST_TS
  made_model 2 100 20 >made.tree
  dt2p4 --report=change made.tree -o forest.p4
  compiles forest.p4
  for size in "5 50 2" "12 2 4" "20 20 1"; do
    # shellcheck disable=SC2086  # words
    made_model $size >made.tree
    dt2p4 --dscp='class no. 1 \ */ "x"=EF' made.tree -o made.p4
    compiles made.p4
  done
}

@test "flows: programs compile without a warning, with all features and with few" {
  need p4c-bm2-ss
  flow_model 3 --max-leaves=50
  dt2p4 --first-packets=3 --report=none --drop=bulk flows.tree -o flows.p4
  compiles flows.p4
  flow_part 3 1 3 --max-leaves=50
  for options in --report=all "--report=first -e coded"; do
    # shellcheck disable=SC2086  # words
    dt2p4 --first-packets=3 $options flows.tree -o flows.p4
    compiles flows.p4 -DTEST_TS
  done
  for features in packets duration fwd_duration bwd_iat_min,iat_1 payload_max,fwd_payload_min bwd_init_window fwd_iat_hist_0,bwd_payload_hist_7 syn,proto dir_2,bwd_tcp_flags_or; do
    { echo "$features,class" && tr -c ,'\n' 0 <<<"$features" | sed 's/00*/0/g; s/$/,a/' &&
      tr -c ,'\n' 1 <<<"$features" | sed 's/11*/1/g; s/$/,b/'; } | dt-train -q -o few.tree
    dt2p4 --first-packets=2 few.tree -o few.p4
    compiles few.p4
  done
}

@test "features compile without those that they share state with" {
  need p4c-bm2-ss
  for features in dir,tcp_flags diffLen dir_iat dir_diffLen,cap_iat cap_diffLen tcp_syn,ip_df ecn,tcp_hdr_len ip_hdr_len,frag_offset,ip_mf; do
    { echo "$features,class" && tr -c ,'\n' 0 <<<"$features" | sed 's/00*/0/g; s/$/,a/' &&
      tr -c ,'\n' 1 <<<"$features" | sed 's/11*/1/g; s/$/,b/'; } | dt-train -q -o few.tree
    dt2p4 --report=none few.tree -o few.p4
    compiles few.p4
  done
}

@test "const entries of dt2p4entries compile in the program" {
  need p4c-bm2-ss
  dt2p4 "$work/flow.tree" -o p.p4
  dt2p4entries -q -f const "$work/flow.tree" -o entries.p4
  awk 'FNR == NR { entries = entries $0 "\n"; next }
       /table classify / { on = 1 }
       on && /default_action/ { next }
       on && /size =/ { printf "%s", entries; on = 0; next }
       { print }' entries.p4 p.p4 >const.p4
  grep -q 'const entries' const.p4
  compiles const.p4
}

@test "BMv2: verdicts and features of the reference's captures, all 29 features" {
  need_bmv2
  need_data
  lab "$work/all.tree" "$data"/p4-reference/*.pcap
  [ "$(sum packets)" -eq 818 ]
  [ "$(sum verdicts)" -eq 800 ]
  [ "$(sum wanted)" -eq 800 ]
}

@test "BMv2: packets at each threshold, one below, one above; IPv6, fragments, options, tags" {
  need_bmv2
  for model in all forest; do
    /usr/bin/python3 "$root/tests/threshold_packets.py" "$work/$model.tree" "$model.pcap"
    lab "$work/$model.tree" "$model.pcap"
    [ "$(sum verdicts)" -gt 300 ]
    [ "$(sum verdicts)" -eq "$(sum wanted)" ]
    # Others with IP were reported, too, and no more.
    [ $(($(sum verdicts) + $(sum first))) -eq "$(pcap2feat -q --first=zero --fields=frame "$model.pcap" | tail -n +2 | wc -l)" ]
  done
  lab --encoding=coded "$work/all.tree" all.pcap
  [ "$(sum verdicts)" -eq "$(sum wanted)" ]
}

@test "BMv2: a UDP header that is cut hides nothing of TCP, and a TCP header all of it" {
  need_bmv2
  broken_transport
  lab tcp.tree broken.pcap
  [ "$(sum verdicts)" -eq 3 ]
  [ "$(sum wanted)" -eq 3 ]
  lab tcp_missing.tree broken.pcap
  [ "$(sum verdicts)" -eq 4 ]
}

@test "BMv2: fragments, extension headers and VLAN tags of other people's captures" {
  need_bmv2
  need_data
  lab --encoding=coded "$work/forest.tree" "$data"/odd/ipv6ext/*-{IPv6,dstopts,opts}.pcap \
    "$data"/odd/frag/made-*.pcap "$data"/odd/{vlan,qinq}/made-*.pcap
  [ "$(sum verdicts)" -gt 400 ]
  [ "$(sum verdicts)" -eq "$(sum wanted)" ]
}

@test "BMv2: flows that share a slot are marked and never mixed; idle ones go" {
  need_bmv2
  lab --slots=2 "$work/all.tree" "$testdata/lab/web.1.pcap"
  [ "$(sum collision)" -gt 200 ]
  lab --slots=2 --idle=0 "$work/all.tree" "$testdata/lab/web.1.pcap"
  [ "$(sum collision)" -lt 20 ]
  [ "$(sum verdicts)" -gt 300 ]
}

@test "BMv2: a packet whose entry is not there has no verdict" {
  need_bmv2
  pcap2feat -q "$testdata/lab/voice.1.pcap" | dt-eval -q --predict "$work/flow.tree" >rows
  dt2p4entries -q "$work/flow.tree" >entries
  grep -v '=> 5 ' entries >missing # the class voice
  lab --entries=missing "$work/flow.tree" "$testdata/lab/voice.1.pcap"
  [ "$(sum miss)" -eq "$(grep -c ',voice$' rows)" ]
  [ "$(sum miss)" -gt 100 ]
  [ $(($(sum verdicts) + $(sum miss))) -eq "$(sum wanted)" ]
}

@test "BMv2: tables with a default class, and no larger than what they then need" {
  need_bmv2
  n=$(dt2p4entries -q --default-class --report "$work/forest.tree" | awk -F'\t' '$1 == "total" { print $3 }')
  lab --default-class --max-entries="$n" "$work/forest.tree" "$testdata/lab/voice.1.pcap"
  [ "$(sum verdicts)" -eq "$(sum wanted)" ]
  lab --default-class=bulk "$work/flow.tree" "$testdata/lab/voice.1.pcap"
  [ "$(sum verdicts)" -eq "$(sum wanted)" ]
}

@test "BMv2: an entry that the switch does not take is an error" {
  need_bmv2
  dt2p4entries -q "$work/flow.tree" | sed '2s/->/-/' >bad
  run -1 "$root/scripts/bmv2-lab" --entries=bad "$work/flow.tree" "$testdata/lab/voice.1.pcap"
  [[ $output == *"bmv2-lab: the switch took 7 of 8 entries"* ]]
}

@test "BMv2: a dropped class does not leave, the others do; DSCP is set, and the checksum right" {
  need_bmv2
  need tshark
  lab --out=out --drop=bulk --dscp=voice=EF,web=AF41 "$work/flow.tree" "$testdata"/lab/{bulk,web}.1.pcap
  for name in bulk web; do
    pcapshim -q --strip "out/forwarded.$name.1.pcap" -w left.pcap
    # What should have left, in order, with its DSCP.
    pcap2feat -q --first=zero --fields=frame,src_port,dst_port,dscp "$testdata/lab/$name.1.pcap" >before
    pcap2feat -q --fields=frame,iat,len,diffLen "$testdata/lab/$name.1.pcap" | dt-eval -q --predict "$work/flow.tree" |
      awk -F, 'FNR == 1 { f++ } f == 1 { class[$1] = $NF; next } FNR == 1 || class[$1] == "bulk" { next }
        { dscp = class[$1] == "voice" ? 46 : class[$1] == "web" ? 34 : $4; print $2 "," $3 "," dscp }' - before >want
    pcap2feat -q --first=zero --fields=src_port,dst_port,dscp left.pcap | tail -n +2 >got
    diff want got
    [ "$(wc -l <want)" -lt "$(wc -l <before)" ]
    grep -q ',46$' got
    run -0 tshark -n -r left.pcap -o ip.check_checksum:TRUE -Y 'ip.checksum.status == 0'
    ! grep -qv Running <<<"$output"
  done
}

@test "BMv2: --report=change and --report=first" {
  need_bmv2
  capture=$testdata/lab/web.1.pcap
  pcap2feat -q --first=zero --fields=flow,frame "$capture" >flows
  pcap2feat -q --fields=frame,iat,len,diffLen "$capture" | dt-eval -q --predict "$work/flow.tree" |
    awk -F, 'FNR == 1 { f++; next } f == 1 { class[$1] = $NF; next }
      !($2 in class) { next }
      !($1 in last) { first++ }
      class[$2] != last[$1] { change++ }
      { last[$1] = class[$2] }
      END { print change, first }' - flows >want
  read -r change first <want
  lab_rows() {
    run -0 "$root/scripts/bmv2-lab" --report="$1" "$work/flow.tree" "$capture"
    [ "$(sum equal)" -eq "$(sum verdicts)" ]
  }
  lab_rows change
  [ "$(sum verdicts)" -eq "$change" ]
  lab_rows first
  [ "$(sum verdicts)" -eq "$first" ]
  [ "$first" -lt "$change" ]
}

@test "BMv2: flows: every feature of the first N packets is pcap2feat's, and so is the class, for N of 1, 3 and 50" {
  need_bmv2
  need mergecap
  # All at once, as one switch would see them: hosts have the same addresses in all captures.
  mergecap -F nsecpcap -w lab.pcap "$testdata"/lab/*.pcap
  for part in "1 1 2" "1 2 2" "3 1 3" "3 2 3" "3 3 3" "50 1 5"; do
    # shellcheck disable=SC2086  # words
    flow_part $part --max-leaves=100
    lab_flows "${part%% *}" lab.pcap
    [ "$(sum equal)" -gt 50 ]
  done
  # A forest.
  flow_part 3 1 3 --trees=5 --max-depth=6
  lab_flows 3 --encoding=coded lab.pcap
}

@test "BMv2: flows: the same of real captures" {
  need_bmv2
  need_data
  flow_part 3 1 3 --max-leaves=100
  lab_flows 3 "$data"/p4-reference/*.pcap "$data"/captures/{game/nintendo.ndpi-nintendo,video/netflix.ndpi-netflix,voice/whatsapp-call.ndpi-whatsapp_login_call,chat/wechat.ndpi-wechat,video/1kxun.ndpi-1kxun}.pcap
  [ "$(sum equal)" -gt 100 ]
}

@test "BMv2: flows: they end as pcap2feat says, by time and TCP; time may run backwards, headers contradict themselves" {
  need_bmv2
  flow_ends | make_capture made.pcap
  for part in "1 1 2" "3 1 3" "3 2 3" "3 3 3"; do
    # shellcheck disable=SC2086  # words
    flow_part $part --max-leaves=100
    lab_flows "${part%% *}" made.pcap
    [ "$(sum equal)" -gt 8 ]
  done
}

@test "BMv2: flows: no verdict before the N-th packet, the same after it, one by one" {
  need_bmv2
  flow_model 3 --max-leaves=20 --features=packets,fwd_bytes,len_3,iat_max
  lab_flows 3 --report=all --out=out "$testdata/lab/web.1.pcap"
  awk -F, 'NR > 1 { key = $3 < $4 ? $3 $5 " " $4 $6 : $4 $6 " " $3 $5
    verdict = ""; for (i = 9; i <= NF; i++) verdict = verdict "," $i
    if (++n[key] < 3) { early++; wrong += !/,,first$/ }
    else if (n[key] == 3) { first[key] = verdict; wrong += verdict ~ /,,/ }
    else { later++; wrong += verdict != first[key] } }
    END { print (early > 10), (later > 100), wrong + 0 }' out/verdicts.csv >said
  [ "$(cat said)" = "1 1 0" ]
}

@test "BMv2: flows: a value that is missing, with and without one that stands for it" {
  need_bmv2
  for missing in "" --missing=7; do
    # shellcheck disable=SC2086  # none or one
    printf 'bwd_len_min,fwd_iat_max,class\n1,1,a\n99,9,b\n' | dt-train -q $missing -o flows.tree
    lab_flows 2 "$testdata/lab/web.1.pcap"
    sum equal >>both
  done
  [ "$(sed -n 1p both)" -lt "$(sed -n 2p both)" ]
}

# udp_of PORT TIME…: packets from that port.
udp_of() {
  local time
  for time in "${@:2}"; do
    echo "$time 10.0.0.1 10.0.0.2 udp $1 53 $1"
  done
}

# said_of [option…] N…: the ports of the flows that get a verdict by bytes.tree, as they come, where
# all packets of N.list share a slot.
said_of() {
  local options=(--first-packets=3 --slots=1 --out=out) n
  while [[ $1 == --* ]]; do
    options+=("$1")
    shift
  done
  for n; do
    sort -s -g -k1,1 "$n.list" | make_capture "$n.pcap"
  done
  run -0 "$root/scripts/bmv2-lab" "${options[@]}" bytes.tree "${@/%/.pcap}"
  echo "$output"
  [ "$(sum equal)" -eq "$(sum verdicts)" ]
  run -0 awk -F, 'NR > 1 && $10 != "" { printf "%s%d", sep, $5; sep = " " }' out/verdicts.csv
}

@test "BMv2: flows that share a slot: no verdict is of a flow whose first packets were not counted" {
  need_bmv2
  need_python
  printf 'bytes,class\n1,a\n9999,b\n' | dt-train -q -o bytes.tree
  # 2 finds the slot taken and has it when 1 was silent for more than 30 s, too late for its first
  # packets; when it begins anew it is counted. 3 was never refused.
  { udp_of 1 0 1 2 && udp_of 2 10 20 32 32.1 32.2 32.3 && udp_of 2 63 64 65 && udp_of 3 96 97 98; } >1.list
  # 30 s after the last that was refused nobody can be one of these, a ns earlier 13 could be 12.
  { udp_of 11 0 1 2 && udp_of 12 3 && udp_of 13 32.5 32.6 32.7 && udp_of 14 63 64 65; } >2.list
  { udp_of 21 0 1 2 && udp_of 22 3 && udp_of 23 33.000000001 33.1 33.2; } >3.list
  { udp_of 31 0 1 2 && udp_of 32 3 && udp_of 33 33 33.1 33.2; } >4.list
  # The slot of a closed connection is free after 5 s.
  { packets_of 41 17 0 1b && packets_of 41 16 2 && packets_of 42 16 6.1 6.2 6.3; } >5.list
  { packets_of 51 17 0 1b && packets_of 51 16 2 && packets_of 52 16 6 6.1 6.2; } >6.list
  said_of 1 2 3 4 5 6
  [ "$output" = "1 2 3 11 14 21 23 31 41 42 51" ]
  # With a shorter time a flow may lose its slot while it goes on, and is then not counted anew.
  { udp_of 1 0 1 && udp_of 2 7 8 9 && udp_of 1 15 16 17 18; } >7.list
  said_of --idle=5 7
  [ "$output" = "2" ]
}

@test "BMv2: flows that share a slot are counted, and never mixed" {
  need_bmv2
  flow_model 3 --max-leaves=50 --features=bytes,fwd_payload_max,iat_max,bwd_len_min,len_2
  mergecap -F nsecpcap -w lab.pcap "$testdata"/lab/*.pcap
  for idle in 30 1 0; do
    run -0 "$root/scripts/bmv2-lab" --first-packets=3 --slots=16 --idle=$idle flows.tree lab.pcap
    echo "$output"
    [ "$(sum collision)" -gt 200 ]
    [ "$(sum equal)" -eq "$(sum verdicts)" ]
    [ "$(sum verdicts)" -gt 10 ]
    [ "$(sum verdicts)" -lt "$(sum wanted)" ]
  done
}

@test "with more slots fewer packets share one, and more verdicts are right" {
  run -0 "$root/scripts/slots-sim" --copies=2 "$work/flow.tree" "$testdata"/lab/*.pcap
  [ "${#lines[@]}" -eq 14 ]
  awk -F'\t' 'NR > 1 { if (NR > 2 && ($4 > c || $7 < a)) exit 1; c = $4; a = $7; p[$3] } END { exit c > 0.01 || length(p) != 1 }' <<<"$output"
}

@test "BMv2 live, between network namespaces: the verdicts are the model's, and all that began goes" {
  need_bmv2
  need_root
  need ip tcpreplay
  before=$(ip netns list | wc -l)
  run -0 "$root/scripts/bmv2-lab" --live --pps=200 "$work/flow.tree" "$testdata/lab/dns.1.pcap"
  [ "$(sum verdicts)" -gt 100 ]
  [[ $output == *"agreement with the model on the features reported: $(sum verdicts) of $(sum verdicts)"* ]]
  [ "$(ip netns list | wc -l)" -eq "$before" ]
}

@test "BMv2: round trips through a switch with inference and one without" {
  need_bmv2
  need_root
  need clang bpftool jq ip ethtool
  run -0 --separate-stderr "$root/scripts/latency" --bmv2 --packets=20 --block=10 "$work/flow.tree"
  [ "$(awk -F '\t' 'NR > 1 && NF == 6 { print $1, $2, $3 }' <<<"$output")" = "simple_switch 20 0
inference 20 0" ]
  [[ $output == *"difference of medians, 2 pairs of blocks: "* ]]
  [[ $(ip netns list) != *weir-path* ]]
}
