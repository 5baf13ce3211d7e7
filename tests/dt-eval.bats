# dt-eval: scores, predictions, explanations.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  cat >tiny.tree <<'END'
weir-tree 1
made dt-train --max-leaves=3
seed 1
rows 12
label class
weights none
feature 48 iat
feature 16 len
class 7 1 skype
class 5 1 webex
trees 1
tree 5
split 283 len
 leaf 1:1 2:4
 split 8000 iat
  leaf 1:6
  leaf 2:1
END
  printf '%s\n' len,iat,class 100,5,webex 1500,12,skype 283,0,skype 284,8001,webex 300,1,zoom >t.csv
}

@test "the report, worked out by hand" {
  run -0 --separate-stderr dt-eval tiny.tree t.csv
  [ -z "$stderr" ]
  diff - <(printf '%s\n' "$output") <<'END'
model      dt-train --max-leaves=3
           1 tree, 3 leaves; 2 features, 2 classes; trained on 12 rows
rows       5

accuracy   0.6000  3 of 5 rows
macro-F1   0.4333
majority   0.4000  always 'skype', the commonest class here and in training

class   precision    recall        F1     support
skype      0.5000    0.5000    0.5000           2
webex      0.6667    1.0000    0.8000           2
zoom *     0.0000    0.0000    0.0000           1
* no class of the model: every such row is an error

confusion: a row is a true class, a column what the model says
       skype  webex   zoom
skype      1      1      0
webex      0      2      0
zoom       1      0      0
END
}

@test "--predict adds a column and leaves the rows as they are" {
  run -0 --separate-stderr dt-eval --predict tiny.tree t.csv
  [ "$output" = 'len,iat,class,predicted
100,5,webex,webex
1500,12,skype,skype
283,0,skype,webex
284,8001,webex,webex
300,1,zoom,skype' ]
}

@test "--explain shows the path of a row" {
  run -0 --separate-stderr dt-eval --explain tiny.tree t.csv
  [ "${lines[1]}" = 'row 2: len 1500 > 283, iat 12 <= 8000 -> skype (6 of 6 rows)' ]
  [ "${lines[2]}" = 'row 3: len 283 <= 283 -> webex (4 of 5 rows), but it is skype' ]
}

@test "plot-confusion draws the matrix that --tsv gives" {
  need gnuplot
  dt-eval --tsv tiny.tree t.csv >metrics.tsv
  run -0 --separate-stderr "$root/scripts/plot-confusion" metrics.tsv
  [ -z "$stderr" ]
  # The names of the rows and of the columns, then the cells that are not 0, row by row.
  texts=$(sed -En 's/.*<text>(<tspan[^>]*>)?([^<]*)<.*/\2/p' <<<"$output" | grep . | tr '\n' ' ')
  [[ $texts = 'skype webex zoom skype webex zoom '*' 1 1 2 1 '* ]]
  [ "$output" = "$("$root/scripts/plot-confusion" metrics.tsv)" ] # nothing of this run is in it
  run -1 --separate-stderr "$root/scripts/plot-confusion" tiny.tree
  [ "$stderr" = 'plot-confusion: not the output of dt-eval --tsv' ]
  run -2 --separate-stderr "$root/scripts/plot-confusion" -o x.pdf metrics.tsv
  [ "$stderr" = "plot-confusion: 'x.pdf' ends neither in .svg nor in .png" ]
}

# Runs a peer of tests/python.
peer() { PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$root/tests/python/$1" "${@:2}"; }

@test "--tsv and --csv give (metric, value)" {
  run -0 --separate-stderr dt-eval --tsv tiny.tree t.csv
  diff - <(printf '%s\n' "$output" | tr '\t' ' ') <<'END'
metric value
rows 5
accuracy 0.6
macro_f1 0.433333333333
majority 0.4
majority_macro_f1 0.190476190476
majority_trained 0.4
precision.skype 0.5
recall.skype 0.5
f1.skype 0.5
support.skype 2
precision.webex 0.666666666667
recall.webex 1
f1.webex 0.8
support.webex 2
precision.zoom 0
recall.zoom 0
f1.zoom 0
support.zoom 1
confusion.skype.skype 1
confusion.skype.webex 1
confusion.webex.webex 2
confusion.zoom.skype 1
END
  [ "$(dt-eval --csv tiny.tree t.csv | head -n 3 | tail -n 1)" = accuracy,0.6 ]
}

@test "two majorities where the table's and the model's differ" {
  printf '%s\n' len,iat,class 1,1,webex 2,1,webex 3,1,skype >w.csv
  run -0 --separate-stderr dt-eval tiny.tree w.csv
  [ "${lines[5]}" = "majority   0.6667  always 'webex', the commonest class here" ]
  [ "${lines[6]}" = "           0.3333  always 'skype', the commonest class in training" ]
}

@test "classes as numbers, other columns, any order of columns" {
  sed -i 's/skype/1/; s/webex/2/' tiny.tree
  printf '%s\n' app,x,iat,len 1,a,7,500 02,b,7,100 2,c,7,100 >n.csv
  run -0 --separate-stderr dt-eval --tsv -c app tiny.tree n.csv
  [ "${lines[2]}" = $'accuracy\t0.666666666667' ] # "02" is another class than "2"
  [ "$(grep confusion <<<"$output" | tr '\t\n' ' ;')" = 'confusion.1.1 1;confusion.2.2 1;confusion.02.2 1;' ]
}

@test "classes that the model does not know come after its own, by name" {
  printf '%s\n' len,iat,class 1,1,zoom 1,1,webex 1,1,chat 1,1,meet >u.csv
  run -0 --separate-stderr dt-eval --tsv tiny.tree u.csv
  [ "$(sed -n 's/^support\.\([a-z]*\).*/\1/p' <<<"$output" | tr '\n' ' ')" = \
    'skype webex chat meet zoom ' ]
}

@test "many classes: numbered heads, then a list" {
  classes=$(seq 101 130)
  {
    printf '%s\n' 'weir-tree 1' 'made x' 'seed 1' 'rows 60' 'label class' 'weights none' 'feature 16 len'
    for c in $classes; do echo "class 2 1 class$c"; done
    printf '%s\n' 'trees 1' 'tree 1' 'leaf 1:2'
  } >wide.tree
  { echo len,class; for c in $classes; do echo "1,class$c"; done; } >wide.csv
  run -0 --separate-stderr dt-eval wide.tree wide.csv
  grep -qx 'confusion: a row is a true class, a column what the model says, numbered as the rows are' <<<"$output"
  grep -qE '^ 2 class102   1  +0' <<<"$output"
  { echo len,class; for i in {1..40}; do echo "1,new$i"; done; echo 1,new7; tail -n +2 wide.csv; } >new.csv
  run -0 --separate-stderr dt-eval wide.tree new.csv
  grep -qx 'the greatest confusions (--tsv has them all):' <<<"$output"
  [ "$(grep -c 'taken for class101$' <<<"$output")" -eq 40 ]
  [ "$(grep 'taken for' <<<"$output" | head -n 1)" = '          2  new7 taken for class101' ]
}

@test "a column predicted is judged beside the model without being asked for" {
  dt-eval -q --predict tiny.tree t.csv >p.csv
  dt-eval tiny.tree p.csv | grep -E "^agreement +1.0000"
  # The classes may be unknown: then only the agreement is told.
  awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "class") at = i } { $at = NR == 1 ? "flow" : "x"; print }' p.csv >unknown.csv
  dt-eval tiny.tree unknown.csv | grep -E "^agreement +1.0000"
  ! dt-eval tiny.tree unknown.csv | grep accuracy || return 1
  # What a model was trained to say is the truth, not a second opinion on it.
  sed 's/^label class/label predicted/' tiny.tree >pupil.tree
  ! dt-eval pupil.tree p.csv | grep agreement || return 1
  dt-eval -c class pupil.tree p.csv | grep -E "^agreement +1.0000"
}

@test "--predict: quotes, TSV, an own name, no class column, votes" {
  printf 'note,len,iat\r\n"a ""b"", c",100,1\r\n x ,"300",1\r\n' >q.csv
  run -0 --separate-stderr dt-eval --predict=app tiny.tree q.csv
  [ "$output" = 'note,len,iat,app
"a ""b"", c",100,1,webex
 x ,"300",1,skype' ]
  run -0 --separate-stderr dt-eval --predict --tsv tiny.tree q.csv
  [ "$output" = $'note\tlen\tiat\tpredicted\n"a ""b"", c"\t100\t1\twebex\n" x "\t300\t1\tskype' ]
  printf 'len\tiat\n300\t9000\n' >t.tsv
  [ "$(dt-eval --predict tiny.tree t.tsv)" = $'len\tiat\tpredicted\n300\t9000\twebex' ]
  sed 's/^trees 1/trees 2/; $a tree 1\nleaf 1:3 2:1' tiny.tree >two.tree
  # Leaf 1:1 2:4 gives 51 and 204 of 255 votes, 1:3 2:1 gives 191 and 64.
  run -0 --separate-stderr dt-eval --predict --votes two.tree t.csv
  [ "${lines[1]}" = '100,5,webex,webex,1:242 2:268' ]
  [ "${lines[2]}" = '1500,12,skype,skype,1:446 2:64' ]
  run -0 --separate-stderr dt-eval --predict --votes tiny.tree t.csv
  [ "${lines[1]}" = '100,5,webex,webex,1:51 2:204' ]
  [ "${lines[2]}" = '1500,12,skype,skype,1:255' ]
  # What was predicted scores 1 when it is taken for the truth.
  dt-eval --predict tiny.tree t.csv >p.csv
  [ "$(dt-eval --tsv -c predicted tiny.tree p.csv | grep accuracy)" = $'accuracy\t1' ]
}

@test "--predict answers a row before the input ends" {
  mkfifo in out
  dt-eval --predict tiny.tree <in >out &
  pid=$!
  exec 8>in 9<out
  printf 'len,iat\n300,1\n' >&8
  read -r -t 5 -u 9 header
  read -r -t 5 -u 9 row
  [ "$header $row" = 'len,iat,predicted 300,1,skype' ]
  printf '100,1\n10' >&8
  read -r -t 5 -u 9 row
  [ "$row" = 100,1,webex ]
  exec 8>&-
  status=0
  wait $pid || status=$?
  [ "$status" -eq 1 ] # the last row was cut
}

@test "--explain of a forest, of a single leaf" {
  sed 's/^trees 1/trees 2/; $a tree 1\nleaf 1:3 2:1' tiny.tree >two.tree
  run -0 --separate-stderr dt-eval --explain two.tree t.csv
  [ "${lines[0]}" = 'row 1: webex (268 of 510 votes)' ]
  [ "${lines[1]}" = '  tree 1: len 100 <= 283 -> webex (4 of 5 rows)' ]
  [ "${lines[2]}" = '  tree 2: always skype (3 of 4 rows)' ]
  [ "${lines[6]}" = 'row 3: webex (268 of 510 votes), but it is skype' ]
  run -0 --separate-stderr dt-eval --explain tiny.tree <<<$'class,len,iat\n,1,1'
  [ "$output" = 'row 1: len 1 <= 283 -> webex (4 of 5 rows)' ]
}

@test "rounding and missing values follow the model, and are told" {
  sed -i 's/^label/&/; /^label/a missing 300\nround floor' tiny.tree
  printf '%s\n' len,iat 283.9,1 ,1 284,0.5 >d.csv
  run -0 --separate-stderr dt-eval --predict tiny.tree d.csv
  [ "$output" = 'len,iat,predicted
283.9,1,webex
,1,skype
284,0.5,skype' ]
  [ "$stderr" = 'dt-eval: 2 values were rounded down, as the model says
dt-eval: 1 empty field was read as 300, as the model says' ]
  run -0 --separate-stderr dt-eval -q --predict tiny.tree d.csv
  [ -z "$stderr" ]
}

@test "Shapley values are those of the definition" {
  need_python math
  sed 's/^trees 1/trees 2/; s/^class 5 1/class 5 2.5/; $a tree 3\nsplit 9 iat\n leaf 1:3 2:1\n leaf 2:1' \
    tiny.tree >two.tree
  dt-eval --shap=rows two.tree t.csv >values.csv
  run -0 peer shapley.py two.tree t.csv values.csv
  [[ $output = '10 rows, '* ]]
  # Row 1 by hand, class skype of the one tree: base 7/12; with len alone 1/5, with iat alone
  # (5 * 1/5 + 7 * 1) / 12 = 8/12, with both 1/5.
  run -0 --separate-stderr dt-eval --shap=rows tiny.tree t.csv
  [ "${lines[0]}" = row,explained,base,shap.iat,shap.len,probability ]
  [ "${lines[1]}" = 1,skype,0.583333333333,0.0416666666667,-0.425,0.2 ]
  run -0 --separate-stderr dt-eval --shap --tsv tiny.tree t.csv
  [ "${lines[0]}" = $'feature\tmean_abs\tmean_abs.skype\tmean_abs.webex' ]
  iat=$(dt-eval --shap=rows tiny.tree t.csv | awk -F, '$2 == "skype" { s += $4 < 0 ? -$4 : $4 } END { printf "%.9f", s / 5 }')
  [ "$(awk '$1 == "iat" { printf "%.9f", $3 }' <<<"$output")" = "$iat" ]
}

@test "scikit-learn agrees: predictions, metrics, importances; Shapley values on real rows" {
  need_data
  need_python sklearn pandas
  peer sklearn_peers.py prepare "$data/tables/NIMS_IMA_sample_data.csv"
  head -n 21 table.csv >some.csv
  for kind in tree weighted forest; do
    dt-eval --predict $kind.model table.csv >predicted.csv
    diff <(sed 1d predicted.csv | sed 's/.*,//') $kind.predicted
    dt-eval --tsv $kind.model table.csv >metrics.tsv
    run -0 peer sklearn_peers.py scores predicted.csv metrics.tsv
    dt-eval --importance=impurity --tsv $kind.model | sed 1d >impurity.tsv
    paste $kind.importance impurity.tsv |
      awk -F '\t' '$1 != $3 || ($2 - $4) ^ 2 > 1e-20 { exit 1 } END { exit NR != 9 }'
    dt-eval --importance=permutation --repeats=20 --tsv $kind.model table.csv | sed 1d >permutation.tsv
    paste $kind.permutation permutation.tsv |
      awk -F '\t' '$1 != $3 || ($2 - $4) ^ 2 > 0.01 ^ 2 { exit 1 } END { exit NR != 9 }'
    dt-eval --shap=rows $kind.model some.csv >values.csv
    run -0 peer shapley.py $kind.model some.csv values.csv
    [[ $output = '120 rows, '* ]]
  done
}

@test "--entries: what a switch would say, and whether it is what the model says" {
  printf '%s\n' 'table_set_default classify set_class 2' \
    'table_add classify set_class 0->8000 284->65535 => 1 1' >same.txt
  run -0 --separate-stderr dt-eval --entries=same.txt tiny.tree t.csv
  [ "$(sed -n '/beside/,/^$/p' <<<"$output")" = "'same.txt' beside the model
agreement  1.0000  5 of 5 rows
accuracy   0.6000
macro-F1   0.4333" ]
  # The gap of an entry: no verdict, which is wrong and agrees with nothing, and no class.
  printf '%s\n' 'table_add classify set_class 0->8000 284->65535 => 1 1' >gap.txt
  run -0 --separate-stderr dt-eval --entries=gap.txt tiny.tree t.csv
  [ "$(sed -n '/beside/,/^$/p' <<<"$output")" = "'gap.txt' beside the model
agreement  0.4000  2 of 5 rows
           row 1 is the first that differs: the model says 'webex', not '(none)'
           3 rows without a verdict
accuracy   0.2000
macro-F1   0.1667" ]
  run -0 --separate-stderr dt-eval --tsv --entries=gap.txt tiny.tree t.csv
  [ "$(sed -n 3,6p <<<"$output" | tr '\t\n' ' ;')" = \
    'agreement 0.4;other_none 3;other_accuracy 0.2;other_macro_f1 0.166666666667;' ]
  run -1 --separate-stderr dt-eval --entries=t.csv tiny.tree t.csv
  [ "$stderr" = 'dt-eval: t.csv: not a file of entries in any known format' ]
}

@test "--compare judges a column, with and without the truth" {
  printf '%s\n' len,iat,class,predicted 100,5,webex,webex 1500,12,skype, 283,0,skype,skype \
    284,8001,webex,zoom >said.csv
  run -0 --separate-stderr dt-eval --compare --tsv tiny.tree said.csv
  [ "$(sed -n 2,7p <<<"$output" | tr '\t\n' ' ;')" = \
    'rows 4;agreement 0.25;other_none 1;other_accuracy 0.5;other_macro_f1 0.444444444444;accuracy 0.75;' ]
  run -0 --separate-stderr dt-eval --compare=said --tsv tiny.tree <<<$'len,iat,said\n1,1,webex\n1,1,skype'
  [ "$(tr '\t\n' ' ;' <<<"$output")" = 'metric value;rows 2;agreement 0.5;other_none 0;' ]
  run -0 --separate-stderr dt-eval --compare=said tiny.tree <<<$'len,iat,said\n1,1,webex\n1,1,skype'
  [ "${lines[5]}" = "           row 2 is the first that differs: the model says 'webex', not 'skype'" ]
  [ "${#lines[@]}" -eq 6 ]
  run -1 --separate-stderr dt-eval --compare tiny.tree t.csv
  [ "$stderr" = "dt-eval: t.csv:1: there is no column 'predicted'" ]
}

@test "entries of every format and encoding, on real packets" {
  need_data
  dt-train -q --max-leaves=12 "$data/p4-reference/features.csv" >one.tree
  dt-train -q --trees=3 --max-depth=3 "$data/p4-reference/features.csv" >three.tree
  tried=0
  for how in {bmv2,p4runtime-json,p4runtime-text,const,bfrt,dpdk}' '{range,coded,ternary}' '{one,three}; do
    read -r format encoding model <<<"$how"
    dt2p4entries -q --format="$format" --encoding="$encoding" "$model.tree" >entries.txt 2>refusal ||
      continue
    own=$(dt-eval --tsv "$model.tree" "$data/p4-reference/features.csv" | awk '$1 == "accuracy" { print $2 }')
    run -0 --separate-stderr dt-eval --tsv --entries=entries.txt "$model.tree" "$data/p4-reference/features.csv"
    [ "$(sed -n 3,5p <<<"$output" | tr '\t\n' ' ;')" = "agreement 1;other_none 0;other_accuracy $own;" ]
    tried=$((tried + 1))
  done
  [ "$tried" -ge 30 ]
}

@test "importances: entropy by hand, the same bytes for any -j, another seed another shuffle" {
  # Root: 7 to 5, H = 0.979869; 5 rows of 1 to 4 (0.721928) and 7 of 6 to 1 (0.591673).
  # len: 12 * 0.979869 - 5 * 0.721928 - 7 * 0.591673 = 4.007077; iat: 7 * 0.591673 = 4.141711.
  run -0 --separate-stderr dt-eval --importance=impurity --criterion=entropy tiny.tree
  [ "$output" = 'feature  importance
iat        0.508261
len        0.491739' ]
  for i in {1..2000}; do echo "$((i * 37 % 500)),$((i * 997 % 9999)),$((i % 2)),skype"; done |
    sed '1i len,iat,x,class' >many.csv
  sed 's/^trees 1/trees 2/; $a tree 3\nsplit 99 len\n leaf 1:3 2:1\n leaf 1:2 2:3' tiny.tree >two.tree
  for how in --predict --importance=permutation --shap --shap=rows; do
    dt-eval $how -j 1 two.tree many.csv >one
    dt-eval $how -j 5 two.tree many.csv >five
    cmp one five
  done
  # Batches give what single rows give: --explain takes them one by one.
  dt-eval --predict two.tree many.csv | sed '1d; s/.*,//' >batches
  dt-eval --explain two.tree many.csv | sed -n 's/^row [0-9]*: \([a-z]*\) .*/\1/p' >rows
  cmp batches rows
  [ "$(sort -u rows | wc -l)" -eq 2 ]
  dt-eval --importance=permutation tiny.tree many.csv >one
  run -1 cmp -s one <(dt-eval --importance=permutation --seed=2 tiny.tree many.csv)
}

@test "bad data: what is wrong, where, and exit 1" {
  one_line() { # stderr, and nothing on stdout
    [ -z "$output" ]
    [ "$stderr" = "dt-eval: $1" ] || { printf '%s\n' "$stderr"; false; }
  }
  run -1 --separate-stderr dt-eval absent.tree t.csv
  one_line 'absent.tree: No such file or directory'
  run -1 --separate-stderr dt-eval t.csv tiny.tree
  one_line "t.csv:1: is not a tree model of version 1 (it would begin with 'weir-tree 1')"
  for n in 3 4 11 12; do # numbers with something behind them
    sed "${n}s/\$/ more/" tiny.tree >edited.tree
    run -1 --separate-stderr dt-eval edited.tree t.csv
    one_line "edited.tree:$n: 'more' is too much"
  done
  sed 's/$/\r/' tiny.tree >edited.tree
  run -1 --separate-stderr dt-eval edited.tree t.csv
  one_line 'edited.tree:1: the lines end in CR LF, and those of a model in LF alone'
  run -1 --separate-stderr dt-eval tiny.tree absent.csv
  one_line 'absent.csv: No such file or directory'
  sed 's/,[^,]*$//' t.csv >noclass.csv
  run -1 --separate-stderr dt-eval tiny.tree noclass.csv
  one_line "noclass.csv:1: there is no column 'class'; -c names the class column, --predict and --explain need none"
  run -1 --separate-stderr dt-eval -c clas tiny.tree t.csv
  one_line "t.csv:1: there is no column 'clas' (did you mean 'class'?); -c names the class column, --predict and --explain need none"
  run -1 --separate-stderr dt-eval --predict tiny.tree <<<$'len,class\n1,skype'
  one_line "standard input:1: there is no column 'iat'"
  for how in '' --importance=permutation --shap; do
    run -1 --separate-stderr dt-eval $how tiny.tree <<<len,iat,class
    [ -z "$output" ]
    [[ $stderr = 'dt-eval: standard input: has no rows to '* ]]
  done
  run -0 --separate-stderr dt-eval --predict tiny.tree <<<len,iat,class
  [ "$output" = len,iat,class,predicted ]
  run -0 --separate-stderr dt-eval --explain tiny.tree <<<len,iat,class
  [ -z "$output" ]
  run -1 --separate-stderr dt-eval tiny.tree <<<$'len,iat,class\n1,1,skype\n1,1,'
  one_line "standard input:3: column 'class': '' is no class (a row without one can't be judged)"
  run -1 --separate-stderr dt-eval tiny.tree <<<$'len,iat,class\n1,1,skype\n12x,1,skype'
  one_line "standard input:3: column 'len': '12x' is not a number"
  run -1 --separate-stderr dt-eval tiny.tree <<<$'len,iat,class\n,1,skype'
  one_line "standard input:2: column 'len': '' is missing (dt-train --missing=VALUE makes a model that takes it)"
  run -1 --separate-stderr dt-eval tiny.tree <<<$'len,iat,class\n1.5,1,skype'
  one_line "standard input:2: column 'len': '1.5' is not an integer (dt-train --round=… makes a model that takes it)"
  run -1 --separate-stderr dt-eval tiny.tree <<<$'len,iat,class\n1,9223372036854775808,skype'
  one_line "standard input:2: column 'iat': '9223372036854775808' is not below 2^63"
  run -1 --separate-stderr dt-eval --predict=iat tiny.tree t.csv
  one_line "t.csv:1: there is a column 'iat' already (--predict=NAME names the new one)"
  run -1 --separate-stderr dt-eval --predict=votes --votes tiny.tree t.csv
  one_line "t.csv:1: there is a column 'votes' already"
  { echo len,iat,class; seq -f 1,1,c%.0f 70000; } >ids.csv
  run -1 --separate-stderr dt-eval tiny.tree ids.csv
  one_line 'ids.csv:65535: more than 65535 classes; -c names the class column'
}

@test "a full disk, a reader that goes away, a file that must not be left half-written" {
  for how in '' --predict --explain --shap --shap=rows --importance=permutation; do
    run -1 --separate-stderr dt-eval $how -o /dev/full tiny.tree t.csv
    [ "$stderr" = 'dt-eval: writing /dev/full: No space left on device' ]
  done
  { cat t.csv; yes 300,1,skype | head -n 20000; } >long.csv
  run -0 --separate-stderr bash -c 'dt-eval --predict tiny.tree long.csv | head -n 1'
  [ "$output" = len,iat,class,predicted ]
  [ -z "$stderr" ]
  echo 300,x,skype >>long.csv
  run -1 --separate-stderr dt-eval --predict -o got.csv tiny.tree long.csv
  [ ! -e got.csv ]
}

@test "wrong usage: exit 2" {
  usage() {
    run -2 --separate-stderr dt-eval "${@:2}"
    [ -z "$output" ]
    [ "$stderr" = "dt-eval: $1"$'\n'"Try 'dt-eval --help'." ] || { printf '%s\n' "$stderr"; false; }
  }
  usage 'which model? (dt-eval MODEL [FILE])'
  usage "one model and one file, and 'c' is one more" a b c
  usage 'only one of the model, the table and the entries can be standard input' -
  usage 'only one of the model, the table and the entries can be standard input' --entries=- tiny.tree
  usage '--compare goes with the report' --compare --explain tiny.tree
  usage '--entries and --compare: one of them at a time' --compare --entries=e tiny.tree
  usage '--predict, --explain, --importance and --shap: one of them at a time' --predict --shap tiny.tree
  usage '--votes goes with --predict' --votes tiny.tree
  usage '--criterion goes with --importance=impurity' --criterion=gini tiny.tree
  usage '--repeats goes with --importance=permutation' --repeats=3 tiny.tree
  usage "--importance=impurity looks at the model alone, not at 't.csv'" --importance=impurity tiny.tree t.csv
  usage "--importance: 'gini' is not one of impurity, permutation" --importance=gini tiny.tree
  usage "--predict: '' is no name" --predict= tiny.tree
  usage "--predict: 'a?b' has a control character" --predict=$'a\nb' tiny.tree
  usage "--repeats: '0' is not in 1..1000" --repeats=0 tiny.tree
}
