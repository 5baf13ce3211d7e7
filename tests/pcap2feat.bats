#!/usr/bin/env bats
# pcap2feat: columns, scopes, labels, errors, live capture.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# The reference read its captures in this order.
reference_captures() {
  local name
  for name in skype.v2 whasapp.v4 whasapp.v2 webex.v1 whasapp.v3 webex.v3 whasapp.v1 webex.v2 skype.v1; do
    echo "$data/p4-reference/$name.pcap"
  done
}

@test "pcap2feat: the P4 reference's 809 rows, and the classes of the file names" {
  need_data
  mapfile -t captures < <(reference_captures)
  pcap2feat -q --scope=capture --label-from=filename --fields=cap_iat,len,cap_diffLen,class \
    "${captures[@]}" >rows.csv
  [ "$(wc -l <rows.csv)" -eq 810 ]
  [ "$(head -n 1 rows.csv)" = "cap_iat,len,cap_diffLen,class" ]
  diff <(tail -n +2 "$data/p4-reference/features.csv" | cut -d, -f1-3) <(tail -n +2 rows.csv | cut -d, -f1-3)
  # Of the reference's classes 581 are wrong; the files' names give these.
  run -0 awk -F, 'NR > 1 { n[$4]++ } END { print n["skype"], n["whasapp"], n["webex"] }' rows.csv
  [ "$output" = "400 253 156" ]
}
