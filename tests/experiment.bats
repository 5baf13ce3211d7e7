# scripts/experiment.mk: a whole experiment from captures, each step a file.
load helper

setup() {
  [ -d "$testdata/lab" ] || skip "no captures of the lab here (testdata/lab is absent)"
  cd "$BATS_TEST_TMPDIR" || return
  mkdir captures
  cp "$testdata"/lab/{dns,chat,voice}.[1-5].pcap captures
  cat >Makefile <<END
CAPTURES := \$(wildcard captures/*.pcap)
include $root/scripts/experiment.mk
END
}

experiment() { make --no-print-directory SEEDS='1 2 3' TRAIN=--max-leaves=16 "$@"; }

# made SINCE: the files of the experiment that are newer, without their logs.
made() { (cd out && find . -type f -newer "$1" ! -name '*.log' | sort | cut -c3- | tr '\n' ' '); }

@test "the summary: a row a split with its baselines, and the medians" {
  run -0 experiment -j2
  mapfile -t summary <out/summary.tsv
  [ "${#summary[@]}" = 5 ]
  [ "${output: -${#summary[4]}}" = "${summary[4]}" ]
  [ "$(cut -f1 out/summary.tsv | tr '\n' ' ')" = "split 1 2 3 median " ]
  for seed in 1 2 3; do
    IFS=$'\t' read -r _ accuracy f1 majority _ shuffled _ leaves entries \
      < <(sed -n "$((seed + 1))p" out/summary.tsv)
    dir=out/split.$seed
    metric() { awk -F'\t' -v m="$2" '$1 == m { printf "%.4f", $2 }' "$dir/$1"; }
    [ "$accuracy" = "$(metric score.tsv accuracy)" ]
    [ "$f1" = "$(metric score.tsv macro_f1)" ]
    [ "$majority" = "$(metric score.tsv majority)" ]
    [ "$shuffled" = "$(metric shuffled.tsv accuracy)" ]
    [ "$leaves" = "$(grep -c '^ *leaf' $dir/app.tree)" ]
    [ "$entries" = "$(grep -c '^table_add' $dir/entries.txt)" ]
    # These classes are told apart; shuffled labels are no help.
    awk -v a="$accuracy" -v m="$majority" -v s="$shuffled" 'BEGIN { exit !(a > m + 0.2 && a > s + 0.2) }'
    # The shuffled table has the same rows but for the class, and the same classes.
    cmp <(sed 's/,[^,]*$//' $dir/train.csv) <(sed 's/,[^,]*$//' $dir/shuffled.csv)
    diff <(sed 's/.*,//' $dir/train.csv | sort) <(sed 's/.*,//' $dir/shuffled.csv | sort)
    run -1 cmp -s $dir/train.csv $dir/shuffled.csv
  done
  for column in 2 3 4 5 6 7 8 9; do
    [ "$(sed -n '2,4p' out/summary.tsv | cut -f$column | sort -g | sed -n 2p)" = \
      "$(sed -n 5p out/summary.tsv | cut -f$column)" ]
  done
}

@test "all packets of all captures are in the table, once" {
  experiment >/dev/null SEEDS=1
  diff <(pcap2feat -q --label-from=filename --fields=file,flow,iat,len,diffLen,class captures/*.pcap) out/all.csv
  diff <(tail -n +2 out/all.csv | sort) <(tail -qn +2 out/split.1/train.csv out/split.1/test.csv | sort)
}

@test "the same bytes for any -j" {
  experiment -j1 OUT=one >/dev/null
  experiment -j4 OUT=four >/dev/null
  diff -r one four
}

@test "what is up to date stays; a change makes anew what depends on it" {
  experiment -j2 >/dev/null
  cp -a out/summary.tsv stamp
  run -0 experiment
  [ "$(made ../stamp)" = "" ]
  sleep 0.01
  touch stamp
  experiment ENTRIES= >/dev/null
  [ "$(made ../stamp)" = "ENTRIES.options split.1/classes.tsv split.1/entries.tsv split.1/entries.txt \
split.1/summary.tsv split.2/classes.tsv split.2/entries.tsv split.2/entries.txt split.2/summary.tsv \
split.3/classes.tsv split.3/entries.tsv split.3/entries.txt split.3/summary.tsv summary.tsv " ]
  sleep 0.01
  touch stamp captures/dns.2.pcap
  experiment ENTRIES= SEEDS=2 >/dev/null
  [ "$(made ../stamp)" = "SEEDS.options all.csv features/dns.2.pcap.csv split.2/app.tree split.2/classes.tsv \
split.2/entries.tsv split.2/entries.txt split.2/score.tsv split.2/score.txt split.2/shuffled.csv \
split.2/shuffled.tree split.2/shuffled.tsv split.2/summary.tsv split.2/test.csv split.2/train.csv summary.tsv " ]
  # Less than there was is a change, too.
  [ "$(wc -l <out/summary.tsv)" = 3 ]
  rm captures/dns.2.pcap
  experiment SEEDS=2 >/dev/null
  run -1 grep -q 'dns.2.pcap' out/all.csv
}

@test "options with blanks and quotes reach the programs" {
  experiment SEEDS=1 SPLIT="--by='file,class' --ratio=0.5" \
    FEATURES="--label-from=filename --fields=file,iat,len,class -f 'udp or tcp'" >/dev/null
  grep -q 'test: .* (5[0-9]\.[0-9] %)\|test: .* (4[0-9]\.[0-9] %)' out/split.1/split.log
}

@test "a step that fails says why, and leaves no file" {
  head -c 100 /dev/zero >captures/web.1.pcap
  run -2 --separate-stderr experiment -j1
  [[ "$stderr" == *"pcap2feat: captures/web.1.pcap: "* ]]
  [ ! -e out/features/web.1.pcap.csv ]
  [ ! -e out/all.csv ]
  rm captures/web.1.pcap
  run -2 --separate-stderr experiment -j1 TRAIN=--max-leaves=0
  [[ "$stderr" == *"dt-train: --max-leaves: '0' is not in "* ]]
  [ ! -e out/split.1/app.tree ]
}

@test "captures of one name, and none at all" {
  mkdir captures/more
  cp captures/dns.1.pcap captures/more
  run -2 --separate-stderr experiment CAPTURES="captures/dns.1.pcap captures/more/dns.1.pcap"
  [[ "$stderr" == *"experiment: several captures have the same name.  Stop." ]]
  run -2 --separate-stderr experiment CAPTURES=
  [[ "$stderr" == *"experiment: no captures (CAPTURES is empty).  Stop." ]]
  run -2 --separate-stderr experiment SEEDS=
  [[ "$stderr" == *"experiment: no splits (SEEDS is empty).  Stop." ]]
}
