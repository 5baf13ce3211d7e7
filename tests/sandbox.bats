# The sandbox of the tools that read captures: what it forbids ends the process, what they need works.
load helper

setup_file() {
  export program=$BATS_FILE_TMPDIR/sandbox
  local root
  root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
  if [ -e /usr/include/seccomp.h ] && command -v cc >/dev/null && [[ "${WEIR_BIN-}" != */sanitize/* ]]; then
    cc -std=c17 -D_GNU_SOURCE -DHAVE_SECCOMP -Wall -Wextra -pthread -I"$root/common" -o "$program" \
      "$root/tests/unit/sandbox.c" "$root/common/sandbox.c" "$root/common/err.c" -lseccomp
  fi
}

setup() {
  not_sanitized "a sanitizer's reports take many system calls, so there is no filter"
  [ -x "$program" ] || skip "no compiler or no libseccomp here"
  cd "$BATS_TEST_TMPDIR" || return
}

files=1 names=2

lives() { # NEEDS WHAT
  run "$program" "$1" "$2"
  [ "$status $output" = "0 lived" ] || { echo "$2 with $1: $status $output"; return 1; }
}

dies() { # NEEDS WHAT
  run "$program" "$1" "$2"
  [ "$status $output" = "159 " ] || { echo "$2 with $1: $status $output"; return 1; } # 128 + SIGSYS
}

@test "the sandbox: reading, memory and threads work" {
  local what
  for what in read memory thread; do
    lives 0 "$what"
  done
}

@test "the sandbox: a call that no such tool needs is the end" {
  local what
  for what in open-write create rename socket fork exec run; do
    dies 0 "$what"
    NO_SANDBOX=1 run "$program" 0 "$what"
    [ "$status" -eq 0 ]
  done
}

@test "the sandbox: needs open what they name, and no more" {
  run -0 "$program" 0 open
  [ "$output" = "open: Permission denied" ]
  lives "$files" open
  touch a
  lives "$names" rename
  [ -e b ]
  local what
  for what in open-write create rename socket fork exec run; do
    dies "$files" "$what"
  done
  for what in open-write create socket fork exec run; do
    dies "$names" "$what"
  done
}

@test "the sandbox: once the last file is open, none can be opened any more" {
  run "$program" "$files" close-files
  [ "$status" -eq 159 ]
  [[ "$output" != *still* ]]
}

# in_sandbox PROCESS: whether it has no capabilities, no way to new ones, and a filter.
in_sandbox() {
  grep -Eq '^CapEff:\s*0+$' "/proc/$1/status"
  grep -Eq '^NoNewPrivs:\s*1$' "/proc/$1/status"
  grep -Eq '^Seccomp:\s*2$' "/proc/$1/status"
}

# waits TOOL…: starts it with a pipe for its input, on which it waits in the middle of a capture.
waits() {
  rm -f pipe
  mkfifo pipe
  "$@" <pipe >out 2>log 3>&- &
  waiting=$!
  exec 9>pipe
  head -c 5000 "$testdata/lab/dns.1.pcap" >&9
  for _ in {1..100}; do
    ! grep -Eq '^NoNewPrivs:\s*1$' "/proc/$waiting/status" 2>/dev/null || break
    sleep 0.02
  done
  sleep 0.1
}

ends() {
  tail -c +5001 "$testdata/lab/dns.1.pcap" >&9
  exec 9>&-
  wait "$waiting"
}

@test "the sandbox: pcap2feat, pcapshim, verdicts and trafgen are in it while they read" {
  local tool
  printf 'len,class\n1,a\n2,b\n' | dt-train -q -o a.tree
  for tool in 'pcap2feat -q' 'pcap2feat -q --per=flow -j 2' pcapshim 'verdicts -q --model=a.tree' \
    'trafgen -q --dry-run --replay=-'; do
    # shellcheck disable=SC2086 # a command with its options
    waits $tool
    in_sandbox "$waiting"
    ends
  done
  waits pcap2feat -q --no-sandbox
  run ! in_sandbox "$waiting"
  ends
}

# threads N TOOL…: it has so many, all in the sandbox.
threads() {
  local task n=0
  waits "${@:2}"
  for task in /proc/"$waiting"/task/*; do
    grep -Eq '^CapEff:\s*0+$' "$task/status"
    grep -Eq '^Seccomp:\s*2$' "$task/status"
    n=$((n + 1))
  done
  [ "$n" -eq "$1" ]
  ends
}

@test "the sandbox: every thread of pcap2feat, and of trafgen, is in it" {
  threads 4 pcap2feat -q --per=flow -j 4
  threads 2 trafgen -q --dry-run --replay=-
}

@test "the sandbox: all ways to read and write give what they give without it" {
  local options captures=("$testdata"/lab/dns.[1-3].pcap)
  zstd -qf "${captures[1]}" -o two.pcap.zst 2>/dev/null || cp "${captures[1]}" two.pcap.zst
  captures[1]=two.pcap.zst
  for options in '' '--per=flow --fields=all -j 2' '--per=flow --fields=all -j 1' --merge \
    '--label-from=dirname --progress' '--per=flow --stats=1 --continue' '--per=flow --first-packets=3 --no-split'; do
    # shellcheck disable=SC2086 # several options
    pcap2feat -q $options -o "$PWD/in.csv" -w in.pcap "${captures[@]}" 2>log
    # shellcheck disable=SC2086
    pcap2feat -q $options --no-sandbox -o out.csv -w out.pcap "${captures[@]}" 2>log
    cmp in.csv out.csv
    cmp in.pcap out.pcap
    [ "$(wc -l <in.csv)" -gt 10 ]
  done
  pcapshim -w in.pcap "$testdata/lab/dns.1.pcap"
  pcapshim --no-sandbox -w out.pcap "$testdata/lab/dns.1.pcap"
  cmp in.pcap out.pcap
}

@test "the sandbox: trafgen makes and sends the same in it as without it" {
  pcap2feat -q --first=zero --fields=ts,flow,dir,len,dir_iat,iat "$testdata/lab/dns.1.pcap" >packets.csv
  head -n 60 packets.csv | cut -d, -f3- | hmm-train -q --states=1 -o m.hmm
  gmm-train -q --components=2 packets.csv -o m.gmm
  gmm-code -q m.gmm packets.csv | markov-gen -q --save=m.chain -n 1 >/dev/null
  zstd -qf "$testdata/lab/dns.1.pcap" -o dns.pcap.zst 2>/dev/null || cp "$testdata/lab/dns.1.pcap" dns.pcap.zst
  # twice NAME OPTION…: with and without it.
  twice() {
    trafgen -q "${@:2}" >"in.$1"
    trafgen -q --no-sandbox "${@:2}" >"out.$1"
    cmp "in.$1" "out.$1"
    [ "$(stat -c %s "in.$1")" -gt 200 ]
  }
  twice table packets.csv
  twice capture -w - --proto=tcp packets.csv
  twice hmm -n 30 --flows=3 m.hmm
  twice chain -n 30 --chain=m.chain m.gmm
  twice replay --dry-run --replay=dns.pcap.zst --report=-
  twice rounds --dry-run --replay=dns.pcap.zst --loop=3 --report=-
  trafgen -q packets.csv -o rows.csv
  cmp rows.csv in.table
  trafgen -q packets.csv -w rows.pcap
  trafgen -q --dry-run packets.csv --report=report.csv
  [ -s rows.pcap ] && [ -s report.csv ]
}

@test "the sandbox: an output in a directory of somebody else, as root" {
  need_root
  mkdir theirs
  chown 65534 theirs
  pcap2feat -q -o theirs/rows.csv "$testdata/lab/dns.1.pcap"
  [ -s theirs/rows.csv ]
  trafgen -q --dry-run --replay="$testdata/lab/dns.1.pcap" --report=theirs/report.csv
  [ -s theirs/report.csv ]
}
