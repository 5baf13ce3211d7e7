# scripts/update-loop: flows that a classifier does not know are collected, grouped, named and learnt.
load helper

F=file,flow,dst_port,proto,app.protocol,tls.sni,packets,bytes,duration
for s in len iat dir; do F+=$(printf ",${s}_%s" {1..8}); done

# flows SESSIONS CLASS…: those of these captures of the lab.
flows() {
  local captures=() class number
  for class in "${@:2}"; do
    for number in $1; do captures+=("$testdata/lab/$class.$number.pcap"); done
  done
  pcap2feat -q --per=flow --first-packets=8 --label-from=filename --fields="$F,class" "${captures[@]}"
}

# f1 CLASS MODEL: on captures that nothing was trained on.
f1() {
  cnn-eval --no-unknown --tsv "$2" test.csv | awk -F '\t' -v name="f1.$1" '$1 == name { print $2 }'
}

setup() {
  need cnn-train
  [ -d "$testdata/lab" ] || skip "no captures of the lab here (testdata/lab is absent)"
  PATH=$root/scripts:$PATH
  cd "$BATS_TEST_TMPDIR"
}

@test "calls, which the classifier has never seen, are collected, grouped, named, and then known" {
  local known=(bulk chat dns video web)
  export BY=file
  flows '1 2 3 4 5 6 7' "${known[@]}" >old.csv
  { flows '8 9' "${known[@]}"; flows '1 2 3 4 5 6 7 8 9' voice | tail -n +2; } >truth.csv
  flows '10 11 12' "${known[@]}" voice >test.csv
  update-loop init work old.csv -q --epochs=40 --patience=0
  # The table that is classified has no classes.
  sed 's/,[^,]*$//' truth.csv | update-loop classify work >said.csv
  [ "$(wc -l <said.csv)" = "$(wc -l <truth.csv)" ]
  run -0 update-loop cluster work
  [[ "$output" == *"the names are in work/names.csv, to be edited" ]]
  # A person looks at the rows of each cluster: here its commonest true class is the name.
  awk -F , -v OFS=, '
    FILENAME == "truth.csv" { truth[$2] = $NF; next }
    FILENAME == "work/labelled.csv" { if (++n[$(NF - 1), truth[$2]] > most[$(NF - 1)]) { most[$(NF - 1)]++; name[$(NF - 1)] = truth[$2] } next }
    FNR > 1 { $3 = name[$1] } { print }' truth.csv work/labelled.csv work/names.csv >names.csv
  grep -q ',voice$' names.csv
  cp names.csv work/names.csv
  cp work/model.cnn old.cnn
  run -0 update-loop learn work --most-lost=0.1 -q --epochs=40 --patience=0
  [[ "$output" == "update-loop: mean F1 of the old classes on rows held back: "*" before, "*" now" ]]
  cmp old.cnn work/model.old.cnn
  [ "$(f1 voice old.cnn)" = 0 ]
  awk -v f1="$(f1 voice work/model.cnn)" 'BEGIN { exit !(f1 >= 0.3) }'
  # Nothing is left to do, and what was learnt is kept for the next time.
  [ "$(ls work)" = $'held.csv\nlearnt\nmodel.cnn\nmodel.old.cnn' ]
  [ "$(ls work/learnt)" = $'0.csv\n1.csv' ]
  run -1 --separate-stderr update-loop learn work
  [ "$stderr" = "update-loop: work/names.csv is not there: cluster first" ]
}

@test "a classifier that would lose too much does not take the old one's place" {
  { echo flow,len_1,len_2,class
    for i in {1..60}; do echo "$i,$((100 + i % 20)),$((1400 + i % 30)),down"; echo "x$i,$((1400 + i % 20)),$((100 + i % 30)),up"; done; } >two.csv
  update-loop init work two.csv -q --epochs=30 --lr=0.01
  { echo flow,len_1,len_2; for i in {1..30}; do echo "n$i,700,$((700 + i))"; done; } >new.csv
  # Everything is unknown to this one, and everything gets a wrong name.
  sed -i 's/^unknown .*/unknown 0.05 1e-30/' work/model.cnn
  { cut -d , -f 1-3 two.csv; for _ in {1..9}; do tail -n +2 new.csv; done; } | update-loop classify work >said.csv
  update-loop cluster work --clusters=1 2>/dev/null
  # But for flows that are at the very place of one that it keeps.
  [[ "$(cat work/names.csv)" == $'cluster,rows,name\n1,3'[5-9]?,cluster-1 ]]
  sed -i 's/cluster-1/wrong/' work/names.csv
  rm -r work/learnt && mkdir work/learnt && head -n 3 two.csv >work/learnt/0.csv
  cp work/model.cnn old.cnn
  run -1 --separate-stderr update-loop learn work -q --epochs=30 --lr=0.01 --validation=0
  [[ "$stderr" == *"update-loop: that is a loss of more than 0.02: work/model.cnn stays, the other is work/model.new.cnn" ]]
  cmp old.cnn work/model.cnn
  [ -s work/model.new.cnn ]
  [ -s work/unknown.csv ]
}

# begin NAME: in it a classifier of two kinds to which all is unknown, and 60 such flows in two clusters.
begin() {
  { echo flow,len_1,len_2,class
    for i in {1..30}; do echo "$i,$((100 + i % 20)),$((1400 + i % 30)),down"; echo "x$i,$((1400 + i % 20)),$((100 + i % 30)),up"; done; } >two.csv
  update-loop init "$1" two.csv -q --epochs=5 --lr=0.01 --members=1
  sed -i 's/^unknown .*/unknown 0.05 1e-30/' "$1/model.cnn"
  { echo flow,len_1,len_2; for i in {1..30}; do echo "n$i,700,$((700 + i))"; echo "m$i,5,5"; done; } >new.csv
  update-loop classify "$1" <new.csv >said.csv
}

@test "names as a person leaves them: the last line without an end, CRLF, names given to cluster; and flows that come meanwhile" {
  begin work
  update-loop cluster work --clusters=2 --name=1=given 2>/dev/null
  [ "$(cat work/names.csv)" = $'cluster,rows,name\n1,30,given\n2,30,cluster-2' ]
  printf 'cluster,rows,name\r\n1,30,game\r\n2,30,talk' >work/names.csv
  # These come after the clusters were named, and are not in any.
  { echo flow,len_1,len_2; for i in {1..50}; do echo "late$i,300,$((900 + i))"; done; } >late.csv
  update-loop classify work <late.csv >said.csv
  run -0 update-loop learn work --most-lost=1 -q --epochs=1
  [[ "$output" == *"update-loop: 50 flows that came after cluster are in work/late.csv, to be classified again" ]]
  cmp late.csv work/late.csv
  [ "$(awk -F , 'NR > 1 { n[substr($1, 1, 1) " " $NF]++ } END { for (i in n) print n[i], i }' work/learnt/1.csv | sort)" = $'30 m talk\n30 n game' ]
  [ ! -e work/unknown.csv ]
}

@test "names that are wrong: which line, and why" {
  begin work
  update-loop cluster work --clusters=2 2>/dev/null
  wrong() { # NAMES TEXT
    printf 'cluster,rows,name\n%s\n' "$1" >work/names.csv
    run -1 --separate-stderr update-loop learn work
    [ "$stderr" = "update-loop: work/names.csv$2" ] || { echo "$stderr"; return 1; }
  }
  local line=': should be a cluster, its rows and a name without commas or quotes'
  wrong '1,30,game' ": 1 names for 2 clusters ('other' leaves one out)"
  wrong $'1,30,game\n2,30,' ":3$line"
  wrong $'1,30,"a, b"\n2,30,talk' ":2$line"
  wrong $'1;30;game\n2;30;talk' ":2$line"
  run -2 --separate-stderr update-loop learn work --most-lost=much
  [[ "$stderr" == "update-loop: --most-lost: 'much' is not a number"* ]]
}

@test "wrong usage says what is missing" {
  run -0 update-loop --help
  run -2 --separate-stderr update-loop
  [[ "$stderr" == "update-loop: what to do? (init, classify, cluster or learn)"* ]]
  run -2 update-loop teach work
  run -2 --separate-stderr update-loop learn
  [[ "$stderr" == "update-loop: learn: which folder?"* ]]
  run -1 --separate-stderr update-loop classify absent
  [ "$stderr" = "update-loop: there is no folder absent: init makes it" ]
  mkdir empty
  run -1 --separate-stderr update-loop classify empty
  [ "$stderr" = "update-loop: empty/model.cnn is not there: init first" ]
}
