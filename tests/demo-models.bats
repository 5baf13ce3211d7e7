#!/usr/bin/env bats
# scripts/demo-models on testdata/lab: what it says, the captures it makes, its pictures.

load helper

setup_file() {
  load helper
  export demo=$BATS_FILE_TMPDIR/demo-models
  WEIR_BIN=$(dirname "$(command -v trafgen)") "$root/scripts/demo-models" "$demo" >"$BATS_FILE_TMPDIR/said" 2>&1 ||
    echo "demo-models: exit $?" >>"$BATS_FILE_TMPDIR/said" # the first test shows it
}

setup() {
  need gnuplot column
  said=$BATS_FILE_TMPDIR/said
}

@test "demo-models: ends well, and says what doc/demo-models.txt says (else: make doc-demo)" {
  sed "s|$demo|build/demo-models|" "$said" | diff "$root/doc/demo-models.txt" -
}

@test "demo-models: the captures are whole calls between the same hosts" {
  need tshark
  local model
  for model in hmm gmm; do
    run -0 --separate-stderr tshark -r "$demo/$model.pcap" -o udp.check_checksum:TRUE -o ip.check_checksum:TRUE \
      -Y '_ws.malformed or udp.checksum.status == "Bad" or ip.checksum.status == "Bad"'
    [ -z "$output" ]
    run -0 --separate-stderr tshark -r "$demo/$model.pcap" -T fields -e udp.stream
    [ "${#lines[@]}" -eq 400 ]
    [ "$(sort -u <<<"$output")" = 0 ]
  done
}

@test "demo-models: the models come closer than their packets in another order of directions" {
  # The same figures with the directions swapped: what they are when something is wrong.
  awk -F , -v OFS=, 'NR > 1 { $1 = 1 - $1 } 1' "$demo/hmm.csv" >"$BATS_TEST_TMPDIR/swapped.csv"
  ks() { trafcmp -q --tsv "$demo/call.csv" "$1" | awk -F '\t' '$1 == "len.ks" { print $3 }' | sort -g | tail -n 1; }
  awk -v near="$(ks "$demo/hmm.csv")" -v far="$(ks "$BATS_TEST_TMPDIR/swapped.csv")" \
    'BEGIN { exit !(near + 0.1 < far) }' || { ks "$demo/hmm.csv"; ks "$BATS_TEST_TMPDIR/swapped.csv"; return 1; }
}

@test "demo-models: a call is likelier under its model than a chat" {
  mean() { awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { sum += $at["log_likelihood"] } END { print sum / (NR - 1) }' "$1"; }
  awk -v call="$(mean "$demo/scored.csv")" -v other="$(mean "$demo/other.csv")" -v chat="$(mean "$demo/chat.csv")" \
    'BEGIN { exit !(call > other && other > chat) }'
}

# What stands in a picture; the places differ with the version of the program that drew it.
words() {
  sed 's/></>\n</g' "$1" | sed -n 's/.*>\([^<]\{1,\}\)<\/\(text\|tspan\).*/\1/p' | sort
}

@test "demo-models: the pictures are pictures, and those in doc are of the demo (else: make doc-demo)" {
  local name
  for name in cdf histogram scatter throughput states components; do
    grep -q '</svg>' "$demo/$name.svg"
    [ "$(words "$demo/$name.svg" | wc -l)" -gt 10 ]
  done
  for name in cdf scatter states; do
    diff <(words "$demo/$name.svg") <(words "$root/doc/models-$name.svg")
  done
}
