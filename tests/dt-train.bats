# dt-train: trees and forests, their limits, what they cost, what is refused.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  reference=$data/p4-reference
  peers="$root/tests/python/dt_train_peers.py"
  printf '%s\n' iat,len,class 5,100,voice 9,1500,web 7,90,voice 900,1400,web 800,200,chat \
    700,210,chat >six.csv
}

# rows N: a table of N rows, 4 features and 3 classes that no threshold parts cleanly.
rows() {
  awk -v n="$1" 'BEGIN {
    print "iat,len,x,y,class"
    s = 1
    for (i = 0; i < n; i++) {
      for (k = 0; k < 5; k++) { s = (s * 16807) % 2147483647; r[k] = s }
      iat = r[0] % 1000000; len = 40 + r[1] % 1461; x = r[2] % 50; y = r[3] % 9
      z = iat / 500000 + len / 700 + (y > 4 ? x / 25 : 0) + (r[4] % 1000) / 700
      print iat "," len "," x "," y "," (z < 2.2 ? "web" : z < 3.2 ? "chat" : "voice")
    }
  }'
}

leaves() { grep -c '^ *leaf' "$1"; }

# accuracy OPTION… FILE: what dt-train says of its own training rows.
accuracy() {
  dt-train "$@" 2>&1 >/dev/null | sed -n 's/.*training accuracy \([0-9.]*\).*/\1/p'
}

@test "a small table, worked out by hand" {
  run -0 --separate-stderr dt-train six.csv
  diff - <(printf '%s\n' "$output") <<'END'
weir-tree 1
made dt-train
seed 1
rows 6
label class
weights none
feature 48 iat
feature 16 len
class 2 1 chat
class 2 1 voice
class 2 1 web
trees 1
tree 5
split 542 len
 split 73 iat
  leaf 2:2
  leaf 1:2
 leaf 3:2
END
  diff - <(printf '%s\n' "$stderr") <<'END'
dt-train: 6 rows, 2 features, 3 classes
dt-train: 1 tree, 3 leaves, depth 2; training accuracy 1.000000, majority 'chat' 0.333333
END
}

@test "where a threshold lies between two values" {
  printf '%s\n' x,class 99,a 9999,b >two.csv
  dt-train -q two.csv | grep -q '^split 999 x$'
  dt-train -q --cut=middle two.csv | grep -q '^split 5049 x$'
  dt-train -q --cut=round two.csv | grep -q '^split 8191 x$'
  dt-train -q --encoding=coded two.csv | grep -q '^split 8191 x$'
  dt-train -q --encoding=coded --cut=geometric two.csv | grep -q '^split 999 x$'
  printf '%s\n' x,class 4,a 5,b >next.csv
  for cut in geometric middle round; do
    dt-train -q --cut="$cut" next.csv | grep -q '^split 4 x$'
  done
}

@test "neighbouring values that a double can't tell apart are told apart" {
  local base cut
  for base in 9007199254740991 1700000000000000000 4611686018427387903 9223372036854775800; do
    { echo x,class; for i in 0 1 2 3 4 5 6 7; do echo "$((base + i)),c$i"; done; } >near.csv
    for cut in geometric middle round; do
      dt-train -q --cut="$cut" near.csv >near.tree
      [ "$(dt-eval --tsv near.tree near.csv | grep -P '^accuracy\t')" = $'accuracy\t1' ]
    done
  done
}

@test "equal splits: the widest margin, then the first feature, then the lowest threshold" {
  printf '%s\n' a,b,class 1,1,x 2,8,y 9,9,y >t.csv
  dt-train -q t.csv | grep -q '^split 3 b$'
  printf '%s\n' a,b,class 1,2,x 5,6,y >t.csv
  dt-train -q t.csv | grep -q '^split 2 a$'
  printf '%s\n' a,class 1,x 3,y 5,x 7,y >t.csv # the first and the last cut gain the same
  dt-train -q --cut=middle t.csv | grep -q '^split 2 a$'
}

@test "the ends of the domain: 0, 2^48 - 1, 2^63 - 1" {
  printf '%s\n' iat,class 281474976710655,c 281474976710654,b 0,a >t.csv
  dt-train -q t.csv >t.tree
  grep -q '^feature 48 iat$' t.tree
  grep -q '^ split 281474976710654 iat$' t.tree
  printf '%s\n' n,class 9223372036854775807,c 9223372036854775806,b 0,a >t.csv
  for cut in geometric middle round; do
    dt-train -q --cut="$cut" t.csv >t.tree
    grep -q '^feature 63 n$' t.tree
    [ "$(accuracy --cut="$cut" t.csv)" = 1.000000 ]
  done
  grep -q '^ split 9223372036854775806 n$' t.tree
}

@test "the reference's table as it is: score 1.0 in at most 85 leaves" {
  need_data
  run -0 --separate-stderr dt-train -o ref.tree "$reference/features.csv"
  [ "${stderr_lines[1]}" = "dt-train: 1 tree, 85 leaves, depth 14; training accuracy 1.000000, \
majority '3' 0.911001" ]
  [ "$(leaves ref.tree)" -le 85 ]
  # As a table with a default class, counted by dt2p4entries.
  [ "$(accuracy --max-entries=41 "$reference/features.csv")" = 1.000000 ]
  [ "$(accuracy --max-entries=40 "$reference/features.csv")" != 1.000000 ]
  run -0 --separate-stderr dt-train --max-entries=50 "$reference/features.csv"
  [ "${stderr_lines[2]}" = "dt-train: 41 of 50 entries" ]
}

@test "the same bytes for any number of threads, in memory and in cache" {
  rows 70000 >rows.csv # more than a block holds
  local options
  for options in "" "--criterion=entropy --max-depth=9" "--class-weight=balanced --max-leaves=50" \
    "--max-features=2 --min-leaf=30" "--trees=3 --max-depth=8"; do
    # shellcheck disable=SC2086
    dt-train -q -j 1 $options rows.csv >one.tree
    for j in 2 8; do
      # shellcheck disable=SC2086
      dt-train -q -j "$j" $options rows.csv >more.tree
      cmp one.tree more.tree
    done
  done
}

@test "a tree does not depend on whether it was grown in memory or in cache" {
  # The same rows twenty times over split in the same places; only then do they exceed a block.
  rows 20000 >rows.csv
  { cat rows.csv; for _ in $(seq 19); do tail -n +2 rows.csv; done; } >twenty.csv
  for criterion in gini entropy; do
    dt-train -q --criterion=$criterion --max-depth=6 rows.csv | grep split >one
    dt-train -q --criterion=$criterion --max-depth=6 twenty.csv | grep split >twenty
    cmp one twenty
  done
}

@test "the seed: other forests, the same tree" {
  rows 500 >rows.csv
  dt-train -q --trees=3 rows.csv | grep -v '^seed\|^made' >one
  dt-train -q --trees=3 --seed=2 rows.csv | grep -v '^seed\|^made' >two
  run -1 cmp -s one two
  dt-train -q rows.csv | grep -v '^seed\|^made' >one
  dt-train -q --seed=2 rows.csv | grep -v '^seed\|^made' >two
  cmp one two
}

@test "every split is a best one, by trying all cuts" {
  need_data
  need_python sklearn pandas
  /usr/bin/python3 "$peers" splits
}

@test "training accuracy is scikit-learn's, with and without limits" {
  need_data
  need_python sklearn pandas
  /usr/bin/python3 "$peers" accuracy
}

@test "cost-complexity pruning leaves as many leaves as scikit-learn's" {
  need_python sklearn pandas
  /usr/bin/python3 "$peers" pruning
}

@test "limits are kept" {
  rows 3000 >rows.csv
  dt-train -q --no-merge --min-leaf=25 rows.csv >t.tree
  awk '/^ *leaf/ { n = 0; for (i = 2; i <= NF; i++) { split($i, a, ":"); n += a[2] } if (n < 25) exit 1 }' t.tree
  [ "$(leaves t.tree)" -gt 20 ]
  run -0 --separate-stderr dt-train --max-depth=3 -o t.tree rows.csv
  [[ "${stderr_lines[1]}" == *", depth 3; "* ]]
  for n in 1 2 3 16 100; do
    dt-train -q --max-leaves=$n --no-merge rows.csv >t.tree
    [ "$(leaves t.tree)" -eq $n ]
  done
  for n in $(seq 1 60 | some 7); do
    for spend in auto gain errors; do
      dt-train -q --max-leaves="$n" --spend=$spend rows.csv >t.tree
      [ "$(leaves t.tree)" -le "$n" ]
    done
  done
  dt-train -q --min-leaf=1501 rows.csv >t.tree
  [ "$(leaves t.tree)" -eq 1 ]
  dt-train -q --min-split=3001 rows.csv >t.tree
  [ "$(leaves t.tree)" -eq 1 ]
}

@test "merging changes no verdict, and what it frees goes to other splits" {
  rows 3000 >rows.csv
  dt-train -q --no-merge --max-depth=7 rows.csv >apart.tree
  dt-train -q --max-depth=7 rows.csv >merged.tree
  [ "$(leaves merged.tree)" -lt "$(leaves apart.tree)" ]
  cmp <(dt-eval --predict apart.tree rows.csv) <(dt-eval --predict merged.tree rows.csv)
  local apart merged fewest
  apart=$(accuracy --max-leaves=20 --no-merge rows.csv)
  merged=$(accuracy --max-leaves=20 --spend=gain rows.csv)
  fewest=$(accuracy --max-leaves=20 --spend=errors rows.csv)
  awk -v a="$apart" -v m="$merged" -v f="$fewest" 'BEGIN { exit !(a <= m && m <= f && a < f) }'
}

@test "a budget spent on errors leaves the fewest, by trying all ways to prune" {
  need_python pandas
  rows 400 >rows.csv
  dt-train -q --no-merge --max-depth=5 rows.csv >full.tree
  for n in 2 5 9; do
    best=$(/usr/bin/python3 - "$n" <<'END'
import sys
lines = open("full.tree").read().split("\n")
nodes = iter([l.strip() for l in lines[next(i for i, l in enumerate(lines) if l.startswith("tree ")) + 1:] if l])

def solve():
    """(class counts, [fewest errors with k leaves, k = 0, 1, 2…])"""
    word, *rest = next(nodes).split()
    if word == "leaf":
        counts = {a: int(b) for a, b in (x.split(":") for x in rest)}
        return counts, [400, sum(counts.values()) - max(counts.values())]
    (a, yes), (b, no) = solve(), solve()
    counts = {c: a.get(c, 0) + b.get(c, 0) for c in {*a, *b}}
    most = len(yes) + len(no) - 2
    best = [400] + [sum(counts.values()) - max(counts.values())] * most
    for x in range(1, len(yes)):
        for y in range(1, len(no)):
            best[x + y] = min(best[x + y], yes[x] + no[y])
    for k in range(1, most + 1):
        best[k] = min(best[k], best[k - 1])
    return counts, best
best = solve()[1]
print("%.6f" % (1 - best[min(int(sys.argv[1]), len(best) - 1)] / 400))
END
)
    [ "$(accuracy --max-depth=5 --spend=errors --max-leaves="$n" rows.csv)" = "$best" ]
  done
}

@test "entries: the count is dt2p4entries' and the limit is kept" {
  command -v dt2p4entries >/dev/null || skip "dt2p4entries is not built"
  rows 2000 >rows.csv
  local encoding n
  for encoding in range coded ternary; do
    for n in 20 200; do
      dt-train -q --encoding=$encoding --max-entries=$n rows.csv >t.tree
      dt2p4entries -q --encoding=$encoding --default-class --max-entries=$n t.tree >t.txt
      dt-train -q --no-default-class --encoding=$encoding --max-entries=$n rows.csv >t.tree
      dt2p4entries -q --encoding=$encoding --max-entries=$n t.tree >t.txt
    done
  done
  [ "$(accuracy --max-entries=50 rows.csv)" \> "$(accuracy --max-entries=20 rows.csv)" ]
  dt-train -q --trees=3 --max-entries=100 rows.csv >f.tree
  dt2p4entries -q --default-class --max-entries=100 f.tree >t.txt
}

@test "class weights: balanced, from a file, and what is wrong with a file" {
  printf '%s\n' len,class 5,a 5,a 5,a 5,b 9,b >t.csv
  dt-train -q t.csv | grep -q '^ leaf 1:3 2:1$'
  dt-train -q --class-weight=balanced t.csv >t.tree
  grep -q '^class 3 0.83333333333333337 a$' t.tree
  grep -q '^weights balanced$' t.tree
  printf '%s\n' class,weight b,4 >w.csv
  dt-train -q --class-weight=w.csv t.csv >t.tree # b outweighs a everywhere: one leaf
  grep -q '^class 2 4 b$' t.tree
  grep -q '^weights file$' t.tree
  grep -q '^leaf 1:3 2:2$' t.tree
  printf '%s\n' class,weight zebra,4 >w.csv
  run -1 dt-train --class-weight=w.csv t.csv
  [ "$output" = "dt-train: w.csv:2: column 'class': 'zebra' is not a class of the training table" ]
  printf '%s\n' class,weight b,2 a,1 b,3 >w.csv
  run -1 dt-train --class-weight=w.csv t.csv
  [ "$output" = "dt-train: w.csv:4: column 'class': 'b' stands twice" ]
  printf '%s\n' class,weight b,0 >w.csv
  run -1 dt-train --class-weight=w.csv t.csv
  [ "$output" = "dt-train: w.csv:2: column 'weight': '0' is not in 1e-9..1e9" ]
  printf '%s\n' class,weight b,inf >w.csv
  run -1 dt-train --class-weight=w.csv t.csv
  [ "$output" = "dt-train: w.csv:2: column 'weight': 'inf' is not a number" ]
  printf '%s\n' class,weigth b,1 >w.csv
  run -1 dt-train --class-weight=w.csv t.csv
  [ "$output" = "dt-train: w.csv:1: there is no column 'weight' (did you mean 'weigth'?)" ]
}

@test "tables that leave little to learn" {
  printf '%s\n' len,class 1,a 2,a >t.csv
  run -0 --separate-stderr dt-train t.csv
  [ "${lines[-1]}" = 'leaf 1:2' ]
  [ "${stderr_lines[0]}" = "dt-train: all rows are of class 'a': the tree is one leaf" ]
  printf '%s\n' len,class >t.csv
  run -1 dt-train t.csv
  [ "$output" = "dt-train: t.csv: has a header and no rows" ]
  # The same row with two labels, and a feature that is always the same.
  printf '%s\n' len,x,class 5,1,b 5,1,a 5,1,b 7,1,a >t.csv
  run -0 --separate-stderr dt-train t.csv
  [ "${lines[-3]}" = 'split 5 len' ]
  [ "${lines[-2]}" = ' leaf 1:1 2:2' ]
  [ "${lines[-1]}" = ' leaf 1:1' ]
  printf '%s\n' len,class 5,b 5,a >t.csv
  run -0 --separate-stderr dt-train t.csv
  [ "${lines[-1]}" = 'leaf 1:1 2:1' ]
  # No single cut gains anything here, and yet the rows can be told apart.
  printf '%s\n' p,q,class 0,0,a 0,1,b 1,0,b 1,1,a >t.csv
  [ "$(accuracy t.csv)" = 1.000000 ]
  [ "$(accuracy --criterion=entropy t.csv)" = 1.000000 ]
}

@test "botnet.csv: whatever limit, the tree's verdict is the majority class" {
  need_data
  for options in "" --max-leaves=64 --max-depth=10; do
    # shellcheck disable=SC2086
    run -0 --separate-stderr dt-train $options "$reference/botnet.csv"
    [ "${stderr_lines[1]}" = "dt-train: 1 tree, 1 leaf, depth 0; training accuracy 0.938542, majority '0' 0.938542" ]
  done
}

@test "what is refused: class columns, numbers, too many classes" {
  run -1 dt-train --class=clas six.csv
  [ "$output" = "dt-train: six.csv:1: there is no column 'clas' (did you mean 'class'?)" ]
  printf '%s\n' a,b 1,x >t.csv # not "leave b out": it is the class
  run -1 dt-train t.csv
  [ "$output" = "dt-train: t.csv:1: there is no column 'class' (--class=COLUMN names another)" ]
  printf '%s\n' len,class 9223372036854775808,a >t.csv
  run -1 dt-train t.csv
  [ "$output" = "dt-train: t.csv:2: column 'len': '9223372036854775808' is not below 2^63" ]
  printf '%s\n' ttl,class ,a >t.csv
  run -1 dt-train --missing=256 t.csv
  [ "$output" = "dt-train: t.csv:2: column 'ttl': '' is missing, and 256 for it is above 255, the most that 'ttl' can be" ]
  dt-train -q --missing=255 t.csv | grep -q '^missing 255$'
  printf '%s\n' len,class 1.5,a >t.csv
  run -1 dt-train t.csv
  [ "$output" = "dt-train: t.csv:2: column 'len': '1.5' is not an integer (--round=floor or --round=nearest makes it one)" ]
  run -0 dt-train --round=floor t.csv
  [ "${lines[0]}" = "dt-train: 1 value was rounded" ] || [[ "$output" == *"1 value was rounded"* ]]
  { echo x,class; seq 65536 | sed 's/.*/1,&/'; } >t.csv
  run -1 dt-train t.csv
  [ "$output" = "dt-train: t.csv:65537: column 'class': '65536' is one class more than the 65535 there may be" ]
  { echo x,class; seq 65535 | sed 's/.*/1,&/'; } >t.csv
  dt-train -q t.csv >t.tree
  [ "$(grep -c '^class' t.tree)" -eq 65535 ]
}

@test "decimals are rounded exactly, above 2^53 too" {
  printf '%s\n' x,class 4503599627370496,a 4503599627370497.0,b 4503599627370497.5,c \
    9007199254740992.9,d 9007199254740994,e 9223372036854775807.4,f 0.49999999999999994,g 1,h -0.5,g \
    1e1,i 9.6e0,i >t.csv
  run -0 --separate-stderr dt-train --round=nearest --cut=middle t.csv
  # b is not c (…497 and …498), d not e (…993 and …994), g not h (0 and 1).
  [ "${stderr_lines[0]}" = "dt-train: 6 values were rounded" ]
  [[ "${stderr_lines[2]}" == "dt-train: 1 tree, 9 leaves, "*"; training accuracy 1.000000, "* ]]
  for threshold in 0 4503599627370496 4503599627370497 9007199254740993; do
    grep -q "^ *split $threshold x$" <<<"$output"
  done
  run -0 --separate-stderr dt-train --round=floor --drop=class --class=c2 <(
    printf '%s\n' x,class,c2 9007199254740993.9,z,a 9007199254740994,z,b)
  [[ "$output" == *'split 9007199254740993 x'* ]]
  for value in 9223372036854775807.5 9223372036854775808.0 1e19; do
    printf '%s\n' x,class "$value,a" >t.csv
    run -1 dt-train --round=nearest t.csv
    [ "$output" = "dt-train: t.csv:2: column 'x': '$value' is not below 2^63" ]
  done
}

@test "wrong usage" {
  while IFS='|' read -r options message; do
    # shellcheck disable=SC2086
    run -2 dt-train $options six.csv
    [ "${lines[0]}" = "dt-train: $message" ] || { echo "$options: ${lines[0]}"; return 1; }
  done <<'END'
--max-leaves=0|--max-leaves: '0' is not in 1..4294967295
--min-split=1|--min-split: '1' is not in 2..4294967295
--max-depth=10001|--max-depth: '10001' is not in 1..10000
--ccp-alpha=-1|--ccp-alpha: '-1' is not in 0..inf
--criterion=ginni|--criterion: 'ginni' is not one of gini, entropy (did you mean 'gini'?)
--max-features=3|--max-features: 3, and there are 2 features
--max-features=half|--max-features: 'half' is not one of all, sqrt, log2 (did you mean 'all'?)
--max-entries=0|--max-entries: '0' is not in 1..1000000
--trees=3 --default-class=web|a forest's default is votes, not a class: --default-class without a name
--max-depht=3|unknown option '--max-depht=3' (did you mean '--max-depth'?)
END
  run -1 dt-train --max-entries=5 --default-class=wev six.csv
  [ "$output" = "dt-train: --default-class: 'wev' is not a class of the table (did you mean 'web'?)" ]
  run -1 dt-train --trees=3 --max-entries=2 --no-default-class six.csv
  [ "$output" = "dt-train: --max-entries=2: one leaf a tree needs 3 already" ]
}

@test "a full disk and a closed pipe" {
  run -1 dt-train -q -o /dev/full six.csv
  [ "$output" = "dt-train: writing /dev/full: No space left on device" ]
  run -1 dt-train -q -o nosuch/t.tree six.csv
  rows 3000 >rows.csv
  run -0 --separate-stderr bash -c 'dt-train -q rows.csv | head -n 1'
  [ "$output" = "weir-tree 1" ]
  [ -z "$stderr" ]
}

@test "a forest: votes, features per split, rows drawn anew" {
  rows 1000 >rows.csv
  dt-train -q --trees=4 --max-depth=5 rows.csv >f.tree
  grep -q '^trees 4$' f.tree
  # Each tree has as many rows as the table, drawn with replacement.
  awk '/^tree / { if (n && n != 1000) exit 1; n = 0 }
       /^ *leaf/ { for (i = 2; i <= NF; i++) { split($i, a, ":"); n += a[2] } } END { exit n != 1000 }' f.tree
  # Without drawing and with all features the trees are all the same.
  dt-train -q --trees=2 --no-bootstrap --max-features=all --max-depth=4 rows.csv |
    sed '1,/^trees/d' >two
  n=$(($(wc -l <two) / 2))
  cmp <(head -n "$n" two) <(tail -n "$n" two)
  dt-train -q --trees=2 --no-bootstrap --max-features=1 --max-depth=4 rows.csv |
    sed '1,/^trees/d' >two
  n=$(($(wc -l <two) / 2))
  run -1 cmp -s <(head -n "$n" two) <(tail -n "$n" two)
  # What it says of its training rows is what dt-eval finds.
  [ "$(accuracy --trees=4 --max-depth=5 rows.csv | cut -c 1-6)" = \
    "$(dt-eval --tsv f.tree rows.csv | awk -F '\t' '$1 == "accuracy" { printf "%.4f", $2 }')" ]
}
