# dt-import: models of other programs say what they said there, row for row, and their entries are
# proved like those of dt-train's.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  corpus=$root/tests/fuzz/corpus/import
}

# same_verdicts NAME OPTION…: NAME.json becomes a model that says NAME.says of the rows.
same_verdicts() {
  local name=$1
  shift
  dt-import -q "$@" "$name.json" >"$name.tree"
  dt-eval -q --predict "$name.tree" rows.csv |
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "predicted") c = i; next } { print $c }' >"$name.got"
  [ "$(wc -l <"$name.got")" -eq 10000 ]
  cmp "$name.says" "$name.got"
  # More than one class is among them.
  [ "$(sort -u "$name.got" | wc -l)" -ge 2 ]
}

@test "scikit-learn and XGBoost: all 10,000 rows as their origin says, and entries proved" {
  need_python sklearn xgboost
  /usr/bin/python3 "$root/tests/python/import_models.py" . "$root/scripts/sklearn-export"
  local name
  for name in tree weighted forest pure extra; do same_verdicts $name; done
  for name in multi multi_dump; do same_verdicts $name --classes=chat,video,voice; done
  for name in stopped stopped_binary; do
    same_verdicts $name "--classes=$([ $name = stopped ] && echo chat,video,voice || echo other,voice)"
    dt-import "$name.json" 2>&1 >late.tree | grep -qE '^dt-import: [0-9]+ trees behind the best iteration left out, as XGBClassifier does$'
  done
  for name in binary single single_dump; do same_verdicts $name --classes=other,voice; done
  same_verdicts binary_dump --classes=other,voice --base-score=0.3
  # A tree of scikit-learn's keeps its rows, all others vote.
  grep -L '^votes' ./*.tree | grep -qx ./tree.tree
  [ "$(grep -l '^votes 16777215$' ./*.tree | wc -l)" -eq 13 ]
  for name in tree weighted forest multi binary single; do
    run -0 dt2p4entries --default-class -o "$name.entries" "$name.tree"
    [[ $output == "dt2p4entries: proved: "*" entries equal the model on its whole domain"* ]]
    [ "$(dt-eval --entries="$name.entries" "$name.tree" rows.csv | grep agreement)" = "agreement  1.0000  10000 of 10000 rows" ]
  done
}

@test "a threshold is the last integer that the origin sends to the yes branch" {
  threshold() { # RULE THRESHOLD: dump of XGBoost's or what sklearn-export writes, on iat
    if [ "$1" = below ]; then
      echo '[{"nodeid":0,"split":"iat","split_condition":'"$2"',"yes":1,"no":2,"children":[{"nodeid":1,"leaf":-1},{"nodeid":2,"leaf":1}]}]'
    else
      echo '{"weir-sklearn":1,"features":["iat"],"classes":["a","b"],"trees":[{"feature":[0,-2,-2],"threshold":['"$2"',-2,-2],"left":[1,-1,-1],"right":[2,-1,-1],"value":[[1,1],[1,0],[0,1]]}]}'
    fi | dt-import -q | awk '/^split/ { print $2 }'
  }
  [ "$(threshold below 500)" = 499 ]
  [ "$(threshold below 500.5)" = 500 ]
  [ "$(threshold at_most 500)" = 500 ]
  [ "$(threshold at_most 500.5)" = 500 ]
  # Single precision: 16777217 is 16777216 there, and 33554431 is 33554432.
  [ "$(threshold at_most 16777216)" = 16777217 ]
  [ "$(threshold below 16777218)" = 16777217 ]
  [ "$(threshold below 33554432)" = 33554430 ]
  [ "$(threshold at_most 33554431)" = 33554430 ]
  # Splits that decide nothing: no integer, or all of iat's 48 bits.
  local t
  for t in 0 -5 1e30; do [ -z "$(threshold below "$t")" ]; done
  [ "$(threshold at_most 0)" = 0 ]
  [ -z "$(threshold at_most -0.5)" ]
  run -0 --separate-stderr bash -c 'sed s/500.5/-1/ "$1/sklearn" | dt-import' - "$corpus"
  [ "${stderr_lines[1]}" = "dt-import: 1 split left out: all values of the feature go one way" ]
}

@test "LightGBM: a model of three classes, by hand" {
  dt-import -q --classes=a,b,c "$corpus/lightgbm" >m.tree
  # Margins: a by tree 0, b 0.125, c 0.25. a is -0.5 up to a len of 500, then 0.25 (ttl <= 64) or 0.75.
  printf 'len,ttl\n500,1\n501,64\n501,65\n0,255\n65535,0\n' | dt-eval -q --predict m.tree | tail -n +2 >got
  diff - got <<'END'
500,1,c
501,64,a
501,65,a
0,255,c
65535,0,a
END
  # 0.25 against 0.25: the lowest class; a little more for c, and it is c's.
  sed 's/^leaf_value=0.25$/leaf_value=0.2501/' "$corpus/lightgbm" | dt-import -q --classes=a,b,c >m.tree
  [ "$(printf 'len,ttl\n501,64\n501,65\n' | dt-eval -q --predict m.tree | tail -n +2 | cut -d, -f3 | paste -sd' ')" = "c a" ]
  # Two classes are one margin.
  sed 's/^num_class=.*/num_class=1/; s/^num_tree_per.*/num_tree_per_iteration=1/; s/^objective=.*/objective=binary sigmoid:1/
    s/^leaf_value=0.125 9/leaf_value=-0.375 9/' "$corpus/lightgbm" | dt-import -q >m.tree
  # -0.5, 0.25, 0.75 and with them -0.375 + 0.25.
  [ "$(printf 'len,ttl\n500,1\n501,64\n501,65\n' | dt-eval -q --predict m.tree | tail -n +2 | cut -d, -f3 | paste -sd' ')" = "0 1 1" ]
}

@test "XGBoost since 3.1: each class begins with a margin of its own" {
  # Trees say 0 for all: the class with the greatest base is the verdict.
  cat >multi.json <<'END'
{"learner":{"feature_names":["len"],"gradient_booster":{"name":"gbtree","model":{"tree_info":[0,1,2],"trees":[
{"left_children":[-1],"right_children":[-1],"split_indices":[0],"split_conditions":[0],"split_type":[0]},
{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[0,0,0],"split_conditions":[500,0,-0.75],"split_type":[0,0,0]},
{"left_children":[-1],"right_children":[-1],"split_indices":[0],"split_conditions":[0],"split_type":[0]}]}},
"learner_model_param":{"base_score":"BASE","num_class":"3","num_feature":"1"},"objective":{"name":"multi:softprob"}}}
END
  verdicts_of() { # BASE: below and above the split of class b's tree
    sed "s/BASE/$1/" multi.json | dt-import -q --classes=a,b,c >m.tree
    printf 'len\n1\n900\n' | dt-eval -q --predict m.tree | tail -n +2 | cut -d, -f2 | paste -sd' '
  }
  [ "$(verdicts_of '[-2E-1,5E-1,0E0]')" = "b c" ]
  [ "$(verdicts_of '[1.5E0,5E-1,0E0]')" = "a a" ]
  [ "$(verdicts_of 5E-1)" = "a a" ]
  [ "$(verdicts_of '[5E-1]')" = "a a" ]
  local base
  for base in '[1,2]' '[1,2,3,4]' '[1,2,x]' '[1,2,3' '[1,2,3]]' '[1,2,1e400]'; do
    run -1 dt-import --classes=a,b,c < <(sed "s/BASE/$base/" multi.json)
    [ "$output" = "dt-import: standard input: 'base_score' is '$base', which is no number for each of 3 classes" ]
  done
}

@test "votes in the other tools: trees as pictures, reasons, programs, and what needs training rows" {
  dt-import -q --classes=a,b,c "$corpus/lightgbm" >m.tree
  printf 'len,ttl,class\n501,65,a\n500,1,c\n' >rows.csv
  dt-dot m.tree | grep -q ' votes</TD>'
  [[ $(dt-eval --explain m.tree rows.csv) == "row 1: a ("*" of 50331645 votes)"*"-> a ("*" votes)"* ]]
  dt2xdp m.tree >m.c
  grep -qx 'typedef __u32 vote;' m.c
  dt2p4 m.tree >m.p4
  grep -q 'action add_votes(bit<24> votes_1, bit<24> votes_2, bit<24> votes_3)' m.p4
  run -1 dt-eval --importance=impurity m.tree
  [ "$output" = "dt-eval: m.tree: its leaves hold votes, and impurity needs training rows: --importance=permutation does not" ]
  run -1 dt-eval --shap m.tree rows.csv
  [ "$output" = "dt-eval: m.tree: its leaves hold votes, and --shap needs their training rows" ]
  dt-eval m.tree rows.csv >report
  grep -q '^accuracy   1.0000' report
  grep -q "always 'a', the commonest class here$" report
  run -1 grep 'in training' report
  # The file reads back as it is, and is refused where it can't be right.
  dt-import -q --classes=a,b,c "$corpus/lightgbm" | cmp - m.tree
  wrong() {
    run -1 dt-dot <(sed "$1" m.tree)
    [[ $output == *"$2" ]] || { echo "$output" && return 1; }
  }
  wrong 's/^votes.*/votes 100/' "' is not in 1..100"
  wrong 's/^votes.*/votes 4294967295/' "3 trees of up to 4294967295 votes: their sum passes 32 bits"
  wrong 's/^votes.*/votes 0/' "most votes '0' is not in 1..4294967295"
}

@test "what no model can say is refused, with the reason" {
  refused() { # MESSAGE OPTION…: standard input
    run -1 --separate-stderr dt-import "${@:2}"
    [ "$stderr" = "dt-import: standard input: $1" ] || [ "$stderr" = "dt-import: standard input:$1" ] || { echo "$stderr" && return 1; }
    [ -z "$output" ]
  }
  refused "feature 'ttl' is split by categories, which no threshold can say" <"$corpus/categories"
  refused "node 0 is split by categories, which no threshold can say" < <(sed 's/"split_type":\[0/"split_type":[1/' "$corpus/xgboost-model")
  refused "its booster is dart; only gbtree is a sum of trees" < <(sed s/gbtree/dart/ "$corpus/xgboost-model")
  refused "its objective is reg:linear; those that tell classes are binary:logistic, multi:softmax and multi:softprob" \
    < <(sed s/binary:logistic/reg:linear/ "$corpus/xgboost-model")
  refused "there are 2 classes, and 3 names for them" --classes=a,b,c <"$corpus/xgboost-model"
  refused "2 trees are not as many for each of 3 classes" --classes=a,b,c <"$corpus/xgboost-dump"
  refused "the model has 2 features, and there are 1 names" --features=len <"$corpus/xgboost-model"
  refused "feature 'ttl' is not one of --features" --features=len,iat <"$corpus/xgboost-dump"
  refused "class 'a' stands twice" --classes=a,a <"$corpus/xgboost-dump"
  refused "class 2 has no name that a model can hold" --classes=a, <"$corpus/xgboost-dump"
  refused "tree 1 is no tree: a node is missing, or has two parents" <"$corpus/node-with-itself-as-child"
  refused "1: no whole JSON: premature end of input near '\"num_c'" <"$corpus/cut"
  refused "JSON, but no model or dump of XGBoost's" <<<'{"a":1}'
  refused "0 trees; a model has 1 to 10000" <<<'[]'
  refused "19: tree 1: feature 'len' is split by categories, which no threshold can say" < <(sed 's/^decision_type=2 10/decision_type=3 10/' "$corpus/lightgbm") ||
    [[ $stderr == *": tree 1: feature 'len' is split by categories, which no threshold can say" ]]
  # 0 for missing: it goes left by default and by its value, or the file is refused.
  sed 's/^decision_type=2 10/decision_type=6 10/' "$corpus/lightgbm" | dt-import -q >/dev/null
  run -1 dt-import <(sed 's/^decision_type=2 10/decision_type=4 10/' "$corpus/lightgbm")
  [[ $output == *": tree 1: feature 'len' takes 0 for missing (zero_as_missing): train without" ]]
  run -1 dt-import <(grep -v '^end of trees' "$corpus/lightgbm")
  [[ $output == *": the file ends before its line 'end of trees'" ]]
  run -1 dt-import <(sed 's/^objective=.*/objective=regression/' "$corpus/lightgbm")
  [[ $output == *":6: the objective is 'regression'; those that tell classes are binary and multiclass" ]]
  refused "neither what scripts/sklearn-export wrote, nor a model or a dump of XGBoost's in JSON, nor a model of LightGBM's in text" <<<'hello'
}
