# pcap2feat --tags: what analysers say of a flow leaves with the flow's row.
load helper
load redis

setup() {
  command -v feat2redis >/dev/null || skip "no hiredis"
  cd "$BATS_TEST_TMPDIR"
  unset REDISCLI_AUTH
  mkdir a b
  # Two packets of each of three flows, and later one more of each.
  make_capture a/cap.pcap <<'END'
1.0 10.0.0.1 10.0.0.2 tcp 1000 443 900
1.1 10.0.0.1 10.0.0.2 tcp 1000 443 900
1.2 10.0.0.3 10.0.0.2 udp 2000 53 40
1.3 10.0.0.3 10.0.0.2 udp 2000 53 40
1.4 10.0.0.4 10.0.0.2 udp 3000 9 40
1.5 10.0.0.4 10.0.0.2 udp 3000 9 40
5.0 10.0.0.1 10.0.0.2 tcp 1000 443 900
5.1 10.0.0.3 10.0.0.2 udp 2000 53 40
5.2 10.0.0.4 10.0.0.2 udp 3000 9 40
END
}

teardown() {
  redis_end
}

# sensor OPTION…: starts one on a capture that comes through a pipe, under the same name as the file
# a/cap.pcap; the first packets are there when it listens. sensor_end: the rest, and its rows.
sensor() {
  mkfifo b/cap.pcap
  (cd b && exec pcap2feat --per=flow --tags="$url" --fields=flow,dst_port,packets,tag "$@" cap.pcap) >rows 2>err 3>&- &
  pid=$!
  exec 5>b/cap.pcap
  head -c 300 a/cap.pcap >&5
  until_is $'weir:tags\n1' cli pubsub numsub weir:tags
}

sensor_end() {
  sleep 0.5 # what was published last is under way
  tail -c +301 a/cap.pcap >&5
  exec 5>&-
  wait "$pid"
}

first_rows() {
  (cd a && pcap2feat --per=flow --first-packets=2 --fields=flow,dst_port,bytes cap.pcap)
}

@test "analysers in shell and in JavaScript tag flows by their first packets, and the tags leave with the rows" {
  need node
  redis_start
  sensor
  first_rows | feat2redis --redis="$url" --stream=first
  for analyser in "by-port -s" heavy.mjs; do
    # shellcheck disable=SC2086  # the option before the socket
    redis2feat --redis="$url" --stream=first --group="$analyser" --idle=0.5 |
      "$root/scripts/analyzers/"$analyser "${url#unix://}"
  done
  sensor_end
  [ -z "$(<err)" ]
  [ "$(cut -d, -f 2-4 rows | sort)" = "443,3,web;heavy
53,3,dns
9,3,
dst_port,packets,tag" ]
  # The identifiers are those of the same flows in the packet table.
  (cd a && pcap2feat -q --fields=flow,dst_port --first=zero cap.pcap) | sort -u | diff - <(cut -d, -f 1-2 rows | sort -u)
}

@test "tags in the order of arrival, each once; too many, wrong and unused ones are counted" {
  redis_start
  sensor -j 3
  id=$(first_rows | awk -F, '$2 == 443 { print $1 }')
  for tag in b a b A.1_x-y:z/+; do cli publish weir:tags "$id $tag" >/dev/null; done
  for i in 1 2 3 4; do cli publish weir:tags "$id $(printf 't%063d' $i)" >/dev/null; done
  for bad in "$id" "$id " "$id a b" "$id a;b" "$id a,b" "${id^^} xABC" "${id}0 x" "x $id" "$id $(printf 't%064d' 1)" ''; do
    cli publish weir:tags "$bad" >/dev/null
  done
  cli publish weir:tags "0123456789abcdef lost" >/dev/null
  sensor_end
  [ "$(grep -c ',443,3,b;a;A.1_x-y:z/+;t0*1;t0*2;t0*3$' rows)" = 1 ]
  [ "$(grep -c ',$' rows)" = 2 ]
  grep -qx "pcap2feat: 1 tags were too many of one flow (255 bytes)" err
  grep -qxE "pcap2feat: (9|10) messages on weir:tags were not 'FLOW TAG'" err
  grep -qx "pcap2feat: 1 flows were tagged and had no row any more, or none in time" err
}

@test "the server goes away and comes back: the sensor goes on, in its sandbox" {
  port=$((30000 + $$ % 10000))
  redis_start --port "$port" --bind 127.0.0.1
  for url in "$url" "redis://localhost:$port"; do
    goes_on
    rm -f b/cap.pcap
  done
}

goes_on() {
  sensor
  redis_kill
  redis_start --port "$port" --bind 127.0.0.1
  until_is $'weir:tags\n1' cli pubsub numsub weir:tags
  cli publish weir:tags "$(first_rows | awk -F, '$2 == 53 { print $1 }') dns" >/dev/null
  sensor_end
  grep -q ',53,3,dns$' rows
  [ "$(<err)" = "pcap2feat: 1 times the server of --tags went away: what was sent meanwhile is lost" ]
}

@test "what does not go together, and a server that is not there" {
  fails() { # STATUS TEXT OPTION…
    local status=$1 text=$2
    shift 2
    run "-$status" --separate-stderr pcap2feat "$@" a/cap.pcap
    [ "${stderr_lines[0]}" = "pcap2feat: $text" ] || { echo "$stderr"; return 1; }
  }
  fails 2 "--tags is for --per=flow" --tags=redis://h
  fails 2 "flows are tagged, but --fields has no column 'tag'" --per=flow --tags=redis://h --fields=flow
  fails 2 "--fields: column 'tag' needs --tags=redis://URL" --per=flow --fields=flow,tag
  fails 2 "--tags: is not redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or unix:///PATH" --per=flow --tags=http://h
  fails 1 "--tags: unix://$PWD/none: No such file or directory" --per=flow --tags="unix://$PWD/none"
}

@test "live on one interface: another process, and a copy of the packets, have the same identifiers" {
  need_root
  need ip unshare
  unshare -n true 2>/dev/null || skip "no network namespaces here"
  # shellcheck disable=SC2016  # the inner shell expands it
  timeout 60 unshare -n bash -c '
    ip link add v0 type veth peer name v1
    ip link set v0 up && ip link set v1 up && ip addr add 10.9.0.1/24 dev v0
    ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:01 dev v0
    mkfifo v1
    first="pcap2feat -q --per=flow --first-packets=1 --fields=flow,dst_port"
    $first v1 >copy &
    pcap2feat -q -i v1 -w v1 -f udp --per=flow --fields=flow,dst_port --duration=4 >sensor &
    $first -i v1 -f udp --duration=4 >other &
    sleep 2
    for port in 1001 1002 1003; do echo x >/dev/udp/10.9.0.2/$port; sleep 0.05; done
    wait' 3>&-
  [ "$(grep -c ',100[123]$' sensor)" -eq 3 ]
  diff <(grep ',100' sensor | sort) <(grep ',100' copy | sort)
  diff <(grep ',100' sensor | sort) <(grep ',100' other | sort)
}
