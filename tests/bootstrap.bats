# scripts/bootstrap with a package manager that only takes notes.
load helper

setup() {
  stubs=$BATS_TEST_TMPDIR/stubs
  log=$BATS_TEST_TMPDIR/log
  mkdir "$stubs"
  : >"$log"
  stub dpkg-query 'case $4 in libcsv-dev | valgrind | softflowd) exit 1 ;; esac; echo "install ok installed"'
  stub apt-get 'echo "apt-get $*" >>'"$log"
  stub make 'echo "make $*" >>'"$log"
  stub nproc 'echo 3'
  stub id 'echo 0'
}

# stub NAME TEXT: a program of that name that comes first in the PATH.
stub() {
  printf '#!/bin/sh\n%s\n' "$2" >"$stubs/$1"
  chmod +x "$stubs/$1"
}

bootstrap() {
  PATH=$stubs:$PATH "$root/scripts/bootstrap" "$@"
}

@test "installs what is missing for the target, and no more, then makes it" {
  run -0 bootstrap check WERROR=1
  [ "${lines[0]}" = "bootstrap: installing libcsv-dev valgrind" ]
  [ "$(<"$log")" = "apt-get update -qq
apt-get install -y -qq --no-install-recommends libcsv-dev valgrind
make -j3 check WERROR=1" ]
}

@test "without a target: what the tools alone need" {
  run -0 bootstrap
  [ "${lines[0]}" = "bootstrap: installing libcsv-dev" ]
  grep -qx 'make -j3' "$log"
}

@test "nothing is missing: no package manager is called" {
  stub dpkg-query 'echo "install ok installed"'
  run -0 bootstrap demo
  [ -z "$output" ]
  [ "$(<"$log")" = "make -j3 demo" ]
}

@test "a package that was removed but for its configuration is missing" {
  stub dpkg-query '[ "$4" = make ] && echo "deinstall ok config-files" || echo "install ok installed"'
  run -0 bootstrap demo
  [ "$output" = "bootstrap: installing make" ]
}

@test "an ordinary user: through sudo, or told so" {
  stub id 'echo 1000'
  stub sudo 'echo "sudo $*" >>'"$log"
  run -0 bootstrap
  [ "$(head -n 1 "$log")" = "sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq" ]
  rm "$stubs/sudo"
  : >"$log"
  # A PATH without the system's sudo.
  for program in bash env awk sort grep dirname mawk; do
    ln -sf "$(command -v "$program")" "$stubs/$program"
  done
  run -1 env PATH="$stubs" "$root/scripts/bootstrap"
  [ "${lines[1]}" = "bootstrap: only root can install them, and there is no sudo" ]
  [ ! -s "$log" ]
}

@test "another distribution: the packages are named, and make runs" {
  for program in bash env awk sort grep dirname mawk; do
    ln -sf "$(command -v "$program")" "$stubs/$program"
  done
  rm "$stubs/apt-get" "$stubs/dpkg-query"
  run -0 env PATH="$stubs" "$root/scripts/bootstrap" demo
  [[ "${lines[0]}" == "bootstrap: no apt-get here; 'make demo' wants (Debian's names): "*libpcap-dev* ]]
  [ "$(<"$log")" = "make -j3 demo" ]
}

@test "a package manager that fails ends it" {
  stub apt-get 'exit 100'
  run -100 bootstrap
  [ ! -s "$log" ]
}
