# scripts/run-tests itself: a test run that lies is worse than none.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  export WEIR_TEST_TIMES=$BATS_TEST_TMPDIR/times
}

# suite NAME TEXT…: a bats file of these lines.
suite() {
  local name=$1
  shift
  printf '%s\n' "$@" >"$name.bats"
}

@test "all pass: one line a file, the count, exit 0" {
  suite good '@test "a" { true; }' '@test "b" { true; }'
  run -0 "$root/scripts/run-tests" good.bats
  [ "$output" = "good: 2 tests, 0 failed, 0 skipped
2 passed, 0 failed, 0 skipped" ]
}

@test "a failing test: its whole output, exit 1" {
  suite good '@test "a" { true; }'
  suite bad '@test "first" { true; }' '@test "second" { echo seen by the reader; false; }' \
    '@test "third" { true; }'
  run -1 "$root/scripts/run-tests" good.bats bad.bats
  [[ "$output" == *"bad: 3 tests, 1 failed, 0 skipped"* ]]
  [[ "$output" == *"| not ok 2 second"* ]]
  [[ "$output" == *"seen by the reader"* ]]
  [[ "$output" != *"ok 3 third"* ]]
  [ "${lines[-2]}" = "failed: bad: second" ]
  [ "${lines[-1]}" = "3 passed, 1 failed, 0 skipped" ]
}

@test "skipped tests are counted apart and give their reason" {
  suite some '@test "a" { true; }' '@test "b" { skip "no such thing here"; }'
  run -0 "$root/scripts/run-tests" some.bats
  [[ "$output" == *"b # skip no such thing here"* ]]
  [ "${lines[-1]}" = "1 passed, 0 failed, 1 skipped" ]
}

@test "nothing but skipped tests is no success" {
  suite none '@test "a" { skip "reason"; }'
  run -1 "$root/scripts/run-tests" none.bats
  [ "${lines[-1]}" = "0 passed, 0 failed, 1 skipped" ]
}

@test "a file that does not parse is a failure" {
  suite good '@test "a" { true; }'
  suite broken '@test "a" { true; }' 'if then'
  run -1 "$root/scripts/run-tests" good.bats broken.bats
  [[ "$output" == *"syntax error"* ]]
  [ "${lines[-1]}" = "1 passed, 1 failed, 0 skipped" ]
}

@test "a file that dies half way is a failure" {
  suite good '@test "a" { true; }'
  suite dies '@test "a" { true; }' '@test "b" { kill -KILL "$PPID" $$; }' '@test "c" { true; }'
  run -1 "$root/scripts/run-tests" good.bats dies.bats
  [[ "${lines[-1]}" =~ ^"1 passed, "[1-9]" failed" || "${lines[-1]}" =~ ^"2 passed, "[1-9]" failed" ]]
}

@test "a file without tests, or that does not exist, is a failure" {
  suite good '@test "a" { true; }'
  suite empty '# nothing'
  run -1 "$root/scripts/run-tests" good.bats empty.bats
  [[ "$output" == *"planned 0 tests and ran 0"* || "$output" == *"planned no tests and ran 0"* ]]
  run -1 "$root/scripts/run-tests" good.bats absent.bats
  [ "${lines[-1]}" = "1 passed, 1 failed, 0 skipped" ]
}

@test "a file that hangs is stopped and is a failure" {
  suite good '@test "a" { true; }'
  suite hangs '@test "a" { true; }' '@test "b" { sleep 600; }'
  SECONDS=0
  WEIR_TEST_TIMEOUT=6 run -1 "$root/scripts/run-tests" good.bats hangs.bats
  [ "$SECONDS" -lt 60 ]
  [[ "$output" == *"stopped after 6 s, with 1 of 2 tests done"* ]]
  [ "${lines[-1]}" = "2 passed, 1 failed, 0 skipped" ]
}

@test "-v tells the seconds, and the longest file starts first the next time" {
  suite quick '@test "a" { true; }'
  suite slow '@test "a" { sleep 1.2; }'
  run -0 "$root/scripts/run-tests" -v quick.bats slow.bats
  [[ "$output" =~ "slow: 1 tests, 0 failed, 0 skipped, "[1-9]" s" ]]
  grep -qx '[1-9] slow.bats' times
  run -0 env WEIR_TEST_JOBS=1 "$root/scripts/run-tests" -v quick.bats slow.bats
  [[ "${lines[0]}" == slow:* ]]
}

@test "no file is a usage error" {
  run -2 --separate-stderr "$root/scripts/run-tests"
  [[ "$stderr" == usage:* ]]
}
