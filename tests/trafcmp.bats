# trafcmp: how close two packet series are.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# figure METRIC DIRECTION [COLUMN]: of the table on standard input; value, floor… by name.
figure() {
  awk -F'\t' -v m="$1" -v d="$2" -v c="${3-value}" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) k = i; next }
    $1 == m && $2 == d { print $k; found = 1 }
    END { exit !found }'
}

# lab NAME: a capture of the lab as NAME.csv.
lab() {
  pcap2feat -q --fields=flow,dir,len,dir_iat,iat "$testdata/lab/$1.pcap" >"$1.csv"
}

@test "distances between distributions, worked out by hand" {
  # forward: len 10 20 30 40 against 10 20 20 50; times 1 2 3 4 ms against 1 1 1 1 s
  printf '%s\n' dir,len,dir_iat 1,10,1000000 1,20,2000000 1,30,3000000 1,40,4000000 >real.csv
  printf '%s\n' dir,len,dir_iat 1,10,1000000000 1,20,1000000000 1,20,1000000000 1,50,1000000000 >synth.csv
  run -0 --separate-stderr trafcmp --tsv real.csv synth.csv
  [ -z "$stderr" ]
  value() { figure "$@" <<<"$output"; }
  [ "$(value len.mean forward)" = 0 ]
  [ "$(value len.mean forward real)" = 25 ]
  [ "$(value len.ks forward)" = 0.25 ] # 3/4 against 1/2 at 20
  [ "$(value len.emd forward)" = 5 ]   # 10/4 between 20 and 30, 10/4 between 40 and 50
  # bins of 16 bytes: 1 2 1 against 1 2 0 1; half of 1/4 and of 1/4 is in a bin of its own
  [ "$(value len.js forward)" = 0.25 ]
  [ "$(value iat.ks forward)" = 1 ]
  [ "$(value iat.js forward)" = 1 ]
  [ "$(value iat.emd forward)" = 997.5 ]
  # one second of 100 bytes against four of 10 20 20 50
  [ "$(value throughput.ks forward)" = 1 ]
  [ "$(value throughput.emd forward)" = 75 ]
  [ "$(value burst.mean forward real)" = 4 ]
  [ "$(value burst.ks both)" = 0 ]
  # nothing of the other direction
  [ -z "$(value len.ks backward)" ]
  [ "$(value packets backward real)" = 0 ]
}

@test "seconds without a packet count, and each direction has its own clock unless it is shared" {
  # forward clock: 0.5, 3.5 s; backward clock: 1.5 s. One clock: 0.5, 2.0, 5.0 s.
  printf '%s\n' dir,len,dir_iat,iat 1,10,500000000,500000000 0,7,1500000000,1500000000 \
    1,20,3000000000,3000000000 >s.csv
  run -0 --separate-stderr trafcmp --tsv s.csv s.csv
  [ "$(figure throughput.mean forward real <<<"$output")" = 7.5 ] # 10 0 0 20
  [ "$(figure throughput.mean backward real <<<"$output")" = 7 ]
  run -0 --separate-stderr trafcmp --tsv --iat=iat s.csv s.csv
  [ "$(figure throughput.mean forward real <<<"$output")" = 5 ] # 10 0 0 0 0 20
}

@test "the reference's figures of its own data" {
  need_data
  need_python pandas
  pcap2feat -q --first=zero --flow='UDP 192.168.0.102:18826 192.168.0.105:26454' \
    "$data/estimator/skypeLANhome.pcap" >rows.csv
  /usr/bin/python3 "$root/tests/python/estimator_data.py" rows.csv train.csv test.csv
  run -0 --separate-stderr trafcmp --tsv train.csv test.csv
  [ "$(awk -F'\t' '$1 ~ /(len|iat|throughput).ks/ { printf "%s %s %.3f\n", $1, $2, $3 }' <<<"$output")" = \
    'len.ks forward 0.113
len.ks backward 0.127
iat.ks forward 0.130
iat.ks backward 0.184
throughput.ks forward 0.284
throughput.ks backward 0.223' ]
}

@test "the figures are SciPy's and NumPy's" {
  need_python scipy
  need_python pandas
  local peers="$root/tests/python/trafcmp_peers.py"
  lab voice.1 && lab voice.2 && lab web.2
  run -0 /usr/bin/python3 "$peers" voice.1.csv voice.2.csv
  [ "$output" = '156 figures' ]
  run -0 /usr/bin/python3 "$peers" voice.1.csv web.2.csv iat
}

@test "the same bytes with any number of threads" {
  lab voice.1 && lab web.2
  trafcmp -j1 --tsv --curves=one.tsv voice.1.csv web.2.csv >one
  trafcmp -j7 --tsv --curves=two.tsv voice.1.csv web.2.csv >two
  cmp one two
  cmp one.tsv two.tsv
}
