# Neural networks (common/nn_*.h), by a test program of their own: the gradients of every layer and
# loss against finite differences, steps one at a time against all at once, learning.
load helper

setup_file() {
  if ! command -v gcc >/dev/null || ! [ -e /usr/include/dnnl.h ]; then return 0; fi
  local flags=() build=$root/build
  if [[ "${WEIR_BIN-}" == */sanitize/* ]]; then
    flags=(-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all) build=$root/build/sanitize
  fi
  gcc -std=c17 -D_GNU_SOURCE -pthread -O2 -ffp-contract=off "${flags[@]}" "-I$root/common" -o "$BATS_FILE_TMPDIR/nn" \
    "$root/tests/unit/nn.c" "$build/libweir.a" -lcsv -ldnnl -lgomp -lm
}

setup() {
  need gcc
  [ -e "$BATS_FILE_TMPDIR/nn" ] || skip "oneDNN is not installed"
}

@test "gradients and steps are right, and networks learn the same whatever the threads" {
  run -0 "$BATS_FILE_TMPDIR/nn"
  [ -n "$output" ]
}

@test "the same bits again for an instruction set, and right gradients with each" {
  local set
  for set in SSE41 AVX2; do
    run -0 --separate-stderr env "ONEDNN_MAX_CPU_ISA=$set" "$BATS_FILE_TMPDIR/nn"
    want=$output
    run -0 --separate-stderr env "ONEDNN_MAX_CPU_ISA=$set" "$BATS_FILE_TMPDIR/nn"
    [ "$output" = "$want" ]
  done
}
