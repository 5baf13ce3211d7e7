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
  run -1 --separate-stderr "$root/scripts/plot-confusion" tiny.tree
  [ "$stderr" = 'plot-confusion: not the output of dt-eval --tsv' ]
  run -2 --separate-stderr "$root/scripts/plot-confusion" -o x.pdf metrics.tsv
  [ "$stderr" = "plot-confusion: 'x.pdf' ends neither in .svg nor in .png" ]
}
