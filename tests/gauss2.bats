# Gaussians and vectors (common/gauss2.h, common/blur.h, common/vec.h), by a test program of their own.
load helper

# hash_of CC BITS [FLAGS]: builds the program with registers of at most BITS, runs it.
hash_of() {
  local cc=$1 bits=$2
  shift 2
  local program=$BATS_TEST_TMPDIR/gauss2.$cc.$bits arch=()
  [ "$(uname -m)" != x86_64 ] || arch=(-march=x86-64-v2)
  "$cc" -std=c17 -D_GNU_SOURCE -pthread "${arch[@]}" -ffp-contract=off "-DVEC_MOST=$bits" "$@" \
    "-I$root/common" -o "$program" "$root/tests/unit/gauss2.c" \
    "$root"/common/{vec,gauss2,blur,rng,mem,err}.c -lm
  "$program"
}

@test "exp, densities, blurs, estimation and draws are right, and the same bits with all vectors" {
  need gcc
  run -0 hash_of gcc 128 -O2
  want=$output
  for bits in 256 512; do
    run -0 hash_of gcc "$bits" -O2
    [ "$output" = "$want" ]
  done
  run -0 hash_of gcc 512 -O0 -fsanitize=address,undefined -fno-sanitize-recover=all
  [ "$output" = "$want" ]
}

@test "clang's program computes the same bits" {
  need gcc clang
  run -0 hash_of gcc 512 -O2
  want=$output
  for bits in 128 512; do
    run -0 hash_of clang "$bits" -O2
    [ "$output" = "$want" ]
  done
}
