# One archive over many machines: shards, the way back, and the recipes with the real programs on one node.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  PATH=$root/scripts/scale:$PATH
  export PCAP2FEAT
  PCAP2FEAT=$(command -v pcap2feat)
  # sbatch and ssh start with an environment of their own.
  export ASAN_OPTIONS=${ASAN_OPTIONS-}
  started=()
}

# What a test started ends with it, by its number.
teardown() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" || true; done
}

# shards N OPTION... FILE...: whole, from one process, and merged, from N of them.
shards() {
  local n=$1 k tables=()
  shift
  pcap2feat -q --per=flow --fields=all "$@" >whole 2>whole.err || true
  for ((k = 0; k < n; k++)); do
    pcap2feat -q --per=flow --fields=all --shard=$k/"$n" "$@" >"shard.$k" 2>/dev/null || true
    tables+=("shard.$k")
  done
  merge-flows "${tables[@]}" >merged
  cmp whole merged
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

@test "--shard: all shards together are the whole, byte for byte, in its order" {
  for file in "$testdata"/lab/{dns,web,voice}.1.pcap; do
    shards 3 "$file"
    [ "$(wc -l <whole)" -gt 1 ]
  done
  shards 1 "$testdata"/lab/web.1.pcap
  shards 7 --continue --tsv --first-packets=4 "$testdata"/lab/*.pcap
  # Each has its part, and no flow is in two.
  for k in 0 1 2 3 4 5 6; do [ "$(wc -l <shard.$k)" -gt 20 ]; done
  # What is read is the same for all: the first tells of it.
  pcap2feat --per=flow --shard=0/2 "$testdata"/lab/web.1.pcap 2>zero >/dev/null
  pcap2feat --per=flow --shard=1/2 "$testdata"/lab/web.1.pcap 2>one >/dev/null
  pcap2feat --per=flow "$testdata"/lab/web.1.pcap 2>all >/dev/null
  cmp zero all
  [ ! -s one ]
}

@test "--shard: so they are on all real captures, with IPv6, VLANs and damaged files" {
  need_data
  local files
  mapfile -t files < <(find "$data/captures" "$data/odd" -name '*.pcap*' | sort)
  shards 3 --continue "${files[@]}"
  [ "$(wc -l <whole)" -gt 3000 ]
  [ "$(grep -c '::' whole)" -gt 10 ]
}

@test "--shard: flows of others tell the time" {
  make_capture clock.pcap <<'EOT'
1 10.0.0.1 10.0.0.2 udp 1 2 0
40 10.0.0.5 10.0.0.6 udp 1 2 0
40.5 10.0.0.1 10.0.0.2 udp 1 2 0
EOT
  shards 8 clock.pcap
  [ "$(wc -l <whole)" -eq 4 ]
  # The one whose end was known at 31 s comes first; the file's end has no time.
  [ "$(pcap2feat -q --per=flow --fields=ended,src_ip clock.pcap | tr '\n' ' ')" = \
    "ended,src_ip 31.000000000,10.0.0.1 ,10.0.0.5 ,10.0.0.1 " ]
}

@test "--shard: what is no shard, and packets" {
  for value in 2/2 1 /2 1/ 0/0 -1/2 1/2x 0/65537; do
    run -2 pcap2feat --per=flow --shard="$value" x.pcap
    [[ "${lines[0]}" == *"--shard: '$value' is not K/N with K from 0 to N - 1, and N at most 65536" ]]
  done
  run -2 pcap2feat --shard=0/2 x.pcap
  [[ "${lines[0]}" == *"--shard is for --per=flow" ]]
}

@test "merge-flows: tables that are not of one kind, or lack what orders rows" {
  printf 'ended,start\n' >a
  printf 'start,ended\n' >b
  run -1 merge-flows a b
  [ "$output" = "merge-flows: b: its columns are not those of a" ]
  run -1 merge-flows a
  [[ "$output" == *"merge-flows: a: has no column 'src_ip'"* ]]
}

@test "GNU parallel over ssh, with sshd on this machine" {
  need parallel ssh sshd ssh-keygen
  local port=$((20000 + RANDOM % 10000)) sshd
  sshd=$(command -v sshd)
  [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd # where it wants to be
  export PARALLEL_HOME=$PWD/parallel
  mkdir parallel
  touch parallel/will-cite
  ssh-keygen -q -t ed25519 -N '' -f host
  ssh-keygen -q -t ed25519 -N '' -f key
  cat >sshd_config <<END
Port $port
ListenAddress 127.0.0.1
HostKey $PWD/host
AuthorizedKeysFile $PWD/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
END
  "$sshd" -D -e -f "$PWD/sshd_config" 2>sshd.log 3>&- &
  started+=($!)
  export PARALLEL_SSH="ssh -F none -p $port -i $PWD/key -o UserKnownHostsFile=$PWD/known -o StrictHostKeyChecking=no -o LogLevel=ERROR"
  # shellcheck disable=SC2086  # its words
  wait_for 10 $PARALLEL_SSH 127.0.0.1 true || { cat sshd.log; false; }

  timeout 60 flows-ssh 2/127.0.0.1 4 "$testdata/lab/web.1.pcap" --label-rule='a web, of TCP=tcp' -l rest >merged 3>&-
  pcap2feat -q --per=flow --fields=all --label-rule='a web, of TCP=tcp' -l rest "$testdata/lab/web.1.pcap" >whole
  cmp whole merged
  grep -q '"a web, of TCP"' whole
  grep -q 'Accepted publickey' sshd.log
  # A shard that fails is no table.
  run ! timeout 60 flows-ssh 127.0.0.1 2 "$PWD/absent.pcap"
  [[ "$output" == *"absent.pcap: No such file"* ]]
}

# slurm_starts: munged, slurmctld and slurmd of this test alone, in this folder.
slurm_starts() {
  local name port=$((20000 + RANDOM % 10000))
  name=$(hostname -s)
  mkdir munge state spool
  head -c 128 /dev/urandom >munge/key
  chmod 600 munge/key
  munged --foreground --force --socket="$PWD/munge/socket" --key-file="$PWD/munge/key" --pid-file="$PWD/munge/pid" \
    --log-file="$PWD/munge/log" --seed-file="$PWD/munge/seed" >munge.out 2>&1 3>&- &
  started+=($!)
  wait_for 10 test -S munge/socket || return 1
  cat >slurm.conf <<END
ClusterName=weir
SlurmctldHost=$name(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$PWD/munge/socket
CredType=cred/munge
StateSaveLocation=$PWD/state
SlurmdSpoolDir=$PWD/spool
SlurmctldPidFile=$PWD/slurmctld.pid
SlurmdPidFile=$PWD/slurmd.pid
SlurmctldLogFile=$PWD/slurmctld.log
SlurmdLogFile=$PWD/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
NodeName=$name NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
END
  echo 'CgroupPlugin=cgroup/v1' >cgroup.conf
  export SLURM_CONF=$PWD/slurm.conf
  slurmctld -D -f slurm.conf >ctl.out 2>&1 3>&- &
  started+=($!)
  slurmd -D -f "$PWD/slurm.conf" >node.out 2>&1 3>&- &
  started+=($!)
  wait_for 20 sh -c 'sinfo -h -o %T | grep -q idle'
}

@test "a Slurm job array, with slurmctld and slurmd on this machine" {
  need munged slurmctld slurmd sbatch sinfo
  need_root
  chmod 711 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" . 2>/dev/null || true
  # What the machine allows of its own daemons differs: without them there is nothing to test.
  slurm_starts || skip "Slurm does not start here: $(tail -qn 1 munge.out ctl.out node.out slurmctld.log slurmd.log | tr '\n' ' ')"

  timeout 60 flows-slurm out 3 "$testdata/lab/web.1.pcap" --first-packets=2 >merged 3>&-
  pcap2feat -q --per=flow --fields=all --first-packets=2 "$testdata/lab/web.1.pcap" >whole
  cmp whole merged
  [ -s out/2 ]
  # A task that fails is no table.
  run ! timeout 60 flows-slurm failed 2 "$PWD/absent.pcap"
  [[ "$output" == *"absent.pcap: No such file"* ]]
}
