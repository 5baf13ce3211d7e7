# markov-gen: chains whose probabilities are known, probabilities worked by hand, and what it does
# with sequences, bad tables and bad files.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  peers=$root/tests/python/markov_peers.py
}

# tokens WORD…: a series of them. flows SEED ROWS: 12 flows, mixed, of 7 symbols that depend on the
# two before, and empty fields.
tokens() { printf '%s\n' token "$@"; }
flows() {
  awk -v seed="$1" -v n="$2" 'BEGIN {
    srand(seed)
    print "x,flow,token"
    for (i = 0; i < n; i++) {
      f = int(12 * rand())
      t = rand() < 0.7 ? (last[f] * 3 + before[f]) % 7 : int(7 * rand() * rand())
      before[f] = last[f]
      last[f] = t
      print i ",f" f "," (rand() < 0.03 ? "" : "t" t)
    }
  }'
}

@test "order 1, 2, 3: the probabilities of a known chain are learnt, and drawn from" {
  need_python math
  local order escape
  for order in 1 2 3; do
    /usr/bin/python3 "$peers" make "$order" $((7 - order)) 400000 matrix >series.csv
    for escape in kneser-ney ppm-c; do
      markov-gen -q --order=$order --escape=$escape --save=model series.csv
      /usr/bin/python3 "$peers" recovered matrix model
      markov-gen -q --model=model -n 400000 >drawn.csv
      /usr/bin/python3 "$peers" drawn matrix model drawn.csv $escape
    done
    # A series of another chain is told from this one.
    [ "$order" -eq 1 ] || continue
    tac series.csv | sed '$d; 1i token' >back.csv
    run -1 /usr/bin/python3 "$peers" drawn matrix model back.csv ppm-c
  done
}

# abacab, learnt with order 2. What followed, how often:
#     nothing before: a 3, b 2, c 1 (n 6, d 3)     after a: b 2, c 1 (n 3, d 2)
#     after b: a 1    after c: a 1    after ab: a 1    after ba: c 1    after ac: a 1    after ca: b 1
# P = (c + d P in the shorter context) / (n + d), and c / n where nothing is before.
@test "PPM's method C by hand: abacab" {
  tokens a b a c a b >abacab
  markov-gen -q --order=2 --escape=ppm-c --save=model abacab
  run -0 markov-gen --model=model --score=symbols abacab
  # a: 3/6
  # b after a: (2 + 2 * 2/6) / (3 + 2) = 8/15
  # a after ab: after b (1 + 1 * 3/6) / (1 + 1) = 3/4; (1 + 1 * 3/4) / (1 + 1) = 7/8
  # c after ba: after a (1 + 2 * 1/6) / 5 = 4/15; (1 + 4/15) / 2 = 19/30
  # a after ac: as after ab
  # b after ca: after a 8/15; (1 + 8/15) / 2 = 23/30
  [ "$output" = "token,depth,probability,bits
a,0,0.5,1.000000
b,1,0.533333333333,0.906891
a,2,0.875,0.192645
c,2,0.633333333333,0.658963
a,2,0.875,0.192645
b,2,0.766666666667,0.383329" ]
  # The mean of those bits: 3.334473 / 6.
  run -0 markov-gen --model=model --score abacab
  [ "$output" = "symbols,impossible,bits_per_symbol
6,0,0.555745" ]
  # Not seen there: bb: after ab -> b after b: (0 + 1 * 2/6) / 2 = 1/6; (0 + 1/6) / 2 = 1/12; then
  # abb is no context, bb is none, b is one: c after b: (0 + 1 * 1/6) / 2 = 1/12. x was not learnt:
  # after c: 0; and after x nothing is before.
  tokens a b b c x a >other
  run -0 markov-gen --model=model --score=symbols other
  [ "$output" = "token,depth,probability,bits
a,0,0.5,1.000000
b,1,0.533333333333,0.906891
b,2,0.0833333333333,3.584963
c,1,0.0833333333333,3.584963
x,1,0,
a,0,0.5,1.000000" ]
  run -0 markov-gen --model=model --score other
  [ "${lines[1]}" = "6,1,2.015363" ]
}

# The same with Kneser and Ney's counts. After contexts of two symbols, those above: D = 4 / (4 + 0),
# which is cut to 0.95. After fewer, how many different symbols stood before, or the beginning:
#     nothing before: a 3 (the beginning, b, c), b 1 (a), c 1 (a)     n 5
#     after a: b 2 (the beginning, c), c 1 (b)    n 3, d 2            D = 3 / (3 + 2 * 1) = 0.6
#     after b: a 1 (a)    after c: a 1 (a)
@test "Kneser and Ney by hand: abacab" {
  tokens a b a c a b >abacab
  markov-gen -q --order=2 --save=model abacab
  run -0 markov-gen --model=model --score=symbols abacab
  # a: 3/6, since at the beginning counts are counts
  # b after a, the beginning: (2 - 0.6) / 3 + 0.6 * 2/3 * 1/5 = 0.546667
  # a after ab: after b 0.4 / 1 + 0.6 * 3/5 = 0.76; 0.05 / 1 + 0.95 * 0.76 = 0.772
  # c after ba: after a (1 - 0.6) / 3 + 0.6 * 2/3 * 1/5 = 0.213333; 0.05 + 0.95 * that = 0.252667
  # b after ca: after a 0.546667; 0.05 + 0.95 * that = 0.569333
  [ "$output" = "token,depth,probability,bits
a,0,0.5,1.000000
b,1,0.546666666667,0.871267
a,2,0.772,0.373327
c,2,0.252666666667,1.984693
a,2,0.772,0.373327
b,2,0.569333333333,0.812655" ]
  # b after ab: after b 0.6 * 1/5 = 0.12; 0.95 * that. abb and bb never came, so c after b: 0.12.
  # x was not learnt; a then in a shortened context: 3/5.
  tokens a b b c x a >other
  run -0 markov-gen --model=model --score=symbols other
  [ "$output" = "token,depth,probability,bits
a,0,0.5,1.000000
b,1,0.546666666667,0.871267
b,2,0.114,3.132894
c,1,0.12,3.058894
x,1,0,
a,0,0.6,0.736966" ]
}

@test "by hand: no escape, and smoothing" {
  tokens a b a c a b >abacab
  tokens a c b x >other
  # a: 3/6; c after a: 1/3; b after ac: 0, for only a was seen there. Then acb, cb: no contexts; b.
  markov-gen -q --order=2 --escape=none --save=model abacab
  run -0 markov-gen --model=model --score=symbols other
  [ "$output" = "token,depth,probability,bits
a,0,0.5,1.000000
c,1,0.333333333333,1.584963
b,2,0,
x,1,0," ]
  # With 1 added to each and one place for all others: a (3 + 1) / (6 + 1 * 4) = 0.4; c after a
  # (1 + 2 * 2/10) / 5 = 0.28; b after c (0 + 1 * 3/10) / 2 = 0.15, after ac 0.075; x after b
  # (0 + 1 * 1/10) / 2 = 0.05.
  markov-gen -q --order=2 --escape=ppm-c --smoothing=1 --save=model abacab
  run -0 markov-gen --model=model --score=symbols other
  [ "$output" = "token,depth,probability,bits
a,0,0.4,1.321928
c,1,0.28,1.836501
b,2,0.075,3.736966
x,1,0.05,4.321928" ]
}

@test "any order, escape and smoothing: the probabilities of a peer with dictionaries" {
  need_python math
  local order escape smoothing
  flows 1 3000 >train.csv
  flows 2 400 | sed 's/t6/t9/' >test.csv
  for escape in kneser-ney ppm-c none; do
    for smoothing in 0 0.5; do
      for order in 0 1 2 5 12; do
        markov-gen -q --order=$order --escape=$escape --smoothing=$smoothing --save=model train.csv
        markov-gen -q --model=model --score=symbols -o ours test.csv
        /usr/bin/python3 "$peers" score $order $escape $smoothing train.csv test.csv >expected
        cmp ours expected
      done
    done
  done
}

@test "what is drawn from little knowledge is as the probabilities say, escapes and smoothing too" {
  need_python math
  local order escape smoothing
  flows 1 300 >train.csv
  for escape in kneser-ney ppm-c none; do
    for order in 0 1 2 3; do
      smoothing=$((order % 2 * 2))
      markov-gen -q --order=$order --escape=$escape --smoothing=$smoothing --save=model train.csv
      markov-gen -q --model=model --flows=1 --start=stationary -n 200000 >new.csv
      /usr/bin/python3 "$peers" agrees $order $escape $smoothing model new.csv
    done
  done
}

@test "the file: what was learnt, as documented" {
  printf '%s\n' flow,token 1,a 2,b 1,'"x, y"' 2,b 3,a 3,'"x, y"' >t.csv
  run -0 --separate-stderr markov-gen --order=1 --save=- t.csv
  [ "$output" = "weir-markov 1
made markov-gen --order=1 --escape=kneser-ney --smoothing=0
column token
order 1
escape kneser-ney
smoothing 0
sequences 3 6
lengths 2:3
symbol 2 a
symbol 2 b
symbol 2 x, y
start 0:2 1:1
contexts 3
context -- 0:2 1:2 2:2
context 0 -- 2:2
context 1 -- 1:1" ]
  [ "$stderr" = "markov-gen: 6 symbols, 3 different, in 3 sequences; 3 contexts" ]
}

@test "a chain from a file draws as one that was just learnt; a seed is a series" {
  flows 3 2000 >t.csv
  markov-gen -q --order=3 --save=model t.csv
  markov-gen -q --model=model >from-file.csv
  cmp from-file.csv <(markov-gen -q --order=3 t.csv)
  cmp from-file.csv <(markov-gen -q --order=3 --save=model2 --flows=12 t.csv)
  cmp model model2
  cmp from-file.csv <(markov-gen -q --model=model --seed=1)
  run -1 cmp from-file.csv <(markov-gen -q --model=model --seed=2)
}

@test "contexts do not reach from one flow into another" {
  # a is followed by b in every flow; only where flows alternate is it followed by another a.
  awk 'BEGIN { print "flow,token"; for (i = 0; i < 50; i++) print 2 * i ",a\n" 2 * i + 1 ",a\n" \
    2 * i ",b\n" 2 * i + 1 ",b" }' >t.csv
  run -0 --separate-stderr markov-gen --order=1 --escape=none t.csv
  [ "$stderr" = "markov-gen: 200 symbols, 2 different, in 100 sequences; 2 contexts" ]
  diff <(echo "$output") <(awk 'BEGIN { print "flow,token"; for (i = 1; i <= 100; i++) print i ",a\n" i ",b" }')
}

@test "how much is written: as learnt, -n, --flows, both" {
  printf '%s\n' flow,token 1,a 1,b 1,c 2,a 3,a 3,b >many.csv
  tokens a b c a b >one.csv
  # rows / flows / lengths
  count() { markov-gen -q "$@" | awk -F, 'NR == 1 { f = NF; next } { n[f > 1 ? $1 : 0]++; rows++ }
    END { for (k in n) { flows++; if (n[k] > most) most = n[k]; if (!least || n[k] < least) least = n[k] }
      print f, rows, flows, least, most }'; }
  [ "$(count one.csv)" = "1 5 1 5 5" ]
  [ "$(count -n 1 one.csv)" = "1 1 1 1 1" ]
  [ "$(count -n 1234 one.csv)" = "1 1234 1 1234 1234" ]
  [ "$(count --flows=3 one.csv)" = "2 15 3 5 5" ]
  [ "$(count --flows=4 -n 10 one.csv)" = "2 10 4 2 3" ]
  read -r columns rows flows least most <<<"$(count --flows=1000 many.csv)"
  [ "$columns $flows $least $most" = "2 1000 1 3" ]
  [ "$rows" -gt 1900 ]
  [ "$rows" -lt 2100 ]
  read -r columns rows flows least most <<<"$(count -n 1000 many.csv)"
  [ "$columns $rows $least $most" = "2 1000 1 3" ]
  [ "$flows" -gt 450 ]
  [ "$flows" -lt 550 ]
  [ "$(markov-gen -q many.csv | tail -n 1 | cut -d, -f 1)" = 3 ]
}

@test "--start: as sequences begin, anywhere, with a symbol" {
  printf '%s\n' flow,token 1,a 1,b 1,b 1,c 2,a 2,b 2,b 2,c 3,b 3,b 3,b 3,c >t.csv
  starts() { markov-gen -q --flows=6000 -n 6000 "$@" t.csv | tail -n +2 | cut -d, -f 2 | sort | uniq -c |
    awk '{ print $2 "=" int($1 / 100 + 0.5) }' | tr '\n' ' '; }
  # 2 of 3 begin with a; 2, 7 and 3 of 12 symbols are a, b and c.
  run -0 starts
  [[ "$output" =~ ^a=(39|40|41)\ b=(19|20|21)\ $ ]]
  run -0 starts --start=first
  [[ "$output" =~ ^a=(39|40|41)\ b=(19|20|21)\ $ ]]
  run -0 starts --start=stationary
  [[ "$output" =~ ^a=(9|10|11)\ b=(34|35|36)\ c=(14|15|16)\ $ ]]
  run -0 starts --start=c
  [ "$output" = "c=60 " ]
  refuses "--start: no symbol 'd' was learnt" markov-gen -q --start=d t.csv
  tokens f12 f13 b1 >t.csv
  refuses "--start: no symbol 'f1' was learnt (did you mean 'f12'?)" markov-gen -q --start=f1 t.csv
}

@test "stationary: no symbol is rarer at the beginning of a sequence than later" {
  flows 5 4000 >t.csv
  markov-gen -q --order=2 --escape=none --start=stationary --flows=20000 -n 120000 t.csv |
    awk -F, '$1 == f { k++ } $1 != f { f = $1; k = 0 } NR > 1 && (k == 0 || k == 4) { n[k, $2]++; seen[$2] }
      END { for (s in seen) { d = (n[0, s] - n[4, s]) / 20000; if (d > 0.015 || d < -0.015) { print s, d; bad = 1 } }
        exit bad }'
}

# shares FILE: how often each token comes, in its last column, in percent.
shares() {
  tail -n +2 "$1" | awk -F, '{ n[$NF]++ } END { for (t in n) printf "%s %.3f\n", t, 100 * n[t] / NR }' |
    LC_ALL=C sort
}

# distance A B: half the sum of the differences of shares.
distance() {
  LC_ALL=C join -a 1 -a 2 -e 0 -o 1.2,2.2 <(shares "$1") <(shares "$2") |
    awk '{ d = $1 - $2; sum += d < 0 ? -d : d } END { print int(sum / 2 + 0.5) }'
}

@test "packets to tokens, to new tokens, to packets: the shares of tokens stay" {
  pcap2feat -q --fields=flow,dir,len,dir_iat,iat "$testdata"/lab/voice.*.pcap >voice.csv
  gmm-train -q --components=12 voice.csv >voice.gmm
  gmm-code -q voice.gmm voice.csv >tokens.csv
  # The chain of order 1 stays long with one kind of call: fewer tokens have seen too few changes.
  local order
  for order in 0 1; do
    markov-gen -q --order=$order --flows=1 --start=stationary -n 400000 tokens.csv >new.csv
    [ "$(distance tokens.csv new.csv)" -le 3 ]
  done
  gmm-code -q -d voice.gmm new.csv >packets.csv
  [ "$(wc -l <packets.csv)" -eq 400001 ]
  diff <(shares new.csv) <(shares packets.csv)
  # Not so with PPM: these calls are of two kinds, which it leaves unlike often.
  markov-gen -q --order=1 --escape=ppm-c --flows=1 --start=stationary -n 50000 tokens.csv >new.csv
  [ "$(distance tokens.csv new.csv)" -ge 10 ]
}

@test "tables: TSV, quotes, another column, a column called flow, empty fields" {
  printf 'token\tx y\nz\t"a b"\nz\t\nz\tc,d\n' >t.tsv
  run -0 --separate-stderr markov-gen --column='x y' --order=1 --escape=none -n 4 t.tsv
  [ "$output" = "x y
a b
c,d
a b
c,d" ] || [ "${lines[1]}" = "a b" ]
  [ "${stderr_lines[0]}" = "markov-gen: 1 row without a 'x y' left out" ]
  run -0 markov-gen -q --csv --column='x y' --start='c,d' -n 1 t.tsv
  [ "$output" = 'x y
"c,d"' ]
  printf '%s\n' flow 1 2 1 2 >f.csv
  run -0 --separate-stderr markov-gen --column=flow --order=1 --escape=none --save=m f.csv
  [ "$stderr" = "markov-gen: 4 symbols, 2 different, in 1 sequence; 3 contexts" ]
  run -0 markov-gen -q --model=m --tsv -n 3
  [ "$output" = "flow
1
2
1" ]
}

@test "one symbol, one row, the same always: sound chains" {
  tokens a >one.csv
  run -0 --separate-stderr markov-gen --order=64 -n 3 one.csv
  [ "$output" = "token
a
a
a" ]
  [ "$stderr" = "markov-gen: 1 symbol, 1 different, in 1 sequence; 1 context" ]
  awk 'BEGIN { print "token"; for (i = 0; i < 1000; i++) print "a" }' >same.csv
  run -0 --separate-stderr markov-gen --order=64 --save=model -n 1000 -o out.csv same.csv
  cmp out.csv same.csv
  [ "$stderr" = "markov-gen: 1000 symbols, 1 different, in 1 sequence; 65 contexts" ]
  run -0 markov-gen --model=model --score same.csv
  [ "${lines[1]}" = "1000,0,0.000000" ]
  run -1 grep -iE 'nan|inf' model
  # As many flows as rows.
  printf '%s\n' flow,token 1,a 2,b 3,c >flows.csv
  run -0 markov-gen -q --order=3 --save=- flows.csv
  [[ "$output" == *"
lengths 1:3
"*"
contexts 1
"* ]]
}

@test "bad tables: no such column, empty, too many columns, line ends in names" {
  tokens a b >t.csv
  fails "t.csv:1: there is no column 'tokens' (did you mean 'token'?)" markov-gen --column=tokens t.csv
  printf 'token,x\n,1\n,2\n' >empty.csv
  fails "empty.csv: there is no row with a 'token'" markov-gen empty.csv
  echo token >header.csv
  fails "header.csv: there is no row with a 'token'" markov-gen header.csv
  printf 'token\na\n"b\nc"\n' >line.csv
  fails "line.csv:3: column 'token': a symbol with a control character" markov-gen line.csv
  printf '"to\nken"\na\n' >line.csv
  fails "line.csv:1: the name of column 1 has a control character" markov-gen --column=$'to\nken' line.csv
  printf 'token\na,b\n' >wide.csv
  run -1 markov-gen wide.csv
}

@test "a million different symbols and one more" {
  { echo token; seq 1048576; } >many.csv
  run -0 --separate-stderr markov-gen --order=1 --save=model many.csv
  [ "$stderr" = "markov-gen: 1048576 symbols, 1048576 different, in 1 sequence; 1048576 contexts" ]
  run -0 markov-gen --model=model --start=1048570 -n 3
  [[ "$output" == token*1048570* ]]
  echo 1048577 >>many.csv
  fails "many.csv:1048578: column 'token': '1048577' is one more than 1048576 different symbols" \
    markov-gen many.csv
}

@test "bad command lines" {
  tokens a b >t.csv
  markov-gen -q --save=model t.csv
  refuses "--order: '1000000' is not in 0..64" markov-gen --order=1000000 t.csv
  refuses "--order: '65' is not in 0..64" markov-gen --order=65 t.csv
  refuses "--smoothing: '-1' is not in 0..1e+06" markov-gen --smoothing=-1 t.csv
  refuses "--smoothing: 'nan' is not a number" markov-gen --smoothing=nan t.csv
  refuses "--escape: 'ppm-d' is not one of kneser-ney, ppm-c, none (did you mean 'ppm-c'?)" markov-gen --escape=ppm-d t.csv
  refuses "-n: 2 symbols are too few for 3 sequences" markov-gen -n 2 --flows=3 t.csv
  refuses "--score judges a series by a chain (--model=FILE; --save=FILE makes one)" markov-gen --score t.csv
  refuses "--score writes no series, so it takes no -n" markov-gen --model=model --score -n 3 t.csv
  refuses "only one of the model and the table can be standard input" markov-gen --model=- --score
  refuses "--model has learnt already, so it takes no --order" markov-gen --model=model --order=2
  refuses "--model has learnt already, so it takes no FILE (but for --score)" markov-gen --model=model t.csv
  refuses "--model knows its column (--column goes with --score, or with learning)" \
    markov-gen --model=model --column=x
  refuses "--output: 'model' is an input file" markov-gen --model=model -o model
  refuses "--save: 't.csv' is an input file" markov-gen --save=t.csv t.csv
  refuses "--save and the series would go to the same place" markov-gen --save=x -n 3 -o x t.csv
  refuses "--save and the series would go to the same place" markov-gen --save=- -n 3 t.csv
  refuses "--save alone writes no series to --output (with -n or --flows it does)" \
    markov-gen --save=x -o y t.csv
  [ ! -e x ]
  [ ! -e y ]
}

# spoilt TEXT SED: the model with this edit is refused with this text.
spoilt() {
  sed "$2" model >bad
  ! cmp -s model bad || { echo "'$2' changes nothing"; return 1; }
  fails "bad${1:+:}$1" markov-gen --model=bad
}

@test "bad files: every line is checked against the others" {
  printf '%s\n' flow,token 1,a 1,b 1,a 1,c 2,a 2,b >t.csv
  markov-gen -q --order=2 --save=model t.csv
  local corpus=$root/tests/fuzz/corpus/chain
  : >bad
  fails "bad: is empty (a model begins with 'weir-markov 1')" markov-gen --model=bad
  spoilt "1: is not a chain of version 1 (it would begin with 'weir-markov 1')" '1s/1/2/'
  spoilt "4: order '65' is not in 0..64" '4s/2/65/'
  spoilt "5: escape is kneser-ney, ppm-c or none" '5s/y$/d/'
  spoilt "6: smoothing '-1' is not in 0..1e+06" '6s/0/-1/'
  spoilt "6: smoothing 'nan' is not a number" '6s/0/nan/'
  spoilt "7: number of symbols '1' is not in 2..4294967294" '7s/6/1/'
  spoilt "8: the lengths sum to 6, and the sequences have 7 symbols" '7s/6/7/'
  spoilt "8: the lengths sum to more than 6, the number of symbols" '8s/4:1/5:1/'
  spoilt "8: the counts sum to less than 2, the number of sequences" '8s/ 4:1//'
  spoilt "8: the counts sum to more than 2, the number of sequences" '8s/4:1/4:2/'
  spoilt "8: the numbers must ascend, and 2 comes after 4" '8s/2:1 4:1/4:1 2:1/'
  spoilt "8: '4' is no pair LENGTH:SEQUENCES" '8s/4:1/4/'
  spoilt "7: a line 'sequences' must come first" 7d
  spoilt "10: symbol 'a' stands twice" '10s/b$/a/'
  spoilt "10: the symbol's name is missing" '10s/ b//'
  spoilt "12: symbol 1 begins more sequences than it stands in" '10s/2/1/; 12s/0:/1:/'
  spoilt "12: number '3' is not in 0..2" '12s/0:/3:/'
  spoilt "14: symbol 2 comes more often than its line 'symbol' says" '14s/2:1/2:2/'
  spoilt "14: symbol 0 comes less often than its line 'symbol' says" '9s/3/4/'
  spoilt "14: the empty context must have all symbols, 6 in all" '14s/ 2:1//'
  spoilt "14: the first context, and only that, is the empty one" 14d
  spoilt "15: symbol 1 comes more often than in the shorter context" '15s/1:2/1:3/'
  spoilt "15: the symbols after a context must ascend, each once" '15s/1:2 2:1/2:1 1:2/'
  spoilt "15: nothing follows the context" '15s/--.*/--/'
  spoilt "15: a context has '--' after its symbols" '15s/--.*//'
  spoilt "16: the context is out of order" '15{h;d};16G'
  spoilt "17: the context without its oldest symbol must come before" '17s/ 1 0 / 1 2 /'
  spoilt "17: a context has more symbols than the order, 1" '4s/2/1/'
  head -c -1 model >bad
  fails "bad:18: the file ends in the middle of this line" markov-gen --model=bad
  fails "$corpus/unreached: context 3, counted from 0, comes more often than others let it" \
    markov-gen --model="$corpus/unreached"
  fails "$corpus/too-often: context 4, counted from 0, comes more often than others let it" \
    markov-gen --model="$corpus/too-often"
  spoilt "18: more contexts than the 4 that were said" '13s/5/4/'
  spoilt " the file ends after 5 of 6 contexts" '13s/5/6/'
  spoilt " there is no line 'made'" '2d'
  spoilt "3: 'made' stands twice" '2p'
  spoilt "3: unknown line 'colum'" '3s/n//'
  spoilt "19: 'order' after 'contexts'" '$s/$/\norder 2/'
}
