# hmm-train: known answers, the same EM in NumPy, chains learnt back, bounds, what is refused.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  peer="$root/tests/python/hmm_peer.py"
  draw="$root/tests/python/hmm_series.py"
}

# by_hand: a chain of two states. A packet of 0 bytes has density 1 under state 1 and 1/2 under
# state 2, one of 1500 bytes the other way round, all over 2 pi sqrt(v), v = 1 / (2 ln 2).
by_hand() {
  printf '%s\n' 'weir-hmm 1' 'made by hand' 'seed 1' 'iat dir_iat' 'resolution 1' 'emission gaussian' \
    'chains 1' 'chain forward 2 3 max-iter 0 0' \
    'state 0.6 0 0 0.7213475204444817 0 1' 'to 0.7 0.3' \
    'state 0.4 1 0 0.7213475204444817 0 1' 'to 0.4 0.6'
}

# packets LEN…: forward, all at the same time.
packets() {
  printf 'dir,len,dir_iat\n'
  printf '1,%s,0\n' "$@"
}

# calc EXPRESSION…: each with 6 decimals.
calc() {
  local e
  for e; do awk "BEGIN { printf \"%.6f\n\", $e }"; done
}

# sound FILE…: no number that is none.
sound() {
  run -1 grep -Ei 'nan|inf' "$@"
}

# skype: the training part of the reference, train.csv.
skype() {
  need_data
  need_python pandas
  pcap2feat -q --first=zero --flow='UDP 192.168.0.102:18826 192.168.0.105:26454' \
    "$data/estimator/skypeLANhome.pcap" >rows.csv
  /usr/bin/python3 "$root/tests/python/estimator_data.py" rows.csv train.csv test.csv
}

@test "forward and Viterbi, worked out by hand" {
  by_hand >hand.hmm
  # 0 bytes: 0.6 * 1 + 0.4 / 2 = 4/5, which leaves the states at 3/4 and 1/4.
  # 1500:    they go to 5/8 and 3/8; 5/8 / 2 + 3/8 = 11/16, and the states are at 5/11 and 6/11.
  # 0:       they go to 59/110 and 51/110; 59/110 + 51/110 / 2 = 169/220.
  # The best way after 0, 1500 is at 0.21 in state 1 (0.6, then 0.7 / 2) and at 0.18 in state 2
  # (0.6, then 0.3); from there to 0 bytes: 0.147 for 1 1 1, 0.054 for 1 2 2.
  density='log(2 * 3.141592653589793) + 0.5 * log(0.7213475204444817)'
  packets 0 1500 0 | hmm-train --exact --score=hand.hmm 2>totals >scored.csv
  diff - scored.csv <<END
dir,len,dir_iat,state,log_likelihood
1,0,0,1,$(calc "log(4 / 5) - ($density)")
1,1500,0,1,$(calc "log(11 / 16) - ($density)")
1,0,0,1,$(calc "log(169 / 220) - ($density)")
END
  sum="log(4 / 5 * 11 / 16 * 169 / 220) - 3 * ($density)"
  diff - totals <<END
hmm-train: forward: 3 packets, log-likelihood $(awk "BEGIN { printf \"%.3f\", $sum }"), $(calc "($sum) / 3") a packet
END
  # To 1500 bytes: 0.21 * 0.7 / 2 = 0.0735 for 1 1 1, but 0.18 * 0.6 = 0.108 for 1 2 2.
  packets 0 1500 1500 | hmm-train -q --exact --score=hand.hmm | cut -d , -f 4 | diff - <(printf '%s\n' state 1 2 2)
}

@test "forward-backward, worked out by hand" {
  by_hand >hand.hmm
  # After 0, 1500, 0 the states of the third packet are at 118/169 and 51/169 (see above). Over what
  # was predicted, 59/110 and 51/110, that is 220/169 and 110/169, so the second packet's are at
  # 5/11 (0.7 * 220 + 0.3 * 110) / 169 = 85/169 and 84/169; over 5/8 and 3/8: 136/169 and 224/169,
  # so the first packet's are at 3/4 (0.7 * 136 + 0.3 * 224) / 169 = 121.8/169 and 47.2/169.
  # Expected transitions, over 169: 1 to 1: 0.7 (3/4 * 136 + 5/11 * 220) = 141.4; 1 to 2: 65.4;
  # 2 to 1: 0.4 (1/4 * 136 + 6/11 * 220) = 61.6; 2 to 2: 69.6.
  # The mean of a state is its share of the second packet, p, the variance p (1 - p).
  packets 0 1500 0 |
    hmm-train -q --exact --start=hand.hmm --max-iterations=1 --tolerance=0 >once.hmm
  awk '$1 == "state" { printf "%s %.6f %.6f %.6f %g\n", $1, $2, $3, $5, $7 }
       $1 == "to" { printf "%s %.6f %.6f\n", $1, $2, $3 }' once.hmm | diff - <(
    p=85/324.8 q=84/182.2
    echo "state $(calc 121.8/169 "$p" "$p*(1-$p)" | tr '\n' ' ')1e-09"
    echo "to $(calc 141.4/206.8) $(calc 65.4/206.8)"
    echo "state $(calc 47.2/169 "$q" "$q*(1-$q)" | tr '\n' ' ')1e-09"
    echo "to $(calc 61.6/131.2) $(calc 69.6/131.2)")
}

@test "lengths one by one, times and directions, worked out by hand" {
  printf '%s\n' 'weir-hmm 1' 'made by hand' 'seed 1' 'iat iat' 'resolution 1' 'emission discrete-len' \
    'chains 1' 'chain both 1 3 max-iter 0 0' 'state 1 0.75' 'lengths 2 100:0.2 200:0.8' \
    'times 2 0.5 0 1 0.5 3 0.25' 'to 1' >hand.hmm
  printf '%s\n' dir,len,iat 1,200,0 0,100,999000 1,300,0 | hmm-train -q --exact --score=hand.hmm >scored.csv
  # 999 us are at 3. All lengths alike have a millionth.
  low='1 / sqrt(2 * 3.141592653589793)'
  other=$(calc "log(0.75 * 1e-6 / 65536 * (0.5 * $low + 0.5 * 2 * exp(-18) * $low))")
  diff - scored.csv <<END
dir,len,iat,state,log_likelihood
1,200,0,1,$(calc "log(0.75 * (0.8 * (1 - 1e-6)) * (0.5 * $low + 0.5 * 2 * exp(-18) * $low))")
0,100,999000,1,$(calc "log(0.25 * (0.2 * (1 - 1e-6)) * (0.5 * exp(-4.5) * $low + 0.5 * 2 * $low))")
1,300,0,1,$other
END
}

@test "the loops over states are right, and the same bits with all vectors" {
  need gcc
  local bits arch=()
  [ "$(uname -m)" != x86_64 ] || arch=(-march=x86-64-v2)
  for bits in 128 256 512; do
    gcc -std=c17 -O2 -ffp-contract=off "${arch[@]}" -D_GNU_SOURCE "-DVEC_MOST=$bits" "-I$root/common" \
      "-I$root/cmd/hmm-train" -o kernels "$root/tests/unit/kernels.c" \
      "$root/cmd/hmm-train/kernels.c" "$root/common/rng.c" -lm
    ./kernels >"$bits"
  done
  cmp 128 256
  cmp 128 512
}

@test "real packets: the 40 fits of the sweep are sound, and as likely as EM in NumPy makes them" {
  need_python numpy
  skype
  run -0 --separate-stderr hmm-train --scores=scores.tsv train.csv -o sweep.hmm
  diff <(printf '%s\n' "$stderr") scores.tsv
  awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { fits++; chosen += $at["chosen"]; if ($at["exit"] !~ /^(converged|max-iter)$/) bad++
      for (i = 3; i <= 7; i++) if ($i !~ /^-?[0-9]+(\.[0-9]+)?$/) bad++ }
    END { print fits, chosen, bad + 0 }' scores.tsv | diff - <(echo 40 2 0)
  # What rounding to bytes and to ms makes of the packets is not taken for states (25 and 35 would be).
  awk -F '\t' '$10 == 1 && $2 > 24 { bad = 1 } END { exit bad }' scores.tsv
  # The model says of its own packets what the fit said.
  hmm-train --score=sweep.hmm train.csv 2>&1 >/dev/null | sed 's/.*, \(.*\) a packet/\1/' |
    diff - <(awk -F '\t' '$10 == 1 { print $5 }' scores.tsv)
  # Fits from their starts, as many iterations of each.
  local states
  states=$(seq 1 2 39 | some 4)
  for k in $states; do
    hmm-train -q --exact --states="$k" --max-iterations=0 train.csv -o "$k.start"
    hmm-train -q --exact --start="$k.start" --max-iterations=10 --tolerance=0 --scores="$k.tsv" train.csv -o /dev/null
    sed 1d "$k.tsv" >>ours
  done
  # shellcheck disable=SC2046,SC2086 # words
  /usr/bin/python3 "$peer" 10 train.csv $(printf '%s.start\n' $states) >theirs
  [ "$(wc -l <theirs)" -eq $((WEIR_LONG ? 40 : 10)) ]
  join -t $'\t' <(awk -F '\t' '{ print $1 $2 "\t" $5 }' ours | sort) \
    <(awk -F '\t' '{ print $1 $2 "\t" $3 }' theirs | sort) >both
  awk '$2 < $3 - 0.001 { print; bad = 1 } END { exit bad || NR < 10 }' both
}

@test "a chain of several blocks of packets: EM, states and likelihoods as in NumPy" {
  need_python numpy
  by_hand | sed 's/0\.7213475204444817/0.01/; s/^state 0.6 0 0/state 0.6 0.1 2/' >hand.hmm
  /usr/bin/python3 "$draw" hand.hmm 40000 1 1 | sed 's/^0,//; s/^flow,//' >long.csv
  # Times of their own or few times: with and without a table of densities.
  awk -F , -v OFS=, 'NR > 1 { $3 = sprintf("%.0f", int($3 / 100000) * 100000) } 1' long.csv >coarse.csv
  # Nine states make three blocks of 40,000 packets.
  hmm-train -q --states=9 --max-iterations=2 long.csv -o nine.hmm
  for table in long coarse; do
    hmm-train -q --exact --start=nine.hmm --max-iterations=1 --tolerance=0 --scores=scores.tsv $table.csv -o /dev/null
    ours=$(sed 1d scores.tsv | cut -f 5)
    theirs=$(/usr/bin/python3 "$peer" 1 $table.csv nine.hmm | cut -f 3)
    awk "BEGIN { d = $ours - $theirs; exit !(d < 1e-6 && d > -1e-6) }"
    hmm-train -q --exact --score=nine.hmm $table.csv | sed 1d | cut -d , -f 4- >ours.csv
    /usr/bin/python3 "$peer" --packets 0 $table.csv nine.hmm | paste -d , ours.csv - |
      awk -F , '$1 != $3 || $2 - $4 > 2e-6 || $4 - $2 > 2e-6 { bad++ } END { exit bad > 0 || NR != 40000 }'
  done
}

@test "the clock is the model's, whatever steps the packets scored have" {
  by_hand >hand.hmm
  # Alone, the first packet would have a clock of 20 ms.
  printf '1,200,20000000\n' | { echo dir,len,dir_iat; cat; } | hmm-train -q --score=hand.hmm >alone.csv
  printf '1,200,20000000\n1,200,20000001\n' | { echo dir,len,dir_iat; cat; } | hmm-train -q --score=hand.hmm | head -n 2 |
    cmp - alone.csv
  # So it would where a model goes on learning from it.
  printf '1,200,20000000\n' | { echo dir,len,dir_iat; cat; } >alone.csv
  hmm-train -q --start=hand.hmm --max-iterations=0 alone.csv | grep -qx 'resolution 1'
  sed -i 's/^resolution 1$/resolution 6000000/' hand.hmm
  hmm-train -q --start=hand.hmm --max-iterations=0 alone.csv | grep -qx 'resolution 2000000'
}

@test "a table whose packets have no time, or that has none, can be scored, too" {
  by_hand >hand.hmm
  printf 'len,dir,dir_iat\n7,1,\n' | hmm-train --score=hand.hmm 2>notes |
    diff - <(printf 'len,dir,dir_iat,state,log_likelihood\n7,1,,,\n')
  diff - notes <<<"hmm-train: 1 packet without 'dir_iat' left out"
  printf 'len,dir,dir_iat\n' | hmm-train --score=hand.hmm | diff - <(echo len,dir,dir_iat,state,log_likelihood)
}

@test "a model with lengths one by one goes on with packets of other lengths" {
  printf '%s\n' 'weir-hmm 1' 'made by hand' 'seed 1' 'iat dir_iat' 'resolution 1' 'emission discrete-len' \
    'chains 1' 'chain forward 2 3 max-iter 0 0' 'state 1' 'lengths 2 100:0.25 200:0.75' 'times 1 1 0 1' 'to 1 0' \
    'state 0' 'lengths 1 300:1' 'times 1 1 3 1' 'to 0.5 0.5' >hand.hmm
  # Nothing is learnt: nothing is lost.
  packets 50 200 250 | hmm-train -q --start=hand.hmm --max-iterations=0 >same.hmm
  diff <(grep -A 1 -e ^state -e ^lengths hand.hmm) <(grep -A 1 -e ^state -e ^lengths same.hmm)
  # All packets come from state 1, whose lengths are theirs, new ones too; the other one, which nothing leads to, has
  # what it had, and a hundredth for the new ones.
  packets 50 200 250 200 | hmm-train -q --start=hand.hmm --tolerance=0 >more.hmm
  awk '$1 == "lengths" { split($3 ":" $4 ":" $5, p, ":"); printf "%s %s:%.4f %s:%.4f %s:%.4f\n", $2, p[1], p[2], p[3], p[4], p[5], p[6] }' \
    more.hmm | diff - <(echo 3 50:0.2500 200:0.5000 250:0.2500; echo 3 50:0.0050 250:0.0050 300:0.9900)
  hmm-train -q --score=more.hmm <(packets 50 200 250) >scored.csv
  sound more.hmm scored.csv
}

@test "packets far from every state that can be reached" {
  need_python numpy
  # State 3 is near the long packets but nothing leads there.
  printf '%s\n' 'weir-hmm 1' 'made by hand' 'seed 1' 'iat dir_iat' 'resolution 1' 'emission gaussian' \
    'chains 1' 'chain forward 3 3 max-iter 0 0' 'state 0.5 0.1 1 1e-8 0 1e-8' 'to 0.5 0.5 0' \
    'state 0.5 0.2 1 1e-6 0 1e-8' 'to 0.25 0.75 0' 'state 0 0.9 1 1e-8 0 1e-8' 'to 0.25 0.25 0.5' >far.hmm
  packets 150 1350 300 300 1351 149 65535 | sed '2,$s/0$/9000/' >far.csv
  hmm-train -q --exact --score=far.hmm far.csv | sed 1d | cut -d , -f 4- >ours.csv
  /usr/bin/python3 "$peer" --packets 0 far.csv far.hmm | diff ours.csv -
  cut -d , -f 1 ours.csv | sort -u | diff - <(printf '%s\n' 1 2)
  hmm-train -q --exact --start=far.hmm --max-iterations=5 --floor=1e-8 --scores=scores.tsv far.csv -o out.hmm
  sound out.hmm scores.tsv
}

# near LIMIT FILE FILE: the files have the same words, but for numbers, which differ by no more.
near() {
  paste -d '\n' "$2" "$3" | awk -v limit="$1" '
    NR % 2 { n = split($0, want); next }
    { if (split($0, got) != n) { print "other lines: " $0; exit bad = 1 }
      for (i = 1; i <= n; i++) {
        d = got[i] - want[i]
        if (got[i] ~ /^[-0-9]/ ? d > limit || d < -limit : got[i] != want[i]) {
          print "line " NR / 2 ", word " i ": " got[i] ", not " want[i]; bad = 1 } } }
    END { exit bad }'
}

# coupled: two states forward and three backward, which look at each other.
coupled() {
  cat <<'END'
weir-hmm 1
made by hand
seed 1
iat dir_iat
resolution 1
emission gaussian
chains 2
chain forward 2 4 converged 1 0
state 0.6 0.1 1.5 0.01 0 0.2
to 0.7 0.3
state 0.4 0.5 2 0.02 0.01 0.3
to 0.4 0.6
chain backward 3 4 converged 1 0
state 0.5 0.2 1 0.01 0 0.2
to 0.2 0.5 0.3
state 0.3 0.6 2.5 0.03 0 0.1
to 0.3 0.4 0.3
state 0.2 0.9 2 0.02 -0.01 0.4
to 0.25 0.25 0.5
coupling forward 4
beside 1 1 0.9 0.1
beside 1 3 0.2 0.8
beside 2 2 0.1 0.9
beside 2 3 0.95 0.05
coupling backward 3
beside 1 2 0.1 0.1 0.8
beside 2 1 0.8 0.1 0.1
beside 3 1 0.05 0.9 0.05
END
}

@test "coupled chains: likelihoods, states and a step of EM as all ways together make them" {
  coupled >pair.hmm
  cat >few.csv <<'END'
flow,dir,len,dir_iat
1,1,150,30000
1,0,900,200000
1,0,300,9000
1,1,700,110000
1,1,200,20000
1,0,1300,90000
2,0,500,12000
2,0,1000,300000
2,1,400,60000
3,1,120,40000
3,1,900,30000
END
  /usr/bin/python3 "$root/tests/python/coupled_peer.py" pair.hmm few.csv 2 >want
  run -0 --separate-stderr hmm-train --exact --score=pair.hmm few.csv
  sed 1d <<<"$output" | cut -d , -f 5- | diff - <(grep , want)
  [[ "$stderr" == "hmm-train: both: 11 packets, log-likelihood "* ]]
  # A flow of one direction is as likely alone as among others.
  sed '2,/^2,1/d' few.csv | hmm-train -q --exact --score=pair.hmm | tail -n 2 | diff - <(tail -n 2 <<<"$output")
  sed '/^coupling/,$d' pair.hmm >apart.hmm
  cat >by.awk <<'END'
$1 == "coupling" { dir = $2 }
$1 == "beside" { printf "%s %s %s", dir, $2, $3; for (i = 4; i <= NF; i++) printf " %.6f", $i; print "" }
END
  hmm-train --exact --start=apart.hmm --max-iterations=1 --tolerance=0 --coupled --prior=2 few.csv 2>said >once.hmm
  # With a step of EM the chains themselves move, so the coupling is of their rows.
  sed '/^coupling/,$d' once.hmm >moved.hmm
  /usr/bin/python3 "$root/tests/python/coupled_peer.py" moved.hmm few.csv 2 | grep -v , >rows
  awk -f by.awk once.hmm | near 2e-6 rows /dev/stdin
  grep -q '^hmm-train: coupled: log-likelihood .* a packet, .* apart; max-iter after 1 steps$' said
}

@test "coupled chains are learnt back from what trafgen draws of them, over several blocks" {
  # States that are far from each other, so that it is the coupling alone that has to be found.
  coupled | sed '/^state/s/ 0.0[123] [-0.]*1* 0.[1-4]$/ 0.0001 0 0.0001/; /^state/s/ 0.03 0 0.1$/ 0.0001 0 0.0001/' >true.hmm
  [ "$(grep -c '^state.*0.0001 0 0.0001$' true.hmm)" = 5 ]
  trafgen -q -n 40000 true.hmm | cut -d , -f 3-6 >series.csv
  sed '/^coupling/,$d' true.hmm >apart.hmm
  hmm-train --start=apart.hmm --coupled --prior=0.1 series.csv 2>said >learnt.hmm
  # Of each row that was given, and of those that are the chain's own. States of the start come first.
  rows() {
    awk '$1 == "chain" { dir = $2; state = 0 }
      $1 == "to" { state++; own[dir, state] = substr($0, 4) }
      $1 == "coupling" { dir = $2 }
      $1 == "beside" { text = ""; for (i = 4; i <= NF; i++) text = text " " $i; row[dir, $2, $3] = substr(text, 2) }
      END { n["forward"] = 2; n["backward"] = 3
        for (dir in n) for (i = 1; i <= n[dir]; i++) for (j = 1; j <= 5 - n[dir]; j++)
          print dir, i, j, ((dir, i, j) in row) ? row[dir, i, j] : own[dir, i] }' "$1" | sort
  }
  near 0.04 <(rows true.hmm) <(rows learnt.hmm)
  # Chains apart see none of it; and scoring says what learning said.
  run -1 near 0.04 <(rows true.hmm) <(sed '/^coupling/,$d' learnt.hmm | rows /dev/stdin)
  hmm-train --score=learnt.hmm series.csv 2>&1 >/dev/null | sed -n 's/.*, \(.*\) a packet$/\1/p' |
    diff - <(sed -n 's/.*coupled: log-likelihood \([^ ]*\) a packet.*/\1/p' said)
  awk '/coupled:/ { n++; bad = !($4 > $7 + 0.1) } END { exit n != 1 || bad }' <(tr -d , <said | sed 's/hmm-train: //')
}

@test "real dialogues that it has not seen are likelier to coupled chains" {
  local kind part model
  for kind in web chat; do
    for part in 1,2,3,4,5,6 7,8,9,10,11,12; do
      eval "pcap2feat -q --fields=flow,dir,len,dir_iat,iat '$testdata/lab/$kind'.{$part}.pcap" >"$part.csv"
    done
    hmm-train -q --floor=0.001 --states=10 1,2,3,4,5,6.csv >apart.hmm
    hmm-train -q --floor=0.001 --states=10 --coupled 1,2,3,4,5,6.csv >coupled.hmm
    for model in apart coupled; do
      hmm-train --score=$model.hmm 7,8,9,10,11,12.csv 2>&1 >/dev/null |
        awk '/log-likelihood/ { n += $3; all += $6 } END { print all / n }' >$model
    done
    awk 'NR == 1 { apart = $1 } NR == 2 { exit !($1 > apart + 0.05) }' apart coupled
  done
}

@test "a chain of three states over 200 flows is learnt back" {
  need_python numpy
  printf '%s\n' 'weir-hmm 1' 'made by hand' 'seed 1' 'iat dir_iat' 'resolution 1' 'emission gaussian' \
    'chains 1' 'chain forward 3 0 converged 0 0' \
    'state 0.6 0.1 1.5 0.0004 0 0.04' 'to 0.8 0.15 0.05' \
    'state 0.3 0.25 3 0.0009 0.003 0.09' 'to 0.1 0.6 0.3' \
    'state 0.1 0.7 2 0.0025 -0.005 0.04' 'to 0.3 0.2 0.5' >true.hmm
  /usr/bin/python3 "$draw" true.hmm 100 200 1 >series.csv
  hmm-train --states=1:6 --restarts=2 series.csv 2>scores.tsv >learnt.hmm
  # BIC finds their number, and the states come in any order: sorted by their lengths here.
  grep -q '^chain forward 3 20000 converged' learnt.hmm
  sorted() {
    awk '$1 == "state" { n++; start[n] = $2; mean[n] = $3; rest[n] = $4 " " $5 " " $6 " " $7 }
      $1 == "to" { for (j = 1; j <= 3; j++) to[n, j] = $(j + 1) }
      END { for (i = 1; i <= 3; i++) { at = 1; for (j = 1; j <= 3; j++) at += mean[j] < mean[i]; o[at] = i }
        for (i = 1; i <= 3; i++) { print mean[o[i]], rest[o[i]] >"plane." name
          print start[o[i]] >"starts." name
          print to[o[i], o[1]], to[o[i], o[2]], to[o[i], o[3]] >"moves." name } }' name="$1" "$2"
  }
  sorted true true.hmm
  sorted learnt learnt.hmm
  near 0.015 moves.true moves.learnt
  near 0.01 plane.true plane.learnt
  near 0.1 starts.true starts.learnt
}

@test "a joint chain with lengths one by one is learnt back" {
  need_python numpy
  printf '%s\n' 'weir-hmm 1' 'made by hand' 'seed 1' 'iat iat' 'resolution 1' 'emission discrete-len' \
    'chains 1' 'chain both 2 0 converged 0 0' \
    'state 0.5 0.9' 'lengths 2 60:0.3 1500:0.7' 'times 2 0.4 1 0.01 0.6 2 0.04' 'to 0.9 0.1' \
    'state 0.5 0.2' 'lengths 3 40:0.5 60:0.25 800:0.25' 'times 2 0.5 3 0.01 0.5 4 0.09' 'to 0.2 0.8' >true.hmm
  /usr/bin/python3 "$draw" true.hmm 20000 1 1 >series.csv
  hmm-train -q --joint --emission=discrete-len --times=2 --states=2 series.csv >learnt.hmm
  # A state by its place, however often its other lengths come: those are rarer than 1e-6.
  plain() {
    sed -n '/^chain/,$p' "$1" | awk '$1 == "state" { print $1, $3; next }
      $1 == "lengths" { out = $1
        for (i = 3; i <= NF; i++) { split($i, p, ":"); if (p[2] > 1e-3) out = out " " p[1] " " p[2] }
        print out; next }
      $1 != "chain"'
  }
  plain true.hmm >true
  plain learnt.hmm >learnt
  if [ "$(sed -n 1p learnt | cut -c 7-9)" = 0.2 ] || ! near 0.02 true learnt; then
    # The other way round.
    { sed -n 5,7p learnt; awk 'NR == 8 { print $1, $3, $2 }' learnt; sed -n 1,3p learnt
      awk 'NR == 4 { print $1, $3, $2 }' learnt; } >turned
    near 0.02 true turned
  fi
}

@test "flows may alternate in the table; every row keeps its place, its columns and its states" {
  by_hand >hand.hmm
  cat >two.csv <<'END'
note,flow,dir,len,dir_iat
"a, b",x,1,0,
c,x,1,0,0
d,y,1,1500,0
e,x,1,1500,0
f,y,0,40,0
g,y,1,1500,0
h,x,1,0,0
END
  run -0 --separate-stderr hmm-train --score=hand.hmm two.csv
  cut -d , -f 1-6 <<<"$output" | diff - <(
    sed '1s/$/,state/; s/a, b",x,1,0,$/&,/; /^f/s/$/,/; /^[ceh]/s/$/,1/; /^[dg]/s/$/,2/' two.csv | cut -d , -f 1-6)
  [ "${stderr_lines[0]}" = "hmm-train: 1 packet without 'dir_iat' left out" ]
  [ "${stderr_lines[2]}" = "hmm-train: 'hand.hmm' has no chain of the 1 backward packet" ]
  # The two packets of y have the likelihoods that they have alone, through a pipe, as TSV.
  hmm-train -q --score=hand.hmm two.csv | grep -E '^[dg]' | sed 's/.*,//' >here
  packets 1500 1500 | tr , '\t' | hmm-train -q --score=hand.hmm >alone.tsv
  head -n 1 alone.tsv | grep -q "^dir	len	dir_iat	state	log_likelihood$"
  sed '1d; s/.*\t//' alone.tsv | diff - here
  run -1 --separate-stderr hmm-train -q --csv --score=hand.hmm alone.tsv
  [ "$stderr" = "hmm-train: alone.tsv:1: there is a column 'state' already" ]
  hmm-train -q --csv --score=hand.hmm <(cut -f 1-3 alone.tsv) | diff - <(tr '\t' , <alone.tsv)
}

@test "the same bytes for any number of threads, and another model for another seed" {
  pcap2feat -q --fields=flow,dir,len,dir_iat,iat "$testdata/lab/web.1.pcap" >web.csv
  for j in 1 2 3; do
    hmm-train -j "$j" --states=1:9:2 --restarts=2 web.csv >"$j.hmm" 2>"$j.tsv"
  done
  cmp 1.hmm 2.hmm
  cmp 1.hmm 3.hmm
  cmp 1.tsv 2.tsv
  run -1 cmp -s 1.hmm <(hmm-train -q --states=1:9:2 --restarts=2 --seed=2 <web.csv)
  # A model is its own start, to the last digit.
  hmm-train -q --start=1.hmm --max-iterations=0 web.csv | grep '^to\|^state' | diff - <(grep '^to\|^state' 1.hmm)
}

@test "clusters of each kind are another start, and restarts take the kinds in turn" {
  pcap2feat -q --fields=dir,len,dir_iat,iat "$testdata/lab/web.1.pcap" >web.csv
  local kind joint
  for joint in '' --joint; do
    for kind in packet context stretch; do
      # Without a step of EM the likelihoods are those of the starts.
      hmm-train -q $joint --states=5 --max-iterations=0 --clusters=$kind --scores=$kind.tsv web.csv >$kind.hmm
    done
    [ "$(tail -qn 1 packet.tsv context.tsv stretch.tsv | sort -u | wc -l)" = 3 ]
    cmp <(hmm-train -q --states=5 --max-iterations=0 $joint web.csv | sed 1,2d) \
      <(sed 1,2d "$([ "$joint" ] && echo stretch || echo packet).hmm")
  done
  hmm-train -q --states=9 --max-iterations=0 --restarts=3 --scores=three.tsv web.csv >three.hmm
  hmm-train -q --states=9 --max-iterations=0 --restarts=1 --scores=one.tsv web.csv >one.hmm
  run -1 cmp -s three.tsv one.tsv
}

@test "few packets, one direction, all alike, no time between them: sound models" {
  local emission joint
  printf 'dir,len,iat,dir_iat\n1,100,0,0\n' >one.csv
  { cat one.csv; printf '0,100,5000,7000\n%.0s' {1..50}; } >alike.csv
  { cat one.csv; printf '1,%s,0,0\n' {60..110}; } >untimed.csv
  { cat one.csv; printf '1,100,7,7\n0,65535,%s,%s\n' 281474976710655{,} 1 1; } >wide.csv
  for joint in '' --joint --coupled; do
    for emission in gaussian discrete-len; do
      for table in one alike untimed wide; do
        hmm-train --states=1,2,7,40 --restarts=2 $joint --emission=$emission $table.csv -o out.hmm 2>scores.tsv
        hmm-train -q --score=out.hmm $table.csv >scored.csv
        sound out.hmm scores.tsv scored.csv
      done
    done
  done
  run -0 --separate-stderr hmm-train --states=7 one.csv
  grep -q '^chain forward 1 1 degenerate' <<<"$output"
  [ "${stderr_lines[0]}" = 'hmm-train: there are no backward packets' ]
  hmm-train -q --states=4096 untimed.csv | grep -q '^chain forward 51 52 degenerate'
}

@test "what the command line and tables can get wrong" {
  # Told before the fits, which would take long.
  packets {1..40} >forty.csv
  run -1 --separate-stderr timeout 5 hmm-train --states=40 --restarts=10000 --tolerance=0 --scores=no/scores forty.csv
  [ "$stderr" = "hmm-train: no/scores: No such file or directory" ]
  awk 'BEGIN { print "dir,len,dir_iat"; for (i = 0; i < 800; i++) print i % 2 "," i ",0" }' >many.csv
  run -1 --separate-stderr timeout 5 hmm-train --coupled --states=300:400:50 --restarts=10000 --tolerance=0 many.csv
  [ "$stderr" = "hmm-train: 300 and 300 states are too many to couple: fewer --states" ]
  by_hand >hand.hmm
  packets 0 1500 >two.csv
  run -2 --separate-stderr hmm-train --states=1000000 two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --states: '1000000' is not in 1..4096" ]
  run -2 --separate-stderr hmm-train --start=hand.hmm --states=3 two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --states and --start: the model says that" ]
  refuses "only one of the model and the table can be standard input" hmm-train --start=-
  refuses "only one of the model and the table can be standard input" hmm-train --score=- -
  run -2 --separate-stderr hmm-train --score=hand.hmm --max-iterations=3 two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --max-iterations has no use with --score" ]
  run -2 --separate-stderr hmm-train --times=2 two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --times has no use without --emission=discrete-len" ]
  run -2 --separate-stderr hmm-train --prior=2 two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --prior has no use without --coupled" ]
  run -2 --separate-stderr hmm-train --coupled --joint two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --coupled and --joint: either two chains or one" ]
  run -2 --separate-stderr hmm-train --coupled --iat=iat two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --coupled and --iat=iat: chains of their own have times of their own (dir_iat)" ]
  run -2 --separate-stderr hmm-train --coupled --score=hand.hmm two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --coupled has no use with --score" ]
  run -0 --separate-stderr hmm-train --coupled two.csv
  [ "${stderr_lines[-1]}" = "hmm-train: there is one chain alone, which is coupled with none" ]
  coupled >pair.hmm
  run -0 --separate-stderr hmm-train --start=pair.hmm --max-iterations=0 two.csv
  [ "${stderr_lines[0]}" = "hmm-train: 'pair.hmm' is coupled, which is left out (--coupled learns it anew)" ]
  sed '/^coupling/,$d; s/^iat .*/iat iat/' pair.hmm >iat.hmm
  run -1 --separate-stderr hmm-train --start=iat.hmm --coupled two.csv
  [ "$stderr" = "hmm-train: 'iat.hmm' learnt from iat, and --coupled needs times of each direction (dir_iat)" ]
  sed 's/^iat .*/iat iat/; s/^chains 2/chains 1/; s/^chain forward/chain both/; /^chain backward/,$d; s/^state 0.[64]/& 0.5/' \
    pair.hmm >joint.hmm
  run -1 --separate-stderr hmm-train --start=joint.hmm --coupled two.csv
  [ "$stderr" = "hmm-train: 'joint.hmm' is a joint model, and --coupled needs a chain for each direction" ]
  run -2 --separate-stderr hmm-train --tsv two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --csv and --tsv have no use without --score" ]
  run -2 --separate-stderr hmm-train --scores=two.csv two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --scores: 'two.csv' is an input file" ]
  run -2 --separate-stderr hmm-train --scores=- two.csv
  [ "${stderr_lines[0]}" = "hmm-train: --scores and --output are the same file" ]
  for option in --score --start; do
    run -2 --separate-stderr hmm-train $option=hand.hmm -o ./hand.hmm two.csv
    [ "${stderr_lines[0]}" = "hmm-train: --output: './hand.hmm' is an input file" ]
  done
  run -1 --separate-stderr hmm-train --joint two.csv
  [[ "$stderr" == "hmm-train: two.csv:1: there is no column 'iat'"* ]]
  head -n 1 two.csv >none.csv
  run -1 --separate-stderr hmm-train none.csv
  [ "$stderr" = "hmm-train: none.csv: there is no packet with a 'dir_iat'" ]
  run -1 --separate-stderr hmm-train --start=two.csv two.csv
  [ "$stderr" = "hmm-train: two.csv:1: is not an HMM of version 1 (it would begin with 'weir-hmm 1')" ]
  sed 's/^1/0/' two.csv >backward.csv
  run -1 --separate-stderr hmm-train -q --start=hand.hmm backward.csv
  [ "$stderr" = "hmm-train: 'hand.hmm' has no chain of these packets" ]
  run -1 hmm-train -q two.csv -o /dev/full
}

@test "models that are not whole or not sound are refused with the line" {
  by_hand >hand.hmm
  packets 0 1500 >two.csv
  refused() {
    run -1 --separate-stderr hmm-train --score=bad.hmm two.csv
    [ "$stderr" = "hmm-train: bad.hmm$1" ] || { echo "$stderr"; return 1; }
  }
  for n in $(seq 1 11); do
    head -n "$n" hand.hmm >bad.hmm
    run -1 --separate-stderr hmm-train --score=bad.hmm two.csv
    [[ "$stderr" == "hmm-train: bad.hmm:$n: the file ends before its line '"*"'" ]]
  done
  head -c -1 hand.hmm >bad.hmm && refused ':12: the file ends in the middle of this line'
  : >bad.hmm && refused ": is empty (a model begins with 'weir-hmm 1')"
  sed 's/^to 0.7/to 0.8/' hand.hmm >bad.hmm && refused ':10: the probabilities sum to 1.1, not to 1'
  sed 's/^state 0.6/state 0.7/' hand.hmm >bad.hmm && refused ':12: the start probabilities sum to 1.1, not to 1'
  sed 's/^to 0.7 0.3/to -0.7 1.7/' hand.hmm >bad.hmm && refused ":10: probability '-0.7' is not in 0..1"
  sed 's/^to 0.7 0.3/to 0.7 0.3 0/' hand.hmm >bad.hmm && refused ":10: '0' is too much"
  sed 's/4817 0 1$/4817 2 1/' hand.hmm >bad.hmm && refused ':9: the covariance is not positive definite'
  sed 's/4817 0 1$/4817 nan 1/' hand.hmm >bad.hmm && refused ":9: covariance 'nan' is not a number"
  sed 's/0 0.7213475204444817 0 1$/0 1e-320 0 1/' hand.hmm >bad.hmm &&
    refused ":9: variance '1e-320' is not in 1e-30..1e+12"
  sed 's/0 0.7213475204444817 0 1$/0 1 1e-15 1.5e-30/' hand.hmm >bad.hmm &&
    refused ':9: the covariance is not positive definite'
  sed 's/0 0.7213475204444817 0 1$/1e12 1 0 1e-30/' hand.hmm >bad.hmm
  hmm-train -q --score=bad.hmm two.csv >scored.csv && sound scored.csv
  sed 's/^chain forward/chain sideways/' hand.hmm >bad.hmm && refused ":8: 'sideways' is not forward, backward or both"
  sed 's/^chain forward 2/chain forward 4097/' hand.hmm >bad.hmm &&
    refused ":8: number of states '4097' is not in 1..4096"
  sed 's/max-iter/tired/' hand.hmm >bad.hmm && refused ":8: 'tired' is no exit state"
  sed 's/gaussian/poisson/' hand.hmm >bad.hmm && refused ':6: emission is gaussian or discrete-len'
  { cat hand.hmm; echo more; } >bad.hmm && refused ':13: the model is complete, and here is one more line'
  { sed 's/^chains 1/chains 2/' hand.hmm; sed -n '8,$p' hand.hmm; } >bad.hmm && refused ":13: a second chain 'forward'"
  { sed 's/^chains 1/chains 2/' hand.hmm; echo 'chain both 1 1 converged 0 0'; } >bad.hmm &&
    refused ":13: a chain 'both' beside another"
  discrete() {
    printf '%s\n' 'weir-hmm 1' 'made x' 'seed 1' 'iat iat' 'resolution 1' 'emission discrete-len' 'chains 1' \
      'chain forward 1 1 converged 0 0' 'state 1' "$@" >bad.hmm
  }
  discrete 'lengths 2 60:0.5 60:0.5' && refused ':10: the lengths of a state stand in order, each once'
  discrete 'lengths 1 60' && refused ":10: a length stands as LEN:P, not '60'"
  discrete 'lengths 1 60:1' 'times 1 1 0 0' && refused ":11: variance '0' is not in 1e-30..1e+12"
  changed() { coupled | sed "$1" >bad.hmm && refused "$2"; }
  changed 's/^coupling forward/coupling backward/' ":20: here comes the coupling of the chain 'forward'"
  changed 's/^coupling forward 4/coupling forward 7/' ":20: number of rows '7' is not in 0..6"
  changed 's/^coupling forward 4/coupling forward 3/' ":24: a line 'coupling' should stand here, not 'beside'"
  changed 's/^beside 1 3 0.2/beside 1 4 0.2/' ":22: state of the other chain '4' is not in 1..3"
  changed 's/^beside 1 3 0.2/beside 1 1 0.2/' ':22: rows of a coupling stand by state, then by that of the other chain, each once'
  changed 's/^beside 1 3 0.2/beside 1 3 0.4/' ':22: the probabilities sum to 1.2, not to 1'
  changed 's/^iat .*/iat iat/' ":20: chains are coupled whose times are those of directions, not of 'iat'"
  changed '/^coupling backward/,$d' ":24: the file ends before its line 'coupling'"
  changed '$a beside 3 3 0.1 0.1 0.8' ':29: the model is complete, and here is one more line'
  { cat hand.hmm; coupled | sed -n '/^coupling/,$p'; } >bad.hmm && refused ':13: the model is complete, and here is one more line'
  coupled | head -c -1 >bad.hmm && refused ':28: the file ends in the middle of this line'
}
