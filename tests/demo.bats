#!/usr/bin/env bats
# scripts/demo on testdata/lab: its score beside the baselines, its proof, its pictures, its text.

load helper

setup_file() {
  load helper
  export demo=$BATS_FILE_TMPDIR/demo
  WEIR_BIN=$(dirname "$(command -v pcap2feat)") "$root/scripts/demo" "$demo" >"$BATS_FILE_TMPDIR/said" 2>&1 ||
    echo "demo: exit $?" >>"$BATS_FILE_TMPDIR/said" # the first test shows it
}

setup() {
  need dot gnuplot column
  said=$BATS_FILE_TMPDIR/said
}

# metric FILE NAME: what dt-eval --tsv said.
metric() {
  awk -F '\t' -v name="$2" '$1 == name { print $2 }' "$1"
}
# holds CONDITION: an arithmetic comparison of decimals.
holds() {
  awk "BEGIN { exit !($1) }" || { echo "not so: $1"; return 1; }
}

@test "demo: ends well, and says what doc/demo.txt says (else: make doc-demo)" {
  sed "s|$demo|build/demo|" "$said" | diff "$root/doc/demo.txt" -
}

@test "demo: sessions do not stand on both sides of the split" {
  run -0 comm -12 <(cut -d , -f 1 "$demo/train.csv" | sort -u) <(cut -d , -f 1 "$demo/test.csv" | sort -u)
  [ "$output" = file ]
  [ "$(cut -d , -f 1 "$demo/test.csv" | sort -u | wc -l)" -eq 25 ]
}

@test "demo: the tree beats the majority, shuffled labels do not" {
  holds "$(metric "$demo/metrics.tsv" accuracy) > $(metric "$demo/metrics.tsv" majority) + 0.25"
  holds "$(metric "$demo/metrics.tsv" macro_f1) > 0.5"
  holds "$(metric "$demo/shuffled.tsv" accuracy) < $(metric "$demo/metrics.tsv" majority) + 0.05"
}

@test "demo: entries within the budget, proved, and a switch that says what the tree says" {
  [ "$(grep -c '^table_add ' "$demo/entries.txt")" -le 32 ]
  [ "$(grep -c 'dt2p4entries: proved: [0-9]* entries equal the model on its whole domain' "$said")" -eq 2 ]
  grep -q '^ *agreement  1\.0000  ' "$said"
  run -0 dt-eval --entries="$demo/entries.txt" --tsv "$demo/app.tree" "$demo/test.csv"
  [[ "$output" == *$'agreement\t1'* ]]
}

@test "demo: the pictures are pictures, and not empty" {
  local name
  for name in tree confusion; do
    [ "$(head -c 8 "$demo/$name.png" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]
    [ "$(stat -c %s "$demo/$name.png")" -gt 10000 ]
    grep -q '</svg>' "$demo/$name.svg"
  done
  grep -q '>len ≤ ' "$demo/tree.svg"
  for name in bulk chat dns video voice web; do grep -q ">$name<" "$demo/confusion.svg"; done
}

# What stands in a picture; the places differ with the version of the program that drew it.
words() {
  sed 's/></>\n</g' "$1" | sed -n 's/.*>\([^<]\{1,\}\)<\/\(text\|tspan\).*/\1/p' | sort
}

@test "demo: the pictures in doc are those of the demo (else: make doc-demo)" {
  local name
  for name in tree confusion; do
    [ "$(words "$demo/$name.svg" | wc -l)" -gt 20 ]
    diff <(words "$demo/$name.svg") <(words "$root/doc/$name.svg")
  done
}

@test "demo: ten splits by capture: the median beats the baselines by far" {
  local seed shuffled
  eval "$(sed -n '/^shuffle_classes() {/,/^}/p; /^permute() {/,/^}/p' "$root/scripts/demo")"
  cd "$BATS_TEST_TMPDIR"
  for seed in {1..10}; do
    featsplit -q --seed="$seed" --by=file --train=train.csv --test=test.csv "$demo/packets.csv"
    dt-train -q --max-entries=32 train.csv >app.tree
    shuffle_classes train.csv | dt-train -q --max-entries=32 >shuffled.tree
    dt-eval --tsv app.tree test.csv >app.tsv
    shuffled=$(metric <(dt-eval --tsv shuffled.tree test.csv) accuracy)
    echo "$(metric app.tsv accuracy) $(metric app.tsv macro_f1) $(metric app.tsv majority) $shuffled"
  done >figures
  median() {
    sort -n -k "$1,$1" figures | awk -v k="$1" '{ v[NR] = $k } END { printf "%.4f", (v[5] + v[6]) / 2 }'
  }
  echo "# median of 10 splits by capture, 32 entries: accuracy $(median 1), macro-F1 $(median 2)," \
    "majority $(median 3), shuffled labels $(median 4)" >&3
  holds "$(median 1) > $(median 3) + 0.35"
  holds "$(median 2) > 0.6"
  holds "$(median 4) < $(median 3) + 0.03"
}

@test "demo: a wrong command line" {
  run -2 --separate-stderr "$root/scripts/demo" a b
  [[ "$stderr" == "usage: demo [DIRECTORY] "* ]]
}
