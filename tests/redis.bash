# shellcheck shell=bash
# A real redis-server of a test's own, on a Unix socket: for tests that load this file.

# redis_start [OPTION…]: starts one in $BATS_TEST_TMPDIR/redis, or again after redis_kill, which has
# everything on its disk before it answers. Sets redis_pid and url.
redis_start() {
  need redis-server redis-cli
  local dir=$BATS_TEST_TMPDIR/redis
  mkdir -p "$dir"
  # shellcheck disable=SC2034  # used by the bats files
  url=unix://$dir/sock
  rm -f "$dir/sock"
  redis-server --port 0 --unixsocket "$dir/sock" --dir "$dir" --save '' --appendonly yes --appendfsync always "$@" \
    >>"$dir/log" 2>&1 3>&- 5>&- &
  redis_pid=$!
  echo "$redis_pid" >>"$dir/pids"
  redis_wait
}

# The server answers, and has loaded its data.
redis_wait() {
  local i
  for ((i = 0; i < 300; i++)); do
    case $(redis-cli -s "$BATS_TEST_TMPDIR/redis/sock" ping 2>&1) in PONG | NOAUTH*) return ;; esac
    sleep 0.1
  done
  cat "$BATS_TEST_TMPDIR/redis/log"
  return 1
}

# Kills the server without a chance to do anything more.
redis_kill() {
  kill -KILL "$redis_pid"
  wait "$redis_pid" 2>/dev/null || true
}

# Of teardown: ends what redis_start started.
redis_end() {
  local pid
  [ -f "$BATS_TEST_TMPDIR/redis/pids" ] || return 0
  while read -r pid; do
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done <"$BATS_TEST_TMPDIR/redis/pids"
}

# cli COMMAND…: asks the server.
cli() {
  redis-cli -s "$BATS_TEST_TMPDIR/redis/sock" "$@"
}

# until_is VALUE COMMAND…: waits, 30 s at most, until the command prints it.
until_is() {
  local want=$1 i
  shift
  for ((i = 0; i < 300; i++)); do
    [ "$("$@")" != "$want" ] || return 0
    sleep 0.1
  done
  echo "$*: never '$want', but '$("$@")'"
  return 1
}

# at_least NUMBER COMMAND…: waits, 60 s at most, until the command prints so much.
at_least() {
  local want=$1 i
  shift
  for ((i = 0; i < 3000; i++)); do
    [ "$("$@")" -lt "$want" ] || return 0
    sleep 0.02
  done
  echo "$*: never $want, but '$("$@")'"
  return 1
}

# odd_table [DELIMITER]: a table with all that quotes are for, and some that they are not.
odd_table() {
  local d=${1-,}
  # shellcheck disable=SC2059  # the delimiter may be an escape
  printf "flow${d}name${d}\"note\"\na${d}plain${d}1\nb${d}\"quoted, with a comma\"${d}\"needless\"\n$(
    )c${d}\"two\nlines\"${d}\"a \"\"quote\"\"\"\nd${d}${d}\ne${d}\"\"${d}\"\"\nf${d}\" blanks \"${d}x\n$(
    )g${d}\"\tx\"${d}\"tab\tinside\"\nh${d}ünï${d}\"{}[]%%s\$x\\\\\"\n"
}
