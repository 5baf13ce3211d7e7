# ONNX files of flow classifiers and of neural models of series: what NumPy and onnxruntime make of them is what
# the tools say. `make onnxruntime` brings the latter into build/npm.
load helper

setup_file() {
  [ -x "${WEIR_BIN:-$root/bin}/cnn-train" ] && command -v gcc >/dev/null || return 0
  local flags=() build=$root/build
  if [[ "${WEIR_BIN-}" == */sanitize/* ]]; then
    flags=(-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all) build=$root/build/sanitize
  fi
  cd "$BATS_FILE_TMPDIR" || return
  gcc -std=c17 -D_GNU_SOURCE -pthread -O2 -ffp-contract=off "${flags[@]}" "-I$root/common" -o says \
    "$root/tests/unit/onnx.c" "$build/libweir.a" -lcsv -ldnnl -lgomp -lm
  mkdir models
  classifiers
  series
}

setup() {
  need gcc cnn-train seq-train
  cd "$BATS_FILE_TMPDIR" || return
}

# classifier NAME TABLE OPTION…: models/NAME.onnx, its table, and what the model says of that.
classifier() {
  cnn-train -q --epochs=2 "${@:3}" -o "$1.cnn" "$2"
  export_classifier "$1" "$2"
}

export_classifier() {
  cnn-eval --onnx -o "models/$1.onnx" "$1.cnn"
  cp "$2" "models/$1.csv"
  ./says cnn "$1.cnn" "$2" >"models/$1.want"
}

# All kinds of layers, inputs and statistics; fields that are empty; a class that comes later.
classifiers() {
  pcap2feat -q --per=flow --first-packets=16 --label-from=filename "$testdata"/lab/*.pcap |
    awk 'NR == 1 || NR % 4 == 0' >flows.csv
  awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR > 1 && NR % 3 == 0 { $at["bytes"] = $at["iat_mean"] = "" } { print }' flows.csv >holes.csv
  awk -F, -v OFS=, 'NR > 1 && NR % 5 == 0 { $NF = "new" } { print }' holes.csv >more.csv
  classifier both holes.csv --members=2
  classifier again more.csv --init=both.cnn
  classifier statistics holes.csv --members=3 --features=packets,bytes,iat_mean,len_max,dst_port
  classifier sequences flows.csv --members=1 --features=len_N,iat_N,dir_N
  classifier gaps flows.csv --members=1 --features=iat_N,bytes --first-packets=3
  kinds >kinds.cnn
  export_classifier kinds flows.csv
  classifier steps flows.csv --members=1 --features=packets,bytes --layers=conv:3:1,gru:4,fork,conv:4:3,merge
  classifier layers holes.csv --members=1 --features=len_N,dir_N,bytes \
    --layers=conv:8:4:2,relu,pool:3,causal:6:3:2,fork,gru:7,dropout:0.1,merge,flatten,join,fork,dense:9,relu,merge,fork,dense:9,merge
}

# A model that begins with an embedding: of the packets, without knots.
kinds() {
  printf '%s\n' 'weir-cnn 3' 'made by hand' 'seed 1' 'rows 2' 'label class' 'places 0' 'statistics 1' \
    'statistic linear plain 0 1 packets' knots 'classes 2' 'class 1 1 a' 'class 1 1 b' 'unknown 0.05 0.5' \
    'layers embed:3:4,flatten,dense:5' 'parameters 49' 'members 1'
  awk 'function numbers(word, n, from) { printf "%s", word; while (n-- > 0) printf " %.6g", sin(++at + from); print "" }
    function triangle(word) { for (i = 1; i <= 5; i++) numbers(word, i, 0.3) }
    BEGIN {
      for (i = 0; i < 3; i++) numbers("p", 16, 0)
      numbers("p", 1, 0); print "points 2 1"; numbers("point", 5, 0); numbers("point", 5, 0); numbers("point", 5, 0)
      triangle("whiten")
    }' </dev/null
}

# Of one symbol after the other: both networks, symbols by their numbers, and a network that keeps nothing.
series() {
  local name
  awk 'BEGIN { srand(1); print "token"; for (i = 0; i < 400; i++) print "t" int(5 * rand() * rand()) }' >t.csv
  seq-train -q --epochs=2 --hidden=8 --layers=2 -o gru.seq t.csv
  seq-train -q --epochs=2 --hidden=8 --net=tcn --layers=3 -o tcn.seq t.csv
  seq-train -q --epochs=2 --hidden=8 --raw-ids -o raw.seq t.csv
  { sed '/^layers/,$d' "$root/tests/fuzz/corpus/seq/gru"
    printf '%s\n' 'layers embed:4:1,relu,dense:3' 'parameters 10' 'p -1 0 1 2 1 0 -1 -5 0 5'; } >none.seq
  for name in gru tcn raw none; do
    seq-gen --onnx -o "models/$name.onnx" "$name.seq"
    ./says seq "$name.seq" 60 >"models/$name.want"
  done
}

# all_near PROGRAM… DIR N: the program finds N models there, all of which say the same; it shows how near they come.
all_near() {
  run "${@:1:$#-1}"
  echo "$output"
  [ "$status" -eq 0 ] && [ "${#lines[@]}" -eq "${*: -1}" ]
}

need_onnxruntime() {
  need node
  [ -d "$root/build/npm/node_modules/onnxruntime-node" ] ||
    skip "onnxruntime is not installed (make onnxruntime)"
}

@test "onnx's checker has nothing to say, and NumPy makes of the files what the tools say" {
  need_python numpy onnx
  all_near /usr/bin/python3 "$root/tests/python/onnx_run.py" models 12
}

@test "onnxruntime makes of the files what the tools say" {
  need_onnxruntime
  all_near node "$root/tests/node/onnx_run.mjs" "$root/build/npm" models 12
}

# real_models: in real/, what is learnt from flows of captures of all categories, and from a call's packets.
real_models() {
  local captures
  mkdir real
  mapfile -t captures < <(printf '%s\n' "$data"/captures/*/*.pcap* | some 4)
  pcap2feat -q --per=flow --no-split --first-packets=16 --label-from=dirname "${captures[@]}" >real/flows.csv
  cnn-train -q --by=row --members=2 --epochs=2 -o flows.cnn real/flows.csv
  cnn-eval --onnx -o real/flows.onnx flows.cnn
  ./says cnn flows.cnn real/flows.csv >real/flows.want
  pcap2feat -q --fields=flow,dir,len,dir_iat "$data/estimator/rtp_711.pcap" >call.csv
  gmm-train -q --components=6 call.csv >call.gmm
  gmm-code -q call.gmm call.csv >tokens.csv
  seq-train -q --epochs=2 -o call.gru tokens.csv
  seq-train -q --epochs=1 --net=tcn -o call.tcn tokens.csv
  local net
  for net in gru tcn; do
    seq-gen --onnx -o "real/$net.onnx" "call.$net"
    ./says seq "call.$net" 500 >"real/$net.want"
  done
}

@test "models of real captures, too" {
  need_data
  real_models
  if [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import numpy, onnx'; then
    all_near /usr/bin/python3 "$root/tests/python/onnx_run.py" real 3
  fi
  need_onnxruntime
  all_near node "$root/tests/node/onnx_run.mjs" "$root/build/npm" real 3
}

@test "names of any bytes" {
  local name=$'a "b" \\c' odd=$'x\xffy'
  sed "s|^class \(.*\) video\$|class \1 ${name//\\/\\\\}|; s|^class \(.*\) voice\$|class \1 $odd|" both.cnn >names.cnn
  grep -qF "$name" names.cnn
  cnn-eval --onnx names.cnn >names.onnx
  grep -qaF '"a \"b\" \\c"' names.onnx
  grep -qaF $'"x\xef\xbf\xbdy"' names.onnx
  LC_ALL=C run -1 grep -qaF "$odd" names.onnx
}

@test "the same bytes again, from a pipe as well; whole or not at all" {
  cnn-eval --onnx - <both.cnn | cmp - models/both.onnx
  seq-gen --onnx <gru.seq | cmp - models/gru.onnx
  fails "none/x.onnx: No such file or directory" cnn-eval --onnx -o none/x.onnx both.cnn
  fails "writing /dev/full: No space left on device" cnn-eval --onnx -o /dev/full both.cnn
  fails "writing /dev/full: No space left on device" seq-gen --onnx -o /dev/full gru.seq
  head -c 500 both.cnn >cut.cnn
  run -1 cnn-eval --onnx -o cut.onnx cut.cnn
  [ ! -e cut.onnx ]
  run -1 seq-gen --onnx -o far.onnx "$root/tests/fuzz/corpus/seq/too-far"
  [ ! -e far.onnx ]
}

@test "no table, and no options that have nothing to do" {
  local arguments
  for arguments in "both.cnn flows.csv" "--predict both.cnn" "-c class both.cnn" "--unknown=x both.cnn" "--csv both.cnn"; do
    # shellcheck disable=SC2086  # several words
    refuses "--onnx writes the model: no table and none of the options for one" cnn-eval --onnx $arguments
  done
  for arguments in "-n 5" --flows=2 --start=t1 --temperature=2 --tsv; do
    # shellcheck disable=SC2086  # several words
    refuses "--onnx writes the model: none of the options for what is drawn" seq-gen --onnx $arguments gru.seq
  done
}
