# gmm-code: packets to tokens and back.
load helper

# model FILE [COLUMN]: two components forward (100 bytes every 10 ms, 1500 every 1 ms, a quarter of
# the packets), one backward (60 bytes every 20 ms).
model() {
  cat >"$1" <<END
weir-gmm 1
made by hand
seed 1
iat ${2-dir_iat}
resolution 1000000
mixtures 2
mixture forward 2 40 converged 1 0
component 0.75 0.066666666666666666 4.00004343 1e-09 0 1e-09
component 0.25 1 3.00043408 1e-09 0 1e-09
mixture backward 1 20 converged 1 0
component 1 0.04 4.30105171 1e-09 0 1e-09
END
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  model m.gmm
}

@test "each packet has the component that it most likely belongs to" {
  cat >in.csv <<'END'
dir,len,dir_iat
1,100,10000000
1,1500,1000000
0,60,20000000
0,1500,1
1,300,9000000
1,1499,1100000
END
  run -0 --separate-stderr gmm-code m.gmm in.csv
  [ -z "$stderr" ]
  [ "$output" = "dir,len,dir_iat,token
1,100,10000000,f1
1,1500,1000000,f2
0,60,20000000,b1
0,1500,1,b1
1,300,9000000,f1
1,1499,1100000,f2" ]
}

@test "weights count, and of equals the first is taken" {
  sed 's/^component 0.75 .*/component 0.75 0.4 4 0.01 0 0.01/; s/^component 0.25 .*/component 0.25 0.6 4 0.01 0 0.01/' m.gmm >near.gmm
  # 750 bytes stand in the middle: by weight the first; 10 bytes more and the second is as likely,
  # where 0.2 (len / 1500 - 0.5) / 0.01 is ln 3: at 832.4 bytes.
  printf '%s\n' dir,len,dir_iat 1,750,9999000 1,832,9999000 1,833,9999000 >in.csv
  [ "$(gmm-code near.gmm in.csv | cut -d , -f 4 | paste -sd ' ')" = "token f1 f1 f2" ]
  sed -i 's/component 0.[27]5/component 0.5/' near.gmm
  [ "$(gmm-code near.gmm in.csv | cut -d , -f 4 | paste -sd ' ')" = "token f1 f2 f2" ]
}

@test "other columns pass as they are; rows without a time are counted" {
  printf '%s\n' 'note,"a ""b""",dir,len,dir_iat,iat' '"x,y", 1 ,1,100,10000000,' '"two
lines",,0,60,20000000,5' 'first,,0,60,,5' >in.csv
  run -0 --separate-stderr gmm-code m.gmm in.csv
  [ "$stderr" = "gmm-code: 1 packet without a 'dir_iat' left out" ]
  [ "$output" = 'note,"a ""b""",dir,len,dir_iat,iat,token
"x,y", 1 ,1,100,10000000,,f1
"two
lines",,0,60,20000000,5,b1' ]
  run -0 --separate-stderr gmm-code -q --tsv m.gmm in.csv
  [ -z "$stderr" ]
  [ "${lines[1]}" = 'x,y	" 1 "	1	100	10000000		f1' ]
  gmm-code -q --tsv m.gmm in.csv | gmm-code -q --csv m.gmm <(printf 'dir\tlen\tdir_iat\n1\t1500\t1000000\n') >out.csv
  [ "$(<out.csv)" = "dir,len,dir_iat,token
1,1500,1000000,f2" ]
}

@test "back: clocks of both directions, merged by time, forward first" {
  printf '%s\n' token b1 f1 f1 f2 b1 f1 >tokens.csv
  # Forward at 10, 20, 21, 31 ms; backward at 20 and 40 ms; the start is the first of all.
  run -0 --separate-stderr gmm-code -d --mean m.gmm tokens.csv
  [ "$output" = "ts,flow,dir,len,dir_iat,iat,token
1767225600.000000000,1,1,100,,,f1
1767225600.010000000,1,1,100,10000000,10000000,f1
1767225600.010000000,1,0,60,,0,b1
1767225600.011000000,1,1,1500,1000000,1000000,f2
1767225600.021000000,1,1,100,10000000,10000000,f1
1767225600.030000000,1,0,60,20000000,9000000,b1" ]
}

@test "back, where iat was learnt: one clock, in the order of the tokens" {
  model joint.gmm iat
  printf 'token\tnote\nb1\tx\nf1\ty\nf1\t\nb1\tz\n' >tokens.tsv
  run -0 --separate-stderr gmm-code -d --mean joint.gmm tokens.tsv
  [ "$output" = "ts	flow	dir	len	dir_iat	iat	token
1767225600.000000000	1	0	60			b1
1767225600.010000000	1	1	100		10000000	f1
1767225600.020000000	1	1	100	10000000	10000000	f1
1767225600.040000000	1	0	60	40000000	20000000	b1" ]
  # Packets at the same time stay in that order, too.
  sed 's/ 4.301[0-9]* / -1 /; s/ 4.000[0-9]* / -1 /' joint.gmm >same.gmm
  [ "$(gmm-code -d --mean same.gmm tokens.tsv | cut -f 7 | paste -sd ' ')" = "token b1 f1 f1 b1" ]
}

@test "back: many flows, each with a clock of its own, in order of time" {
  printf '%s\n' 'flow,token' 'b,f1' '"a, 1",b1' 'b,f1' '"a, 1",f2' '"a, 1",f2' 'b,f1' >tokens.csv
  run -0 --separate-stderr gmm-code -d --mean m.gmm tokens.csv
  [ "$output" = 'ts,flow,dir,len,dir_iat,iat,token
1767225600.000000000,b,1,100,,,f1
1767225600.000000000,"a, 1",1,1500,,,f2
1767225600.001000000,"a, 1",1,1500,1000000,1000000,f2
1767225600.010000000,b,1,100,10000000,10000000,f1
1767225600.019000000,"a, 1",0,60,,18000000,b1
1767225600.020000000,b,1,100,10000000,10000000,f1' ]
}

@test "what is drawn: constant lengths stay, times are multiples of the resolution, as often as modelled" {
  { echo token; yes $'f1\nb1' | head -n 20000; } >tokens.csv
  gmm-code -d m.gmm tokens.csv >out.csv
  [ "$(sed 1d out.csv | cut -d , -f 3,4,7 | sort | uniq -c | awk '{ print $1, $2 }')" = "10000 0,60,b1
10000 1,100,f1" ]
  awk -F , 'NR > 1 && $5 % 1000000 { exit 1 }' out.csv
  # A component of sd 0.2 around 750 bytes, and of 10 ms within a factor of 10^0.1.
  sed 's/^component 0.75 .*/component 0.75 0.5 4 0.04 0.01 0.01/; s/^resolution .*/resolution 1/' m.gmm >wide.gmm
  gmm-code -d wide.gmm tokens.csv | awk -F , '
    NR > 1 && $3 == 1 && $5 != "" { n++; x = $4 / 1500; y = log(1 + $5 / 1000) / log(10)
      l += x; t += y; ll += x * x; tt += y * y; lt += x * y }
    function off(a, b, most) { if (a - b > most || b - a > most) { print a, b; bad = 1 } }
    END { l /= n; t /= n
      off(l, 0.5, 5 * 0.2 / sqrt(n) + 0.005); off(t, 4, 5 * 0.1 / sqrt(n))
      off(ll / n - l * l, 0.04, 0.003); off(tt / n - t * t, 0.01, 0.0005); off(lt / n - l * t, 0.01, 0.001)
      exit bad }'
  # Nothing leaves the range of what a packet can have.
  sed 's/^component 1 .*/component 1 20 5 1e4 0 100/' m.gmm >wild.gmm
  gmm-code -d wild.gmm <(echo token; yes b1 | head -n 500) >wild.csv
  [ "$(sed 1d wild.csv | cut -d , -f 4 | sort -g | sed -n '1p;$p' | paste -sd ' ')" = "0 65535" ]
  [ "$(sed 1,2d wild.csv | cut -d , -f 5 | sort -g | sed -n '1p;$p' | paste -sd ' ')" = "0 281474976000000" ]
}

@test "the same seed, the same packets; a direction of a flow draws for itself" {
  sed 's/1e-09 0 1e-09/0.01 0 0.01/' m.gmm >wide.gmm
  { echo flow,token; for i in $(seq 50); do echo x,f1; done; } >x.csv
  { echo flow,token; for i in $(seq 50); do echo x,f1; echo x,b1; echo y,f1; done; } >xy.csv
  gmm-code -d wide.gmm x.csv | cut -d , -f 2-5 >alone
  gmm-code -d wide.gmm xy.csv | grep -E '^ts|,x,1,' | cut -d , -f 2-5 | diff alone -
  # Another flow and the other direction have other numbers.
  gmm-code -d wide.gmm xy.csv | grep ,y,1, | cut -d , -f 3-5 >y
  run -1 diff -q y <(sed 1d alone | cut -d , -f 2-)
  sed '/^component 1 /s/.*/component 1 0.066666666666666666 4.00004343 0.01 0 0.01/; /^component 0.75/s/0.75/1/; /^component 0.25/d; s/forward 2/forward 1/' wide.gmm >alike.gmm
  gmm-code -d alike.gmm <(echo token; yes $'f1\nb1' | head -n 40) >alike.csv
  run -1 diff -q <(grep ',f1$' alike.csv | cut -d , -f 4) <(grep ',b1$' alike.csv | cut -d , -f 4)
  run -1 diff -q alone <(gmm-code -d --seed=2 wide.gmm x.csv | cut -d , -f 2-5)
}

@test "tokens of packets made of tokens are those tokens" {
  { echo token; for i in $(seq 300); do echo f$((i % 3 / 2 + 1)); echo b1; done; } >tokens.csv
  gmm-code -d m.gmm tokens.csv | cut -d , -f 1-6 >packets.csv
  gmm-code -q m.gmm packets.csv >again.csv
  gmm-code -d m.gmm tokens.csv | awk -F , 'NR == 1 || $5 != ""' | diff - again.csv
}

@test "an empty table gives an empty table" {
  run -0 gmm-code m.gmm <(echo dir,len,dir_iat)
  [ "$output" = "dir,len,dir_iat,token" ]
  run -0 gmm-code -d m.gmm <(echo token)
  [ "$output" = "ts,flow,dir,len,dir_iat,iat,token" ]
}

@test "what is wrong is said with its place" {
  printf '%s\n' dir,len,dir_iat 1,100,1000 2,100,1 >in.csv
  run -1 --separate-stderr gmm-code m.gmm in.csv -o out.csv
  [ "$stderr" = "gmm-code: in.csv:3: column 'dir': '2' is not in 0..1" ]
  [ ! -e out.csv ]
  sed '/backward/,$d; s/^mixtures 2/mixtures 1/' m.gmm >forward.gmm
  run -1 --separate-stderr gmm-code forward.gmm <(printf '%s\n' dir,len,dir_iat 0,1,1) -o out.csv
  [[ "$stderr" == *":2: column 'dir': '0' is backward, and the model has no mixture of that direction" ]]
  for token in x f0 f f01 f-1 F1 'f1 ' '' f99999999999999999999; do
    printf '%s\n' token f1 "\"$token\"" >tokens.csv
    run -1 --separate-stderr gmm-code -d m.gmm tokens.csv -o out.csv
    [ "$stderr" = "gmm-code: tokens.csv:3: column 'token': '$token' is no token (such as f12)" ]
  done
  printf '%s\n' token f3 >tokens.csv
  run -1 --separate-stderr gmm-code -d m.gmm tokens.csv
  [ "$stderr" = "gmm-code: tokens.csv:2: column 'token': 'f3' is no component of the model, which has 2 forward" ]
  printf '%s\n' token b1 >tokens.csv
  run -1 --separate-stderr gmm-code -d forward.gmm tokens.csv
  [ "$stderr" = "gmm-code: tokens.csv:2: column 'token': 'b1' is backward, and the model has no mixture of that direction" ]
  run -1 --separate-stderr gmm-code m.gmm <(printf '%s\n' dir,len,dir_iat,token)
  [[ "$stderr" == *":1: there is a column 'token' already" ]]
  run -1 --separate-stderr gmm-code -d m.gmm in.csv
  [[ "$stderr" == "gmm-code: in.csv:1: there is no column 'token'"* ]]
  model cap.gmm cap_iat
  run -1 --separate-stderr gmm-code -d cap.gmm tokens.csv
  [ "$stderr" = "gmm-code: the model learnt from a column 'cap_iat', and times of packets come from iat or dir_iat" ]
  sed 's/ 4.301[0-9]* / 20 /; s/^resolution .*/resolution 1/' m.gmm >slow.gmm
  run -1 --separate-stderr gmm-code -d slow.gmm <(echo token; yes b1 | head -n 20000)
  [ "$stderr" = "gmm-code: the packets of a flow last more than 100 years" ]
}

@test "wrong options" {
  run -2 --separate-stderr gmm-code
  [ "${stderr_lines[0]}" = "gmm-code: which model? (gmm-code MODEL [FILE])" ]
  run -2 --separate-stderr gmm-code a b c
  [ "${stderr_lines[0]}" = "gmm-code: one model and one file, and 'c' is one more" ]
  run -2 --separate-stderr gmm-code -
  [ "${stderr_lines[0]}" = "gmm-code: only one of the model and the table can be standard input" ]
  run -2 --separate-stderr gmm-code --mean m.gmm in.csv
  [ "${stderr_lines[0]}" = "gmm-code: --mean goes with -d" ]
}

@test "models that are none are refused with their line" {
  refused() {
    run -1 --separate-stderr gmm-code bad.gmm /dev/null
    [ "$stderr" = "gmm-code: bad.gmm$1" ] || { echo "$stderr"; return 1; }
  }
  : >bad.gmm
  refused ": is empty (a model begins with 'weir-gmm 1')"
  echo weir-tree 1 >bad.gmm
  refused ":1: is not a mixture of version 1 (it would begin with 'weir-gmm 1')"
  sed 5d m.gmm >bad.gmm
  refused ":5: a line 'resolution' should stand here, not 'mixtures'"
  sed 's/^mixtures 2/mixtures 3/' m.gmm >bad.gmm
  refused ":6: number of mixtures '3' is not in 1..2"
  sed 's/^mixtures 2/mixtures 1/' m.gmm >bad.gmm
  refused ":10: the model is complete, and here is one more line"
  sed 's/^mixture backward/mixture forward/' m.gmm >bad.gmm
  refused ":10: a second mixture 'forward'"
  sed 's/^mixture backward/mixture both/' m.gmm >bad.gmm
  refused ":10: a mixture is forward or backward, not both"
  sed 's/^mixture backward/mixture sideways/' m.gmm >bad.gmm
  refused ":10: 'sideways' is not forward, backward or both"
  sed 's/^mixture forward 2/mixture forward 4097/' m.gmm >bad.gmm
  refused ":7: number of components '4097' is not in 1..4096"
  sed 's/^mixture forward 2/mixture forward 3/' m.gmm >bad.gmm
  refused ":10: a line 'component' should stand here, not 'mixture'"
  sed 's/converged/finished/' m.gmm >bad.gmm
  refused ":7: 'finished' is no exit state"
  sed 's/^component 0.25/component 0.26/' m.gmm >bad.gmm
  refused ":9: the weights sum to 1.01, not to 1"
  sed 's/^component 0.25 1/component 0.25 nan/' m.gmm >bad.gmm
  refused ":9: mean 'nan' is not a number"
  sed 's/^\(component 0.25.*\) 1e-09 0 1e-09/\1 1 2 1/' m.gmm >bad.gmm
  refused ":9: the covariance is not positive definite"
  sed 's/^\(component 0.25.*\)/\1 1/' m.gmm >bad.gmm
  refused ":9: '1' is too much"
  head -c -10 m.gmm >bad.gmm
  refused ":11: the file ends in the middle of this line"
  head -n 10 m.gmm >bad.gmm
  refused ":10: the file ends before its line 'component'"
}
