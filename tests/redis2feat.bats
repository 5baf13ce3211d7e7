# redis2feat: rows back from a real redis-server, as consumers and subscribers.
load helper
load redis

setup() {
  command -v redis2feat >/dev/null || skip "redis2feat is not built: no hiredis"
  cd "$BATS_TEST_TMPDIR"
  unset REDISCLI_AUTH
}

teardown() {
  redis_end
}

rows() { # N [FIRST]
  awk -v n="$1" -v k="${2-1}" 'BEGIN { print "flow,n,text"; for (i = k; i < k + n; i++) printf "%016x,%d,row %d\n", i * 40503, i, i }'
}

from() { # OPTION…: rows of stream s, as they are now
  redis2feat --redis="$url" --stream=s --idle=0.3 "$@"
}

@test "rows come back byte for byte: CSV and TSV, quotes, line ends, tabs, empty fields" {
  redis_start
  odd_table >t.csv
  odd_table '\t' >t.tsv
  printf '"only"\n1\n\n""\n"3"\n' >one.csv
  printf 'a,b\n' >empty.csv
  for file in t.csv t.tsv one.csv empty.csv; do
    feat2redis --redis="$url" --stream="$file" $file
    redis2feat --redis="$url" --stream="$file" --idle=0.3 >back
    cmp $file back
  done
  for file in t.csv t.tsv; do
    redis2feat --redis="$url" --channel=c --key='k:{flow}' -n 8 --idle=30 >back 3>&- &
    pid=$!
    until_is $'c\n1' cli pubsub numsub c
    feat2redis --redis="$url" --channel=c --key='k:{flow}' $file
    wait "$pid"
    cmp $file back
    until_is $'c\n0' cli pubsub numsub c
  done
  # The other format, and back to what is needed of the quotes.
  redis2feat --redis="$url" --stream=t.csv --group=other --idle=0.3 --tsv >back
  [ "$(sed -n '1,3p' back)" = $'flow\tname\tnote\na\tplain\t1\nb\tquoted, with a comma\tneedless' ]
  feat2redis --redis="$url" --stream=again back
  redis2feat --redis="$url" --stream=again --idle=0.3 --csv >csv
  [ "$(sed -n '2,5p' csv)" = $'a,plain,1\nb,"quoted, with a comma",needless\nc,"two\nlines","a ""quote"""' ]
}

@test "CRLF and a byte order mark: the rows without them" {
  redis_start
  printf '\xef\xbb\xbfa,b\r\n1,"2"\r\n3,4' | feat2redis --redis="$url" --stream=s
  [ "$(from)" = $'a,b\n1,"2"\n3,4' ]
}

@test "rows as they come: each is passed on at once" {
  redis_start
  mkfifo pipe
  feat2redis --redis="$url" --stream=s pipe 3>&- &
  exec 5>pipe
  redis2feat --redis="$url" --stream=s >out 3>&- &
  pid=$!
  rows 1 >&5
  until_is 2 sh -c 'wc -l <out'
  rows 1 7 | tail -n 1 >&5
  until_is 3 sh -c 'wc -l <out'
  exec 5>&-
  kill -TERM "$pid"
  wait "$pid"
  cmp out <(rows 1; rows 1 7 | tail -n 1)
  [ "$(cli xpending s weir | head -n 1)" = 0 ]
}

@test "an entry is acknowledged once its row is written, not before" {
  redis_start
  rows 100 | feat2redis --redis="$url" --stream=s
  run -1 --separate-stderr bash -c "redis2feat --redis='$url' --stream=s --batch=10 >/dev/full"
  [ "$stderr" = "redis2feat: writing standard output: No space left on device" ]
  [ "$(cli xpending s weir | head -n 1)" -gt 0 ]
  # They come again in the next life, before what is new.
  from >out
  cmp out <(rows 100)
  [ "$(cli xpending s weir | head -n 1)" = 0 ]
}

@test "a consumer that is killed: it gets again what it had not acknowledged" {
  redis_start
  rows 5000 | feat2redis --redis="$url" --stream=s
  mkfifo pipe
  redis2feat --redis="$url" --stream=s --batch=100 >pipe 3>&- &
  pid=$!
  exec 5<pipe
  IFS= read -r line <&5 # and no more: the pipe is full before the end
  [ "$line" = flow,n,text ]
  until_is 100 sh -c "redis-cli -s '${url#unix://}' xpending s weir | head -n 1"
  sleep 0.5
  kill -KILL "$pid"
  wait "$pid" || true
  cat <&5 >first
  exec 5<&-
  from >second
  # The rows of the first life that were whole, and those of the second, are all there are.
  sed -n '/^[0-9a-f]\{16\},[0-9]*,row [0-9]*$/p' first <(tail -n +2 second) | sort -u >all
  [ "$(sort -t, -k 2n -u all | cut -d, -f 2 | paste -sd,)" = "$(seq 5000 | paste -sd,)" ]
  [ "$(cli xpending s weir | head -n 1)" = 0 ]
}

@test "entries of a dead consumer are taken over after the time said" {
  redis_start
  rows 20 | feat2redis --redis="$url" --stream=s
  cli xgroup create s weir 0 >/dev/null
  cli xreadgroup group weir dead count 8 streams s '>' >/dev/null
  run -0 --separate-stderr from --claim=60
  [ "${#lines[@]}" -eq 13 ]
  [ -z "$stderr" ]
  sleep 0.5
  run -0 --separate-stderr from --claim=0
  [ "$output" = flow,n,text ]
  run -0 --separate-stderr from --claim=0.5
  [ "$output" = "$(rows 8)" ]
  [ "$stderr" = "redis2feat: 8 rows taken over: another consumer may have written them, too" ]
  [ "$(cli xpending s weir | head -n 1)" = 0 ]
}

@test "what was cut off the stream before it was read is counted" {
  redis_start
  rows 20 | feat2redis --redis="$url" --stream=s --run=r
  cli xgroup create s weir 0 >/dev/null
  cli xreadgroup group weir me count 8 streams s '>' >/dev/null
  cli xtrim s maxlen 15 >/dev/null
  run -0 --separate-stderr from --consumer=me
  [ "$output" = "$(rows 20 | sed 2,6d)" ]
  [ "$stderr" = "redis2feat: 5 rows lost: they were cut off the stream before they were read" ]
  # Between two rows that came: by their numbers.
  rows 5 | feat2redis --redis="$url" --stream=s --run=q
  from -n 2 --consumer=me >/dev/null
  cli xdel s "$(cli xrevrange s + - count 3 | grep -x '[0-9]*-[0-9]*' | tail -n 1)" >/dev/null
  run -0 --separate-stderr redis2feat --redis="$url" --stream=s --group=g --idle=0.3
  [ "$stderr" = "redis2feat: 1 row not here: other consumers have them, or they were cut off the stream" ]
}

@test "several consumers share a stream; each row goes to one, and to every group" {
  redis_start
  rows 300 | feat2redis --redis="$url" --stream=s
  from -q --consumer=a -n 100 >a
  from -q --consumer=b --batch=7 -n 150 >b
  from -q --consumer=a >c
  [ "$(wc -l <a) $(wc -l <b) $(wc -l <c)" = "101 151 51" ]
  cat a <(tail -n +2 b) <(tail -n +2 c) | cmp - <(rows 300)
  redis2feat --redis="$url" --stream=s --group=more --idle=0.3 | cmp - <(rows 300)
}

@test "rows that were sent twice are left out, also when runs mix" {
  redis_start
  for run in a b a b; do
    { [ $run = a ] && rows 3 || rows 2 10; } | feat2redis --redis="$url" --stream=s --run=$run
  done
  run -0 --separate-stderr from
  [ "$output" = "$(rows 3; rows 2 10 | tail -n +2)" ]
  [ "$stderr" = "redis2feat: 5 rows left out: they had come before" ]
}

@test "columns that change end it with both headers; the next run begins there" {
  redis_start
  rows 3 | feat2redis --redis="$url" --stream=s
  printf '%s\n' 'a,"b"' 1,2 | feat2redis --redis="$url" --stream=s
  run -1 --separate-stderr from
  [ "$output" = "$(rows 3)" ]
  id=$(cli xrevrange s + - count 1 | head -n 1)
  [ "$stderr" = "redis2feat: stream 's', entry $id: the columns change from 'flow,n,text' to 'a,b': start again for those" ]
  [ "$(cli xpending s weir | head -n 1)" = 1 ]
  run -0 --separate-stderr from
  [ "$output" = $'a,"b"\n1,2' ]
  # Of a channel: the hash of the new run is fetched by the old columns, and noticed.
  mkfifo pipe
  redis2feat --redis="$url" --channel=c --key='k:{n}' >out 2>err 3>&- &
  pid=$!
  until_is $'c\n1' cli pubsub numsub c
  rows 2 | feat2redis --redis="$url" --channel=c --key='k:{n}'
  until_is 3 sh -c 'wc -l <out'
  rows 1 5 | sed 's/flow/other/' | feat2redis --redis="$url" --channel=c --key='k:{n}'
  status=0
  wait "$pid" || status=$?
  [ "$status" -eq 1 ]
  [ "$(<err)" = "redis2feat: the columns change from 'flow,n,text' to 'other,n,text': start again for those" ]
}

@test "entries that other programs added: columns by their names" {
  redis_start
  cli xadd s '*' name 'a "b"' len 1 >/dev/null
  cli xadd s '*' name 'x,y' len '' >/dev/null
  [ "$(from)" = $'name,len\n"a ""b""",1\n"x,y",' ]
  cli xadd s '*' len 1 name 2 >/dev/null
  id=$(cli xrevrange s + - count 1 | head -n 1)
  run -0 --separate-stderr from # another order is another table
  [ "$output" = $'len,name\n1,2' ]
}

@test "what contradicts itself, or can't be a column, is refused" {
  redis_start
  refused() { # TEXT NAME VALUE…
    local text=$1
    shift
    cli del s >/dev/null
    cli xadd s 1-1 "$@" >/dev/null
    run -1 --separate-stderr from
    [ "$stderr" = "redis2feat: stream 's', entry 1-1: $text" ] || { echo "$stderr"; return 1; }
    [ -z "$output" ] || [ "${#lines[@]}" -eq 1 ]
  }
  other="its field ':raw' is not the row that its other fields make"
  refused "$other" a 1 b 2 :raw 1,3
  refused "$other" a 1 b 2 :raw $'1,2\n3,4'
  refused "$other" a 1 b 2 :raw '1,"2'
  refused "$other" a 1 b 2 :raw '1,2,'
  refused "$other" a 1 b 2 :raw '1'
  refused "$other" a '1,2' b 3 :raw '1,2,3'
  refused "$other" a $'1\n2' b 3 :raw $'1\n2,3'
  refused "$other" a '1"2' b 3 :raw '"1"2",3'
  refused "has no columns" :run r :row 1
  refused "the header in Redis:1: column 'a' stands twice in the header" a 1 a 2
  refused "the header in Redis:1: column 1 has no name" '' 1 b 2
  refused "the header in Redis:1: the name of column 1 has a control character" $'a\x01' 1
  cli del s >/dev/null
  cli xadd s 1-1 a 1 b 2 :raw '"1",2' >/dev/null
  [ "$(from)" = $'a,b\n"1",2' ]
}

@test "a channel: hashes that are gone, messages that are none, rows that did not come" {
  redis_start
  sub() {
    redis2feat --redis="$url" --channel=c --key='k:{n}' "$@" >out 2>err 3>&- &
    pid=$!
    until_is $'c\n1' cli pubsub numsub c
  }
  rows 1 | feat2redis -q --redis="$url" --channel=c --key='k:{n}' --run=r
  sub -n 2
  cli publish c 'k:none' >/dev/null
  cli set text 1 >/dev/null
  cli publish c text >/dev/null
  cli publish c $'\x01\n' >/dev/null
  rows 2 1 | feat2redis --redis="$url" --channel=c --key='k:{n}' --run=r
  wait "$pid"
  cmp out <(rows 2)
  [ "$(<err)" = "redis2feat: 3 rows lost: there was no hash any more at their keys" ]
  # Rows sent while nobody listened, between two that came.
  mkfifo pipe
  until_is $'c\n0' cli pubsub numsub c
  feat2redis -q --redis="$url" --channel=c --key='k:{n}' pipe 3>&- &
  exec 5>pipe
  sub
  rows 2 >&5
  until_is 3 sh -c 'wc -l <out'
  kill -STOP "$pid"
  cli client kill type pubsub >/dev/null
  rows 4 3 | tail -n +2 >&5
  until_is 6 cli hget k:6 n
  kill -CONT "$pid"
  until_is $'c\n1' cli pubsub numsub c
  rows 1 7 | tail -n 1 >&5
  exec 5>&-
  until_is 4 sh -c 'wc -l <out'
  kill -TERM "$pid"
  wait "$pid"
  cmp out <(rows 7 | sed 4,7d)
  grep -qx 'redis2feat: 4 rows lost: their messages did not come' err
}

@test "a channel without a description, or with another key" {
  redis_start
  redis2feat --redis="$url" --channel=c --key=flow >out 2>err 3>&- &
  pid=$!
  until_is $'c\n1' cli pubsub numsub c
  cli publish c flow:1 >/dev/null
  status=0
  wait "$pid" || status=$?
  [ "$status" -eq 1 ]
  [ "$(<err)" = "redis2feat: $url: there is neither 'flow:header' nor 'flow:columns': is --key the one that feat2redis was given?" ]
  # The list of columns is enough.
  cli rpush flow:columns a b >/dev/null
  cli hset flow:1 b 2 a 1 >/dev/null
  redis2feat --redis="$url" --channel=c --key=flow -n 1 >out 3>&- &
  pid=$!
  until_is $'c\n1' cli pubsub numsub c
  cli publish c flow:1 >/dev/null
  wait "$pid"
  [ "$(<out)" = $'a,b\n1,2' ]
}

@test "a channel whose columns change between two questions: what was fetched is not taken for others" {
  need_python
  # A server that says at first that there are two columns, and then three.
  cat >server.py <<'END'
import os, socket, threading

def text(s):
    return b"$%d\r\n%s\r\n" % (len(s), s)

def many(*parts):
    return b"*%d\r\n" % len(parts) + b"".join(parts)

headers = [b"a,b", b"a,b,c"]

def serve(connection):
    data = connection.makefile("rb")
    while line := data.readline():
        words = []
        for _ in range(int(line[1:])):
            words.append(data.read(int(data.readline()[1:]) + 2)[:-2])
        if words[0] == b"SUBSCRIBE":
            connection.sendall(many(text(b"subscribe"), text(b"c"), b":1\r\n") + many(text(b"message"), text(b"c"), text(b"k:1")))
        elif words[0] == b"GET":
            connection.sendall(text(headers.pop(0)))
        elif words[0] == b"HMGET":
            connection.sendall(many(*[text(b"1")] * (len(words) - 5), text(b"run"), text(b"1"), b"$-1\r\n"))
        else:
            connection.sendall(b"+PONG\r\n")

server = socket.socket(socket.AF_UNIX)
server.bind("fake")
server.listen()
os.rename("fake", "sock")
for _ in range(2):
    threading.Thread(target=serve, args=[server.accept()[0]], daemon=True).start()
os.read(0, 1)
END
  mkfifo hold
  /usr/bin/python3 server.py <hold 3>&- &
  exec 5>hold
  until_is 0 sh -c '[ -S sock ]; echo $?'
  run -1 --separate-stderr redis2feat --redis="unix://$PWD/sock" --channel=c --key='k:{a}' -n 1 --idle=5 --retry=0
  exec 5>&-
  wait
  [ "$stderr" = "redis2feat: unix://$PWD/sock: the columns changed while rows were fetched: start again" ]
}

@test "the server is killed while rows go through it, both ways: all are there, once" {
  redis_start
  rows 30000 >t.csv
  feat2redis -q --redis="$url" --stream=s --batch=100 t.csv 3>&- &
  writer=$!
  redis2feat --redis="$url" --stream=s --batch=100 -n 30000 >out 2>err 3>&- &
  reader=$!
  for at in 5000 15000; do
    at_least "$at" sh -c 'wc -l <out'
    redis_kill
    sleep 0.2
    redis_start
  done
  wait "$writer"
  wait "$reader" || { cat err; false; }
  cmp out t.csv
  grep -q 'trying again for 300 s' err
  # One more go may fetch what was sent twice at the very end.
  [ "$(from -q | wc -l)" -le 1 ]
  [ "$(cli xpending s weir | head -n 1)" = 0 ]
}

@test "a subscriber outlives the server, and says what it missed" {
  redis_start
  redis2feat --redis="$url" --channel=c --key='k:{n}' >out 2>err 3>&- &
  pid=$!
  until_is $'c\n1' cli pubsub numsub c
  mkfifo pipe
  feat2redis -q --redis="$url" --channel=c --key='k:{n}' pipe 3>&- &
  exec 5>pipe
  rows 5 >&5
  until_is 6 sh -c 'wc -l <out'
  kill -STOP "$pid"
  redis_kill
  redis_start
  rows 3 6 | tail -n +2 >&5
  until_is 8 cli hget k:8 n
  kill -CONT "$pid"
  until_is $'c\n1' cli pubsub numsub c
  rows 1 9 | tail -n 1 >&5
  until_is 7 sh -c 'wc -l <out'
  exec 5>&-
  kill -INT "$pid"
  wait "$pid"
  cmp out <(rows 9 | sed 7,9d)
  grep -qx 'redis2feat: 3 rows lost: their messages did not come' err
}

@test "the end: so many rows, none for a time, a signal, a reader that goes" {
  redis_start
  rows 50 | feat2redis --redis="$url" --stream=s
  [ "$(from -n 5)" = "$(rows 5)" ]
  [ "$(from -n 5)" = "$(rows 5 6)" ]
  run -0 --separate-stderr from -v
  [ "$stderr" = "redis2feat: 40 rows" ]
  redis2feat --redis="$url" --stream=s >out 3>&- &
  pid=$!
  sleep 0.3
  kill -TERM "$pid"
  wait "$pid"
  [ "$(<out)" = flow,n,text ]
  run -0 --separate-stderr bash -c "redis2feat --redis='$url' --stream=s --group=g --batch=1 | head -n 1"
  [ "$output" = flow,n,text ]
  [ -z "$stderr" ]
}

@test "no server, no right, no group any more" {
  need redis-server
  run -1 --separate-stderr redis2feat --redis="unix://$PWD/none" --stream=s
  [ "$stderr" = "redis2feat: unix://$PWD/none: No such file or directory" ]
  redis_start --requirepass x
  run -1 --separate-stderr from
  [ "$stderr" = "redis2feat: $url: NOAUTH Authentication required. (a password: in REDISCLI_AUTH or in the URL)" ]
  export REDISCLI_AUTH=x
  cli set s 1 >/dev/null
  run -1 --separate-stderr from
  [ "$stderr" = "redis2feat: $url: WRONGTYPE Operation against a key holding the wrong kind of value" ]
  cli del s >/dev/null
  redis2feat --redis="$url" --stream=s 2>err 3>&- &
  pid=$!
  until_is 1 cli exists s
  sleep 0.2
  cli del s >/dev/null
  status=0
  wait "$pid" || status=$?
  [ "$status" -eq 1 ]
  [[ "$(<err)" == "redis2feat: $url: "*NOGROUP* ]] || [[ "$(<err)" == "redis2feat: $url: UNBLOCKED "* ]]
}

@test "options that do not go together" {
  while IFS='|' read -r options text; do
    # shellcheck disable=SC2086  # several options
    run -2 --separate-stderr redis2feat $options
    [ "${stderr_lines[0]}" = "redis2feat: $text" ] || { echo "$options: $stderr"; return 1; }
  done <<'END'
-q|say where the rows come from: --stream=NAME or --channel=NAME
--stream=s --channel=c|say where the rows come from: --stream=NAME or --channel=NAME
--channel=c|--channel needs --key=TEMPLATE, the one that feat2redis was given
--channel=c --key=k --group=g|--group is for --stream
--channel=c --key=k --claim=5|--claim is for --stream
--stream=s --key=k|--key is for --channel
--stream=s file|takes no file: 'file'
--stream=s --redis=x|--redis: is not redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or unix:///PATH
END
}
