# feat2redis: rows to a real redis-server, which is killed, refuses and has no memory left.
load helper
load redis

setup() {
  command -v feat2redis >/dev/null || skip "feat2redis is not built: no hiredis"
  cd "$BATS_TEST_TMPDIR"
  unset REDISCLI_AUTH
}

teardown() {
  redis_end
}

rows() { # N
  awk -v n="$1" 'BEGIN { print "flow,n,text"; for (i = 1; i <= n; i++) printf "%016x,%d,row %d\n", i * 40503, i, i }'
}

@test "an entry has the columns in order, the run and the row's number" {
  redis_start
  printf '%s\n' 'a,b c' '1,' '"2",x' >t.csv
  feat2redis --redis="$url" --stream=s --run=r t.csv
  diff - <(cli xrange s - + | grep -v -- '^[0-9]*-[0-9]*$') <<'END'
a
1
b c

:run
r
:row
1
a
2
b c
x
:run
r
:row
2
:raw
"2",x
END
  [ "$(cli lrange s:columns 0 -1)" = $'a\nb c' ]
  [ "$(cli get s:header)" = "a,b c" ]
  # Without a name, each run has another one.
  feat2redis --redis="$url" --stream=t t.csv
  feat2redis --redis="$url" --stream=t t.csv
  cli xrange t - + | grep -A 1 -x :run | grep -xE '[0-9a-f]{16}' | sort | uniq -c | awk '{ print $1 }' >runs
  [ "$(paste -sd ' ' runs)" = "2 2" ]
}

@test "a hash has the row's fields and no others, and expires where it shall" {
  redis_start
  printf 'flow\tname\tlen\nx\t"a ""b"""\t\ny\tz\t7\n' >t.tsv
  cli hset flow:x old 1 >/dev/null
  feat2redis --redis="$url" --key=flow t.tsv
  [ "$(cli hgetall flow:x)" = $'flow\nx\nname\na "b"\nlen\n\n:raw\nx\t"a ""b"""\t' ]
  [ "$(cli hgetall flow:y)" = $'flow\ny\nname\nz\nlen\n7' ]
  [ "$(cli ttl flow:y)" = -1 ]
  [ "$(cli lrange flow:columns 0 -1)" = $'flow\nname\nlen' ]
  [ "$(cli get flow:header)" = $'flow\tname\tlen' ]
  feat2redis --redis="$url" --key='lab:{name}/{flow}!' --ttl=1000 t.tsv
  [ "$(cli hget 'lab:z/y!' len)" = 7 ]
  ttl=$(cli ttl 'lab:z/y!')
  [ "$ttl" -gt 900 ]
  [ "$ttl" -le 1000 ]
  [ "$(cli exists 'lab:a "b"/x!' lab:columns lab:header)" = 3 ]
  feat2redis --redis="$url" --key=len,flow <(sed 2d t.tsv)
  [ "$(cli hget len:7:y name)" = z ]
}

@test "a hash expires after its time" {
  redis_start
  rows 1 | feat2redis --redis="$url" --key=n --ttl=1
  [ "$(cli exists n:1)" = 1 ]
  until_is 0 cli exists n:1
}

@test "a message is the key; those that nobody heard are counted" {
  redis_start
  redis-cli -s "${url#unix://}" subscribe new >heard 3>&- &
  subscriber=$!
  until_is $'new\n1' cli pubsub numsub new
  rows 3 | feat2redis --redis="$url" --key=n --channel=new --run=x
  until_is 12 wc -l <heard
  kill "$subscriber"
  wait "$subscriber" || true
  [ "$(grep -A 2 -x message heard | grep -x 'n:.*' | paste -sd ' ')" = "n:1 n:2 n:3" ]
  [ "$(cli hmget n:2 :run :row)" = $'x\n2' ]
  until_is $'new\n0' cli pubsub numsub new
  run -0 --separate-stderr feat2redis --redis="$url" --key=n --channel=new --stream=s <(rows 3)
  [ "$stderr" = "feat2redis: 3 messages lost: nobody had subscribed to 'new'" ]
  run -0 --separate-stderr feat2redis --redis="$url" --key=n --channel=new <(rows 1)
  [ "$stderr" = "feat2redis: 1 message lost: nobody had subscribed to 'new'" ]
}

@test "keys that can't be made" {
  redis_start
  fails() { # STATUS TEXT KEY
    run "-$1" --separate-stderr feat2redis --redis="$url" --key="$3" t.csv
    [ "${stderr_lines[0]}" = "feat2redis: $2" ] || { echo "$stderr"; return 1; }
  }
  printf '%s\n' flow,len a,1 ,2 b,3 >t.csv
  fails 2 "--key: '' names no column" ''
  fails 2 "--key: 'flow,' names no column" flow,
  fails 2 "--key: '{flow}' begins with a column: put a text before it, such as row:" '{flow}'
  fails 2 "--key: 'x{flow' has a '{' without COLUMN} after it" 'x{flow'
  fails 2 "--key: 'x{}' has a '{' without COLUMN} after it" 'x{}'
  fails 1 "t.csv:1: there is no column 'fow' (did you mean 'flow'?)" fow
  fails 1 "t.csv:3: column 'flow': '' is empty, and the row's key is made of it" flow
  [ "$(cli exists flow:a flow:b)" = 1 ] # the row before it was sent
  printf '%s\n' flow,len columns,1 >t.csv
  fails 1 "t.csv:2: column 'flow': 'columns' makes the key that describes the rows" flow
  printf '%s\n' flow,:row a,1 >t.csv
  fails 1 "t.csv:1: column ':row' has the name of a field that feat2redis adds" flow
}

@test "a stream is cut to about as many entries as said" {
  redis_start
  rows 3000 | feat2redis --redis="$url" --stream=s --maxlen=500
  n=$(cli xlen s)
  [ "$n" -ge 500 ]
  [ "$n" -le 600 ]
  [ "$(cli xrevrange s + - count 1 | grep -A 1 -x :row | tail -n 1)" = 3000 ]
}

@test "a row that is wrong: those before it are there" {
  redis_start
  printf '%s\n' a,b 1,2 3,4 5 6,7 >t.csv
  run -1 --separate-stderr feat2redis --redis="$url" --stream=s t.csv
  [ "$stderr" = "feat2redis: t.csv:4: the row has 1 field, the header has 2" ]
  [ "$(cli xlen s)" = 2 ]
}

@test "a live pipe: a row does not wait for the next one; SIGTERM ends, the first SIGINT does not" {
  redis_start
  mkfifo pipe
  feat2redis -v --redis="$url" --stream=s pipe 2>err 3>&- &
  pid=$!
  exec 5>pipe
  printf 'a,b\n1,2\n' >&5
  until_is 1 cli xlen s
  kill -INT "$pid"
  sleep 0.2
  printf '3,4\n5,' >&5
  until_is 2 cli xlen s
  kill -TERM "$pid"
  wait "$pid"
  exec 5>&-
  [ "$(<err)" = "feat2redis: 2 rows" ]
  [ "$(cli xlen s)" = 2 ] # what came of the third row was no row yet
}

@test "a second signal ends it at once" {
  redis_start
  mkfifo pipe
  feat2redis --redis="$url" --stream=s pipe 3>&- &
  pid=$!
  exec 5>pipe
  printf 'a,b\n1,2\n' >&5
  until_is 1 cli xlen s
  kill -INT "$pid"
  sleep 0.2
  kill -INT "$pid"
  status=0
  wait "$pid" || status=$?
  exec 5>&-
  [ "$status" -eq 130 ]
}

@test "no server, a wrong password, a wrong database" {
  need redis-server
  run -1 --separate-stderr feat2redis --redis="unix://$PWD/none" --stream=s <(rows 1)
  [ "$stderr" = "feat2redis: unix://$PWD/none: No such file or directory" ]
  redis_start --requirepass 'se@cret:/' --databases 4
  fails() { # TEXT URL
    run -1 --separate-stderr feat2redis --redis="$2" --stream=s <(rows 1)
    [ "$stderr" = "feat2redis: $1" ] || { echo "$stderr"; return 1; }
  }
  path=${url#unix://}
  fails "$url: NOAUTH Authentication required. (a password: in REDISCLI_AUTH or in the URL)" "$url"
  fails "$url: WRONGPASS invalid username-password pair or user is disabled." "unix://:wrong@$path"
  fails "$url: WRONGPASS invalid username-password pair or user is disabled." "unix://nobody:se%40cret%3a%2f@$path"
  fails "$url?db=4: ERR DB index is out of range" "unix://:se%40cret%3A%2F@$path?db=4"
  REDISCLI_AUTH=x fails "$url: WRONGPASS invalid username-password pair or user is disabled." "$url"
  feat2redis --redis="unix://:se%40cret%3A%2F@$path?db=3" --stream=s <(rows 1)
  REDISCLI_AUTH='se@cret:/' feat2redis --redis="unix://default@$path?db=2" --stream=s <(rows 1)
  export REDISCLI_AUTH='se@cret:/'
  [ "$(cli -n 3 xlen s)$(cli -n 2 xlen s)$(cli xlen s)" = 110 ]
}

@test "over TCP, with IPv4, IPv6 and names" {
  port=$((20000 + $$ % 10000))
  redis_start --port "$port" --bind 127.0.0.1 ::1
  for host in 127.0.0.1 '[::1]' localhost; do
    feat2redis --redis="redis://$host:$port/2" --stream=s <(rows 1)
  done
  [ "$(cli -n 2 xlen s)" = 3 ]
  cli shutdown nosave || true
  run -1 --separate-stderr feat2redis --redis="redis://user:secret@127.0.0.1:$port" --stream=s <(rows 1)
  [ "$stderr" = "feat2redis: redis://127.0.0.1:$port/0: Connection refused" ]
}

@test "URLs that are none" {
  while IFS='|' read -r given text; do
    run -2 --separate-stderr feat2redis --redis="$given" --stream=s t.csv
    # It is told before the file is looked at.
    [ "${stderr_lines[0]}" = "feat2redis: --redis: $text" ] || { echo "$given: $stderr"; return 1; }
  done <<'END'
localhost|is not redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or unix:///PATH
rediss://h|rediss:// (TLS) is not spoken here; a tunnel such as stunnel speaks it
redis://|has no host (redis://HOST:PORT/DATABASE)
redis://:6379|has no host (redis://HOST:PORT/DATABASE)
redis://[::1|has no host (redis://HOST:PORT/DATABASE)
redis://[::1]x|'x' stands behind the host
redis://h:0|the port '0' is not in 1..65535
redis://h:65536|the port '65536' is not in 1..65535
redis://h:|the port '' is not in 1..65535
redis://h/x|the database 'x' is not in 0..1000000
redis://h/1000001|the database '1000001' is not in 0..1000000
redis://%4:x@h|a % in the user's name is not followed by two hex digits
redis://u:%zz@h|a % in the password is not followed by two hex digits
unix://path|has no path from the root (unix:///PATH)
unix:///|has no path from the root (unix:///PATH)
unix:///a%00|a % in the path is not followed by two hex digits
unix:///a?x=1|'?x=1' is not ?db=DATABASE
END
}

@test "options that do not go together" {
  while IFS='|' read -r options text; do
    # shellcheck disable=SC2086  # several options
    run -2 --separate-stderr feat2redis $options t.csv
    [ "${stderr_lines[0]}" = "feat2redis: $text" ] || { echo "$options: $stderr"; return 1; }
  done <<'END'
-q|say where the rows go: --stream=NAME, --key=TEMPLATE or both
--stream=s --channel=c|--channel needs --key=TEMPLATE: keys are what it publishes
--stream=s --ttl=5|--ttl is for hashes (--key)
--key=flow --maxlen=5|--maxlen is for --stream
--stream=|--stream: '' is no name
--stream=s --batch=0|--batch: '0' is not in 1..100000
--stream=s --ttl=0|--ttl: '0' is not in 1..2147483647
END
}

@test "no memory left: nothing of a batch is taken; it goes when there is some" {
  redis_start
  cli config set maxmemory 1 >/dev/null
  run -1 --separate-stderr feat2redis --redis="$url" --retry=0 --stream=s <(rows 3)
  [ "$stderr" = "feat2redis: $url: OOM command not allowed when used memory > 'maxmemory'. (0 rows are there, 3 may not be)" ]
  run -1 --separate-stderr feat2redis --redis="$url" --retry=0.3 --stream=s <(rows 3)
  [ "${stderr_lines[0]}" = "feat2redis: $url: OOM command not allowed when used memory > 'maxmemory'.; trying again for 0.3 s" ]
  [[ "${stderr_lines[1]}" == *"(0 rows are there, 3 may not be)" ]]
  feat2redis -q --redis="$url" --batch=100 --stream=s <(rows 1000) 3>&- &
  pid=$!
  sleep 0.5
  [ "$(cli xlen s)" = 0 ]
  cli config set maxmemory 0 >/dev/null
  wait "$pid"
  [ "$(cli xlen s)" = 1000 ]
}

@test "no disk to write on: the server's reason, and rows go when it is over" {
  mkdir gone
  redis_start --save 3600 1 --appendonly no --dir "$PWD/gone"
  rmdir gone
  cli set x 1 >/dev/null
  cli bgsave >/dev/null
  saved() { cli info persistence | tr -d '\r' | sed -n 's/^rdb_last_bgsave_status://p'; }
  until_is err saved
  run -1 --separate-stderr feat2redis --redis="$url" --retry=0 --stream=s <(rows 3)
  [[ "$stderr" == "feat2redis: $url: MISCONF Redis is configured to save RDB snapshots, but it's currently unable"*"(0 rows are there, 3 may not be)" ]]
  feat2redis -q --redis="$url" --stream=s <(rows 3) 3>&- &
  pid=$!
  sleep 0.3
  cli config set stop-writes-on-bgsave-error no >/dev/null
  wait "$pid"
  [ "$(cli xlen s)" = 3 ]
}

@test "what stands in the way for good is no reason to try again" {
  redis_start
  cli set s text >/dev/null
  run -1 --separate-stderr feat2redis --redis="$url" --stream=s <(rows 3)
  [ "$stderr" = "feat2redis: $url: WRONGTYPE Operation against a key holding the wrong kind of value (0 rows are there, 3 may not be)" ]
  cli acl setuser weak on '>pw' '~*' +@all -xadd >/dev/null
  run -1 --separate-stderr feat2redis --redis="unix://weak:pw@${url#unix://}" --stream=t <(rows 3)
  [[ "$stderr" == "feat2redis: $url: NOPERM "*"'xadd' command"*"(0 rows are there, 3 may not be)" ]]
}

@test "a server that says nothing is left, and its rows are sent again" {
  redis_start
  kill -STOP "$redis_pid"
  run -1 --separate-stderr feat2redis --redis="$url" --timeout=0.3 --stream=s <(rows 3)
  [ "$stderr" = "feat2redis: $url: no answer for 0.3 s" ]
  kill -CONT "$redis_pid"
  mkfifo pipe
  feat2redis --redis="$url" --timeout=0.5 --stream=s pipe 2>err 3>&- &
  pid=$!
  exec 5>pipe
  rows 2 >&5
  until_is 2 cli xlen s
  kill -STOP "$redis_pid"
  printf 'x,3,y\n' >&5
  sleep 1.5
  kill -CONT "$redis_pid"
  exec 5>&-
  wait "$pid"
  grep -qx "feat2redis: $url: no answer for 0.5 s; trying again for 300 s" err
  grep -qx "feat2redis: 1 row sent again: the connection was lost before they were answered" err
  [ "$(cli xlen s)" = 4 ] # the stopped server had the third row in its ear
}

@test "the server is killed in the middle and comes back: nothing is lost, what came twice is known" {
  redis_start
  rows 50000 >t.csv
  feat2redis -v --redis="$url" --stream=s --batch=200 --run=r t.csv 2>err 3>&- &
  pid=$!
  for at in 10000 30000; do
    at_least "$at" cli xlen s
    redis_kill
    sleep 0.3
    redis_start
  done
  wait "$pid"
  grep -q 'trying again for 300 s' err
  grep -qx 'feat2redis: 50000 rows' err
  # Each row is there, in order; a second copy only of those that were sent again.
  cli xrange s - + | grep -A 1 -x :row | grep -vx -e :row -e -- >numbers
  awk '$1 > last { if ($1 != last + 1) exit 1; last = $1 } END { if (last != 50000) exit 1 }' numbers
  again=$(sed -n 's/^feat2redis: \([0-9]*\) rows* sent again.*/\1/p' err)
  [ "$(wc -l <numbers)" -le $((50000 + again)) ]
  redis2feat --redis="$url" --stream=s --idle=1 2>err | cmp - t.csv
  twice=$(sed -n 's/^redis2feat: \([0-9]*\) rows* left out: they had come before$/\1/p' err)
  [ "$(wc -l <numbers)" -eq $((50000 + ${twice:-0})) ]
}

@test "SIGTERM while the server is away: what may be missing is said" {
  redis_start
  mkfifo pipe
  feat2redis --redis="$url" --stream=s pipe 2>err 3>&- &
  pid=$!
  exec 5>pipe
  rows 2 >&5
  until_is 2 cli xlen s
  redis_kill
  printf 'x,3,y\n' >&5
  sleep 0.5
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  exec 5>&-
  [ "$status" -eq 1 ]
  grep -qx "feat2redis: $url: Connection refused (2 rows are there, 1 may not be)" err
}

@test "a run that was broken off is repeated under its name: its rows come once" {
  redis_start
  rows 100 >t.csv
  head -n 61 t.csv | feat2redis --redis="$url" --stream=s --run=today
  feat2redis --redis="$url" --stream=s --run=today t.csv
  run -0 --separate-stderr redis2feat --redis="$url" --stream=s -n 100
  [ "$output" = "$(<t.csv)" ]
  [ "$stderr" = "redis2feat: 60 rows left out: they had come before" ]
}
