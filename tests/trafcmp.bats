# trafcmp: how close two packet series are.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# figure METRIC DIRECTION [COLUMN]: of the table on standard input; value, floor… by name.
figure() {
  awk -F'\t' -v m="$1" -v d="$2" -v c="${3-value}" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) k = i; next }
    $1 == m && $2 == d { print $k; found = 1 }
    END { exit !found }'
}

# lab NAME: a capture of the lab as NAME.csv.
lab() {
  pcap2feat -q --fields=flow,dir,len,dir_iat,iat "$testdata/lab/$1.pcap" >"$1.csv"
}

@test "distances between distributions, worked out by hand" {
  # forward: len 10 20 30 40 against 10 20 20 50; times 1 2 3 4 ms against 1 1 1 1 s
  printf '%s\n' dir,len,dir_iat 1,10,1000000 1,20,2000000 1,30,3000000 1,40,4000000 >real.csv
  printf '%s\n' dir,len,dir_iat 1,10,1000000000 1,20,1000000000 1,20,1000000000 1,50,1000000000 >synth.csv
  run -0 --separate-stderr trafcmp --tsv real.csv synth.csv
  [ -z "$stderr" ]
  value() { figure "$@" <<<"$output"; }
  [ "$(value len.mean forward)" = 0 ]
  [ "$(value len.mean forward real)" = 25 ]
  [ "$(value len.ks forward)" = 0.25 ] # 3/4 against 1/2 at 20
  [ "$(value len.emd forward)" = 5 ]   # 10/4 between 20 and 30, 10/4 between 40 and 50
  # bins of 16 bytes: 1 2 1 against 1 2 0 1; half of 1/4 and of 1/4 is in a bin of its own
  [ "$(value len.js forward)" = 0.25 ]
  [ "$(value iat.ks forward)" = 1 ]
  [ "$(value iat.js forward)" = 1 ]
  [ "$(value iat.emd forward)" = 997.5 ]
  # one second of 100 bytes against four of 10 20 20 50
  [ "$(value throughput.ks forward)" = 1 ]
  [ "$(value throughput.emd forward)" = 75 ]
  [ "$(value throughput.js forward)" = 1 ] # bins from 10^(k/10) - 1 bytes: none shared
  [ "$(value burst.mean forward real)" = 4 ]
  [ "$(value burst.ks both)" = 0 ]
  # nothing of the other direction
  [ -z "$(value len.ks backward)" ]
  [ "$(value packets backward real)" = 0 ]
}

@test "seconds without a packet count, and each direction has its own clock unless it is shared" {
  # forward clock: 0.5, 3.5 s; backward clock: 1.5 s. One clock: 0.5, 2.0, 5.0 s.
  printf '%s\n' dir,len,dir_iat,iat 1,10,500000000,500000000 0,7,1500000000,1500000000 \
    1,20,3000000000,3000000000 >s.csv
  run -0 --separate-stderr trafcmp --tsv s.csv s.csv
  [ "$(figure throughput.mean forward real <<<"$output")" = 7.5 ] # 10 0 0 20
  [ "$(figure throughput.mean backward real <<<"$output")" = 7 ]
  run -0 --separate-stderr trafcmp --tsv --iat=iat s.csv s.csv
  [ "$(figure throughput.mean forward real <<<"$output")" = 5 ] # 10 0 0 0 0 20
}

@test "the reference's figures of its own data" {
  need_data
  need_python pandas
  pcap2feat -q --first=zero --flow='UDP 192.168.0.102:18826 192.168.0.105:26454' \
    "$data/estimator/skypeLANhome.pcap" >rows.csv
  /usr/bin/python3 "$root/tests/python/estimator_data.py" rows.csv train.csv test.csv
  run -0 --separate-stderr trafcmp --tsv train.csv test.csv
  [ "$(awk -F'\t' '$1 ~ /(len|iat|throughput).ks/ { printf "%s %s %.3f\n", $1, $2, $3 }' <<<"$output")" = \
    'len.ks forward 0.113
len.ks backward 0.127
iat.ks forward 0.130
iat.ks backward 0.184
throughput.ks forward 0.284
throughput.ks backward 0.223' ]
}

# noise SEED [N]: packets of no order at all.
noise() {
  awk -v seed="$1" -v n="${2-8000}" 'BEGIN {
    srand(seed)
    print "dir,len,dir_iat"
    for (i = 0; i < n; i++)
      printf "%d,%d,%d\n", rand() < 0.4, 60 + 40 * int(20 * rand()), int(1e6 * exp(2 * rand()))
  }' >"$1.csv"
}

@test "order, correlations and copies, worked out by hand" {
  # len 10 20 30 20 (mean 20): squares 200; lag 1: 0 + 0 + 0; lag 2: -10 * 10 + 0
  printf '%s\n' dir,len,dir_iat 1,10,9000 1,20,99000 1,30,999000 1,20,99000 >real.csv
  # len 10 10 30 30 (mean 20): squares 400; lag 1: 100 - 100 + 100; lag 2: -100 - 100; lag 3: -100
  printf '%s\n' dir,len,dir_iat 1,10,99000 1,10,99000 1,30,99000 1,30,99000 >synth.csv
  run -0 --separate-stderr trafcmp --tsv --lags=2 --copied=2 real.csv synth.csv
  value() { figure "$@" <<<"$output"; }
  [ "$(value len.acf1 forward real)" = 0 ]
  [ "$(value len.acf1 forward synth)" = 0.25 ]
  [ "$(value len.acf forward)" = 0.125 ] # |0 - 0.25| and |-0.5 + 0.5|
  # deviations -10 0 10 0 and -10 -10 10 10: 200 / sqrt(200 * 400)
  [[ "$(value len.position_pearson forward)" = 0.70710678118654* ]]
  # ranks 1 2.5 4 2.5 and 1.5 1.5 3.5 3.5: 3 / sqrt(4.5 * 4)
  [[ "$(value len.position_spearman forward)" = 0.70710678118654* ]]
  # log10(1 + us) 1 2 3 2 goes with len just so; synth's time is always the same
  [ "$(value len_iat.pearson forward real)" = 1 ]
  [ -z "$(value len_iat.pearson forward synth)" ]
  [ -z "$(value len_iat.pearson forward)" ]
  [ -z "$(value iat.acf forward)" ]
  # synth's runs of two: 10 10, 10 30, 30 30; real's begin with 10 at another time
  [ "$(value copied both)" = 0 ]
  printf '%s\n' dir,len,dir_iat 1,20,99000 1,30,999000 1,30,999000 0,30,999000 1,20,99000 1,30,2000000 >synth.csv
  run -0 --separate-stderr trafcmp --tsv --copied=2 real.csv synth.csv
  # the first and the last of the five, but the last one ends in another bin of time
  [ "$(value copied both)" = 0.2 ]
  [ "$(value copied forward)" = 0.5 ]
  run -0 --separate-stderr trafcmp --tsv --copied=2 --iat-bins=1 real.csv synth.csv
  [ "$(value copied both)" = 0.4 ]
  [ -z "$(value copied backward)" ]
}

@test "flows: pairs, runs and clocks end with them" {
  printf '%s\n' flow,dir,len,dir_iat a,1,10,100000000 b,1,30,100000000 a,1,20,1000000000 b,1,50,0 >two.csv
  run -0 --separate-stderr trafcmp --tsv two.csv two.csv
  value() { figure "$@" <<<"$output"; }
  [ "$(value burst.mean forward real)" = 2 ]
  [ "$(value throughput.mean forward real)" = 36.6666666666667 ] # 10, 20, 80
  # deviations -17.5 -7.5 and 2.5 22.5: (131.25 + 56.25) / 875
  [[ "$(value len.acf1 forward real)" = 0.2142857142857* ]]
  # halves: 10 20 and 30 50
  [ "$(value len.mean forward floor)" = 25 ]
  [ "$(value len.ks forward floor)" = 1 ]
}

@test "what can't be told apart: the two-sample test is at one half, with its floor" {
  noise 1
  noise 2
  run -0 --separate-stderr trafcmp --tsv 1.csv 2.csv
  for metric in c2st.tree c2st.forest; do
    for column in value floor floor_blocks; do
      awk -v x="$(figure "$metric" both "$column" <<<"$output")" 'BEGIN { exit !(x > 0.42 && x < 0.58) }'
    done
    awk -v x="$(figure "$metric" both error <<<"$output")" 'BEGIN { exit !(x > 0.005 && x < 0.04) }'
  done
  [ "$(figure copied both <<<"$output")" = 0 ]
  # There is nothing to learn of the next packet, from either side.
  for column in value floor; do
    awk -v x="$(figure tstr.accuracy both $column <<<"$output")" 'BEGIN { exit !(x < 0.24) }'
  done
  # Twins: each window stands on both sides, and nothing is learnt from it but the opposite.
  run -0 --separate-stderr trafcmp --tsv 1.csv 1.csv
  awk -v x="$(figure c2st.forest both <<<"$output")" 'BEGIN { exit !(x < 0.55) }'
  [ "$(figure copied both <<<"$output")" = 1 ]
  [ "$(figure len.position_pearson forward <<<"$output")" = 1 ]
}

@test "the same packets in another order: distributions see nothing, the two-sample test does" {
  noise 1
  { head -n 1 1.csv && tail -n +2 1.csv | sort -s -t, -k1,1n | awk -F, '
      { line[$1, n[$1]++] = $0 }
      END { for (i = 0; i < n[0] || i < n[1]; i++) { if (i < n[0]) print line[0, i]; if (i < n[1]) print line[1, i] } }'
  } >turns.csv
  run -0 --separate-stderr trafcmp --tsv 1.csv turns.csv
  [ "$(figure len.ks forward <<<"$output")" = 0 ]
  [ "$(figure iat.emd backward <<<"$output")" = 0 ]
  for metric in c2st.tree c2st.forest; do
    awk -v x="$(figure "$metric" both <<<"$output")" 'BEGIN { exit !(x > 0.95) }'
    awk -v x="$(figure "${metric}_shuffled" both <<<"$output")" 'BEGIN { exit !(x > 0.42 && x < 0.58) }'
  done
}

@test "the two-sample test sees how lengths and times follow each other" {
  # A walk, and the same with the packets of each window in random order.
  awk 'BEGIN { srand(4); x = 50; for (i = 0; i < 3000; i++) { x += rand() < 0.5 && x > 1 || x > 99 ? -1 : 1; print x } }' >walk
  awk '{ v[NR % 20] = $1 } NR % 20 == 0 { for (i = 19; i >= 0; i--) { j = int(rand() * (i + 1)); t = v[i]; v[i] = v[j]; v[j] = t; print v[i] } }' walk >mixed
  for series in walk mixed; do
    awk 'BEGIN { print "dir,len,dir_iat" } { print "1," 10 * $1 ",1000000" }' $series >$series.len.csv
    awk 'BEGIN { print "dir,len,dir_iat" } { print "1,100," int(1000 * exp($1 / 5)) }' $series >$series.iat.csv
  done
  for kind in len iat; do
    run -0 --separate-stderr trafcmp --tsv walk.$kind.csv mixed.$kind.csv
    [ "$(figure $kind.ks forward <<<"$output")" = 0 ]
    awk -v x="$(figure c2st.tree both <<<"$output")" 'BEGIN { exit !(x > 0.95) }'
  done
}

@test "a model that repeats stretches of its data is found to copy" {
  noise 1 4000
  awk -F, 'NR == 1 { print; next } { line[n++] = $0 }
    END { srand(3); for (i = 0; i < 100; i++) { at = int(rand() * (n - 40)); for (k = 0; k < 40; k++) print line[at + k] } }' 1.csv >copy.csv
  run -0 --separate-stderr trafcmp --tsv 1.csv copy.csv
  # 31 of every 40 runs of 10 lie within a stretch
  awk -v x="$(figure copied both <<<"$output")" 'BEGIN { exit !(x > 0.77 && x < 0.78) }'
  [ "$(figure copied both floor <<<"$output")" = 0 ]
}

@test "learnt from synth, tested on real: with classes and without" {
  local fields=flow,dir,len,dir_iat,class
  pcap2feat -q --label-from=filename --fields=$fields "$testdata"/lab/{voice,web,dns}.[1-4].pcap >real.csv
  pcap2feat -q --label-from=filename --fields=$fields "$testdata"/lab/{voice,web,dns}.[5-8].pcap >synth.csv
  run -0 --separate-stderr trafcmp --tsv real.csv synth.csv
  awk -v x="$(figure tstr.accuracy both <<<"$output")" -v floor="$(figure tstr.accuracy both floor <<<"$output")" \
    -v majority="$(figure tstr.majority_accuracy both <<<"$output")" \
    'BEGIN { exit !(x > 0.85 && floor > 0.85 && majority < 0.6) }'
  # Named classes and another question give another answer.
  sed 1s/class/kind/ real.csv >real2.csv
  sed 1s/class/kind/ synth.csv >synth2.csv
  [ "$(trafcmp --tsv -c kind real2.csv synth2.csv)" = "$output" ]
  run -0 --separate-stderr trafcmp --tsv real2.csv synth2.csv
  awk -v x="$(figure tstr.accuracy both <<<"$output")" -v shuffled="$(figure tstr.shuffled_accuracy both <<<"$output")" \
    'BEGIN { exit !(x > 0.4 && shuffled < 0.3) }'
  # Classes that synth has under other names teach nothing.
  sed '2,$s/,\([a-z]*\)$/,not \1/' synth.csv >other.csv
  run -0 --separate-stderr trafcmp --tsv real.csv other.csv
  [ "$(figure tstr.accuracy both <<<"$output")" = 0 ]
}

@test "trees say what scikit-learn's say on the same windows" {
  need_python sklearn
  need_python pandas
  local fields=flow,dir,len,dir_iat,class
  pcap2feat -q --label-from=filename --fields=$fields "$testdata"/lab/{voice,web,video}.[1-4].pcap >real.csv
  pcap2feat -q --label-from=filename --fields=$fields "$testdata"/lab/{voice,web,video}.[5-8].pcap >synth.csv
  run -0 /usr/bin/python3 "$root/tests/python/trafcmp_trees.py" real.csv synth.csv
  [ "${#lines[@]}" -eq 6 ]
}

@test "the figures are SciPy's and NumPy's" {
  need_python scipy
  need_python pandas
  local peers="$root/tests/python/trafcmp_peers.py"
  lab voice.1 && lab voice.2 && lab web.2
  run -0 /usr/bin/python3 "$peers" voice.1.csv voice.2.csv
  [ "$output" = '177 figures' ]
  run -0 /usr/bin/python3 "$peers" voice.1.csv web.2.csv iat
  # Many flows.
  pcap2feat -q --fields=flow,dir,len,dir_iat "$testdata"/lab/*.[12].pcap >some.csv
  pcap2feat -q --fields=flow,dir,len,dir_iat "$testdata"/lab/*.[34].pcap >others.csv
  run -0 /usr/bin/python3 "$peers" some.csv others.csv
}

@test "the figures are SciPy's and NumPy's on the reference's data" {
  need_data
  need_python scipy
  need_python pandas
  pcap2feat -q --first=zero --flow='UDP 192.168.0.102:18826 192.168.0.105:26454' \
    "$data/estimator/skypeLANhome.pcap" >rows.csv
  /usr/bin/python3 "$root/tests/python/estimator_data.py" rows.csv train.csv test.csv
  run -0 /usr/bin/python3 "$root/tests/python/trafcmp_peers.py" train.csv test.csv
}

@test "the same bytes with any number of threads" {
  lab voice.1 && lab web.2
  trafcmp -j1 --tsv --curves=one.tsv voice.1.csv web.2.csv >one
  trafcmp -j7 --tsv --curves=two.tsv voice.1.csv web.2.csv >two
  cmp one two
  cmp one.tsv two.tsv
}

# curve WHAT DIRECTION WHICH: its points, "x y" a line, of curves.tsv.
curve() {
  awk -F'\t' -v a="$1" -v b="$2" -v c="$3" '$1 == a && $2 == b && $3 == c { print $4, $5 }' curves.tsv
}

@test "curves, worked out by hand" {
  printf '%s\n' dir,len,dir_iat 1,10,500000000 1,20,1000000 1,40,3000000000 0,9,0 >real.csv
  printf '%s\n' dir,len,dir_iat 1,10,500000000 >synth.csv
  run -0 --separate-stderr trafcmp --curves=curves.tsv --lags=1 real.csv synth.csv
  [ "$(head -n 1 curves.tsv)" = $'what\tdirection\twhich\tx\ty' ]
  [ "$(curve len.cdf forward real)" = '10 0.333333333333
20 0.666666666667
40 1' ]
  [ "$(curve len.hist forward real)" = '0 0.333333333333
16 0.333333333333
32 0.333333333333' ]
  [ "$(curve iat.cdf forward real)" = '1 0.333333333333
500 0.666666666667
3000 1' ]
  [ "$(curve throughput forward real)" = '0 30
1 0
2 0
3 40' ]
  [ "$(curve throughput.cdf forward real)" = '0 0.5
30 0.75
40 1' ]
  [ "$(curve burst.cdf forward real)" = '3 1' ]
  [ "$(curve scatter forward real)" = '500 10
1 20
3000 40' ]
  [ "$(curve len.cdf backward real)" = '9 1' ]
  [ -z "$(curve len.cdf backward synth)" ]
  [ "$(curve len.acf forward real | cut -d' ' -f1)" = 1 ]
}

@test "long curves are thinned: first and last point stay" {
  awk 'BEGIN { print "dir,len,dir_iat"; for (i = 1; i <= 5000; i++) print "1," i ",1000000000" }' >long.csv
  trafcmp -q --trees=1 --curves=curves.tsv long.csv long.csv >report
  [ "$(curve len.cdf forward real | wc -l)" -eq 2000 ]
  [ "$(curve len.cdf forward real | sed -n '1p;$p')" = $'1 0.0002\n5000 1' ]
  [ "$(curve throughput forward real | sed -n '1p;$p')" = $'1 1\n2000 2000' ]
}

@test "series that leave little to compare: figures or nothing, never NaN" {
  printf '%s\n' dir,len,dir_iat 1,100,0 >one.csv
  awk 'BEGIN { print "dir,len,dir_iat"; for (i = 0; i < 300; i++) print "1," 40 + i * 37 % 1400 "," i * 977 % 50000 }' >forward.csv
  awk 'BEGIN { print "dir,len,dir_iat"; for (i = 0; i < 300; i++) print i % 2 ",200,0" }' >constant.csv
  printf '%s\n' flow,dir,len,dir_iat a,1,65535,281474976710655 b,0,0,281474976710655 \
    a,1,65535,281474976710655 a,1,5,281474976710655 >far.csv
  local a b
  for a in one forward constant far; do
    for b in one forward constant far; do
      run -0 --separate-stderr trafcmp --curves=curves.tsv "$a.csv" "$b.csv"
      [ -z "$stderr" ]
      [[ "${output,,}" != *nan* && "$output" != *inf* ]]
      run -0 --separate-stderr trafcmp --tsv "$a.csv" "$b.csv"
      awk -F'\t' 'NF != 8 { exit 1 } NR > 1 { for (i = 3; i <= 8; i++) if ($i !~ /^(-?[0-9.]+(e[-+][0-9]+)?)?$/) exit 1 }' <<<"$output"
      run ! grep -iE 'nan|inf' curves.tsv
    done
  done
  run -0 --separate-stderr trafcmp --tsv constant.csv constant.csv
  [ "$(figure c2st.forest both <<<"$output")" = 0.5 ]
  [ "$(figure iat.kl backward <<<"$output")" = 0 ]
  [ -z "$(figure len.acf forward <<<"$output")" ]
  [ "$(figure throughput.mean forward real <<<"$output")" = 30000 ]
}

@test "--no-trees leaves out what takes trees, and changes nothing else" {
  lab voice.1 && lab web.2
  trafcmp --tsv voice.1.csv web.2.csv >all
  trafcmp --tsv --no-trees voice.1.csv web.2.csv >some
  [ "$(cut -f1,2 all)" = "$(cut -f1,2 some)" ]
  [ "$(grep -vE '^(c2st|tstr)' all)" = "$(grep -vE '^(c2st|tstr)' some)" ]
  [ -z "$(grep -E '^(c2st|tstr)' some | cut -f3- | tr -d '\t\n')" ]
  run -0 --separate-stderr trafcmp --no-trees voice.1.csv web.2.csv
  [[ "$output" = *Spearman* && "$output" != *tree* ]]
}

@test "packets without a time are left out and counted" {
  printf '%s\n' dir,len,dir_iat 1,10, 1,10,5 0,10, 0,10,7 >s.csv
  cp s.csv same.csv
  run -0 --separate-stderr trafcmp --tsv s.csv - <same.csv
  [ "$stderr" = 'trafcmp: s.csv: 2 packets without dir_iat left out
trafcmp: standard input: 2 packets without dir_iat left out' ]
  [ "$(figure packets both real <<<"$output")" = 2 ]
  run -0 --separate-stderr trafcmp -q s.csv s.csv
  [ -z "$stderr" ]
}

@test "the report: figures, their floor, and what is no worse" {
  printf '%s\n' dir,len,dir_iat 1,10,1000000 1,20,2000000 1,30,3000000 1,40,4000000 >real.csv
  printf '%s\n' dir,len,dir_iat 1,10,1000000 1,20,1000000 1,20,1000000 1,50,1000000 >synth.csv
  run -0 --separate-stderr trafcmp real.csv synth.csv
  diff - <(head -n 11 <<<"$output") <<'END'
real   real.csv: 4 packets (4 forward, 0 backward) in 1 flow
synth  synth.csv: 4 packets (4 forward, 0 backward) in 1 flow
time   dir_iat
floor  the two halves of real; = says that a figure is no worse

len                                     forward        floor   backward        floor
  mean (bytes)                              0.0=        20.0          -            -
  KS                                     0.2500=      1.0000          -            -
  Jensen-Shannon (bits)                  0.2500=      0.5000          -            -
  Kullback-Leibler (bits)                0.2642=      0.4528          -            -
  earth mover's (bytes)                    5.00=       20.00          -            -
END
}

@test "bad tables" {
  printf '%s\n' dir,len,dir_iat 1,10,5 >s.csv
  printf '%s\n' dir,len,dir_iat 1,10, >untimed.csv
  run -1 --separate-stderr trafcmp s.csv untimed.csv
  [ "$stderr" = "trafcmp: untimed.csv: there is no packet with a 'dir_iat'" ]
  run -1 --separate-stderr trafcmp --iat=iat s.csv s.csv
  [ "$stderr" = "trafcmp: s.csv:1: there is no column 'iat'" ]
  run -1 --separate-stderr trafcmp -c class s.csv s.csv
  [ "$stderr" = "trafcmp: s.csv:1: there is no column 'class'" ]
  printf '%s\n' dir,len,dir_iat,class 1,10,5,web 1,10,5, >gap.csv
  run -1 --separate-stderr trafcmp gap.csv gap.csv
  [ "$stderr" = "trafcmp: gap.csv:3: column 'class': '' is no class" ]
  printf '%s\n' dir,len,dir_iat 2,10,5 >bad.csv
  run -1 --separate-stderr trafcmp bad.csv s.csv
  [ "$stderr" = "trafcmp: bad.csv:2: column 'dir': '2' is not in 0..1" ]
}

@test "wrong usage" {
  printf '%s\n' dir,len,dir_iat 1,10,5 >s.csv
  wrong() {
    run -2 --separate-stderr trafcmp "${@:2}"
    [ "${stderr_lines[0]}" = "trafcmp: $1" ]
  }
  wrong 'two series to compare are needed: REAL and SYNTH' s.csv
  wrong 'two series to compare are needed: REAL and SYNTH' s.csv s.csv s.csv
  wrong "REAL and SYNTH can't both be standard input" - -
  wrong "--curves: 's.csv' is an input file" --curves=s.csv s.csv s.csv
  wrong '--curves and --output are the same file' --curves=- s.csv s.csv
  wrong '--curves and --output are the same file' --curves=x -o x s.csv s.csv
  wrong "--window: '1' is not in 2..1000" --window=1 s.csv s.csv
  wrong "--folds: '1' is not in 2..1000" --folds=1 s.csv s.csv
  wrong "--len-bin: '0' is not in 1..65535" --len-bin=0 s.csv s.csv
}
