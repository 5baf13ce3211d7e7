# gmm-train: mixtures of packets by EM, and which of them is chosen.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# call FILE: the packets of a call of the lab, all with 200 bytes.
call() {
  pcap2feat -q --fields=flow,dir,len,dir_iat,iat "$testdata/lab/voice.1.pcap" >"$1"
}

# web FILE: packets of many lengths, in several flows.
web() {
  pcap2feat -q --fields=flow,dir,len,dir_iat,iat "$testdata/lab/web.1.pcap" >"$1"
}

# sound MODEL: a file without NaN or infinities that gmm-code takes.
sound() {
  if grep -iE 'nan|inf' "$1"; then return 1; fi
  printf 'dir,len,dir_iat,iat\n' | gmm-code "$1" >/dev/null
}

# best SCORES COLUMN DIRECTION: the number of components whose row has the least of that column.
best() {
  awk -F '\t' -v column="$2" -v direction="$3" '
    NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
    $1 == direction && (least == "" || $place[column] < least) { least = $place[column]; k = $2 }
    END { print k }' "$1"
}

# chosen SCORES: direction and number of components of the rows that are marked.
chosen() { awk -F '\t' '$NF == "1" { print $1, $2 }' "$1"; }

@test "parameters of a known mixture come back" {
  cat >known.gmm <<'END'
weir-gmm 1
made by hand
seed 1
iat dir_iat
resolution 1
mixtures 1
mixture forward 3 0 converged 0 0
component 0.5 0.1 4 0.0001 0.0005 0.04
component 0.3 0.5 3 0.0016 -0.001 0.01
component 0.2 0.9 2 0.0004 0 0.0025
END
  # 20,000 packets: 10,000, 6,000 and 4,000 of each component.
  awk 'BEGIN { print "token"; for (i = 0; i < 20000; i++) print "f" (i % 10 < 5 ? 1 : i % 10 < 8 ? 2 : 3) }' |
    gmm-code -d known.gmm >packets.csv
  gmm-train -q --components=3 packets.csv >found.gmm
  grep '^component' found.gmm | sort -k 3g >found
  # Within 5 standard errors: of means sd / sqrt(n), of variances var sqrt(2 / n), of covariances
  # sqrt((a b + c^2) / n); weights within 0.003, which only overlaps move.
  paste <(grep '^component' known.gmm) found | awk '
    function off(a, b, most) { if (a - b > most || b - a > most) { print "line " NR ": " a " " b; bad = 1 } }
    { n = $2 * 20000
      off($2, $9, 0.003)
      off($3, $10, 5 * sqrt($5 / n)); off($4, $11, 5 * sqrt($7 / n))
      off($5, $12, 5 * $5 * sqrt(2 / n)); off($7, $14, 5 * $7 * sqrt(2 / n))
      off($6, $13, 5 * sqrt(($5 * $7 + $6 * $6) / n)) }
    END { exit bad || NR != 3 }'
  # As many as there are is what BIC says, too.
  gmm-train --components=1:6 packets.csv 2>scores >/dev/null
  [ "$(chosen scores)" = "forward 3" ]
}

@test "one component: the mean and covariance of the packets, and its scores" {
  web web.csv
  gmm-train --components=1 --criterion=heldout --held-out=0.25 web.csv 2>scores >web.gmm
  awk -F , 'NR > 1 && $2 == 1 && $4 != "" {
      n++; x[n] = $3 / 1500; y[n] = log(1 + $4 / 1000) / log(10) }
    function density(i) { return -log(2 * atan2(0, -1)) - log(a * c - b * b) / 2 \
      - (c * (x[i] - mx) ^ 2 - 2 * b * (x[i] - mx) * (y[i] - my) + a * (y[i] - my) ^ 2) / (a * c - b * b) / 2 }
    END {
      m = n - int(n * 0.25 + 0.5)
      for (i = 1; i <= m; i++) { mx += x[i] / m; my += y[i] / m }
      for (i = 1; i <= m; i++) { a += (x[i] - mx) ^ 2 / m; b += (x[i] - mx) * (y[i] - my) / m; c += (y[i] - my) ^ 2 / m }
      for (i = 1; i <= m; i++) l += density(i)
      for (i = m + 1; i <= n; i++) held += density(i)
      printf "forward\t1\t1\t%d\t%.6f\t%.3f\t%.3f\t%.6f\n", m, l / m, 5 * log(m) - 2 * l, 10 - 2 * l, held / (n - m) }' web.csv >want
  diff want <(sed -n 2p scores | cut -f 1-8)
  # The model itself is of all packets.
  [ "$(grep '^mixture forward' web.gmm | cut -d ' ' -f 4)" -eq "$(awk -F , '$2 == 1 && $4 != ""' web.csv | wc -l)" ]
}

@test "each criterion chooses by its column" {
  web web.csv
  for criterion in bic aic; do
    gmm-train --components=1:13:3,2 --criterion=$criterion web.csv 2>scores >web.gmm
    [ "$(cut -f 2 scores | sed -n '2,7p' | paste -sd ' ')" = "1 2 4 7 10 13" ]
    want=$(for direction in forward backward; do echo "$direction $(best scores $criterion $direction)"; done)
    [ "$(chosen scores)" = "$want" ]
    [ "$(grep ^mixture web.gmm | sed 1d | cut -d ' ' -f 2-3)" = "$want" ]
  done
  gmm-train --components=1:13:3 --criterion=heldout web.csv 2>scores >web.gmm
  awk -F '\t' -v OFS='\t' 'NR > 1 { $8 = -$8 } { print }' scores >negative
  want=$(for direction in forward backward; do echo "$direction $(best negative held_out $direction)"; done)
  [ "$(chosen scores)" = "$want" ]
  # By bic nothing is held out.
  run -0 --separate-stderr gmm-train --components=1 web.csv -o x.gmm
  [ "$(sed 1d <<<"$stderr" | cut -f 8 | sort -u)" = "" ]
}

@test "the same bytes for any number of threads, and another model with another seed" {
  web web.csv
  for components in 7 1:9; do
    gmm-train -q -j 1 --components=$components web.csv >1.gmm
    gmm-train -q -j 8 --components=$components web.csv >8.gmm
    cmp 1.gmm 8.gmm
  done
  # More than one part of points for each of more threads than fits.
  awk 'BEGIN { srand(1); print "dir,len,dir_iat"; for (i = 0; i < 5000; i++) print "1," int(rand() * 1500) "," int(rand() * 1e9) }' >many.csv
  for j in 1 3 16; do
    gmm-train -q -j $j --components=5 --restarts=2 many.csv >$j.gmm
    cmp 1.gmm $j.gmm || [ "$j" = 1 ]
  done
  gmm-train -q --components=5 --restarts=1 --seed=3 many.csv | grep ^component >third
  run -1 cmp -s third <(gmm-train -q --components=5 --restarts=1 many.csv | grep ^component)
}

@test "packets that stand twice count twice" {
  web web.csv
  { cat web.csv; sed 1d web.csv; } >twice.csv
  gmm-train -q --components=5 web.csv | grep ^component >once
  gmm-train -q --components=5 twice.csv | grep ^component | diff once -
}

# steps TABLE OPTION…: the log-likelihood after 0, 1, … 40 steps never falls.
steps() {
  local i table=$1
  shift
  for ((i = 0; i <= 40; i++)); do
    gmm-train -q -j 1 --restarts=1 --tolerance=0 --max-iterations=$i "$@" "$table" |
      awk '/^mixture / { print $2, $NF }'
  done | awk '{ if ($1 in last && $2 < last[$1] - 1e-9) { print NR ": " $0 ", " last[$1]; bad = 1 }; last[$1] = $2; n++ }
    END { exit bad || n < 41 }'
}

@test "no step of EM lowers the likelihood" {
  call call.csv
  web web.csv
  for k in 2 7 30; do
    steps call.csv --components=$k
    steps web.csv --components=$k
  done
  steps web.csv --components=5 --floor=0.01
}

@test "no step of EM lowers the likelihood of real captures" {
  need_data
  pcap2feat -q --first=zero --fields=dir,len,dir_iat "$data/captures/voice/whatsapp-call.ndpi-wa_voice.pcap" >voice.csv
  pcap2feat -q --first=zero --fields=dir,len,dir_iat "$data/captures/chat/whatsapp.ndpi-whatsapp.pcap" >chat.csv
  for k in $(printf '%s\n' 3 100 25 | some 3); do
    steps voice.csv --components="$k"
    steps chat.csv --components="$k"
  done
}

@test "how fits end: converged, max-iter, degenerate" {
  printf '%s\n' dir,len,dir_iat 1,100,1000 1,100,1000 1,200,5000 0,60,0 >three.csv
  gmm-train --components=1,2,5 three.csv 2>scores >three.gmm
  [ "$(sed 1d scores | cut -f 1-4,9)" = "forward	1	1	3	converged
forward	2	2	3	converged
forward	5	2	3	degenerate
backward	1	1	1	converged
backward	2	1	1	degenerate
backward	5	1	1	degenerate" ]
  sound three.gmm
  web web.csv
  run -0 --separate-stderr gmm-train --components=6 --max-iterations=2 --tolerance=0 web.csv -o web.gmm
  [ "$(sed 1d <<<"$stderr" | cut -f 9-10 | sort -u)" = "max-iter	2" ]
  run -0 grep -c '^mixture .* max-iter 2 ' web.gmm
  [ "$output" = 2 ]
}

@test "poor series give sound models" {
  echo dir,len,dir_iat,iat >names
  # One packet; one direction; lengths all the same; times all 0; the largest of all.
  { cat names; echo 1,1500,20000000,20000000; } >one.csv
  { cat names; for i in $(seq 50); do echo "0,$((i * 7)),$((i * i * 1000)),$i"; done; } >direction.csv
  { cat names; for i in $(seq 50); do echo "$((i % 2)),172,$((i * i * 1000)),$i"; done; } >lengths.csv
  { cat names; for i in $(seq 50); do echo "$((i % 2)),$((i * 20)),0,0"; done; } >times.csv
  { cat names; for i in $(seq 50); do echo "$((i % 2)),172,0,0"; done; } >nothing.csv
  { cat names; echo 1,65535,281474976710655,0; echo 1,0,0,281474976710655; echo 1,65535,281474976710654,0; } >largest.csv
  for table in one direction lengths times nothing largest; do
    for iat in dir_iat iat; do
      gmm-train --iat=$iat --components=1:20:3,4096 $table.csv >$table.gmm 2>scores
      sound $table.gmm
      run -1 grep -iE 'nan|inf' scores
    done
  done
  [ "$(grep -c ^mixture\  direction.gmm)" -eq 1 ]
  [ "$(grep ^resolution nothing.gmm)" = "resolution 1" ]
  # One length comes back as that length, a time of 0 as 0.
  gmm-train -q --components=1 nothing.csv >nothing.gmm
  { echo token; for i in $(seq 20000); do echo f1; done; } | gmm-code -d nothing.gmm | sed 1,2d | cut -d , -f 4-6 | sort -u >packets
  [ "$(<packets)" = "172,0,0" ]
}

@test "what can't be learnt from is refused" {
  printf '%s\n' dir,len,dir_iat 1,100, >empty.csv
  run -1 --separate-stderr gmm-train empty.csv
  [ "$stderr" = "gmm-train: empty.csv: there is no packet with a 'dir_iat'" ]
  printf '%s\n' dir,len,dir_iat 1,100,7 0,100,7.5 >decimal.csv
  run -1 --separate-stderr gmm-train -o m.gmm decimal.csv
  [ "$stderr" = "gmm-train: decimal.csv:3: column 'dir_iat': '7.5' is not an integer" ]
  [ ! -e m.gmm ]
  printf '%s\n' dir,len,iat 1,100,7 >iat.csv
  run -1 --separate-stderr gmm-train iat.csv
  [[ "$stderr" == "gmm-train: iat.csv:1: there is no column 'dir_iat'"* ]]
  run -1 --separate-stderr gmm-train --iat=iat --criterion=heldout iat.csv
  [ "$stderr" = "gmm-train: forward: one packet: none is left to hold out (--criterion=bic can)" ]
}

@test "wrong options" {
  run -2 --separate-stderr gmm-train --components=1000000 x.csv
  [ "${stderr_lines[0]}" = "gmm-train: --components: '1000000' is not in 1..4096" ]
  for list in '' ',' '1,' 1:2:3:4 a 1:2: -1 1.5; do
    run -2 --separate-stderr gmm-train --components="$list" x.csv
    [ "${stderr_lines[0]}" = "gmm-train: --components: '$list' is not a list of numbers or FROM:TO:STEP" ]
  done
  for list in 5:4 1:9:0; do
    run -2 --separate-stderr gmm-train --components="$list" x.csv
    [ "${stderr_lines[0]}" = "gmm-train: --components: '$list' is no range: it is FROM:TO:STEP, FROM not above TO, STEP not 0" ]
  done
  run -2 --separate-stderr gmm-train --components=0 x.csv
  [ "${stderr_lines[0]}" = "gmm-train: --components: '0' is not in 1..4096" ]
  printf '%s\n' dir,len,dir_iat 1,100,7 >one.csv
  run -2 --separate-stderr gmm-train --scores=./one.csv one.csv
  [ "${stderr_lines[0]}" = "gmm-train: --scores: './one.csv' is an input file" ]
  run -2 --separate-stderr gmm-train --scores=x -o x one.csv
  [ "${stderr_lines[0]}" = "gmm-train: --scores and --output are the same file" ]
  run -2 gmm-train --iat=cap_iat x.csv
  run -2 gmm-train --criterion=mdl x.csv
  run -2 gmm-train --floor=1e-11 x.csv
  run -2 gmm-train --held-out=1 x.csv
  refuses "--held-out has no use without --criterion=heldout" gmm-train --held-out=0.5 x.csv
  run -2 gmm-train --restarts=0 x.csv
}

@test "the table of scores goes to a file, too; -q silences the other" {
  call call.csv
  run -0 --separate-stderr gmm-train --components=1:2 --scores=scores call.csv -o call.gmm
  [ "$stderr" = "$(<scores)" ]
  run -0 --separate-stderr gmm-train -q --components=1:2 --scores=again call.csv -o call.gmm
  [ -z "$stderr" ]
  cmp scores again
  [ "$(head -n 6 call.gmm)" = "weir-gmm 1
made gmm-train --components=1:2 --scores=again
seed 1
iat dir_iat
resolution 1
mixtures 2" ]
  # Told before the fits, which would take long.
  run -1 --separate-stderr timeout 5 gmm-train --components=100 --restarts=1000 --tolerance=0 --scores=no/scores call.csv
  [ "$stderr" = "gmm-train: no/scores: No such file or directory" ]
  run -1 --separate-stderr gmm-train -q --components=1 --scores=/dev/full call.csv -o call.gmm
  [ "$stderr" = "gmm-train: writing /dev/full: No space left on device" ]
}

@test "more starts find better fits, and rows without a time are counted" {
  printf '%s\n' dir,len,dir_iat 1,10, 0,20, 1,10,1000 0,20,2000 >t.csv
  run -0 --separate-stderr gmm-train --components=1 t.csv -o t.gmm
  [ "${stderr_lines[0]}" = "gmm-train: 2 packets without a 'dir_iat' left out" ]
  web web.csv
  gmm-train -q --components=3:30:9 --restarts=1 --scores=one web.csv >/dev/null
  gmm-train -q --components=3:30:9 --restarts=6 --scores=six web.csv >/dev/null
  paste one six | sed 1d | awk -F '\t' '$16 < $5 { exit 1 } $16 > $5 { better++ } END { exit !better }'
}

@test "the likelihood is not below scikit-learn's from the same start" {
  need_data
  need_python sklearn pandas
  mkdir fits
  pcap2feat -q --first=zero --flow='UDP 192.168.0.102:18826 192.168.0.105:26454' \
    "$data/estimator/skypeLANhome.pcap" >rows.csv
  /usr/bin/python3 "$root/tests/python/estimator_data.py" rows.csv train.csv test.csv
  for k in $(printf '%s\n' 62 46 22 10 | some 2); do
    gmm-train -q --exact --restarts=1 --components="$k" --max-iterations=0 -o "fits/$k.start" train.csv
    gmm-train -q --exact --restarts=1 --components="$k" -o "fits/$k.fit" train.csv
  done
  /usr/bin/python3 "$root/tests/python/sklearn_gmm.py" train.csv fits >differences
  cat differences
  [ "$(wc -l <differences)" -eq $((WEIR_LONG ? 8 : 4)) ]
  awk -F '\t' '$5 < -0.001 { exit 1 }' differences
}

# coarse: packets of a mixture of two, its times rounded to whole ms.
coarse() {
  printf '%s\n' 'weir-gmm 1' 'made by hand' 'seed 1' 'iat dir_iat' 'resolution 1' 'mixtures 1' \
    'mixture forward 2 1 converged 1 0' 'component 0.6 0.1 3.5 1e-5 0 0.01' 'component 0.4 0.5 4.3 1e-4 0.0003 0.0025' \
    >true.gmm
  trafgen -q -n 20000 true.gmm |
    awk -F , -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "dir,len,dir_iat"; next }
      $at["dir_iat"] != "" { printf "1,%d,%.0f\n", $at["len"], int($at["dir_iat"] / 1e6 + 0.5) * 1e6 }' >coarse.csv
}

@test "times in whole ms: the covariances behind the rounding come back" {
  coarse
  gmm-train -q --components=2 coarse.csv >learnt.gmm
  join <(grep ^component true.gmm | sort -k 3 | cat -n) <(grep ^component learnt.gmm | sort -k 3 | cat -n) >both
  # Columns: number, component, weight, means of length and time, their covariance; then the same.
  awk 'function off(a, b, e) { if (a - b > e || b - a > e) { print; bad = 1 } }
    { off($4, $11, 0.001); off($5, $12, 0.008); off($6, $13, 0.06 * $6); off($7, $14, 5e-5); off($8, $15, 0.06 * $8) }
    END { exit bad || NR != 2 }' both
  # Taken as they stand, the same times vary more.
  gmm-train -q --exact --components=2 coarse.csv | grep ^component | sort -k 3 | head -n 1 | awk '{ exit !($7 > 0.0105) }'
}

@test "packets that are all alike are made again to the byte and to the step of the clock" {
  awk 'BEGIN { print "dir,len,dir_iat"
    for (i = 0; i < 500; i++) { print "1,100,20000000"; print "1,1500,7000000"; print "0,172,20000000" } }' >two.csv
  gmm-train -q --components=2 two.csv >two.gmm
  gmm-code -q two.gmm two.csv | gmm-code -q -d two.gmm | awk -F , '$5 != "" { print $3, $4, $5 }' | sort -u |
    diff - <(printf '%s\n' '0 172 20000000' '1 100 20000000' '1 1500 7000000' 'dir len dir_iat')
}
