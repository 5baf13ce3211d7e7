# scripts/plot-*: the pictures of trafcmp's curves, of the scores of gmm-train and hmm-train, of what
# cnn-train writes of its epochs.
load helper

setup_file() {
  load helper
  need gnuplot
  cd "$BATS_FILE_TMPDIR" || return
  local n
  for n in 1 2 3; do
    pcap2feat -q --fields=dir,len,dir_iat,iat "$root/testdata/lab/voice.$n.pcap" | head -n 400 >voice.$n.csv
  done
  trafcmp -q --curves=two.tsv -o two.txt voice.1.csv voice.2.csv
  trafcmp -q --curves=three.tsv -o three.txt voice.1.csv voice.3.csv
  head -n 1 two.tsv >head.tsv
  printf 'epoch\tloss\tvalid_loss\tvalid_accuracy\trate\tbest\n' >curve.tsv
  printf '1\t1.5\t1.25\t0.5\t0.001\t1\n2\t0.75\t0.875\t0.75\t0.001\t1\n3\t0.5\t0.9\t0.7\t0.0005\t0\n' >>curve.tsv
  gmm-train -q --components=2:8:2 --restarts=1 --scores=gmm.tsv voice.1.csv >gmm.model
  hmm-train -q --states=1:5:2 --joint --scores=hmm.tsv voice.1.csv >hmm.model
}

setup() {
  need gnuplot
  cd "$BATS_FILE_TMPDIR"
  PATH=$root/scripts:$PATH
}

# The texts that stand in a picture.
# shellcheck disable=SC2001  # a newline, which ${…//} cannot put there as readably
texts() {
  sed 's/></>\n</g' <<<"$1" | sed -n 's/.*>\([^<]\{1,\}\)<\/\(text\|tspan\).*/\1/p'
}

# has PICTURE TEXT…: every one of the texts stands in it.
has() {
  local picture=$1 text
  shift
  [[ $picture == *'</svg>'* ]]
  for text; do
    texts "$picture" | grep -qxF -- "$text" || { echo "no '$text' in the picture"; return 1; }
  done
}

# curves PICTURE COLOUR: how many lines of the colour have more than two points.
curves() {
  tr -d '\n' <<<"$1" | sed 's/<path/\n&/g' |
    grep -i "stroke='rgb($2)'\|stroke: *rgb($2)\|$2" | grep -c '[0-9][LlVvHh ].*[0-9][LlVvHh ].*[0-9]'
}

@test "plot-cdf: lengths, times and throughput of both directions" {
  run -0 --separate-stderr plot-cdf two.tsv
  [ -z "$stderr" ]
  has "$output" length 'inter-arrival time' throughput bytes ms kB/s forward backward real generated
  [ "$(curves "$output" ' 64,  64,  64')" -ge 6 ]
  [ "$(curves "$output" '  0, 114, 178')" -ge 6 ]
  [ "$output" = "$(plot-cdf <two.tsv)" ] # standard input, and nothing of this run is in it
}

@test "plot-histogram: lengths and times" {
  run -0 --separate-stderr plot-histogram two.tsv
  [ -z "$stderr" ]
  has "$output" length 'inter-arrival time' 'forward, share of packets' real generated
  [ "$(curves "$output" '  0, 114, 178')" -ge 4 ]
  run -1 grep -q 'len.*hist' <<<"$output"
}

@test "plot-histogram: bins as wide as they are, and nothing where a bin is empty" {
  {
    cat head.tsv
    printf '%s\tforward\t%s\t%s\t%s\n' len.hist real 96 0.5 len.hist real 112 0.25 len.hist real 160 0.25 \
      len.hist synth 96 1 iat.hist real 1 0.5 iat.hist real 10 0.5 iat.hist synth 10 1
  } >bins.tsv
  mkdir -p spy
  printf '#!/bin/sh\ncat len.hist.forward.real; echo; cat iat.hist.forward.0\n' >spy/gnuplot
  chmod +x spy/gnuplot
  PATH=$BATS_FILE_TMPDIR/spy:$PATH run -0 plot-histogram bins.tsv
  [ "$output" = "$(printf '96 0\n96 0.5\n112 0.5\n112 0.25\n128 0.25\n128 0\n'
    printf '160 0\n160 0.25\n176 0.25\n176 0\n\n10 0\n10 1\n100 1\n100 0')" ]
}

@test "plot-scatter: a panel a file beside the real one" {
  run -0 --separate-stderr plot-scatter -l 'voice 2,voice 3' two.tsv three.tsv
  [ -z "$stderr" ]
  has "$output" real 'voice 2' 'voice 3' 'inter-arrival time (ms)' 'forward, length (bytes)' 'backward, length (bytes)'
  [ "$(grep -o '<use ' <<<"$output" | wc -l)" -ge 1000 ]
}

@test "plot-throughput: bytes of each second, without the last, which is not whole" {
  run -0 --separate-stderr plot-throughput two.tsv
  [ -z "$stderr" ]
  has "$output" seconds 'forward (kB/s)' 'backward (kB/s)' real generated
  {
    cat head.tsv
    printf 'throughput\tforward\treal\t%s\t%s\n' 0 1000 1 2000 2 10
  } >seconds.tsv
  mkdir -p spy
  printf '#!/bin/sh\ncat throughput.forward.real\n' >spy/gnuplot
  chmod +x spy/gnuplot
  PATH=$BATS_FILE_TMPDIR/spy:$PATH run -0 plot-throughput seconds.tsv
  [ "$output" = "$(printf '0 1000\n1 2000\n2 2000')" ]
}

@test "files of several models have the names of the files, or those of -l" {
  run -0 plot-cdf two.tsv three.tsv
  has "$output" real two three
  run -0 plot-cdf -l "it's one,GMM & Markov <b" two.tsv three.tsv
  has "$output" real "it's one" 'GMM &amp; Markov &lt;b'
  run -2 --separate-stderr plot-cdf -l one two.tsv three.tsv
  [ "$stderr" = 'plot-cdf: -l has 1 names for 2 files' ]
  run -2 --separate-stderr plot-cdf two.tsv two.tsv two.tsv two.tsv two.tsv
  [ "$stderr" = 'plot-cdf: more than 4 files in one picture' ]
}

@test "one direction only is half a picture" {
  grep -v backward two.tsv >forward.tsv
  local script
  for script in plot-cdf plot-histogram plot-scatter plot-throughput; do
    run -0 --separate-stderr $script forward.tsv
    [ -z "$stderr" ]
    [[ $output == *forward* ]]
    [[ $output != *backward* ]]
  done
}

@test "times of 0 and CSV can be drawn, too" {
  awk 'BEGIN { FS = OFS = "\t" } $1 ~ /^iat|^scatter/ { $4 = 0 } 1' two.tsv | tr '\t' , >zero.csv
  local script
  for script in plot-cdf plot-histogram plot-scatter plot-throughput; do
    run -0 --separate-stderr $script zero.csv
    [ -z "$stderr" ]
    [[ $output == *'</svg>'* ]]
  done
}

@test "lengths that are all the same, and a second that is alone, have a picture and no warning" {
  { cat head.tsv; printf '%s.cdf\tforward\treal\t200\t1\n' len iat throughput; } >alike.tsv
  run -0 --separate-stderr plot-cdf alike.tsv
  [ -z "$stderr" ]
  has "$output" forward length bytes
  { cat head.tsv; printf 'throughput\tforward\treal\t0\t9000\n'; } >second.tsv
  run -0 --separate-stderr plot-throughput second.tsv
  [ -z "$stderr" ]
  has "$output" seconds 'forward (kB/s)'
}

@test "plot-scores: BIC by components or states, the chosen one named" {
  run -0 --separate-stderr plot-scores gmm.tsv
  [ -z "$stderr" ]
  has "$output" forward backward components BIC "$(awk -F '\t' '$1 == "forward" && $NF == 1 { print $2 }' gmm.tsv)"
  run -0 plot-scores <hmm.tsv
  has "$output" both states "$(awk -F '\t' '$NF == 1 { print $2 }' hmm.tsv)"
  texts "$output" | run -1 grep -x 'forward\|not converged'
  sed 's/converged/max-iter/' hmm.tsv >unconverged.tsv
  run -0 plot-scores -c log_likelihood unconverged.tsv
  has "$output" 'not converged' 'log-likelihood (nats a packet)'
}

@test "plot-curve: losses, accuracy, the best epoch; without a validation part the loss alone" {
  run -0 --separate-stderr plot-curve curve.tsv
  [ -z "$stderr" ]
  has "$output" epoch 'loss, training' 'loss, validation' best 'accuracy, validation'
  run -0 plot-curve <<<$'epoch\tloss\tvalid_loss\tvalid_accuracy\trate\tbest\n1\t0.5\t\t\t0.001\t1\n2\t0.25\t\t\t0.001\t1'
  has "$output" 'loss, training'
  texts "$output" | run -1 grep validation
  run -1 --separate-stderr plot-curve two.tsv
  [ "$stderr" = 'plot-curve: not what cnn-train or seq-train --curve writes' ]
  { cat curve.tsv; printf '4\t1; system("id")\t1\t1\t1\t0\n'; } >evil.curve
  run -1 --separate-stderr plot-curve evil.curve
  [ "$stderr" = 'plot-curve: line 5: not an epoch' ]
}

@test "-o: an SVG or a PNG" {
  local script
  for script in plot-cdf plot-histogram plot-scatter plot-throughput plot-scores plot-curve; do
    local from=two.tsv
    [ $script != plot-scores ] || from=gmm.tsv
    [ $script != plot-curve ] || from=curve.tsv
    $script -o picture.png $from
    [ "$(head -c 8 picture.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]
    $script -o picture.svg $from
    cmp picture.svg <($script $from)
    run -2 --separate-stderr $script -o x.pdf $from
    [ "$stderr" = "$script: 'x.pdf' ends neither in .svg nor in .png" ]
  done
}

@test "help, and what is wrong" {
  local script
  for script in plot-cdf plot-histogram plot-scatter plot-throughput plot-scores plot-curve; do
    run -0 $script --help
    [[ $output == *"Usage: $script [-o FILE.svg|FILE.png]"* ]]
    [[ $output != *pipefail* ]]
    run -2 --separate-stderr $script -x
    [ "$stderr" = "$script: unknown option '-x' (-h says which there are)" ]
    run -2 --separate-stderr $script -o
    [ "$stderr" = "$script: -o needs a value" ]
    run -1 --separate-stderr $script missing.tsv
    [ "$stderr" = "$script: cannot read 'missing.tsv'" ]
  done
  run -1 --separate-stderr plot-cdf gmm.tsv
  [ "$stderr" = "plot-cdf: 'gmm.tsv' is not what trafcmp --curves writes" ]
  run -1 --separate-stderr plot-scatter head.tsv
  [ "$stderr" = "plot-scatter: 'head.tsv' has none of these curves: scatter" ]
  { cat head.tsv; printf 'len.cdf\tforward\treal\t1; system("id")\t0.5\n'; } >evil.tsv
  run -1 --separate-stderr plot-cdf evil.tsv
  [ "$stderr" = "plot-cdf: 'evil.tsv', line 2: not a point of a curve" ]
  cp evil.tsv 'a=\t.tsv' # awk sees a variable there, and a tab
  run -1 --separate-stderr plot-cdf 'a=\t.tsv' </dev/null
  [ "$stderr" = "plot-cdf: 'a=\t.tsv', line 2: not a point of a curve" ]
  run -1 --separate-stderr plot-scores 'a=\t.tsv' </dev/null
  [ "$stderr" = 'plot-scores: not what gmm-train or hmm-train --scores writes' ]
  run -1 --separate-stderr plot-curve 'a=\t.tsv' </dev/null
  [ "$stderr" = 'plot-curve: not what cnn-train or seq-train --curve writes' ]
  run -1 --separate-stderr plot-scores two.tsv
  [ "$stderr" = 'plot-scores: not what gmm-train or hmm-train --scores writes' ]
  run -1 --separate-stderr plot-scores -c held_out hmm.tsv
  [ "$stderr" = "plot-scores: the table has no column 'held_out'" ]
  run -1 --separate-stderr plot-scores -c held_out gmm.tsv
  [ "$stderr" = "plot-scores: there is no 'held_out' in the table" ]
  run -2 --separate-stderr plot-scores -c ppm gmm.tsv
  [ "$stderr" = "plot-scores: -c: 'ppm' is none of bic, aic, log_likelihood, held_out" ]
}
