# seq-train: series whose entropy is known, sequences, the parts, the same bytes again, and errors.
load helper

setup() {
  [ -x "${WEIR_BIN:-$root/bin}/seq-train" ] || skip "oneDNN is not installed"
  cd "$BATS_TEST_TMPDIR" || return
}

# copies SEED N: four symbols, of which each is, nine times of ten, that of two places before. The
# entropy is 0.349 nats; of what only the last one tells, ln 4 = 1.386.
copies() {
  awk -v seed="$1" -v n="$2" 'BEGIN {
    srand(seed)
    print "token"
    for (i = 0; i < n; i++) {
      x = rand() < 0.9 && i > 1 ? b : int(4 * rand())
      b = a
      a = x
      print "t" x
    }
  }'
}

# nats MODEL PART: of the network, and of the chain.
nats() { awk -v part="$2" '$1 == part { print $3, $4 }' "$1"; }

@test "both networks learn what a chain of order 1 can't know" {
  local net
  copies 1 3000 >t.csv
  for net in gru tcn; do
    seq-train -q --net=$net --hidden=16 --layers=1 --window=32 --epochs=40 --lr=0.01 -o "$net" t.csv
    nats "$net" held
    nats "$net" held | awk '$1 < 0.30 || $1 > 0.55 || $2 < 1.25 || $2 > 1.45 { exit 1 }'
  done
  # Numbers for symbols are harder, and there is no embedding.
  seq-train -q --raw-ids --hidden=16 --window=32 --epochs=40 --lr=0.01 -o raw t.csv
  nats raw held | awk '$1 > 1.0 { exit 1 }'
  grep -q '^layers gru:16,' raw
  grep -q '^layers embed:5:16,' gru
}

@test "what windows say of the held part is what steps one at a time say" {
  copies 2 2000 >t.csv
  # Two blocks see 12 symbols back, and half a window is known before what is asked for.
  seq-train -q --net=tcn --layers=2 --hidden=8 --window=32 --epochs=5 --curve=c.tsv -o m t.csv
  nats m held | awk -v curve="$(awk '$6 == 1 { best = $3 } END { print best }' c.tsv)" \
    '{ d = $1 - curve; exit !(d < 1e-4 && d > -1e-4) }'
}

@test "the same bytes for a seed, whatever -j; the curve has a row an epoch" {
  copies 3 600 >t.csv
  seq-train -q --hidden=8 --window=32 --epochs=4 -j1 --curve=c1 -o m1 t.csv
  seq-train -q --hidden=8 --window=32 --epochs=4 -j3 --curve=c3 -o m3 t.csv
  # But for how they were made, where the curve's name stands.
  cmp <(grep -v '^made' m1) <(grep -v '^made' m3)
  cmp c1 c3
  seq-train -q --hidden=8 --window=32 --epochs=4 --seed=2 -o other t.csv
  run -1 cmp -s <(grep ^p m1) <(grep ^p other)
  [ "$(head -n 1 c1)" = "$(printf 'epoch\tloss\tvalid_loss\tvalid_accuracy\trate\tbest')" ]
  [ "$(cut -f1 c1 | tr '\n' ' ')" = "epoch 1 2 3 4 " ]
  run -0 --separate-stderr seq-train --progress --hidden=8 --window=32 --epochs=2 -o x t.csv
  [[ "$stderr" == *"seq-train: epoch 2: loss "*", validation "*", accuracy "*", rate 0.001"* ]]
}

@test "training stops where the held part gets no better, and keeps the best" {
  copies 4 300 >t.csv
  seq-train -q --hidden=48 --dropout=0 --window=32 --lr=0.02 --epochs=200 --patience=3 --curve=c -o m t.csv
  # Three more epochs after the best one, whose loss the model has.
  awk 'NR > 1 && $6 { best = $1; loss = $3 } END { exit !($1 == best + 3 && NR < 150) }' c
  nats m held | awk -v best="$(awk 'NR > 1 && $6 { loss = $3 } END { print loss }' c)" \
    '{ d = $1 - best; exit !(d < 0.2 && d > -0.2) }'
}

@test "sequences stay whole, and begin as they do" {
  local f i
  { echo flow,token; for i in 0 1 2; do for f in {1..40}; do echo "$f,$([ $i -eq 0 ] && echo x || echo $((f % 2)))"; done; done; } >t.csv
  run -0 --separate-stderr seq-train --hidden=8 --lr=0.02 --epochs=60 -o m t.csv
  [ "${stderr_lines[0]}" = "seq-train: 3 symbols, 475 parameters; 96 train, 24 say when to stop" ]
  grep -qx 'sequences 40 120' m
  grep -qx 'lengths 3:40' m
  seq-gen m >new.csv
  [ "$(wc -l <new.csv)" -eq 121 ]
  # The first symbol is sure, the second one of two, the third as the second.
  awk -F, 'NR > 1 { n[$1]++; if (n[$1] == 1 && $2 != "x") bad++; if (n[$1] == 3 && $2 != last) bad++; last = $2 }
    END { exit !(bad <= 6) }' new.csv
}

@test "the parts: the end of one sequence is held, and what never trained is left out" {
  { copies 5 200; echo new; echo new; } >t.csv
  run -0 --separate-stderr seq-train --hidden=4 --window=16 --epochs=1 -o m t.csv
  [ "${stderr_lines[0]}" = "seq-train: 5 symbols, 161 parameters; 162 train, 40 say when to stop" ]
  [ "${stderr_lines[1]}" = "seq-train: 2 of symbols that did not train are not counted below" ]
  grep -q '^train 162 ' m
  grep -q '^held 38 ' m
  run -0 --separate-stderr seq-train --hidden=4 --window=16 --epochs=2 --validation=0 -o m t.csv
  grep -qx 'held 0 0 0' m
  [[ "${stderr_lines[1]}" == "seq-train: 2 epochs; nats a symbol, beside a chain's of order 1: training "* ]]
  # Nothing of the held part has trained: no figure of it.
  { echo token; seq 100; } >all_new
  run -0 --separate-stderr seq-train --hidden=4 --epochs=1 -o m all_new
  [ "${stderr_lines[1]}" = "seq-train: 20 of symbols that did not train are not counted below" ]
  [[ "${stderr_lines[2]}" == "seq-train: 1 epoch, the best is number 1; nats a symbol, beside a chain's of order 1: training "* ]]
  # Shorter than the window; empty fields.
  printf '%s\n' token,x a,1 ,1 b,1 a,1 a,1 b,1 >short
  run -0 --separate-stderr seq-train --hidden=4 --epochs=1 -o m short
  [ "${stderr_lines[0]}" = "seq-train: 1 row without a 'token' left out" ]
  grep -q '^train 4 ' m
}

@test "bad tables and wrong options" {
  printf '%s\n' token a b a b a a >t.csv
  printf '%s\n' token a b >tiny
  fails "t.csv:1: there is no column 'tokn' (did you mean 'token'?)" seq-train --column=tokn t.csv
  printf 'token\n' >none
  fails "none: there is no row with a 'token'" seq-train none
  fails "2 symbols are too few to hold some back (--validation=0 holds none)" seq-train tiny
  fails "windows of 65536 (--window) and layers of 4096 (--hidden) are too large: layer 'embed:3:32': too many numbers come out of it" seq-train --hidden=4096 --window=65536 t.csv
  run -2 seq-train --net=lstm t.csv
  [[ "$output" == *"--net: 'lstm' is not one of gru, tcn"* ]] || { echo "$output"; return 1; }
  run -2 seq-train --dropout=1 t.csv
  run -2 seq-train --window=3 t.csv
  run -2 seq-train --curve=t.csv t.csv
  run -2 seq-train -o x --curve=x t.csv
  run -1 seq-train -q --epochs=1 --curve=/dev/full -o m t.csv
  [ ! -e m ]
}
