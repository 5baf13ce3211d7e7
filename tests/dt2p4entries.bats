# dt2p4entries: the counts of each encoding, each format as text, and proofs that can fail.
load helper

# model FEATURES CLASSES < NODES: a model file with these features ("8 len") and classes, one tree.
model() {
  local nodes
  nodes=$(cat)
  printf '%s\n' 'weir-tree 1' 'made by hand' 'seed 1' 'rows 9' 'label class' 'weights none'
  printf 'feature %s\n' "${features[@]}"
  printf 'class 1 1 %s\n' "${classes[@]}"
  printf 'trees 1\ntree %s\n%s\n' "$(wc -l <<<"$nodes")" "$nodes"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  features=('8 gap [us]' '4 len')
  classes=('web page' '"chat"')
  model >tiny.tree <<'END'
split 9 gap [us]
 split 3 len
  leaf 1:1
  leaf 2:1
 leaf 1:1
END
  # Two trees; each leaf's rows make its votes.
  cat >forest.tree <<'END'
weir-tree 1
made by hand
seed 1
rows 8
label class
weights none
feature 8 iat
feature 4 len
class 4 1 a
class 4 1 b
trees 2
tree 3
split 9 iat
 leaf 1:3 2:1
 leaf 2:4
tree 5
split 3 len
 leaf 1:4
 split 20 iat
  leaf 1:1 2:1
  leaf 2:2
END
}

formats=(bmv2 p4runtime-json p4runtime-text const bfrt dpdk)

# each_output COMMAND…: writes MODEL ($model) in every format and encoding, with and without a
# default class, and runs COMMAND with the file, the format and the encoding.
each_output() {
  local format encoding default
  for format in "${formats[@]}"; do
    for encoding in range coded ternary; do
      [ "$format $encoding" != 'dpdk range' ] || continue
      for default in '' --default-class; do
        dt2p4entries -q -f "$format" -e "$encoding" $default -o out "$model" || return
        "$@" out "$format" "$encoding" || { echo "$format $encoding $default"; return 1; }
      done
    done
  done
}

verify() {
  dt2p4entries -q --verify="$1" "$model"
}

# ---- Counts ----

# The rules of the reference generator's own tree, keys of 37, 16 and 17 bits.
reference() {
  need_data
  need_python
  /usr/bin/python3 "$root/tests/rules2model.py" 37 iat 16 len 17 diffLen \
    <"$data/p4-reference/tree.txt" >ref.tree
}

@test "the reference's tree of 85 leaves takes what each encoding is known to take" {
  reference
  [ "$(grep -c leaf ref.tree)" -eq 85 ]
  dt2p4entries -q --report ref.tree | tail -n 1 | grep -qP '^total\t\t85\t70\t88765\t6213550$'
  dt2p4entries -q --report --default-class ref.tree | tail -n 1 | grep -qP '^total\t\t41\t'
  dt2p4entries -q --report -e ternary ref.tree | tail -n 1 |
    grep -qP '^total\t\t88765\t70\t88765\t6213550$'
  # The published 286 + 43 + 62 count an entry that matches anything; here it is the default action.
  run -0 dt2p4entries -q --report -e coded ref.tree
  diff - <(echo "$output") <<END
$(printf '%s\t' table match entries key_bits tcam_entries)tcam_bits
$(printf '%s\t' classify_code_iat ternary 285 37 285)10545
$(printf '%s\t' classify_code_len ternary 42 16 42)672
$(printf '%s\t' classify_code_diffLen ternary 61 17 61)1037
$(printf '%s\t' classify ternary 85 79 85)6715
$(printf '%s\t' total '' 473 149 473)18969
END
  dt2p4entries -q --report -e coded --default-class ref.tree | grep -qP '^classify\tternary\t41\t'
}

@test "the reference's own entries leave out iat 0, which the proof finds" {
  reference
  run -1 dt2p4entries --verify="$data/p4-reference/s1-commands.txt" ref.tree
  [ "$output" = "dt2p4entries: table 'MyIngress.ml_code' gives nothing for iat 0, len 0, diffLen 0, where the model gives class 1 (c1)" ]
}

# What simple_switch does with range entries: the lowest priority that matches.
bmv2_verdicts() {
  awk -F'[ ,\r]+' -v entries="$1" '
    BEGIN {
      n = 0
      while ((getline line < entries) > 0) {
        k = split(line, w, " ")
        if (w[1] == "table_set_default") { miss = w[4]; continue }
        keys = 0
        for (i = 4; w[i] != "=>"; i++) { split(w[i], r, "->"); lo[n, i - 3] = r[1]; hi[n, i - 3] = r[2]; keys++ }
        class[n] = w[i + 1]; priority[n] = w[i + 2]; n++
      }
    }
    FNR > 1 {
      best = 1e18; verdict = miss + 0
      for (e = 0; e < n; e++) {
        for (i = 1; i <= keys && lo[e, i] <= $i && $i <= hi[e, i]; i++);
        if (i > keys && priority[e] < best) { best = priority[e]; verdict = class[e] }
      }
      print verdict
    }' "$2"
}

@test "features.csv: a switch scores 1.0, and knows iat 0 and iat above 100 s" {
  need_data
  dt-train -q -o f.tree "$data/p4-reference/features.csv"
  dt2p4entries -q -o entries f.tree
  [ "$(wc -l <entries)" -le 85 ]
  dt2p4entries -q --default-class -o default f.tree
  [ "$(grep -c table_add default)" -le 41 ]
  cut -d, -f4 "$data/p4-reference/features.csv" | tr -d '\r' | tail -n +2 >truth
  [ "$(wc -l <truth)" -eq 809 ]
  bmv2_verdicts entries "$data/p4-reference/features.csv" | cmp - truth
  bmv2_verdicts default "$data/p4-reference/features.csv" | cmp - truth
  printf '%s\n' iat,len,diffLen 0,60,65535 100000000001,60,65535 281474976710655,65535,131070 >edge.csv
  run -0 bmv2_verdicts entries edge.csv
  [ "${#lines[@]}" -eq 3 ]
  [[ "$output" != *0* ]]
}

@test "at every threshold and next to it, entries and model agree" {
  need_data
  dt-train -q -o f.tree "$data/p4-reference/features.csv"
  dt2p4entries -q --default-class -o entries f.tree
  awk '$1 == "split" { v[$3] = v[$3] " " $2 - 1 " " $2 " " $2 + 1 }
    END {
      print "iat,len,diffLen,class"
      srand(1)
      ni = split("0" v["iat"], i, " "); nl = split("0" v["len"], l, " "); nd = split("0" v["diffLen"], d, " ")
      for (k = 0; k < 3000; k++)
        printf "%.0f,%d,%d,1\n", i[1 + k % ni], l[1 + int(rand() * nl)], d[1 + int(rand() * nd)]
    }' <(sed 's/^ *//' f.tree) >grid.csv
  dt-eval --predict f.tree grid.csv | cut -d, -f5 | tail -n +2 >model
  bmv2_verdicts entries grid.csv | cmp - model
}

# ---- Formats ----

@test "bmv2, ranges" {
  run -0 --separate-stderr dt2p4entries tiny.tree
  diff - <(echo "$output") <<'END'
table_add classify set_class 0->9 0->3 => 1 1
table_add classify set_class 0->9 4->15 => 2 2
table_add classify set_class 10->255 0->15 => 1 3
END
  [ "$stderr" = 'dt2p4entries: proved: 3 entries equal the model on its whole domain (3 boxes) and at the 16 points of its grid' ]
}

@test "bmv2, codes, default class, names of the program's own" {
  run -0 dt2p4entries -q -e coded --default-class --table=MyIngress.t --action=MyIngress.mark tiny.tree
  diff - <(echo "$output") <<'END'
table_set_default MyIngress.t_code_gap__us_ MyIngress.set_code_gap__us_ 1
table_add MyIngress.t_code_gap__us_ MyIngress.set_code_gap__us_ 0x0&&&0xf8 => 0 1
table_add MyIngress.t_code_gap__us_ MyIngress.set_code_gap__us_ 0x8&&&0xfe => 0 2
table_set_default MyIngress.t_code_len MyIngress.set_code_len 1
table_add MyIngress.t_code_len MyIngress.set_code_len 0x0&&&0xc => 0 1
table_set_default MyIngress.t MyIngress.mark 1
table_add MyIngress.t MyIngress.mark 0x0&&&0x1 0x1&&&0x1 => 2 1
END
}

@test "bmv2, prefixes" {
  run -0 dt2p4entries -q -e ternary --default-class='web page' tiny.tree
  diff - <(echo "$output") <<'END'
table_set_default classify set_class 1
table_add classify set_class 0x0&&&0xf8 0x4&&&0xc => 2 1
table_add classify set_class 0x8&&&0xfe 0x4&&&0xc => 2 2
table_add classify set_class 0x0&&&0xf8 0x8&&&0x8 => 2 3
table_add classify set_class 0x8&&&0xfe 0x8&&&0x8 => 2 4
END
}

@test "JSON stays JSON where a class is no UTF-8" {
  printf 'x,class\n1,\xff\xfe\n2,b\xc3\xa9\xed\xa0\x80\n' | dt-train -q -o odd.tree
  dt2p4entries -q -f p4runtime-json odd.tree >odd.json
  grep -F '"1": "bé\ufffd\ufffd\ufffd",' odd.json
  grep -F '"2": "\ufffd\ufffd"' odd.json
}

@test "P4Runtime's JSON" {
  run -0 dt2p4entries -q -f p4runtime-json --default-class='"chat"' tiny.tree
  diff - <(echo "$output") <<'END'
{
  "encoding": "range",
  "classes": {
    "1": "web page",
    "2": "\"chat\""
  },
  "table_entries": [
    {"table": "classify", "default_action": true, "action_name": "set_class", "action_params": {"verdict": 2}},
    {"table": "classify", "match": {"gap__us_": [0, 9], "len": [0, 3]}, "priority": 2, "action_name": "set_class", "action_params": {"verdict": 1}},
    {"table": "classify", "match": {"gap__us_": [10, 255]}, "priority": 1, "action_name": "set_class", "action_params": {"verdict": 1}}
  ]
}
END
}

@test "P4Runtime's text" {
  run -0 dt2p4entries -q -f p4runtime-text --default-class='"chat"' tiny.tree
  diff - <(echo "$output") <<'END'
# class 1 "web page"
# class 2 "\"chat\""
device_id: 1
election_id { low: 1 }
updates {
  type: MODIFY
  entity {
    table_entry {
      table_id: 33554433
      action { action { action_id: 16777217 params { param_id: 1 value: "\002" } } }
      is_default_action: true
    }
  }
}
updates {
  type: INSERT
  entity {
    table_entry {
      table_id: 33554433
      match { field_id: 1 range { low: "\000" high: "\011" } }
      match { field_id: 2 range { low: "\000" high: "\003" } }
      action { action { action_id: 16777217 params { param_id: 1 value: "\001" } } }
      priority: 2
    }
  }
}
updates {
  type: INSERT
  entity {
    table_entry {
      table_id: 33554433
      match { field_id: 1 range { low: "\012" high: "\377" } }
      action { action { action_id: 16777217 params { param_id: 1 value: "\001" } } }
      priority: 1
    }
  }
}
END
}

@test "P4's const entries" {
  run -0 dt2p4entries -q -f const -e coded tiny.tree
  diff - <(echo "$output") <<'END'
// class 1 "web page"
// class 2 "\"chat\""
// table classify_code_gap__us_
const default_action = set_code_gap__us_(1);
const entries = {
    0x0 &&& 0xf8 : set_code_gap__us_(0);
    0x8 &&& 0xfe : set_code_gap__us_(0);
}
// table classify_code_len
const default_action = set_code_len(1);
const entries = {
    0x0 &&& 0xc : set_code_len(0);
}
// table classify
const entries = {
    (0x0 &&& 0x1, 0x0 &&& 0x1) : set_class(1);
    (0x0 &&& 0x1, 0x1 &&& 0x1) : set_class(2);
    (0x1 &&& 0x1, 0x0 &&& 0x0) : set_class(1);
}
END
  run -0 dt2p4entries -q -f const tiny.tree
  [ "${lines[4]}" = '    (0 .. 9, 0 .. 3) : set_class(1);' ]
}

@test "Tofino's bfrt" {
  run -0 dt2p4entries -q -f bfrt --table=app.pipe.Ingress.t --action=Ingress.mark tiny.tree
  diff - <(echo "$output") <<'END'
# class 1 "web page"
# class 2 "\"chat\""
bfrt.app.pipe.Ingress.t.add_with_mark(gap__us__start=0, gap__us__end=9, len_start=0, len_end=3, MATCH_PRIORITY=1, verdict=1)
bfrt.app.pipe.Ingress.t.add_with_mark(gap__us__start=0, gap__us__end=9, len_start=4, len_end=15, MATCH_PRIORITY=2, verdict=2)
bfrt.app.pipe.Ingress.t.add_with_mark(gap__us__start=10, gap__us__end=255, len_start=0, len_end=15, MATCH_PRIORITY=3, verdict=1)
END
  run -0 dt2p4entries -q -f bfrt -e ternary --default-class tiny.tree
  [ "${lines[2]}" = 'bfrt.classify.set_default_with_set_class(verdict=1)' ]
  [ "${lines[3]}" = 'bfrt.classify.add_with_set_class(gap__us_=0x0, gap__us__mask=0xf8, len=0x4, len_mask=0xc, MATCH_PRIORITY=1, verdict=2)' ]
}

@test "DPDK: codes unless something else is asked for, the default as the last entry" {
  run -0 dt2p4entries -q -f dpdk --default-class tiny.tree
  diff - <(echo "$output") <<'END'
# class 1 "web page"
# class 2 "\"chat\""
# table classify_code_gap__us_
match 0x0/0xf8 priority 0 action set_code_gap__us_ code 0
match 0x8/0xfe priority 1 action set_code_gap__us_ code 0
match 0x0/0x0 priority 2 action set_code_gap__us_ code 1
# table classify_code_len
match 0x0/0xc priority 0 action set_code_len code 0
match 0x0/0x0 priority 1 action set_code_len code 1
# table classify
match 0x0/0x1 0x1/0x1 priority 0 action set_class verdict 2
match 0x0/0x0 0x0/0x0 priority 1 action set_class verdict 1
END
  run -2 dt2p4entries -f dpdk -e range tiny.tree
  [ "${lines[0]}" = 'dt2p4entries: dpdk has no ranges: --encoding=coded or --encoding=ternary' ]
}

@test "every format and encoding is read back and proved" {
  model=tiny.tree each_output verify
  model=forest.tree each_output verify
}

no_trap() {
  case $2 in
  bmv2) ! grep -qE '^$|^!|^#|-[0-9]' "$1" ;;
  p4runtime-*) ! grep -qE '\[0, (255|15)\]|priority"?: 0|mask: "\\000"' "$1" ;;
  const) ! grep -q '_ *[,)]' "$1" ;;
  esac
}

@test "what bites in each format is not in it" {
  model=tiny.tree each_output no_trap
  # A name may not end a comment's line with a backslash, nor begin a line of its own.
  classes=(x\\ y)
  model >odd.tree <<'END'
split 9 gap [us]
 leaf 1:1
 leaf 2:1
END
  run -0 dt2p4entries -q -f const odd.tree
  [ "${lines[0]}" = '// class 1 "x\\"' ]
  model=odd.tree each_output verify
}

@test "the formats' own parsers take them" {
  need jq protoc
  parses() {
    case $2 in
    p4runtime-json) jq -e .table_entries "$1" >/dev/null ;;
    bfrt) cp "$1" out.py && /usr/bin/python3 -m py_compile out.py ;;
    p4runtime-text) protoc -I"$root/tests" --encode=p4.v1.WriteRequest p4runtime.proto <"$1" >/dev/null ;;
    esac
  }
  local m
  for m in tiny forest; do
    model=$m.tree each_output parses
  done
}

@test "const entries compile, and the compiler counts as many" {
  need jq p4c-bm2-ss
  # p4c finds its include files by itself, or through P4C_16_INCLUDE_PATH.
  printf '#include <v1model.p4>\n' >probe.p4
  p4c-bm2-ss -E probe.p4 2>/dev/null | grep -q V1Switch || skip "p4c-bm2-ss does not find v1model.p4"
  local default
  for default in '' --default-class; do
    dt2p4entries -q -f const $default -o entries.p4 tiny.tree
    p4c-bm2-ss -I . -o out.json "$root/tests/const_entries.p4"
    run -0 jq '.pipelines[0].tables[0].entries | length' out.json
    [ "$output" -eq "$(grep -c ' : ' entries.p4)" ]
  done
}

@test "P4Runtime ids come from a P4Info" {
  cat >info.txt <<'END'
pkg_info { arch: "v1model" }
tables {
  preamble { id: 41 name: "MyIngress.other" alias: "other" }
  match_fields { id: 1 name: "x" match_type: EXACT }
}
tables {
  preamble { id: 42 name: "MyIngress.classify" alias: "classify" }
  match_fields { id: 3 name: "meta.len" bitwidth: 4 match_type: RANGE }
  match_fields { id: 7 name: "meta.gap__us_" bitwidth: 8 match_type: RANGE }
  action_refs { id: 9 }
  size: 1024
}
actions { preamble { id: 9 name: "MyIngress.set_class" alias: "set_class" } params { id: 5 name: "verdict" bitwidth: 16 } }
counters { preamble { id: 77 name: "c" } }
END
  run -0 dt2p4entries -q -f p4runtime-text --p4info=info.txt -o out tiny.tree
  grep -q 'table_id: 42' out
  grep -q 'match { field_id: 7 range { low: "\\000" high: "\\011" } }' out
  grep -q 'match { field_id: 3 range { low: "\\000" high: "\\003" } }' out
  grep -q 'action_id: 9 params { param_id: 5 value' out
  dt2p4entries -q --p4info=info.txt --verify=out tiny.tree
  run -1 dt2p4entries --verify=out tiny.tree
  [ "$output" = "dt2p4entries: out: unknown table_id 42 (where the ids are a P4Info's, name it)" ]
  sed -i 's/gap__us_/gap/' info.txt
  run -1 dt2p4entries -f p4runtime-text --p4info=info.txt tiny.tree
  [ "$output" = "dt2p4entries: the P4Info has no key 'gap__us_' in table 'MyIngress.classify'" ]
  run -2 dt2p4entries --p4info=info.txt tiny.tree
}

# ---- Trees of every shape ----

@test "one leaf, one class" {
  classes=(a)
  model >leaf.tree <<<'leaf 1:1'
  model=leaf.tree each_output verify
  run -0 dt2p4entries -q leaf.tree
  [ "$output" = 'table_add classify set_class 0->255 0->15 => 1 1' ]
  run -0 dt2p4entries -q --default-class leaf.tree
  [ "$output" = 'table_set_default classify set_class 1' ]
  run -0 dt2p4entries -q -e coded leaf.tree
  [ "${lines[1]}" = 'table_add classify set_class 0x0&&&0x0 => 1 1' ]
}

# A comb: class i + 1 up to value i.
comb() {
  awk -v n="$1" -v f="$2" 'BEGIN {
    for (i = 0; i < n - 1; i++) { printf "%*ssplit %d %s\n", i, "", i, f; printf "%*sleaf %d:1\n", i + 1, "", i + 1 }
    printf "%*sleaf %d:1\n", n - 1, "", n
  }'
}

@test "2 to 100 classes" {
  local n
  for n in 2 65 100; do
    classes=()
    for ((i = 1; i <= n; i++)); do classes+=("class $i"); done
    features=('8 x')
    comb "$n" x | model >comb.tree
    model=comb.tree each_output verify
    [ "$(dt2p4entries -q comb.tree | wc -l)" -eq "$n" ]
  done
  # 99 thresholds: codes of two words.
  dt2p4entries -q -e coded comb.tree | grep -q 'table_set_default classify_code_x set_code_x [0-9]* [0-9]*$'
}

@test "64 features, of 1 to 63 bits" {
  features=()
  for ((i = 1; i <= 64; i++)); do features+=("$((i < 2 ? 2 : i < 64 ? i : 63)) f$i"); done
  classes=(a b)
  awk 'BEGIN {
    for (i = 1; i <= 64; i++) {
      printf "%*ssplit 0 f%d\n", i - 1, "", i; printf "%*sleaf %d:1\n", i, "", 1 + i % 2
    }
    printf "%*sleaf 1:1\n", 64, ""
  }' | model >wide.tree
  model=wide.tree
  local encoding format
  for encoding in range coded; do
    for format in bmv2 p4runtime-json p4runtime-text const bfrt; do
      dt2p4entries -q -f "$format" -e "$encoding" -o out wide.tree
      verify out
    done
  done
  dt2p4entries -q -f dpdk -o out wide.tree
  verify out
  run -1 dt2p4entries -e ternary wide.tree
  [ "$output" = 'dt2p4entries: the model takes 18446744073709551615 ternary entries, more than 1000000; with codes it takes 128' ]
}

@test "leaves that no row can reach take no entries" {
  model >odd.tree <<'END'
split 9 gap [us]
 split 20 gap [us]
  leaf 1:1
  leaf 2:1
 split 5 gap [us]
  leaf 2:1
  leaf 1:1
END
  run -0 dt2p4entries -q odd.tree
  [ "$output" = 'table_add classify set_class 0->255 0->15 => 1 1' ]
  model=odd.tree each_output verify
}

@test "names that clash, or that a language keeps for itself" {
  features=('8 a b' '8 a_b' '8 class' '8 9th' '8 x_mask' '8 x')
  model >names.tree <<'END'
split 9 x
 leaf 1:1
 leaf 2:1
END
  run -0 dt2p4entries -q -f bfrt -e ternary names.tree
  [[ "$output" == *'(a_b=0x0, a_b_mask=0x0, a_b_2=0x0, a_b_2_mask=0x0, class_=0x0, class__mask=0x0, _9th=0x0, _9th_mask=0x0, x_mask_=0x0, x_mask__mask=0x0, x=0x8, x_mask=0xfe,'* ]]
  model=names.tree each_output verify
}

@test "a forest: votes of each tree" {
  run -0 dt2p4entries -q forest.tree
  diff - <(echo "$output") <<'END'
table_add classify_1 add_votes 0->9 0->15 => 191 64 1
table_add classify_1 add_votes 10->255 0->15 => 0 255 2
table_add classify_2 add_votes 0->255 0->3 => 255 0 1
table_add classify_2 add_votes 0->20 4->15 => 128 128 2
table_add classify_2 add_votes 21->255 4->15 => 0 255 3
END
  run -0 dt2p4entries -q --default-class forest.tree
  [ "${lines[0]}" = 'table_set_default classify_1 add_votes 0 255' ]
  run -2 dt2p4entries --default-class=a forest.tree
  [ "${lines[0]}" = "dt2p4entries: a forest's default is votes, not a class: --default-class without a name" ]
}

# ---- Proofs that fail ----

# finds_mutation SED-SCRIPT: the proof of the file after the change must fail and name a row.
finds_mutation() {
  sed -E "$1" "$2" >mutated
  ! cmp -s "$2" mutated || { echo "'$1' changed nothing"; return 1; }
  run -1 dt2p4entries --verify=mutated "$model"
  [[ "$output" == *"${3:-where the}"* ]] || { echo "$output"; return 1; }
}

@test "two priorities swapped, a bound moved by 1, an entry dropped: all found" {
  model=nested.tree
  features=('8 x' '8 y')
  classes=(a b c)
  model >nested.tree <<'END'
split 9 x
 split 9 y
  split 3 y
   leaf 1:1
   leaf 2:1
  leaf 1:1
 split 9 y
  leaf 3:1
  leaf 3:1
END
  dt2p4entries -q --default-class=b -o default nested.tree
  dt2p4entries -q -o plain nested.tree
  diff - plain <<'END'
table_add classify set_class 0->9 0->3 => 1 1
table_add classify set_class 0->9 4->9 => 2 2
table_add classify set_class 0->9 10->255 => 1 3
table_add classify set_class 10->255 0->255 => 3 4
END
  diff - default <<'END'
table_set_default classify set_class 2
table_add classify set_class 0->9 0->3 => 1 1
table_add classify set_class 0->9 10->255 => 1 2
table_add classify set_class 10->255 0->255 => 3 3
END
  finds_mutation '1s/0->3/0->2/' plain 'nothing for x 0, y 3, where the model gives class 1 (a)'
  finds_mutation '1s/0->3/0->4/' plain 'class 1 (a) for x 0, y 4, where the model gives class 2 (b)'
  finds_mutation '4s/10->255/11->255/' plain 'nothing for x 10, y 0'
  finds_mutation '4s/0->255 =/0->254 =/' plain 'nothing for x 10, y 255'
  finds_mutation '4s/10->/9->/; 4s/ 4$/ 0/' plain 'class 3 (c) for x 9, y 0'
  finds_mutation 3d plain 'nothing for x 0, y 10'
  finds_mutation '2s/=> 2/=> 0/' plain 'class 0 (no verdict) for x 0, y 4'
  finds_mutation '1s/2$/3/' default
  finds_mutation 2d default 'class 2 (b) for x 0, y 0'
  # Entries that overlap: the order of priorities decides.
  cat >order <<'END'
table_add classify set_class 0->9 4->9 => 2 1
table_add classify set_class 0->9 0->255 => 1 2
table_add classify set_class 0->255 0->255 => 3 3
END
  dt2p4entries -q --verify=order nested.tree
  finds_mutation '1s/1$/2/; 2s/2$/1/' order 'class 1 (a) for x 0, y 4'
  finds_mutation '2s/2$/4/' order 'class 3 (c) for x 0, y 0'
}

# A random tree over three features of 3 bits and three classes.
random_tree() {
  features=('3 x' '3 y' '3 z')
  classes=(a b c)
  awk -v seed="$1" '
    function grow(depth, lx, hx, ly, hy, lz, hz,   f, lo, hi, t) {
      f = int(3 * rand())
      lo = f == 0 ? lx : f == 1 ? ly : lz
      hi = f == 0 ? hx : f == 1 ? hy : hz
      if (depth == 6 || lo == hi || rand() < depth / 9) { printf "%*sleaf %d:1\n", depth, "", 1 + int(3 * rand()); return }
      t = lo + int((hi - lo) * rand())
      printf "%*ssplit %d %s\n", depth, "", t, substr("xyz", f + 1, 1)
      grow(depth + 1, lx, f == 0 ? t : hx, ly, f == 1 ? t : hy, lz, f == 2 ? t : hz)
      grow(depth + 1, f == 0 ? t + 1 : lx, hx, f == 1 ? t + 1 : ly, hy, f == 2 ? t + 1 : lz, hz)
    }
    BEGIN { srand(seed); grow(0, 0, 7, 0, 7, 0, 7) }' | model
}

# Changes one number of one line, or drops or doubles a line, at random.
mutate() {
  awk -v seed="$1" '
    { line[NR] = $0 }
    END {
      srand(seed)
      pick = 1 + int(NR * rand())
      for (i = 1; i <= NR; i++) {
        if (i != pick) { print line[i]; continue }
        if (rand() < 0.1) continue
        n = split(line[i], w, " ")
        k = 4 + int((n - 3) * rand())
        if (w[k] == "=>") k++
        if (split(w[k], r, "->") == 2) {
          if (rand() < 0.5) r[1] = int(8 * rand()); else r[2] = int(8 * rand())
          w[k] = r[1] < r[2] ? r[1] "->" r[2] : r[2] "->" r[1]
        } else if (w[k] !~ /&/) w[k] = 1 + int((k == n ? NR : 3) * rand())
        else if (rand() < 0.5) sub(/^0x[0-7]/, "0x0", w[k])
        else w[k] = "0x0&&&0x0"
        for (j = 1; j <= n; j++) printf "%s%s", w[j], j < n ? " " : "\n"
      }
    }' "$2"
}

@test "the proof holds exactly where all 512 rows agree, for changed files of random trees" {
  awk 'BEGIN { print "x,y,z,class"
    for (x = 0; x < 8; x++) for (y = 0; y < 8; y++) for (z = 0; z < 8; z++) print x "," y "," z ",a" }' >all.csv
  local seed k encoding default right=0 wrong=0
  for seed in $(seq 1 20 | some 3); do
    random_tree "$seed" >random.tree
    encoding=range default=
    ((seed % 3)) || encoding=ternary
    ((seed % 2)) || default=--default-class
    dt2p4entries -q -e "$encoding" $default -o entries random.tree
    dt-eval --tsv --entries=entries random.tree all.csv | grep -qxP 'agreement\t1'
    for ((k = 0; k < 6; k++)); do
      mutate "$((seed * 6 + k))" entries >mutated
      dt-eval --tsv --entries=mutated random.tree all.csv >report 2>error || { cat error; continue; }
      if grep -qxP 'agreement\t1' report; then
        dt2p4entries -q --verify=mutated random.tree || { cat random.tree mutated; return 1; }
        right=$((right + 1))
      else
        run -1 dt2p4entries -q --verify=mutated random.tree
        [[ "$output" == *'where the model gives'* ]] || { echo "$output"; return 1; }
        wrong=$((wrong + 1))
      fi
    done
  done
  echo "$right equal, $wrong different"
  [ "$right" -ge $((WEIR_LONG ? 5 : 1)) ]
  [ "$wrong" -ge $((WEIR_LONG ? 50 : 15)) ]
}

@test "codes and votes that are changed are found, in every format" {
  model=tiny.tree
  dt2p4entries -q -e coded -o coded tiny.tree
  finds_mutation '3s/0xfe/0xff/' coded "table 'classify_code_gap__us_' gives code 0x1 for gap [us] 9, where the thresholds make code 0x0"
  finds_mutation '3d' coded 'gap [us] 8'
  finds_mutation '5s/=> 0/=> 1/' coded 'len 0'
  finds_mutation '$s/0x1&&&0x1/0x0\&\&\&0x1/' coded
  model=forest.tree
  dt2p4entries -q -o votes forest.tree
  finds_mutation '1s/191/190/' votes "table 'classify_1' gives votes 190 64 for iat 0, len 0, where the model gives votes 191 64"
  finds_mutation '$d' votes "table 'classify_2' gives nothing for iat 21, len 4"
  model=tiny.tree
  dt2p4entries -q -f p4runtime-json -o json tiny.tree
  finds_mutation 's/\[0, 9\]/[0, 8]/' json
  finds_mutation 's/, "len": \[0, 3\]//' json 'len 4'
  finds_mutation 's/, "len": \[0, 3\]//; s/"priority": 3/"priority": 0/' json 'priority 0, where P4Runtime starts at 1'
  dt2p4entries -q -f p4runtime-text -o text tiny.tree
  finds_mutation 's/high: "\\011"/high: "\\010"/' text
  dt2p4entries -q -f const -o const tiny.tree
  finds_mutation 's/10 \.\. 255/11 .. 255/' const
  dt2p4entries -q -f bfrt -o bfrt tiny.tree
  finds_mutation 's/verdict=2/verdict=1/' bfrt
  dt2p4entries -q -f dpdk -o dpdk tiny.tree
  finds_mutation 's/0x8\/0xfe/0x8\/0xff/' dpdk
}

@test "every single change of a bound of the reference's 41 entries is found" {
  reference
  model=ref.tree
  dt2p4entries -q --default-class -o entries ref.tree
  local line
  for line in 2 5 9 14 20 27 33 38 42; do
    finds_mutation "${line}d" entries
    awk -v line="$line" 'NR == line { split($4, r, "->"); $4 = sprintf("%s->%.0f", r[1], r[2] - 1) } 1' entries >moved
    run -1 dt2p4entries --verify=moved ref.tree
    [[ "$output" == *'where the model gives'* ]]
  done
}

@test "files that can't be entries of the model say why" {
  model=tiny.tree
  dt2p4entries -q -o good tiny.tree
  bad() { # LINE TEXT
    printf '%s\n' "$1" >bad
    run -1 dt2p4entries --verify=bad tiny.tree
    [ "$output" = "dt2p4entries: bad$2" ] || { echo "$output"; return 1; }
  }
  bad '' ': not a file of entries in any known format'
  bad 'hello' ': not a file of entries in any known format'
  bad 'table_add t a 0->9 => 1 1' ":1: 1 keys, where table 't' has 2"
  bad 'table_add t a 0->9 0->16 => 1 1' ':1: 16 does not fit 4 bits'
  bad 'table_add t a 9->8 0->15 => 1 1' ':1: the range from 9 to 8 is empty'
  bad 'table_add t a 0->9 007->15 => 1 1' ":1: '007->15' is not a key or =>"
  bad 'table_add t a -1->9 0->15 => 1 1' ":1: '-1->9' is not a key or =>"
  bad 'table_add t a 0->9 0->15 => 3 1' ':1: class number 3, where the model has 2 classes'
  bad 'table_add t a 0->9 0->15 => 1' ":1: 1 parameters with the priority, where the action of table 't' has 2"
  bad 'table_add t a 0->9 0->15 => 1 4294967296' ':1: priority 4294967296 is above 2147483647'
  bad 'table_add t a 0x1&&&0x2 0&&&0 => 1 1' ':1: the value 1 has bits outside of its mask 2'
  bad 'table_add t a 0->9 0->15 => 1 1
!ls' ":2: '!ls' is not table_add or table_set_default"
  bad '{"table_entries": [' ":2: the file ends where '{' should follow"
  bad '{"table_entries": [{"table": "t", "match": {"len": [0, 3]}, "priority": 1}]}' \
    ':1: the entry of line 1 has no table or no action_name'
  bad 'bfrt.t.add_with_a(len_start=0, len_end=3, len_start=0, len_end=3, MATCH_PRIORITY=1, verdict=1)' \
    ":1: 'len' is given twice"
  bad 'updates { entity { table_entry { table_id: 33554433
    table_entry { table_id: 33554433 action { action { action_id: 1 } } } } } }' \
    ":1: an entry without a table or an action"
  bad 'updates { type: DELETE entity { table_entry { table_id: 33554433 } } }' \
    ":1: an update of type 'DELETE'"
  bad 'updates { entity { table_entry { table_id: 33554433 match { range { low: "\000" high: "\001" } }
    action { action { action_id: 1 params { param_id: 1 value: "\001" } } } priority: 1 } } }' \
    ":1: a key without a field_id"
  bad 'match 0x0/0x0 0x0/0x0 priority 0 action set verdict' ":1: a number expected where the line ends"
  bad 'const entries = { (0 .. 9, 0 .. 3) : a(1)' ":2: the file ends where ';' should follow"
  bad 'bfrt.t.add_with_a(gap__us__start=0, len_start=1)' ":1: 'gap__us__end' expected"
}

# ---- Limits and errors ----

@test "--max-entries fails before anything is written" {
  run -1 dt2p4entries --max-entries=2 -o out tiny.tree
  [ "$output" = 'dt2p4entries: the model takes 3 entries (with --default-class 1), more than --max-entries=2: table '"'classify' needs 3; dt-train --max-entries=2 --no-default-class grows a model that fits" ]
  [ ! -e out ]
  run -0 dt2p4entries -q --max-entries=3 -o out tiny.tree
  run -0 dt2p4entries -q --max-entries=1 --default-class tiny.tree
  run -1 dt2p4entries -q --max-entries=0 --default-class tiny.tree
  [ "$output" = 'dt2p4entries: the model takes 1 entries, more than --max-entries=0: table '"'classify' needs 1" ]
}

@test "--classes writes the numbers, and the entries then have no comments" {
  run -0 dt2p4entries -q -f const --classes=classes.tsv tiny.tree
  [ "${lines[0]}" = '// table classify' ]
  diff - classes.tsv <<END
number	name
1	web page
2	"""chat"""
END
}

@test "a table of more than 1024 entries must say its size" {
  features=('16 x')
  classes=(a b)
  awk 'BEGIN {
    n = 1100
    for (i = 0; i < n; i++) { printf "%*ssplit %d x\n", i, "", i; printf "%*sleaf %d:1\n", i + 1, "", 1 + i % 2 }
    printf "%*sleaf 1:1\n", n, ""
  }' | model >long.tree
  run -0 --separate-stderr dt2p4entries -o out long.tree
  [[ "$stderr" == *"dt2p4entries: table 'classify' needs 'size = 1101;' in the program (the default is 1024)" ]]
  run -0 --separate-stderr dt2p4entries -q -o out long.tree
  [ -z "$stderr" ]
}

@test "wrong usage" {
  run -2 dt2p4entries
  [ "${lines[0]}" = 'dt2p4entries: which model? (dt2p4entries MODEL)' ]
  run -2 dt2p4entries a b
  [ "${lines[0]}" = "dt2p4entries: one model, and 'b' is one more" ]
  run -2 dt2p4entries --table='a b' tiny.tree
  [ "${lines[0]}" = "dt2p4entries: --table: 'a b' is not a name: letters, digits and '_', joined by dots" ]
  run -2 dt2p4entries --action='!x' tiny.tree
  run -2 dt2p4entries --table=a..b tiny.tree
  run -2 dt2p4entries --table= tiny.tree
  run -2 dt2p4entries -f p4 tiny.tree
  run -2 dt2p4entries --default-class='web pag' tiny.tree
  [ "${lines[0]}" = "dt2p4entries: --default-class: the model has no class 'web pag' (did you mean 'web page'?)" ]
  run -2 dt2p4entries --classes=x -o ./x tiny.tree
  [ "${lines[0]}" = 'dt2p4entries: --classes and --output are the same file' ]
  run -2 dt2p4entries --classes=- tiny.tree
  [ "${lines[0]}" = 'dt2p4entries: --classes and --output are the same file' ]
  run -2 dt2p4entries --classes=./tiny.tree tiny.tree
  [ "${lines[0]}" = "dt2p4entries: --classes: './tiny.tree' is an input file" ]
  run -2 dt2p4entries --verify=x -o y tiny.tree
  [ "${lines[0]}" = 'dt2p4entries: --verify writes nothing: no --output, --report or --classes' ]
}

@test "failures: no model, half a model, a full disk, a closed pipe" {
  run -1 dt2p4entries nothing.tree
  [ "$output" = 'dt2p4entries: nothing.tree: No such file or directory' ]
  head -n 12 tiny.tree >half.tree
  run -1 dt2p4entries -o out half.tree
  [ ! -e out ]
  run -1 dt2p4entries -q -o /dev/full tiny.tree
  [ "$output" = 'dt2p4entries: writing /dev/full: No space left on device' ]
  run -1 dt2p4entries -q --classes=/dev/full -o out tiny.tree
  [ ! -e out ]
  dt2p4entries -q tiny.tree | true
}
