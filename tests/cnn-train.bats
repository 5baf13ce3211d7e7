# cnn-train: what is learnt, what goes into a network, and what is refused.
load helper

# shapes N SEED [CLASS…]: N flows of each class. The statistics say nothing: only the order of lengths
# and directions does. A flow has 3 to 6 packets.
shapes() {
  awk -v n="$1" -v seed="$2" -v classes="${*:3}" 'BEGIN {
    srand(seed); k = split(classes, class, " ")
    printf "flow,bytes"
    for (i = 1; i <= 6; i++) printf ",len_%d,iat_%d,dir_%d", i, i, i
    print ",class"
    for (row = 1; row <= n * k; row++) {
      c = class[(row - 1) % k + 1]; packets = 3 + int(rand() * 4)
      printf "%d.%d,%d", seed, row, 100 + int(rand() * 900)
      for (i = 1; i <= 6; i++) {
        small = 60 + int(rand() * 100); big = 1300 + int(rand() * 100)
        up = c == "upload" ? i % 2 : c == "download" ? (i + 1) % 2 : i <= 2
        if (i <= packets) printf ",%d,%d,%d", up ? small : big, i == 1 ? 0 : 1000 * int(rand() * 5000), up
        else printf ",,,"
      }
      print "," c
    }
  }'
}

setup_file() {
  command -v cnn-train >/dev/null || return 0
  cd "$BATS_FILE_TMPDIR" || return
  shapes 120 1 upload download voice >train.csv
  shapes 60 2 upload download voice >test.csv
  cnn-train -q --lr=0.003 --epochs=40 --curve=curve.tsv train.csv >shapes.cnn
  printf '%s\n' a,b,c,class 1,1,5,x 3,1,,y 1,1,,x 3,1000000,5,y 1,1,5,x 3,1,5,y >stats.csv
}

setup() {
  need cnn-train
  cd "$BATS_FILE_TMPDIR"
}

# metric NAME MODEL FILE [options]
metric() {
  cnn-eval -q --tsv "${@:2}" | awk -F '\t' -v name="$1" '$1 == name { print $2 }'
}

@test "learns what only the order of packets tells, and which flows it has not seen" {
  [ "$(metric accuracy --no-unknown shapes.cnn test.csv)" = 1 ]
  shapes 40 3 upload other | sed '/other/s/,[0-9]*,\([0-9]*\),\([01]\),/,1500,9\1,1,/g' >new.csv
  run -0 metric unknown_auroc shapes.cnn new.csv
  awk "BEGIN { exit !($output > 0.9) }"
}

@test "the threshold for what is unknown lies between two flows, so that rounding elsewhere does not matter" {
  # Of one member, which some of the rows did not train.
  cnn-train -q --members=1 --lr=0.003 --epochs=20 train.csv >one.cnn
  run -0 --separate-stderr cnn-eval -q --predict one.cnn train.csv
  [ "${#lines[@]}" -eq 361 ]
  grep -qE ',[1-9][0-9.]*$' <<<"$output"
  run -1 grep -E ',1\.0000$' <<<"$output"
  # Where all rows train, each is judged by the others: none is at its own place for nothing.
  cnn-train -q --members=1 --validation=0 --epochs=3 train.csv | awk '$1 == "unknown" { exit !($3 > 0.01) }'
  # Where flows come again and again, what is near to one of them is known: the least threshold is 0.01 sqrt(64).
  for _ in {1..6}; do head -n 61 train.csv; done | awk 'NR == 1 || !/len_1/' >again.csv
  cnn-train -q --by=row --members=1 --epochs=1 again.csv | grep ^unknown | grep -qx 'unknown 0.05 0.08'
  # 128 points a class on average: of 120, 120 and 360 rows.
  { cat train.csv; for _ in 1 2; do grep voice train.csv; done; } >more.csv
  cnn-train -q --by=row --members=1 --validation=0 --epochs=1 more.csv | grep ^points | grep -qx 'points 120 120 144'
}

@test "shuffled classes are not learnt" {
  cut -d , -f 1-20 train.csv >left
  { echo class; tail -n +2 train.csv | cut -d , -f 21 | shuf --random-source=train.csv; } | paste -d , left - >mixed.csv
  cnn-train -q --epochs=10 mixed.csv >mixed.cnn
  run -0 metric accuracy --no-unknown mixed.cnn test.csv
  awk "BEGIN { exit !($output < 0.6) }"
}

@test "the same bytes for a seed, whatever -j; other bytes for another" {
  for j in 1 3; do
    cnn-train -q -j $j --epochs=3 --augment=0.5 train.csv -o j$j.cnn
  done
  cmp j1.cnn j3.cnn
  cnn-train -q --epochs=3 --augment=0.5 --seed=2 train.csv -o seed2.cnn
  run -1 cmp -s j1.cnn seed2.cnn
}

@test "the learning curve, and an early end" {
  [ "$(head -n 1 curve.tsv)" = $'epoch\tloss\tvalid_loss\tvalid_accuracy\trate\tbest' ]
  awk -F '\t' 'NR == 2 { first = $2 } END { exit !($2 < first / 2 && NR <= 41) }' curve.tsv
  run -0 cnn-train --epochs=500 --lr=0.01 --patience=2 -o early.cnn train.csv
  [[ $output =~ ([0-9]+)\ epochs,\ the\ best\ is\ number\ ([0-9]+) ]]
  [ "${BASH_REMATCH[1]}" -eq $((BASH_REMATCH[2] + 2)) ]
  run -0 cnn-train --progress --epochs=1 -o early.cnn train.csv
  [[ $output == *'cnn-train: epoch 1: loss '*', validation '*', accuracy '*', rate 0.001, best'* ]]
}

@test "statistics: mean and deviation, a logarithm for a long tail, a flag for gaps, knots" {
  run -0 cnn-train -q --by=row --validation=0 --epochs=1 --layers=dense:2 stats.csv
  [ "$(sed -n '8,13p' <<<"$output" | sed -E 's/([0-9]\.[0-9]{4})[0-9]*/\1/g')" = "statistic linear plain 2 1 a
knots 1 3
statistic log plain 2.8802 4.8904 b
knots 1 1000000
statistic linear flag 5 5 c
knots" ]
  grep -qx 'class 3 1 x' <<<"$output"
  grep -qx 'parameters 20' <<<"$output"
}

@test "knots of packets: lengths with the sign of their direction, gaps; 17 and 9 at most" {
  awk 'BEGIN { print "len_1,iat_1,dir_1,class"; for (i = 0; i <= 1600; i++) print i % 801 + 100 "," i * 10 "," (i > 800) "," i % 2 }' >even.csv
  run -0 cnn-train -q --by=row --validation=0 --epochs=1 --members=1 --layers=flatten,dense:2 even.csv
  [ "$(sed -n '7,8p' <<<"$output")" = "knots -900 -800 -700 -600 -500 -400 -300 -200 -100 199 299 399 499 599 699 799 899
knots 0 2000 4000 6000 8000 10000 12000 14000 16000" ]
}

@test "few rows: five networks, each with other rows that say when to stop; --members says how many" {
  run -0 --separate-stderr cnn-train --epochs=2 --curve=first.tsv train.csv -o five.cnn
  [ "$(grep -c ': network [1-5] of 5: 2 epochs, the best is number' <<<"$stderr")" = 5 ]
  [ "$(wc -l <first.tsv)" = 3 ]
  grep -qx 'members 5' five.cnn
  cnn-train -q --epochs=2 --members=1 train.csv -o one.cnn
  grep -qx 'members 1' one.cnn
  # The first of them is what one alone would be; the others are of their own.
  cmp <(grep '^p ' one.cnn) <(grep '^p ' five.cnn | head -n "$(grep -c '^p ' one.cnn)")
  [ "$(grep '^p ' five.cnn | sort -u | wc -l)" = "$(grep -c '^p ' five.cnn)" ]
  awk '{ print } NR > 1 { for (i = 0; i < 14; i++) print i $0 }' train.csv >many.csv
  cnn-train -q --epochs=1 --layers=flatten,join,dense:2 many.csv -o many.cnn
  grep -qx 'members 1' many.cnn
}

@test "--patience=0: the last epoch counts, and what did not train only says what is unknown" {
  cnn-train -q --epochs=20 --lr=0.1 --patience=0 --members=1 --curve=all.tsv train.csv -o last.cnn
  [ "$(wc -l <all.tsv)" = 21 ]
  [ "$(cut -f 6 all.tsv | tail -n +2 | sort -u)" = 1 ]
}

@test "classes weigh what --class-weight says, and focal loss is another" {
  { cat train.csv; grep ,voice train.csv; } >uneven.csv
  run -0 cnn-train -q --by=row --validation=0 --epochs=1 --class-weight=balanced uneven.csv
  grep -qx 'class 120 1.333333333333333[0-9]* download' <<<"$output"
  grep -qx 'class 240 0.666666666666666[0-9]* voice' <<<"$output"
  printf 'class,weight\nvoice,3\n' >weights.csv
  cnn-train -q --epochs=2 --class-weight=weights.csv train.csv -o weighed.cnn
  cnn-train -q --epochs=2 --focal=2 train.csv -o focal.cnn
  cnn-train -q --epochs=2 train.csv -o plain.cnn
  for m in weighed focal; do
    run -1 cmp -s <(grep "^p " $m.cnn) <(grep "^p " plain.cnn)
  done
  run -1 --separate-stderr cnn-train -q --class-weight=weights.csv stats.csv --by=row
  [ "$stderr" = "cnn-train: weights.csv:2: column 'class': 'voice' is not a class of the training table" ]
}

@test "categories; those called other never train" {
  printf '%s\n' class,category upload,bulk download,bulk voice,other >map.csv
  run -0 --separate-stderr cnn-train --epochs=1 --category-map=map.csv train.csv -o map.cnn
  [[ "$stderr" == *"120 rows of the category 'other' left out"* ]]
  [ "$(grep -c '^class ' map.cnn)" = 1 ]
  grep -q '^class [0-9]* 1 bulk$' map.cnn
  printf '%s\n' class,category upload,bulk downloads,bulk voice,other >map.csv
  run -1 --separate-stderr cnn-train --category-map=map.csv train.csv
  [ "$stderr" = "cnn-train: train.csv:3: column 'class': 'download' has no category in 'map.csv' (did you mean 'downloads'?)" ]
}

@test "what belongs together stays together when a part is left out to say when to stop" {
  for i in 1 2 3; do
    awk -F , -v OFS=, -v i=$i 'NR == 1 { print "file", $0; next } { print $NF i, $0 }' train.csv
  done | awk 'NR == 1 || !/^file/' >files.csv
  run -0 --separate-stderr cnn-train --epochs=1 --by=file --validation=0.3 files.csv -o files.cnn
  [[ "$stderr" == *"720 rows train, 360 say when to stop"* ]]
  run -2 --separate-stderr cnn-train --by=time train.csv
  [[ "$stderr" == "cnn-train: --by: 'time' is not among the ways to part the rows here"* ]]
}

@test "--init goes on from a model, and adds classes" {
  shapes 60 5 upload download voice | sed 's/,voice$/,call/' >call.csv
  cnn-train -q --epochs=40 --lr=0.003 --init=shapes.cnn <(cat train.csv; tail -n +2 call.csv | sed 's/^/x/; s/,1,call/,1,call/') -o more.cnn
  [ "$(grep '^class ' more.cnn | awk '{ print $4 }' | paste -sd ' ')" = "download upload voice call" ]
  cmp <(grep '^statistic' shapes.cnn) <(grep '^statistic' more.cnn)
  # Nothing is forgotten where nothing is learnt.
  cnn-train -q --epochs=1 --lr=1e-9 --init=shapes.cnn train.csv -o same.cnn
  [ "$(metric accuracy --no-unknown same.cnn test.csv)" = 1 ]
  # The class column is the model's.
  sed 's/^label class$/label kind/' shapes.cnn >kind.cnn
  sed '1s/class$/kind/' train.csv | cnn-train -q --epochs=1 --init=kind.cnn -o more.cnn
  grep -qx 'label kind' more.cnn
  run -2 --separate-stderr cnn-train --init=shapes.cnn --layers=dense:3 train.csv
  [[ "$stderr" == "cnn-train: --init brings its own columns and layers"* ]]
}

@test "several tables are one, whatever the order of their columns" {
  run -0 --separate-stderr cnn-train --by=row --epochs=2 -o whole.cnn train.csv
  { head -n 1 train.csv; sed -n '2,100p' train.csv; } >first.csv
  { head -n 1 train.csv; sed -n '101,$p' train.csv; } | awk -F , -v OFS=, '{ print $NF, "x" (NR > 1 ? NR : ""), $0 }' | sed 's/,[^,]*$//' >second.csv
  run -0 --separate-stderr cnn-train --by=row --epochs=2 -o parts.cnn first.csv second.csv
  [[ "$stderr" == *"288 rows train, 72 say when to stop"* ]]
  diff <(tail -n +3 whole.cnn) <(tail -n +3 parts.cnn)
  cut -d , -f 1-5,7- first.csv >short.csv
  run -1 --separate-stderr cnn-train -q second.csv short.csv --by=row --drop=x
  [[ "$stderr" == "cnn-train: short.csv:1: there is no column 'len_2'"* ]]
  run -1 --separate-stderr cnn-train -q first.csv absent.csv
  [ "$stderr" = "cnn-train: absent.csv: No such file or directory" ]
  run -2 cnn-train -q - -
}

@test "the smallest and the largest numbers make a model that can be read" {
  { echo small,large,class; for i in {1..20}; do echo "$((i % 2 + 1))e-40,$((i % 2 * 2 - 1))e30,a"; echo "$((i % 2 + 3))e-40,0,b"; done; } >extreme.csv
  cnn-train -q --by=row --members=1 --epochs=1 extreme.csv | cnn-eval - extreme.csv >said
}

@test "packets: as many as asked for, those alone, or none" {
  cnn-train -q --epochs=1 --first-packets=2 --features=len_N,dir_N train.csv -o two.cnn
  grep -qx 'places 2 len dir' two.cnn
  grep -qx 'statistics 0' two.cnn
  cnn-train -q --epochs=1 --drop=len_N,iat_N,dir_N train.csv -o none.cnn
  grep -qx 'places 0' none.cnn
  grep -q '^statistic .* bytes$' none.cnn
}

@test "bad input: errors name the place and say what to do" {
  fails() { # TEXT ARGUMENT…
    run -1 --separate-stderr cnn-train -q "${@:2}"
    [ "$stderr" = "cnn-train: $1" ] || { echo "$stderr"; return 1; }
  }
  fails 'train.csv:1: --first-packets=9, and the table has 6 (pcap2feat --per=flow --first-packets=9 writes that many)' \
    --first-packets=9 train.csv
  fails "train.csv:1: there is no column 'kind'" --class=kind train.csv
  fails "train.csv:1: there is no column 'len_M' (did you mean 'len_1'?)" --features=len_M train.csv
  sed '4s/^\([^,]*,[^,]*\),[0-9]*,/\1,70000,/' train.csv >bad.csv
  fails "bad.csv:4: column 'len_1': '70000' is not in 0..65535" bad.csv
  sed '4s/^\([^,]*,[^,]*\),[0-9]*,/\1,,/' train.csv >bad.csv
  fails "bad.csv:4: column 'len_1': '' is empty, and other columns have this packet" bad.csv
  sed '4s/^\([^,]*,[^,]*\),[0-9]*,[0-9]*,[01],/\1,,,,/' train.csv >bad.csv
  fails "bad.csv:4: column 'len_2': '$(sed -n 4p bad.csv | cut -d , -f 6)' comes after an empty place" bad.csv
  sed '4s/,[a-z]*$/,/' train.csv >bad.csv
  fails "bad.csv:4: column 'class': '' is no class: every row needs one" bad.csv
  sed '1s/bytes/host/; 2,$s/^\([^,]*\),/\1,h/' train.csv >bad.csv
  fails "bad.csv:2: column 'host' holds a text ('$(sed -n 2p bad.csv | cut -d , -f 2)'): leave it out with --drop='host'" bad.csv
  head -n 1 train.csv >bad.csv
  fails "bad.csv: has no rows to train on" bad.csv
  fails "layer 'relu': too many numbers come out of the layers up to here" --layers="conv:65536:1$(printf ',relu%.0s' {1..10})" train.csv
  fails "layer 'pool:9': there are fewer steps than it takes together" --layers=pool:9,flatten,join train.csv
  fails "there is no layer 'denes' (did you mean 'dense'?)" --layers=flatten,join,denes:3 train.csv
  fails "no layer 'join' takes the further numbers" --layers=flatten,dense:3 train.csv
  fails "the layers end in 6 steps, not in one: flatten is missing" --layers=conv:4:3 --features=len_N train.csv
  sed 's/^[^,]*,/a,/; s/^a,bytes/flow,bytes/' train.csv >bad.csv
  fails "bad.csv: all rows stay together, and none are left to say when to stop: --by=row or --validation=0" bad.csv
  head -n 2 train.csv >bad.csv
  fails "bad.csv: there are too few rows, and none are left to say when to stop: --validation=0" --by=row bad.csv
  sed '4s/,[a-z]*$/,Other/' train.csv >bad.csv
  fails "bad.csv:4: column 'class': 'Other' makes a class 'Other', which is what is said of unknown flows ('other' leaves them out)" bad.csv
  head -c 3000 shapes.cnn >cut.cnn
  run -1 --separate-stderr cnn-train -q --init=cut.cnn train.csv
  [[ "$stderr" == "cnn-train: cut.cnn:"* ]]
  { echo x,class; for i in {1..20}; do echo "$i,a"; echo "-$i,b"; done; } >bad.csv
  fails 'network 1 of 1: its numbers have grown beyond bounds: a smaller --lr may help, or fewer layers' --by=row \
    --members=1 --validation=0 --epochs=30 --lr=10 --layers="dense:64$(printf ',dense:64%.0s' {1..7})" bad.csv
  echo class,category >map.csv
  local option
  for option in -o --curve=; do
    for input in --init= --category-map= --class-weight=; do
      run -2 --separate-stderr cnn-train "${input}map.csv" "${option}map.csv" train.csv
      [[ "$stderr" == *": 'map.csv' is an input file"* ]]
    done
  done
  run -1 cnn-train -q --epochs=1 -o /dev/full train.csv
  run -1 cnn-train -q --epochs=1 --curve=/dev/full train.csv
}
