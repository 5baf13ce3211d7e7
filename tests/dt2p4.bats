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
