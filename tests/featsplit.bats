# featsplit: what belongs together stays together, the shares are met, and nothing is lost.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  export TMPDIR=$BATS_TEST_TMPDIR
}

# packets FLOWS: that many flows of 1 to 40 packets in three classes (one half, a third, a sixth of
# the flows), from FLOWS/5 files, mixed as in a capture.
packets() {
  awk -v flows="$1" 'BEGIN {
    srand(7); split("web web web dns dns chat", class, " ")
    print "file,ts,flow,iat,len,class"
    for (f = 0; f < flows; f++) left[f] = 1 + int(40 * rand() ^ 3)
    for (live = flows; live > 0;) {
      f = int(flows * rand()); if (!left[f]) continue
      if (!--left[f]) live--
      printf "c%d.pcap,%d.%09d,%016x,%d,%d,%s\n", f % int(flows / 5 + 1), 1700000000 + n / 10,
        n++ % 10 * 1e8, f * 7919, 1e9 * rand(), 40 + 1460 * rand(), class[f % 6 + 1]
    }
  }'
}

# column NAME FILE: the values of a column (no quotes there).
column() {
  awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' "$2"
}

rows() { tail -n +2 "$@" | LC_ALL=C sort; }

# none_in_both NAME: no value of the column stands in train.csv and in test.csv.
none_in_both() {
  [ -z "$(comm -12 <(column "$1" train.csv | sort -u) <(column "$1" test.csv | sort -u))" ]
}

# share_of CLASS: percent of its rows that are in test.csv.
share_of() {
  local train test
  train=$(column class train.csv | grep -cx "$1" || true)
  test=$(column class test.csv | grep -cx "$1" || true)
  echo $((100 * test / (train + test)))
}

# between LOW VALUE HIGH
between() { [ "$1" -le "$2" ] && [ "$2" -le "$3" ]; }

# absent FILE…: none is there.
absent() {
  local file
  for file; do [ ! -e "$file" ] || return 1; done
}

split() { featsplit --train=train.csv --test=test.csv "$@"; }

@test "flows never part, every row lands once, the header stands in both" {
  packets 300 >all.csv
  split all.csv
  none_in_both flow
  diff <(rows all.csv) <({ rows train.csv; rows test.csv; } | LC_ALL=C sort)
  [ "$(head -qn 1 train.csv test.csv | sort -u)" = "$(head -n 1 all.csv)" ]
  # Rows keep their order: each table is what is left of all.csv without the rows of the other.
  diff <(grep -vxFf <(rows test.csv) all.csv) train.csv
  diff <(grep -vxFf <(rows train.csv) all.csv) test.csv
}

@test "each class has the ratio of its rows in test" {
  packets 300 >all.csv
  for ratio in 10 30 50 90; do
    split --ratio="0.$ratio" all.csv
    for class in web dns chat; do
      between $((ratio - 2)) "$(share_of $class)" $((ratio + 2))
    done
  done
}

@test "large and small flows are parted alike" {
  packets 2000 >all.csv
  split all.csv
  for file in train test; do
    column flow $file.csv | sort | uniq -c | awk '$1 >= 20' | wc -l
  done >large
  run cat large
  large_train=${lines[0]} large_test=${lines[1]}
  between 27 $((100 * large_test / (large_train + large_test))) 33
}

@test "without stratification the classes' shares are left to chance, the ratio is not" {
  packets 60 | sed 's/,chat$/,web/' >all.csv
  split --no-stratify all.csv
  none_in_both flow
  all=$(rows all.csv | wc -l) test=$(rows test.csv | wc -l)
  between 28 $((100 * test / all)) 32
  # Some seed of ten gives a share that stratification never would.
  off=0
  for seed in 1 2 3 4 5 6 7 8 9 10; do
    split --no-stratify --seed=$seed -q all.csv
    share=$(share_of dns)
    between 27 "$share" 33 || off=1
  done
  [ "$off" = 1 ]
}

@test "the seed decides, and alone" {
  packets 200 >all.csv
  split all.csv
  cp test.csv first.csv
  split --seed=1 all.csv
  cmp test.csv first.csv
  split --seed=2 all.csv
  run -1 cmp -s test.csv first.csv
  none_in_both flow
}

@test "the same flows are in test whatever the order of the rows" {
  packets 200 >all.csv
  split all.csv
  column flow test.csv | sort -u >flows
  { head -n 1 all.csv; rows all.csv; } >sorted.csv
  split sorted.csv
  diff flows <(column flow test.csv | sort -u)
}

@test "folds: the test tables are a partition, of equal size in each class" {
  packets 300 >all.csv
  for i in 1 2 3 4 5; do
    split --folds=5 --fold=$i -q all.csv
    none_in_both flow
    diff <(rows all.csv) <({ rows train.csv; rows test.csv; } | LC_ALL=C sort)
    between 18 "$(share_of web)" 22
    mv test.csv fold$i.csv
  done
  diff <(rows all.csv) <(for i in 1 2 3 4 5; do rows fold$i.csv; done | LC_ALL=C sort)
}

@test "folds by row: exact to one row in each class" {
  packets 100 >all.csv
  for i in 1 2 3 4; do
    split --by=row --folds=4 --fold=$i -q all.csv
    column class test.csv | sort | uniq -c | awk '{ print $2, $1 }' >count$i
    mv test.csv fold$i.csv
  done
  diff <(rows all.csv) <(for i in 1 2 3 4; do rows fold$i.csv; done | LC_ALL=C sort)
  cat count? | awk '{ if (!($1 in low) || $2 < low[$1]) low[$1] = $2; if ($2 > high[$1]) high[$1] = $2 }
    END { for (c in low) if (high[c] - low[c] > 1) exit 1 }'
}

@test "by row: the ratio is exact to one row in each class" {
  packets 300 >all.csv
  split --by=row --ratio=0.25 all.csv
  for class in web dns chat; do
    n=$(column class all.csv | grep -cx $class)
    test=$(column class test.csv | grep -cx $class)
    between -4 $((4 * test - n)) 4
  done
  diff <(rows all.csv) <({ rows train.csv; rows test.csv; } | LC_ALL=C sort)
}

@test "by row: the rows are drawn at random" {
  awk 'BEGIN { print "n,class"; for (i = 0; i < 10000; i++) print i ",x" }' >all.csv
  split --by=row -q --seed=2 all.csv
  mv test.csv other.csv
  split --by=row -q all.csv
  run -1 cmp -s test.csv other.csv
  # As many in each tenth of the table, but for chance (300 +- 4 standard deviations).
  awk -F, 'NR > 1 { n[int($1 / 1000)]++ } END { for (i = 0; i < 10; i++) print n[i] }' test.csv >tenths
  while read -r n; do between 242 "$n" 358; done <tenths
  # And in both seeds as many as chance has it (900 +- 4).
  between 800 "$(grep -cxFf test.csv other.csv)" 1000
}

@test "by file, and by several columns" {
  packets 300 >all.csv
  split --by=file all.csv
  none_in_both file
  split --by=file,class all.csv
  run -1 none_in_both file
  [ -z "$(comm -12 <(cut -d, -f1,6 train.csv | tail -n +2 | sort -u) \
    <(cut -d, -f1,6 test.csv | tail -n +2 | sort -u))" ]
}

@test "columns are told apart by more than their text put together" {
  printf 'a,b,class\n1,23,x\n12,3,x\n' >all.csv
  split --by=a,b --ratio=0.5 all.csv
  [ "$(wc -l <test.csv)" = 2 ]
  # Words are sorted, so these two are one group, and one group can't be parted.
  printf 'a,b,class\np q,r,x\nr q,p,x\n' >all.csv
  run -1 split --by=a,b --unordered all.csv
  [ "$output" = "featsplit: all.csv: has 1 group by 'a,b', and 2 are needed" ]
}

@test "by time: train begins before the cut, test at it or later, flows stay whole" {
  packets 300 >all.csv
  run --separate-stderr -0 split --by=time all.csv
  none_in_both flow
  cut=$(sed -n 's/.*cut at \([0-9.]*\): .*/\1/p' <<<"$stderr")
  begins() { awk -F, 'NR > 1 && !($3 in t) { t[$3] = $2 } END { for (f in t) print t[f] }' "$1"; }
  [ "$(begins test.csv | sort -n | head -n 1)" = "$cut" ]
  begins train.csv | awk -v cut="$cut" '$1 >= cut { exit 1 }'
  between 29 $((100 * $(rows test.csv | wc -l) / $(rows all.csv | wc -l))) 31
  # The flows that straddle the cut, and their rows.
  straddle=$(awk -F, -v cut="$cut" 'NR > 1 { n[$3]++; if ($2 >= cut) late[$3] = 1 }
    END { for (f in late) { flows++; rows += n[f] } print flows + 0 " groups (" rows + 0 " rows)" }' train.csv)
  [ "${straddle%% *}" -gt 0 ]
  [[ "$stderr" == *"featsplit: $straddle that began before the cut and went on after it: in train"* ]]
}

@test "by time without flows: rows of one time stay together, start and end are times too" {
  printf 'ts,len\n5,1\n1.5,2\n1.500000000,3\n9,4\n2,5\n' >all.csv
  split --by=time --ratio=0.4 all.csv
  [ "$(rows test.csv)" = "5,1
9,4" ]
  printf 'start,end,len\n1,9,1\n2,3,2\n4,5,3\n' >all.csv
  run --separate-stderr -0 split --by=time all.csv
  [ "$(rows test.csv)" = "4,5,3" ]
  [[ "$stderr" == *"featsplit: cut at 4.000000000: "* ]]
  [[ "$stderr" == *"featsplit: 1 group (1 row) that began before the cut and went on after it: in train"* ]]
}

@test "the report: rows, groups, classes on one side only, twins" {
  cat >all.csv <<'END'
flow,len,class
a,40,web
a,50,web
b,40,web
c,40,dns
END
  run --separate-stderr -0 split all.csv
  [ -z "$output" ]
  [ "$stderr" = "featsplit: train: 3 rows (75.0 %), 2 groups
featsplit: test: 1 row (25.0 %), 1 group
featsplit: class 'dns': train 1 row in 1 group, test 0 rows in 0 groups (0.0 %)
featsplit: class 'web': train 2 rows in 1 group, test 1 row in 1 group (33.3 %)
featsplit: classes on one side only: 1 ('dns')
featsplit: test rows with the same features as a train row: 1 (100.0 %), 1 of them as one of another class" ]
  run --separate-stderr -0 split -q all.csv
  [ -z "$stderr" ]
}

@test "of many classes on one side only, the first are named" {
  {
    echo flow,len,class
    printf '%s,40,c%s\n' {100..120}{,}
  } >all.csv
  run --separate-stderr -0 split --no-stratify all.csv
  [ "${stderr_lines[-2]}" = "featsplit: classes on one side only: 21 ($(printf "'c%s', " {100..119})…)" ]
}

@test "twins: identifiers, label and group columns aside, quoting undone" {
  cat >all.csv <<'END'
host,ts,src_ip,len,iat,class
a,1,10.0.0.1,40,1,web
a,2,10.0.0.1,41,2,web
b,3,10.0.0.2,"40",1,web
b,4,10.0.0.2,401,,web
END
  run --separate-stderr -0 split --by=host --ratio=0.5 all.csv
  [[ "$stderr" == *"featsplit: test rows with the same features as a train row: 1 (50.0 %), 0 of them"* ]]
  # Against a slow count, with more rows than the buffers of one bucket hold.
  awk 'BEGIN { srand(3); print "len,iat,class"
    for (i = 0; i < 1200000; i++) print int(1500 * rand()) "," int(1000 * rand()) "," (rand() < 0.9) }' >all.csv
  run --separate-stderr -0 split --by=row all.csv
  want=$(awk -F, 'FNR == 1 { f++; next } f == 1 { k = $1 "," $2; seen[k] = seen[k] $3; next }
    { s = seen[$1 "," $2]; if (s != "") { n++; if (index(s, 1 - $3)) other++ } }
    END { printf "%d %d", n, other }' train.csv test.csv)
  [[ "$stderr" == *" features as a train row: ${want% *} ("*"%), ${want#* } of them as one of another class" ]]
}

@test "a group of several classes counts for the one of most rows" {
  cat >all.csv <<'END'
flow,len,class
a,1,web
a,2,dns
a,3,dns
b,4,dns
c,5,web
d,6,web
END
  run --separate-stderr -0 split all.csv
  [[ "$stderr" == *"class 'dns': train 2 rows in 1 group, test 1 row in 1 group"* ]] ||
    [[ "$stderr" == *"class 'dns': train 1 row in 1 group, test 2 rows in 1 group"* ]]
  [[ "$stderr" == *"class 'web': "*" in 1 group, test "*" in 1 group"* ]]
}

@test "rows without a flow are one group, and counted" {
  printf 'flow,len,class\n,1,x\na,2,x\n,3,x\nb,4,x\n' >all.csv
  run --separate-stderr -0 split all.csv
  [[ "$stderr" == *"featsplit: 2 rows empty in 'flow': one group"* ]]
  none_in_both flow
}

@test "standard input from a pipe and from a file, a part of it already read" {
  packets 100 >all.csv
  split -q all.csv
  mkdir want
  mv train.csv test.csv want
  split -q <all.csv
  cmp test.csv want/test.csv
  # shellcheck disable=SC2002  # a pipe is the point
  cat all.csv | split -q -
  cmp test.csv want/test.csv
  cmp train.csv want/train.csv
  { echo "a comment"; cat all.csv; } >commented.csv
  { read -r _; split -q; } <commented.csv
  cmp test.csv want/test.csv
  [ "$(ls "$TMPDIR")" = "all.csv
commented.csv
test.csv
train.csv
want" ]
}

@test "an input larger than memory" {
  not_sanitized "the sanitizer maps terabytes"
  awk 'BEGIN { srand(5); print "flow,iat,len,diffLen,class"
    for (i = 0; i < 1800000; i++)
      printf "flow%d,%d,%d,%d,%s\n", i / 100, 1e9 * rand(), 1500 * rand(), 131070 * rand(),
        i % 300 < 100 ? "web" : "dns" }' >all.csv
  size=$(($(stat -c %s all.csv) / 1024))
  [ "$size" -gt 54000 ]
  # Less than the input for all that the process maps; by flow and by row, from a pipe.
  for by in flow row; do
    # shellcheck disable=SC2002
    cat all.csv | (ulimit -v 54000; split -q --by=$by)
    [ $(($(wc -l <train.csv) + $(wc -l <test.csv))) = 1800002 ]
  done
}

@test "the wrong command line" {
  printf 'flow,class\na,x\nb,x\n' >all.csv
  usage() {
    local text=$1
    shift
    run --separate-stderr -2 "$@"
    [ "${stderr_lines[0]}" = "featsplit: $text" ]
    [ "${stderr_lines[1]}" = "Try 'featsplit --help'." ]
  }
  usage "say where the rows go: --train=FILE --test=FILE" featsplit all.csv
  usage "say where the rows go: --train=FILE --test=FILE" featsplit --train=x.csv all.csv
  usage "--train and --test are the same file" featsplit --train=x.csv --test=x.csv all.csv
  usage "--train and --test are the same file" featsplit --train=x.csv --test=./x.csv all.csv
  cp all.csv other.csv
  ln other.csv link.csv
  usage "--train and --test are the same file" featsplit --train=other.csv --test=link.csv all.csv
  usage "--test is the input file" featsplit --train=x.csv --test=all.csv ./all.csv
  usage "--train is the input file" featsplit --train=all.csv --test=x.csv ./all.csv
  usage "--ratio: '0' leaves one table empty" split --ratio=0 all.csv
  usage "--ratio: '1.0' leaves one table empty" split --ratio=1.0 all.csv
  usage "--ratio: '30%' is not a number" split --ratio=30% all.csv
  usage "--ratio: '30' is not in 0..1" split --ratio=30 all.csv
  usage "--folds: '1' is not in 2..1000" split --folds=1 --fold=1 all.csv
  usage "--folds=K and --fold=I go together" split --folds=3 all.csv
  usage "--folds=K and --fold=I go together" split --fold=3 all.csv
  usage "--fold: there are 3 folds" split --folds=3 --fold=4 all.csv
  usage "--ratio does not go with --folds, whose test tables are of equal size" \
    split --folds=3 --fold=1 --ratio=0.3 all.csv
  usage "--folds does not go with --by=time" split --folds=3 --fold=1 --by=time all.csv
  usage "--unordered does not go with --by=row" split --unordered --by=row all.csv
  usage "one file at most, and 'b.csv' is one more" split all.csv b.csv
  absent train.csv test.csv x.csv
}

@test "tables that can't be split" {
  bad() {
    local text=$1
    shift
    rm -f train.csv test.csv
    run --separate-stderr -1 split "$@"
    [ "$stderr" = "featsplit: $text" ]
    absent train.csv test.csv
  }
  bad "none.csv: No such file or directory" none.csv
  printf 'flow,len\na,1\nb,2\n' >t.csv
  bad "t.csv:1: there is no column 'class' (-c NAME names it, --no-stratify does without)" t.csv
  bad "t.csv:1: there is no column 'Len' (did you mean 'len'?)" -c Len t.csv
  bad "t.csv:1: there is no column 'flo' (did you mean 'flow'?)" --by=flo --no-stratify t.csv
  bad "--by: column 'len' is named twice" --by=len,flow,len --no-stratify t.csv
  bad "t.csv:1: --by=time needs a column 'ts' or 'start'" --by=time t.csv
  printf 'Flow ID,ts,src_ip,len,App,class\na b,1,10.0.0.1,5,mail,x\n' >t.csv
  no_flow="t.csv:1: there is no column 'flow', whose rows would stay together: say"
  bad "$no_flow --by=COLUMN (such as 'Flow ID', 'src_ip', 'App'), --by=time or --by=row" t.csv
  printf 'len,class\n5,x\n' >t.csv
  bad "$no_flow --by=row" t.csv
  printf 'flow,class\n' >t.csv
  bad "t.csv: has a header and no rows" t.csv
  printf 'flow,class\na,x\na,y\n' >t.csv
  bad "t.csv: has 1 group by 'flow', and 2 are needed" t.csv
  bad "t.csv: has 1 group by 'flow', and 3 are needed" --folds=3 --fold=1 t.csv
  printf 'flow,class\na,x\nb,y\n' >t.csv
  bad "t.csv: no rows are left for test: the classes have too few groups by 'flow' (see --no-stratify and --by)" t.csv
  printf 'ts,class\n1,x\n1.0,y\n' >t.csv
  bad "t.csv: all groups begin at the same time: there is no cut" --by=time t.csv
  printf 'ts,class\n1,x\n2s,y\n' >t.csv
  bad "t.csv:3: column 'ts': '2s' is no time (seconds, at most 9 decimals)" --by=time t.csv
  printf 'ts,class\n1,x\n,y\n' >t.csv
  bad "t.csv:3: column 'ts': '' is no time (seconds, at most 9 decimals)" --by=time t.csv
  printf 'flow,class\na,x\nb\n' >t.csv
  bad "t.csv:3: the row has 1 field, the header has 2" t.csv
  awk 'BEGIN { print "flow,class"; for (i = 0; i < 65536; i++) print i "," i }' >t.csv
  bad "t.csv:65537: column 'class': '65535' is one class more than the 65535 there may be" t.csv
}

@test "a failed write leaves neither table" {
  packets 300 >all.csv
  echo old >test.csv
  run --separate-stderr -1 featsplit -q --train=/dev/full --test=test.csv all.csv
  [ "$(<test.csv)" = old ]
  rm test.csv
  run --separate-stderr -1 featsplit -q --train=/dev/full --test=test.csv all.csv
  [ "$stderr" = "featsplit: writing /dev/full: No space left on device" ]
  [ ! -e test.csv ]
  run --separate-stderr -1 featsplit -q --train=train.csv --test=/dev/full all.csv
  [ "$stderr" = "featsplit: writing /dev/full: No space left on device" ]
  [ ! -e train.csv ]
  run --separate-stderr -1 featsplit -q --train=no/train.csv --test=test.csv all.csv
  [ "$stderr" = "featsplit: no/train.csv: No such file or directory" ]
  [ ! -e test.csv ]
  run --separate-stderr -1 bash -c 'set -o pipefail
    cat all.csv | TMPDIR=no featsplit -q --train=train.csv --test=test.csv'
  [ "$stderr" = "featsplit: a temporary file in no: No such file or directory" ]
  [ "$(echo ./*csv*)" = "./all.csv" ]
}

@test "one table on standard output, and a reader that goes away" {
  packets 300 >all.csv
  split -q all.csv
  cp test.csv want.csv
  featsplit -q --train=train.csv --test=- all.csv >test.csv
  cmp test.csv want.csv
  run -0 --separate-stderr bash -c 'featsplit -q --train=- --test=t.csv all.csv | true; echo "${PIPESTATUS[0]}"'
  [ -z "$stderr" ]
}

@test "real flows: both directions of a conversation stay together with --unordered" {
  need_data
  nims=$data/tables/NIMS_IMA_sample_data.csv
  conversations() { cut -d, -f1 "$1" | tail -n +2 | while read -r a b p q proto; do
    if [[ "$a $p" < "$b $q" ]]; then echo "$a $p $b $q $proto"; else echo "$b $q $a $p $proto"; fi
  done | sort -u; }
  split -q -c Label --by='Flow ID' "$nims"
  [ -z "$(comm -12 <(cut -d, -f1 train.csv | tail -n +2 | sort -u) <(cut -d, -f1 test.csv | tail -n +2 | sort -u))" ]
  shared=$(comm -12 <(conversations train.csv) <(conversations test.csv) | wc -l)
  [ "$shared" -gt 100 ]
  for seed in 1 2 3; do
    split -q -c Label --by='Flow ID' --unordered --seed=$seed "$nims"
    [ -z "$(comm -12 <(conversations train.csv) <(conversations test.csv))" ]
    for app in Discord Messenger Signal Teams Telegram WhatsApp; do
      train=$(grep -c ",$app\$" train.csv) test=$(grep -c ",$app\$" test.csv)
      between 27 $((100 * test / (train + test))) 33
    done
  done
  [ "$(LC_ALL=C sort "$nims" | md5sum)" = "$({ cat train.csv; tail -n +2 test.csv; } | LC_ALL=C sort | md5sum)" ]
}

@test "real packets: a TSV table stays one" {
  need_data
  quic=$data/tables/ucdavis19_quic.tsv
  featsplit -q -c label --train=train.tsv --test=test.tsv <"$quic"
  [ -z "$(comm -12 <(cut -f1 train.tsv | tail -n +2 | sort -u) <(cut -f1 test.tsv | tail -n +2 | sort -u))" ]
  diff <(LC_ALL=C sort "$quic") <({ cat train.tsv; tail -n +2 test.tsv; } | LC_ALL=C sort)
}
