# dt-dot: trees for graphviz.
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
trees 2
tree 5
split 283 len
 leaf 1:1 2:4
 split 93500 iat
  leaf 1:6
  leaf 2:1
tree 1
leaf 1:7 2:5
END
}

# The text of a picture, a line a label.
labels() { sed -E 's/.*label=<(.*)>[],].*/\1/; s/<[^>]*>/ /g; s/ +/ /g; s/^ | $//g'; }

@test "conditions with their units, rows, verdicts, branches" {
  run -0 --separate-stderr bash -c 'dt-dot tiny.tree'
  [ -z "$stderr" ]
  [ "$(grep '^  n[0-9]* \[' <<<"$output" | labels)" = 'len ≤ 283 bytes 12 rows
webex 4 of 5 rows
iat ≤ 93.5 us 7 rows
skype 6 rows
webex 1 row' ]
  [ "$(grep -- '->' <<<"$output" | sort)" = '  n0 -> n1 [label=" yes"];
  n0 -> n2 [label=" no"];
  n2 -> n3 [label=" yes"];
  n2 -> n4 [label=" no"];' ]
}

@test "--max-depth folds, --tree chooses" {
  run -0 --separate-stderr dt-dot --max-depth=1 tiny.tree
  [ "$(grep '^  n[0-9]* \[' <<<"$output" | labels)" = 'len ≤ 283 bytes 12 rows
webex 4 of 5 rows
… 2 leaves mostly skype 7 rows' ]
  run -0 --separate-stderr dt-dot --max-depth=0 tiny.tree
  [ "$(grep '^  n[0-9]* \[' <<<"$output" | labels)" = '… 3 leaves mostly skype 12 rows' ]
  run -0 --separate-stderr dt-dot --tree=2 tiny.tree
  [ "$(grep '^  n[0-9]* \[' <<<"$output" | labels)" = 'skype 7 of 12 rows' ]
}

@test "times are exact, length changes have a sign" {
  sed -i 's/^split 283 len/split 5012345678 iat/; s/split 93500 iat/split 64535 diffLen/
          s/^feature 16 len/feature 17 diffLen/' tiny.tree
  run -0 --separate-stderr dt-dot tiny.tree
  [[ $output = *'iat ≤ 5.012345678 s'* ]]
  [[ $output = *'diffLen ≤ 64535 (-1000 bytes)'* ]]
  sed -i 's/5012345678/999/' tiny.tree
  [[ $(dt-dot tiny.tree) = *'iat ≤ 999 ns'* ]]
  sed -i 's/split 999/split 12000000/' tiny.tree
  [[ $(dt-dot tiny.tree) = *'iat ≤ 12 ms<'* ]]
}

@test "names can't break the graph" {
  need dot
  sed -i 's/^class 7 1 .*/class 7 1 a<b>\&amp;"\\N] é/; s/^class 5 1 .*/class 5 1 w\xff\xc0/
          s/len$/>-- \\l{"}/; s/^made .*/made x --features='"'<BR>'"'/' tiny.tree
  dt-dot tiny.tree >tiny.dot
  run -0 --separate-stderr dot -Tplain tiny.dot
  [ -z "$stderr" ]
  run -0 --separate-stderr dot -Tsvg tiny.dot
  [ -z "$stderr" ]
  # The last letter of \N must not become the name of a node.
  text=$(sed -E 's/<[^>]*>//g; s/&#45;/-/g; s/&#39;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g
                 s/&quot;/"/g; s/&#160;/ /g; s/&#92;/\\/g; s/&amp;/\&/g' <<<"$output")
  grep -qF 'a<b>&amp;"\N] é' <<<"$text"
  grep -qF 'w??' <<<"$text"
  grep -qF '>-- \l{"} ≤ 283' <<<"$text"
  grep -qF -- "--features='<BR>'" <<<"$text"
}

@test "every node of a big tree is drawn once" {
  {
    printf '%s\n' 'weir-tree 1' 'made x' 'seed 1' 'rows 2000' 'label class' 'weights none' \
      'feature 16 len' 'class 1000 1 a' 'class 1000 1 b' 'trees 1' 'tree 1999'
    for i in {1..999}; do echo "split $i len"; echo "leaf $((i % 2 + 1)):2"; done
    echo 'leaf 1:1 2:1'
  } >chain.tree
  run -0 --separate-stderr dt-dot chain.tree
  [ "$stderr" = 'dt-dot: 1000 leaves make a very wide picture; --max-depth=N folds it' ]
  [ "$(grep -c '^  n[0-9]* \[' <<<"$output")" -eq 1999 ]
  [ "$(grep -c -- '->' <<<"$output")" -eq 1998 ]
  run -0 --separate-stderr dt-dot -q chain.tree
  [ -z "$stderr" ]
}

@test "a model on standard input, an output file, wrong usage" {
  dt-dot tiny.tree >expected
  run -0 --separate-stderr dt-dot -o got.dot <tiny.tree
  cmp expected got.dot
  run -2 --separate-stderr dt-dot --tree=3 tiny.tree
  [ "${stderr_lines[0]}" = 'dt-dot: --tree: there is no tree 3, the model has 2' ]
  run -2 --separate-stderr dt-dot --tree=0 tiny.tree
  [ "${stderr_lines[0]}" = "dt-dot: --tree: '0' is not in 1..10000" ]
  run -2 --separate-stderr dt-dot tiny.tree tiny.tree
  [ "${stderr_lines[0]}" = "dt-dot: one file at most, and 'tiny.tree' is one more" ]
  run -1 --separate-stderr dt-dot absent.tree
  [ "$stderr" = 'dt-dot: absent.tree: No such file or directory' ]
  head -n 12 tiny.tree >cut.tree
  run -1 --separate-stderr dt-dot cut.tree
  [ "$stderr" = 'dt-dot: cut.tree:12: the file ends in the middle of tree 1 (0 of 5 nodes)' ]
  run -1 --separate-stderr dt-dot -o /dev/full tiny.tree
  [ "$stderr" = 'dt-dot: writing /dev/full: No space left on device' ]
}
