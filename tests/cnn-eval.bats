# cnn-eval: what a flow classifier is worth, what it says of rows as they come, and what it does not
# know.
load helper

# The model of these tests, written by hand: places of lengths alone, the last hidden layer is the
# lengths of both packets by 1500, class a where the first is the longer one, b where the second is.
# The distance of a flow to a class is Euclidean, times 10; beyond 2 a flow is unknown.
setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  cat >hand.cnn <<'MODEL'
weir-cnn 3
made by hand
seed 1
rows 30
label class
places 2 len
knots
statistics 0
classes 2
class 20 1 a
class 10 1 b
unknown 0.05 2
layers flatten
parameters 10
members 1
p 0 10 0 -10 0 -10 0 10 0 0
points 1 1
point 1 0.8 1 0.4
point 1 0.4 1 0.8
whiten 10
whiten 0 10
whiten 0 0 10
whiten 0 0 0 10
MODEL
  printf '%s\n' len_1,len_2,class 1200,600,a 600,1200,b 1200,750,b 150,150,ssh 600,1200,b >rows.csv
}

setup() {
  need cnn-eval
  cd "$BATS_FILE_TMPDIR"
}

@test "verdicts, probabilities and distances are those that the model file says" {
  run -0 --separate-stderr cnn-eval --predict hand.cnn rows.csv
  # p = 1 / (1 + exp(-20 (x - y))) for lengths x and y by 1500; distances by hand.
  [ "$output" = "len_1,len_2,class,predicted,confidence,novelty
1200,600,a,a,0.9997,0.0000
600,1200,b,b,0.9997,0.0000
1200,750,b,a,0.9975,0.5000
150,150,ssh,Other,0.5000,3.8079
600,1200,b,b,0.9997,0.0000" ]
  [ -z "$stderr" ]
}

@test "a place among knots goes in, below, between and above; members answer by their means" {
  # The last hidden layer: there, length, then for knots 300, 600, 1500 two places each, of one packet.
  cat >steps.cnn <<'MODEL'
weir-cnn 3
made by hand
seed 1
rows 2
label class
places 1 len
knots 300 600 1500
statistics 1
statistic linear flag 10 2 x
knots 8 10
classes 2
class 1 1 a
class 1 1 b
unknown 0.05 1.5
layers flatten,join
parameters 16
members 2
p 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0
points 1 1
point 0 0 0 0 0 0 0
point 0 0 0 0 0 0 0
whiten 1
whiten 0 1
whiten 0 0 1
whiten 0 0 0 1
whiten 0 0 0 0 1
whiten 0 0 0 0 0 1
whiten 0 0 0 0 0 0 1
p 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0
points 1 1
point 0 0 0 0 0 0 0
point 0 0 0 0 0 0 0
whiten 2
whiten 0 2
whiten 0 0 2
whiten 0 0 0 2
whiten 0 0 0 0 2
whiten 0 0 0 0 0 2
whiten 0 0 0 0 0 0 2
MODEL
  rm -f out.csv
  printf '%s\n' len_1,x 150,9 450,11 1050, 1500,5 >steps.csv
  cnn-eval -q --unknown=out.csv --predict -o all.csv steps.cnn steps.csv
  run -0 cnn-eval --no-unknown --predict steps.cnn steps.csv
  # p of a by each member: 1 / (1 + exp(-v)), v the place above 300 and above 600; both by their mean.
  # Newness: |v| and 2 |v|, by their mean and the threshold.
  [ "$output" = "len_1,x,predicted,confidence,novelty
150,9,b,0.6225,1.6613
450,11,b,0.5612,1.6852
1050,,a,0.5612,1.3191
1500,5,a,0.6225,3.1623" ]
  [ "$(cat out.csv)" = "len_1,x,emb_1,emb_2,emb_3,emb_4,emb_5,emb_6,emb_7
150,9,1,0.1,-0.5,-0.5,-0.5,0,1
450,11,1,0.3,0,-0.5,0.5,0.5,1
1050,,1,0.7,0.5,0,0,0,0
1500,5,1,1,0.5,0.5,-2.5,-0.5,1" ]
}

@test "a flow that drives the network out of bounds is unknown, and all that is written is a number" {
  printf '%s\n' 'weir-cnn 3' 'made by hand' 'seed 1' 'rows 2' 'label class' 'places 2 len' knots 'statistics 0' \
    'classes 2' 'class 1 1 a' 'class 1 1 b' 'unknown 0.05 2' \
    'layers flatten,dense:1,dense:1,dense:1,dense:1,dense:2' 'parameters 21' 'members 1' \
    'p 0 1e9 0 1e9 0 1e9 0 1e9 0 1e9 0 1e9 1e9 0 0 1' 'p 0 0 1 0 0' 'points 1 0' 'point 0 0' 'whiten 1' 'whiten 0 1' >wild.cnn
  run -0 cnn-eval -q --predict wild.cnn <<<$'len_1,len_2\n1200,600\n0,0'
  [ "$output" = "len_1,len_2,predicted,confidence,novelty
1200,600,Other,0.0000,1000000000.0000
0,0,a,0.5000,0.0000" ]
}

@test "distances to the points that a model keeps are right, and the same bits with all vectors" {
  need gcc
  local bits arch=()
  [ "$(uname -m)" != x86_64 ] || arch=(-march=x86-64-v2)
  for bits in 128 256 512; do
    gcc -std=c17 -O2 -ffp-contract=off "${arch[@]}" -D_GNU_SOURCE "-DVEC_MOST=$bits" "-I$root/common" -o near \
      "$root/tests/unit/near.c" "$root/common/cnn_near.c" "$root/common"/{rng,mem,err}.c -lm
    ./near >"$bits"
  done
  cmp 128 256
  cmp 128 512
}

@test "the report: scores, the classes, and what became of unknown flows" {
  run -0 cnn-eval hand.cnn rows.csv
  [ "$output" = "model      by hand
           flatten,dense:2; 2 packets and 0 statistics, 2 classes; trained on 30 rows
rows       5

accuracy   0.8000  4 of 5 rows
macro-F1   0.8222
majority   0.6000  always 'b', the commonest class here
           0.2000  always 'a', the commonest class in training

class  precision    recall        F1     support
a         0.5000    1.0000    0.6667           1
b         1.0000    0.6667    0.8000           3
Other     1.0000    1.0000    1.0000           1

confusion: a row is a true class, a column what the model says
           a      b  Other
a          1      0      0
b          1      2      0
Other      0      0      1

unknown: newer than 0.95 of the known flows that did not train
lost       0.0000  0 of 4 rows of classes that the model knows
found      1.0000  1 of 1 rows of other classes
AUROC      1.0000" ]
  run -0 cnn-eval --tsv hand.cnn rows.csv
  grep -qxP 'accuracy\t0.8' <<<"$output"
  grep -qxP 'confusion.b.a\t1' <<<"$output"
  grep -qxP 'unknown_auroc\t1' <<<"$output"
}

@test "AUROC counts ties by halves" {
  printf '%s\n' len_1,len_2,class 1200,600,ssh 1200,750,ssh 1200,750,a 1200,600,a >ties.csv
  run -0 cnn-eval --tsv hand.cnn ties.csv
  grep -qxP 'unknown_auroc\t0.5' <<<"$output"
  printf '%s\n' len_1,len_2,class 1200,600,ssh 1200,750,ssh 1200,900,a 1200,600,a >ties.csv
  run -0 cnn-eval --tsv hand.cnn ties.csv
  grep -qxP 'unknown_auroc\t0.375' <<<"$output"
}

@test "--no-unknown: the most likely class; a class that the model does not know has its own line" {
  run -0 cnn-eval --no-unknown hand.cnn rows.csv
  grep -q '^ssh \*  *0.0000' <<<"$output"
  run -1 grep -q '^Other' <<<"$output"
}

@test "categories are judged by their map" {
  printf '%s\n' len_1,len_2,class 1200,600,x 600,1200,y >apps.csv
  printf '%s\n' class,category x,a y,b >map.csv
  run -0 cnn-eval --category-map=map.csv --tsv hand.cnn apps.csv
  grep -qxP 'accuracy\t1' <<<"$output"
}

@test "a column of other verdicts is judged beside the model" {
  printf '%s\n' len_1,len_2,said,class 1200,600,a,a 600,1200,a,b 600,1200,,b >said.csv
  run -0 cnn-eval --compare=said --tsv hand.cnn said.csv
  grep -qxP 'agreement\t0.3333.*' <<<"$output"
  grep -qxP 'other_none\t1' <<<"$output"
  run -0 cnn-eval --tsv hand.cnn <<<$'len_1,len_2,predicted\n1200,600,a'
  grep -qxP 'agreement\t1' <<<"$output"
}

@test "unknown rows are appended with their embedding" {
  rm -f new.csv
  run -0 --separate-stderr cnn-eval --unknown=new.csv --predict hand.cnn rows.csv
  [ "$stderr" = "cnn-eval: 1 unknown row appended to new.csv" ]
  cnn-eval -q --unknown=new.csv -o report.txt hand.cnn rows.csv
  [ "$(cat new.csv)" = "len_1,len_2,class,emb_1,emb_2,emb_3,emb_4
150,150,ssh,1,0.1,1,0.1
150,150,ssh,1,0.1,1,0.1" ]
  run -1 --separate-stderr cnn-eval --unknown=new.csv --predict hand.cnn <<<$'len_2,len_1\n1,1'
  [ "$stderr" = "cnn-eval: new.csv:1: has other columns than the rows that would be appended" ]
  head -c -3 new.csv >cut.csv && cp cut.csv before.csv
  run -1 --separate-stderr cnn-eval --unknown=cut.csv --predict hand.cnn rows.csv
  [ "$stderr" = "cnn-eval: cut.csv: ends in the middle of a row, behind which none can be appended" ]
  cmp before.csv cut.csv
  run -1 --separate-stderr cnn-eval --unknown=other.csv hand.cnn new.csv
  [ "$stderr" = "cnn-eval: new.csv:1: there is a column 'emb_1' already" ]
  run -1 --separate-stderr cnn-eval -q --unknown=/dev/full --predict hand.cnn rows.csv
  [[ "$stderr" == "cnn-eval: writing /dev/full: No space left on device" ]]
}

@test "a standard output that is closed is not another file that is written" {
  run -1 bash -c 'cnn-eval --unknown=only.csv --predict hand.cnn <rows.csv >&-'
  [ "$output" = "cnn-eval: writing standard output: Bad file descriptor" ]
  [ "$(head -n 1 only.csv)" = len_1,len_2,class,emb_1,emb_2,emb_3,emb_4 ]
  run -1 grep -q predicted only.csv
  run -1 bash -c 'cnn-eval hand.cnn <&-'
  [ "$output" = "cnn-eval: reading standard input: Bad file descriptor" ]
}

@test "a flow gets the same answer alone, among others, and for any -j" {
  awk 'BEGIN { print "len_1,len_2"; srand(1); for (i = 0; i < 10000; i++) print int(rand() * 1500) "," int(rand() * 1500) }' >many.csv
  cnn-eval -j 1 --predict hand.cnn many.csv >one.csv
  cnn-eval -j 3 --predict hand.cnn many.csv >three.csv
  cmp one.csv three.csv
  cmp <(cnn-eval --predict hand.cnn <(head -n 40 many.csv)) <(head -n 40 one.csv)
  cnn-eval --tsv --predict hand.cnn <(head -n 40 many.csv) | tr '\t' , | cmp - <(head -n 40 one.csv)
}

@test "rows leave a live pipe one by one, and -v says how long they took" {
  mkfifo pipe
  cnn-eval -v --predict hand.cnn <pipe >live.csv 2>live.err &
  exec 7>pipe
  printf '%s\n' len_1,len_2 1200,600 >&7
  for _ in $(seq 100); do
    [ "$(wc -l <live.csv)" -lt 2 ] || break
    sleep 0.1
  done
  [ "$(tail -n 1 live.csv)" = 1200,600,a,0.9997,0.0000 ]
  exec 7>&-
  wait
  grep -qx 'cnn-eval: 1 rows; from reading to writing p50 [0-9.]* ms, p99 [0-9.]* ms, max [0-9.]* ms' live.err
}

@test "bad input: models and tables" {
  fails() { # TEXT ARGUMENT…
    run -1 --separate-stderr cnn-eval "${@:2}"
    [ "$stderr" = "cnn-eval: $1" ] || { echo "$stderr"; return 1; }
  }
  fails "standard input:1: there is no column 'len_2': the model looks at 2 packets (pcap2feat --per=flow --first-packets=2)" \
    hand.cnn <<<$'len_1,class\n1,a'
  fails "standard input:1: there is no column 'class'" hand.cnn <<<$'len_1,len_2\n1,1'
  fails "standard input: has no rows to judge the model by" hand.cnn <<<len_1,len_2,class
  fails "standard input:2: column 'len_2': 'x' is not an integer" --predict hand.cnn <<<$'len_1,len_2\n1,x'
  fails "standard input:1: there is a column 'predicted' already (--predict=NAME names the new one)" --predict hand.cnn <<<$'len_1,len_2,predicted\n1,1,a'
  head -c 250 hand.cnn >cut.cnn
  run -1 --separate-stderr cnn-eval cut.cnn rows.csv
  [[ "$stderr" == "cnn-eval: cut.cnn:"* ]]
  local from to text
  while IFS='|' read -r from to text; do
    sed "s/$from/$to/" hand.cnn >bad.cnn
    fails "bad.cnn:$text" bad.cnn rows.csv
  done <<'LIST'
^weir-cnn 3|weir-cnn 2|1: is not a flow classifier of version 3 (it would begin with 'weir-cnn 3')
^places 2 len|places 2 iat len|6: 'len' is not the next of len, iat and dir
^knots|knots 60|7: a single knot says nothing
^knots|knots 60 60|7: knots must rise
^class 10 1 b|class 10 1 a|11: a second class 'a'
^class 10 1 b|class 10 1 Other|11: a class 'Other', as unknown flows are called
^unknown 0.05 2|unknown 0.05 0|12: threshold '0' is not in 1e-30..1e+30
^layers flatten|layers conv:2:3|13: the layers end in 2 steps, not in one: flatten is missing
^parameters 10|parameters 11|14: number of parameters '11' is not in 10..10
^members 1|members 101|15: number of members '101' is not in 1..100
^members 1|members 2|23: the file ends before its line 'p'
^p 0 10|p 0 nan|16: number 'nan' is not a number
^p 0 10|p 0|16: the number is missing
^points 1 1|points 0 0|17: there is no point of any class
^points 1 1|points 1 5000|17: number of points '5000' is not in 0..4096
^points 1 1|points 1 2|20: a line 'point' should stand here, not 'whiten'
^whiten 0 10$|whiten 0 10 1|21: '1' is too much
LIST
  run -1 cnn-eval -o /dev/full hand.cnn rows.csv
  run -2 --separate-stderr cnn-eval
  [[ "$stderr" == "cnn-eval: which model? (cnn-eval MODEL [FILE])"* ]]
}
