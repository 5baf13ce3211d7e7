# seq-gen: what it draws has the law that was learnt; how sequences begin; speed; packets of its
# tokens; bad models.
load helper

setup_file() {
  [ -x "${WEIR_BIN:-$root/bin}/seq-train" ] || return 0
  cd "$BATS_FILE_TMPDIR" || return
  # After a comes b nine times of ten, else c; after b always a; after c always c or a, evenly.
  awk 'BEGIN {
    srand(1)
    print "token"
    x = "a"
    for (i = 0; i < 3000; i++) {
      print x
      u = rand()
      x = x == "a" ? (u < 0.9 ? "b" : "c") : x == "b" ? "a" : (u < 0.5 ? "c" : "a")
    }
  }' >t.csv
  "${WEIR_BIN:-$root/bin}/seq-train" -q --hidden=8 --dropout=0 --window=32 --epochs=30 --lr=0.02 -o gru t.csv
  "${WEIR_BIN:-$root/bin}/seq-train" -q --net=tcn --hidden=8 --layers=2 --dropout=0 --window=32 --epochs=30 --lr=0.02 -o tcn t.csv
}

setup() {
  [ -x "${WEIR_BIN:-$root/bin}/seq-train" ] || skip "oneDNN is not installed"
  cd "$BATS_FILE_TMPDIR" || return
}

# follows SERIES: of each pair of symbols its share among those that begin with the first.
follows() {
  awk 'NR > 2 { n[last]++; p[last $1]++ } { last = $1 }
    END { for (k in p) printf "%s %.3f\n", k, p[k] / n[substr(k, 1, 1)] }' "$1" | sort
}

@test "what is drawn has the law that was learnt" {
  local net
  for net in gru tcn; do
    seq-gen -n 40000 "$net" >"$net.csv"
    [ "$(wc -l <"$net.csv")" -eq 40001 ]
    follows "$net.csv"
    follows "$net.csv" | awk '{ p[$1] = $2 }
      END { exit !(p["ab"] > 0.87 && p["ab"] < 0.93 && p["ba"] > 0.98 && p["cc"] > 0.42 && p["cc"] < 0.58) }'
  done
}

@test "a low temperature takes what is likely, a high one the rest as well" {
  seq-gen -n 20000 --temperature=0.2 gru >cold.csv
  seq-gen -n 20000 --temperature=3 gru >hot.csv
  follows cold.csv | awk '$1 == "ab" && $2 > 0.99 { ok = 1 } END { exit !ok }'
  # 0.9^(1/3) and 0.1^(1/3) are as 0.675 and 0.325.
  follows hot.csv
  follows hot.csv | awk '$1 == "ab" && $2 > 0.55 && $2 < 0.75 { ok = 1 } END { exit !ok }'
}

@test "the same bytes for a seed; how a sequence begins; many sequences" {
  local seed
  seq-gen -n 1000 gru >one
  seq-gen -n 1000 gru >two
  cmp one two
  run -1 cmp -s one <(seq-gen -n 1000 --seed=2 gru)
  # A shorter series is the beginning of a longer one.
  cmp <(head -n 101 one) <(seq-gen -n 100 gru)
  # A sequence knows nothing of the one before: what this network says depends on what was three symbols ago.
  { sed '/^layers/,$d' "$root/tests/fuzz/corpus/seq/gru"
    printf '%s\n' 'layers embed:4:1,causal:1:2:3,dense:3' 'parameters 14' 'p -1 0 1 0 1 0 1 0 -5 0 5 0 0 0'; } >back
  for seed in {1..9}; do
    cmp <(seq-gen -n 8 --seed="$seed" --flows=2 back | grep ^2) <(seq-gen -n 40 --seed="$seed" --flows=2 back | grep ^2 | head -n 4)
  done
  [ "$(seq-gen -n 1 --start=c gru)" = "token
c" ]
  for seed in {1..60}; do seq-gen -n 2 --start=stationary --seed="$seed" gru | tail -n +2 | tr '\n' ' '; done >starts
  # As often as they came: a 0.46, b 0.42, c 0.12; and after b comes a.
  fold -w 4 starts | cut -c1 | sort | uniq -c | awk '{ n[$2] = $1 } END { exit !(n["a"] > 15 && n["b"] > 12 && n["c"] < 20) }'
  [ "$(fold -w 4 starts | grep -c '^b [bc]')" -le 3 ]
  [ "$(seq-gen gru | wc -l)" -eq 3001 ]
  seq-gen --tsv -n 7 --flows=2 gru >flows
  [ "$(cut -f1 flows | tr '\n' ' ')" = "flow 1 1 1 1 2 2 2 " ]
}

@test "at least 10,000 tokens a second, and no more work for later ones" {
  seq-train -q --net=tcn --validation=0 --epochs=1 -o wide <(head -n 200 t.csv)
  local tenth all
  TIMEFORMAT=%U
  tenth=$({ time seq-gen -n 20000 wide >/dev/null; } 2>&1)
  all=$({ time seq-gen -n 200000 wide >/dev/null; } 2>&1)
  echo "$tenth s, $all s"
  awk -v tenth="$tenth" -v all="$all" 'BEGIN { exit !(all < 20 && all < 20 * tenth + 0.2) }'
}

@test "tokens become packets again, and a capture" {
  pcap2feat -q --fields=flow,dir,len,dir_iat,iat "$root/testdata/lab/voice.1.pcap" >voice.csv
  gmm-train -q --components=4 voice.csv >voice.gmm
  gmm-code -q voice.gmm voice.csv | seq-train -q --hidden=16 --window=32 --epochs=3 >voice.seq
  seq-gen -n 500 voice.seq | gmm-code -q -d voice.gmm >new.csv
  [ "$(head -n 1 new.csv | tr ',' '\n' | grep -c -x -e dir -e len -e dir_iat -e iat -e token)" -eq 5 ]
  trafgen -q -w new.pcap new.csv
  run -0 pcap2feat -q --fields=len,dir new.pcap
  [ "${#lines[@]}" -gt 400 ]
}

@test "bad models" {
  local n
  fails "none: No such file or directory" seq-gen none
  fails "t.csv:1: is not a neural model of series of version 1 (it would begin with 'weir-seq 1')" seq-gen t.csv
  for ((n = 1; n < $(wc -l <gru); n++)); do
    head -n "$n" gru >part
    run -1 --separate-stderr seq-gen part
    [[ "$stderr" == "seq-gen: part:"*": the file ends before its line '"* ]]
  done
  head -c -5 gru >part
  fails "part:$(wc -l <gru): the file ends in the middle of this line" seq-gen part
  { cat gru && echo p 1; } >long
  fails "long:$(wc -l <long): the model is complete, and here is one more line" seq-gen long
  sed 's/^parameters .*/parameters 5/' gru >few
  run -1 seq-gen few
  [[ "$output" == *"few:14: number of parameters '5' is not in "* ]] || { echo "$output"; return 1; }
  sed 's/^symbol \([0-9]*\) b/symbol \1 a/' gru >twice
  run -1 seq-gen twice
  [[ "$output" == *": symbol 'a' stands twice" ]]
  sed 's/embed:4/embed:5/' gru >wider
  fails "wider:13: there are 3 symbols, and with the beginning embed must have 4" seq-gen wider
  sed 's/gru:8/pool:1/' gru >pool
  fails "pool:13: layer 2 does not go from symbol to symbol" seq-gen pool
  fails "a causal layer looks 1048576 steps back, too far for 1 channels" seq-gen "$root/tests/fuzz/corpus/seq/too-far"
  fails "$root/tests/fuzz/corpus/seq/overflow: what comes out of the network is not finite" \
    seq-gen "$root/tests/fuzz/corpus/seq/overflow"
  refuses "--start: no symbol 'd' was learnt" seq-gen --start=d gru
  refuses "-n: 2 symbols are too few for 3 sequences" seq-gen -n 2 --flows=3 gru
  refuses "--temperature: '0' is not in 0.01..100" seq-gen --temperature=0 gru
}
