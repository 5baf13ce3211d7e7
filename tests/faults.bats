# What goes wrong around every tool: full disks, readers that go away, files that can't be read or
# are cut, tables that are no good. Each time: the message, the exit code, no half file.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  cat >t.csv <<'END'
flow,iat,len,x,class
a,10,40,1,web
a,20,60,2,web
b,30,80,3,dns
b,40,90,4,dns
c,50,100,5,web
END
  make_capture >cap.pcap
  dt-train -q -o m.tree t.csv
  dt-train -q --trees=3 -o forest t.csv
  dt2p4entries -q -o e.txt m.tree
  dt-train -q --features=iat,len -o p.tree t.csv
  markov-gen -q --column=class --save=c.chain t.csv
  printf '%s\n' dir,len,iat,flow 1,60,0,a >packets.csv
  echo '[{"nodeid":0,"split":"len","split_condition":5,"yes":1,"no":2,"children":[{"nodeid":1,"leaf":1},{"nodeid":2,"leaf":0}]}]' >dump.json
  printf '%s\n' src_ip,dst_ip,src_port,dst_port,proto,class 10.0.0.1,10.0.0.2,1,2,17,voice >flows.csv
  hmm-train -q --iat=iat --states=1 -o m.hmm packets.csv
  seq-train -q --column=class --validation=0 --epochs=1 --hidden=2 --window=4 -o m.seq t.csv
}

# Two UDP packets of one flow, 20 ms apart.
make_capture() {
  local header='\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\x65\0\0\0'
  local packet='\x45\0\0\x20\0\0\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02\x10\0\0\x35\0\x0c\0\0abcd'
  # shellcheck disable=SC2059  # bytes, not a format
  printf "$header"'\0\0\0\0\0\0\0\0\x20\0\0\0\x20\0\0\0'"$packet"
  # shellcheck disable=SC2059
  printf '\0\0\0\0\x20\x4e\0\0\x20\0\0\0\x20\0\0\0'"$packet"
}

# Every way to write a file: OUT stands for its name.
writers=(
  "pcap2feat -q -o OUT cap.pcap"
  "pcap2feat -q -o rows.csv -w OUT cap.pcap"
  "featsplit -q --train=OUT --test=other.csv t.csv"
  "featsplit -q --train=other.csv --test=OUT t.csv"
  "seq2flow -q --time=iat -o OUT packets.csv"
  "qos-mark -q -o OUT flows.csv"
  "qos-mark -q --dev=eth0 --tc=OUT flows.csv"
  "qos-mark --print-policy -o OUT"
  "dt-import -q -o OUT dump.json"
  "dt-train -q -o OUT t.csv"
  "dt-eval -q -o OUT m.tree t.csv"
  "dt-eval -q --tsv -o OUT m.tree t.csv"
  "dt-eval -q --predict -o OUT m.tree t.csv"
  "dt-eval -q --explain -o OUT m.tree t.csv"
  "dt-eval -q --shap=rows -o OUT m.tree t.csv"
  "dt-eval -q --importance=impurity -o OUT m.tree"
  "dt-dot -q -o OUT m.tree"
  "dt2p4entries -q -o OUT m.tree"
  "dt2p4entries -q --report -o OUT m.tree"
  "dt2p4entries -q --classes=OUT -o entries.out m.tree"
  "dt2p4 -q -o OUT p.tree"
  "dt2xdp -q -o OUT p.tree"
  "pcapshim -q -w OUT cap.pcap"
  "verdicts -q --model=m.tree -o OUT cap.pcap"
  "trafgen -q -o OUT packets.csv"
  "trafgen -q -w OUT packets.csv"
  "trafgen -q --dry-run --report=OUT packets.csv"
  "markov-gen -q --column=class -o OUT t.csv"
  "markov-gen -q --column=class --save=OUT t.csv"
  "markov-gen -q --model=c.chain --score -o OUT t.csv"
  "seq-train -q --column=class --validation=0 --epochs=1 --hidden=2 --window=4 -o OUT t.csv"
  "seq-train -q --column=class --validation=0 --epochs=1 --hidden=2 --window=4 --curve=OUT -o model t.csv"
  "seq-gen -q -o OUT m.seq"
  "hmm-train -q --iat=iat --states=1 -o OUT packets.csv"
  "hmm-train -q --iat=iat --states=1 --scores=OUT -o model packets.csv"
  "hmm-train -q --score=m.hmm -o OUT packets.csv"
  "trafcmp -q --iat=iat -o OUT packets.csv packets.csv"
  "trafcmp -q --iat=iat --tsv -o OUT packets.csv packets.csv"
  "trafcmp -q --iat=iat --curves=OUT packets.csv packets.csv"
)

# Every way to read one: IN stands for its name.
readers=(
  "pcap2feat IN"
  "pcap2feat --label-table=IN cap.pcap"
  "pcapshim -w x IN"
  "feat2redis --stream=x IN"
  "markov-gen IN"
  "markov-gen --model=IN"
  "markov-gen --model=c.chain --score IN"
  "seq-train IN"
  "seq-gen IN"
  "hmm-train IN"
  "hmm-train --score=m.hmm IN"
  "hmm-train --score=IN packets.csv"
  "hmm-train --start=IN packets.csv"
  "trafgen IN"
  "trafgen -w x IN"
  "trafcmp IN packets.csv"
  "trafcmp --iat=iat packets.csv IN"
  "trafgen --dry-run IN"
  "trafgen --dry-run --replay=IN"
  "verdicts --model=IN cap.pcap"
  "verdicts --model=m.tree IN"
  "verdicts --model=m.tree --label-table=IN cap.pcap"
  "dt2p4 IN"
  "dt2xdp IN"
  "seq2flow IN"
  "qos-mark IN"
  "qos-mark --print-policy --policy=IN"
  "featsplit --train=x --test=y IN"
  "dt-train IN"
  "dt-import IN"
  "dt-train --class-weight=IN t.csv"
  "dt-eval IN t.csv"
  "dt-eval m.tree IN"
  "dt-eval --predict m.tree IN"
  "dt-eval --entries=IN m.tree t.csv"
  "dt-dot IN"
  "dt2p4entries IN"
  "dt2p4entries --verify=IN m.tree"
)

# Every tool that reads a model.
model_readers=("dt-dot IN" "dt2p4entries IN" "dt-eval IN t.csv" "dt-eval --predict IN t.csv")

# fails TEXT COMMAND: exit 1, nothing on standard output (pcap2feat writes the good rows), and the
# text alone on standard error (before which the tool's name stands).
fails() {
  # shellcheck disable=SC2086  # words
  run -1 --separate-stderr $2
  [ "$stderr" = "${2%% *}: $1" ] || { echo "$2: $stderr" && return 1; }
  [ -z "$output" ] || [ "${2%% *}" = pcap2feat ] || { echo "$2: wrote $output" && return 1; }
}

files() { find . -type f ! -name 'separate-stderr-*' | sort | tr '\n' ' '; }

@test "a full disk: the message, exit 1" {
  for command in "${writers[@]}"; do
    fails "writing /dev/full: No space left on device" "${command/OUT//dev/full}"
  done
  for command in "pcap2feat -q cap.pcap" "featsplit -q --train=- --test=o t.csv" "dt-train -q t.csv" \
    "dt-eval -q m.tree t.csv" "dt-eval -q --predict m.tree t.csv" "dt-dot m.tree" "dt2p4entries -q m.tree"; do
    run -1 --separate-stderr bash -c "$command >/dev/full"
    [ "$stderr" = "${command%% *}: writing standard output: No space left on device" ]
  done
}

@test "a full disk leaves no half file and keeps what was there" {
  need_root
  need unshare
  unshare -m true 2>/dev/null || skip "no mount namespaces here"
  mkdir disk
  cat >on_full_disk <<'END'
# on_full_disk COMMAND: runs it on a file system of which nothing is left.
mount -t tmpfs -o size=64k weir disk || exit 99
echo old >disk/old
cat /dev/zero >disk/ballast 2>/dev/null
for out in disk/new disk/old; do
  $(echo "$1" | sed "s:OUT:$out:") 2>err && exit 98
  [ "$(<err)" = "${1%% *}: writing $out: No space left on device" ] || { cat err; exit 97; }
done
cat t.csv | TMPDIR=disk featsplit --train=a --test=b 2>err && exit 95
[ "$(<err)" = "featsplit: writing a temporary file in disk: No space left on device" ] || { cat err; exit 94; }
[ "$(<disk/old)" = old ] && [ "$(ls disk | tr '\n' ' ')" = "ballast old " ] || { ls disk; exit 96; }
END
  for command in "${writers[@]}"; do
    run -0 unshare -m bash on_full_disk "$command"
  done
}

@test "no folder for the output, a folder as the output" {
  mkdir folder
  for command in "${writers[@]}"; do
    fails "no/out: No such file or directory" "${command/OUT/no/out}"
    fails "folder: is a directory" "${command/OUT/folder}"
  done
}

@test "a reader that goes away ends every tool quietly" {
  mkfifo pipe
  # A pipe without a reader from the start: nothing depends on who is faster.
  # shellcheck disable=SC2094
  orphan() { (exec 3<>pipe 4>pipe 3<&- && exec "$@" >&4); }
  for command in "pcap2feat cap.pcap" "featsplit -q --train=- --test=o t.csv" "dt-train -q t.csv" \
    "dt-eval m.tree t.csv" "dt-eval --predict m.tree t.csv" "dt-eval --explain m.tree t.csv" \
    "dt-dot m.tree" "dt2p4entries -q m.tree" "dt-train --help" "pcap2feat --list-fields"; do
    # shellcheck disable=SC2086
    run -141 --separate-stderr orphan $command
    [[ "$stderr" != *writing* ]]
    [[ "$stderr" != *pipe* ]]
  done
  [ ! -e o ]
}

@test "files that are not there, may not be read, are folders, or fail in the middle" {
  mkdir folder
  for command in "${readers[@]}"; do
    fails "absent: No such file or directory" "${command/IN/absent}"
    read -ra words <<<"${command/IN/folder}"
    run -1 --separate-stderr "${words[@]}"
    [[ "$stderr" =~ ^${command%% *}:\ (reading\ )?folder:\ (reading:\ )?Is\ a\ directory$ ]]
    read -ra words <<<"${command/IN//proc/self/mem}"
    run -1 --separate-stderr "${words[@]}"
    [[ "$stderr" =~ ^${command%% *}:\ (reading\ )?/proc/self/mem:\ (reading:\ )?Input/output\ error$ ]]
  done
  [ ! -e x ]
  [ ! -e y ]
}

@test "files that may not be read" {
  need_root
  need setpriv
  as_nobody() { setpriv --reuid=65534 --clear-groups "$(command -v "$1")" "${@:2}"; }
  as_nobody dt-dot --version || skip "nobody may not run the programs here"
  chmod 777 .
  chmod 644 ./*
  echo secret >secret
  chmod 600 secret
  for command in "${readers[@]}"; do
    read -ra words <<<"${command/IN/secret}"
    run -1 --separate-stderr as_nobody "${words[@]}"
    [ "$stderr" = "${command%% *}: secret: Permission denied" ]
  done
  # Nor may nobody write here.
  chmod 755 .
  for command in "${writers[@]:4:4}" "${writers[@]:11:2}"; do
    read -ra words <<<"${command/OUT/out}"
    run -1 --separate-stderr as_nobody "${words[@]}"
    [ "$stderr" = "${command%% *}: out: Permission denied" ]
  done
}

@test "a table without a column that is needed" {
  sed '1s/,iat,/,iatt,/' t.csv >bad.csv
  fails "bad.csv:1: there is no column 'iat' (did you mean 'iatt'?)" "dt-train --features=iat,len bad.csv"
  fails "bad.csv:1: there is no column 'iat' (did you mean 'iatt'?)" "dt-eval m.tree bad.csv"
  fails "bad.csv:1: there is no column 'iat' (did you mean 'iatt'?)" "dt-eval --predict m.tree bad.csv"
  sed '1s/,x,/,y,/' t.csv >bad.csv
  fails "bad.csv:1: there is no column 'x'" "dt-eval m.tree bad.csv"
  fails "t.csv:1: there is no column 'clas' (did you mean 'class'?)" "dt-train -c clas t.csv"
  fails "t.csv:1: there is no column 'clas' (did you mean 'class'?)" "featsplit --train=x --test=y -c clas t.csv"
  fails "t.csv:1: there is no column 'flaw' (did you mean 'flow'?)" "featsplit --train=x --test=y --by=flaw t.csv"
  [ ! -e x ]
}

# with COLUMN VALUE: t.csv with this value in line 4.
with() { awk -F, -v OFS=, -v c="$1" -v v="$2" 'NR == 4 { $c = v } 1' t.csv >bad.csv; }

@test "a text in a number, 2^63 and more, signs, decimals, blanks" {
  while IFS='|' read -r value text; do
    with 2 "$value"
    for command in "dt-train -q bad.csv" "dt-eval m.tree bad.csv" "dt-eval --explain m.tree bad.csv"; do
      fails "bad.csv:4: column 'iat': '$value' $text" "$command"
    done
  done <<'END'
12x|is not a number
0x10|is not a number
 7|is not a number
nan|is not a number
inf|is not a number
1e999|is not a number
--1|is not a number
9223372036854775808|is not below 2^63
18446744073709551616|is not below 2^63
99999999999999999999999999|is not below 2^63
-1|is negative, and features count from 0
END
  # A column that the registry does not know is no number at all if it holds a text.
  with 4 9223372036854775808
  fails "bad.csv:4: column 'x': '9223372036854775808' is not below 2^63" "dt-train -q bad.csv"
  with 4 12x
  fails "bad.csv:4: column 'x' holds a text ('12x'): leave it out with --drop='x'" "dt-train -q bad.csv"
  fails "bad.csv:4: column 'x': '12x' is not a number" "dt-eval m.tree bad.csv"
  # 2^63 - 1 is a number; where the registry knows the largest value, training holds to it.
  with 4 9223372036854775807
  run -0 dt-train -q bad.csv
  [[ "$output" == *"feature 63 x"* ]]
  with 2 281474976710656
  fails "bad.csv:4: column 'iat': '281474976710656' is above 281474976710655, the most that 'iat' can be" \
    "dt-train -q bad.csv"
  run -0 dt-eval m.tree bad.csv
}

@test "nothing of a table whose last row is bad reaches a file" {
  with 2 12x
  for command in "dt-train -q -o out bad.csv" "dt-eval -q -o out m.tree bad.csv" \
    "dt-eval -q --predict -o out m.tree bad.csv" "dt-eval -q --explain -o out m.tree bad.csv"; do
    fails "bad.csv:4: column 'iat': '12x' is not a number" "$command"
    [ ! -e out ]
    echo old >out
    fails "bad.csv:4: column 'iat': '12x' is not a number" "$command"
    [ "$(<out)" = old ]
    rm out
  done
}

@test "empty tables" {
  : >nothing.csv
  head -n 1 t.csv >header.csv
  for command in "dt-train IN" "dt-eval m.tree IN" "dt-eval --predict m.tree IN" "featsplit --train=x --test=y IN"; do
    fails "nothing.csv: is empty (a table begins with a header line)" "${command/IN/nothing.csv}"
  done
  fails "header.csv: has a header and no rows" "dt-train header.csv"
  fails "header.csv: has a header and no rows" "featsplit --train=x --test=y header.csv"
  fails "header.csv: has no rows to judge the model by" "dt-eval m.tree header.csv"
  # No rows, no verdicts: that is a table, too.
  run -0 --separate-stderr dt-eval --predict m.tree header.csv
  [ "$output" = "flow,iat,len,x,class,predicted" ]
  [ ! -e x ]
}

@test "one class only: one leaf, one entry or none, and it is said" {
  sed 's/dns/web/' t.csv >one.csv
  run -0 --separate-stderr dt-train -o one.tree one.csv
  [ "${stderr_lines[0]}" = "dt-train: all rows are of class 'web': the tree is one leaf" ]
  [ "$(tail -n 2 one.tree)" = "tree 1
leaf 1:5" ]
  run -0 dt2p4entries -q one.tree
  [ "$output" = "table_add classify set_class 0->281474976710655 0->65535 0->255 => 1 1" ]
  run -0 dt2p4entries -q --default-class one.tree
  [ "$output" = "table_set_default classify set_class 1" ]
  run -0 dt-dot one.tree
  run -0 dt-eval one.tree one.csv
  [[ "$output" == *"accuracy   1.0000  5 of 5 rows"* ]]
  run -0 featsplit -q --train=x --test=y one.csv
}

# cut_model NAME: each prefix of the model in lines, and in bytes, is refused by each tool.
cut_model() {
  local lines bytes i command before
  lines=$(wc -l <"$1") bytes=$(wc -c <"$1")
  touch cut.tree
  before=$(files)
  for i in $(seq 0 $((lines - 1)) | some 4); do
    head -n "$i" "$1" >cut.tree
    dt-dot -o out cut.tree 2>reason && return 1
    sed -i 's/^dt-dot: //' reason
    [[ "$(<reason)" == cut.tree:* ]]
    mv reason want
    for command in "${model_readers[@]}"; do
      command=${command/IN/cut.tree}
      fails "$(<want)" "${command%% *} -o out ${command#* }" || return 1
    done
    rm want
  done
  # By bytes the reader itself is enough, and one tool has it.
  for ((i = 0; i < bytes; i += 1 + bytes / (WEIR_LONG ? 400 : 60))); do
    head -c "$i" "$1" >cut.tree
    if dt-dot -o out cut.tree 2>/dev/null; then echo "accepted at byte $i" && return 1; fi
  done
  [ "$(files)" = "$before" ]
}

# A tree whose splits hang below each other, DEPTH of them, on their yes or no branches: as text, the
# branches follow each other in either order.
chain() { # yes|no DEPTH
  local leaf='leaf 1:1'
  printf '%s\n' 'weir-tree 1' 'made x' 'seed 1' 'rows 2' 'label class' 'weights none' 'feature 32 x' \
    'class 1 1 a' 'class 1 1 b' 'trees 1' "tree $((2 * $2 + 1))"
  if [ "$1" = yes ]; then
    seq -f 'split %.0f x' "$2" -1 1
    yes "$leaf" | head -n "$2"
  else
    seq -f "split %.0f x
$leaf" "$2"
  fi
  echo 'leaf 2:1'
}

@test "a tree may be 10000 splits deep and no deeper, on either side" {
  local side line depth
  printf 'x\n5\n4000000000\n' >x.csv
  for side in yes no; do
    chain $side 10000 >deep.tree
    run -0 dt2p4entries -q -o e deep.tree
    run -0 dt-dot -q -o e deep.tree
    run -0 dt-eval -q --shap -o e deep.tree x.csv
    for depth in 10001 1000000; do
      chain $side $depth >deep.tree
      [ $side = yes ] && line=10012 || line=20012
      fails "deep.tree:$line: deeper than 10000" "dt2p4entries deep.tree"
      fails "deep.tree:$line: deeper than 10000" "dt-eval --shap deep.tree x.csv"
      fails "deep.tree:$line: deeper than 10000" "dt-dot deep.tree"
    done
  done
}

@test "a model cut at every line is refused by every tool that reads one" {
  cut_model m.tree
  cut_model forest
  : >cut.tree
  fails "cut.tree: is empty (a model begins with 'weir-tree 1')" "dt-dot cut.tree"
  sed '$d' m.tree >cut.tree
  fails "cut.tree:17: the file ends in the middle of tree 1 (4 of 5 nodes)" "dt-eval cut.tree t.csv"
}

@test "entries cut at every line are not what the model says" {
  for ((i = 0; i < $(wc -l <e.txt); i++)); do
    head -n "$i" e.txt >cut.tree
    run -1 --separate-stderr dt2p4entries --verify=cut.tree m.tree
    [[ "$stderr" == "dt2p4entries: "* ]]
  done
  run -0 dt2p4entries -q --verify=e.txt m.tree
}

@test "captures that are none, or end too soon" {
  : >empty.pcap
  run -1 --separate-stderr pcap2feat -o out empty.pcap
  [[ "$stderr" == "pcap2feat: empty.pcap: "* ]]
  run -1 --separate-stderr pcap2feat -o out t.csv
  [[ "$stderr" == "pcap2feat: t.csv: "* ]]
  [ ! -e out ]
  # What came before the cut is good: the row stands there, and exit 1 says that some are missing.
  head -c 100 cap.pcap >cut.pcap
  run -1 --separate-stderr pcap2feat -q --first=zero --fields=len cut.pcap
  [ "$output" = "len
32" ]
  [[ "$stderr" == "pcap2feat: cut.pcap: "* ]]
}
