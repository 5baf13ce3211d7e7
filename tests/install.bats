# What `make install` puts where, and that the shell and man find it.
load helper

setup_file() {
  [[ "${WEIR_BIN-}" != */sanitize/* ]] || return 0
  # Copies of the programs, so that none changes under a test that runs at the same time.
  cd "$BATS_TEST_DIRNAME/.."
  mkdir -p build/install
  cp -a bin build/install/
  export make_install="make -s BIN=build/install/bin PREFIX=/opt/weir"
  ! grep -q -e ' -Werror ' build/flags || make_install+=" WERROR=1"
  export dest=$BATS_FILE_TMPDIR/dest
  $make_install DESTDIR="$dest" install
}

setup() {
  not_sanitized "what is installed has no sanitizers"
  tools=("$root"/cmd/*/)
  tools=("${tools[@]%/}")
  tools=("${tools[@]##*/}")
}

@test "programs, man pages, completions and experiment.mk are there" {
  local tool
  for tool in "${tools[@]}"; do
    [ -x "$dest/opt/weir/bin/$tool" ]
    [ -f "$dest/opt/weir/share/man/man1/$tool.1" ]
    [ -f "$dest/opt/weir/share/bash-completion/completions/$tool" ]
  done
  [ -x "$dest/opt/weir/bin/xdp-run" ]
  [ -f "$dest/opt/weir/share/man/man1/xdp-run.1" ]
  [ -f "$dest/opt/weir/share/man/man7/weir.7" ]
  [ -f "$dest/opt/weir/share/man/man5/weir-formats.5" ]
  [ -f "$dest/opt/weir/share/weir/experiment.mk" ]
  # Readable by all, writable by the owner alone.
  run -0 find "$dest" -type f ! -perm 644 ! -perm 755
  [ -z "$output" ]
}

@test "an installed program runs from where it is" {
  local tool
  for tool in "${tools[@]}"; do
    (cd / && env -i "$dest/opt/weir/bin/$tool" --version) | grep -qF "$tool (Weir)"
  done
  (cd / && env -i "$dest/opt/weir/bin/xdp-run" --help) | grep -q '^Usage: xdp-run '
}

@test "man finds the pages" {
  need man
  local tool
  for tool in "${tools[@]}" weir weir-formats weir-features; do
    run -0 env MANPATH="$dest/opt/weir/share/man" man -w "$tool"
    [[ "$output" == "$dest"* ]]
  done
}

# typed WORD…: what an interactive bash offers after these words.
typed() {
  bash --norc -i 2>/dev/null <<SHELL
    . "$dest/opt/weir/share/bash-completion/completions/$1"
    compopt() { :; }
    COMP_WORDS=($(printf '%q ' "$@")) COMP_CWORD=$(($# - 1))
    \$(complete -p $1 | sed 's/.*-F \([^ ]*\) .*/\1/')
    printf 'offer %s\n' "\${COMPREPLY[@]}"
SHELL
}

@test "bash completes the long options of every tool" {
  local tool
  for tool in "${tools[@]}"; do
    typed "$tool" --he | grep -qx 'offer --help'
    # Each option of --help is offered after "--".
    diff <("$tool" --help | grep -oE '^ +(-., )?--[a-z][a-z0-9-]*' | grep -oE -- '--.*' | sort -u) \
      <(typed "$tool" -- | sed -n 's/^offer \(--[a-z0-9-]*\).*/\1/p' | sort -u)
  done
}

@test "bash completes values where the help lists them, and files elsewhere" {
  cat >"$BATS_TEST_TMPDIR/tool" <<'TOOL'
#!/bin/sh
cat <<HELP
Usage: tool [options]

  -o, --output=FILE          write to FILE
      --criterion=gini|entropy
                             what splits
  -w, --class-weight=none|balanced|FILE
  -f, --format=FORMAT        bmv2 (default), p4runtime-json or dpdk
  -e, --encoding=ENCODING    range: a table of ranges
                             or more
                             coded: a table of codes
      --device=MAC|IP        no word to complete
      --p4info=FILE          a digit in its name
      --user=USER            live: become USER
      --default-class[=NAME] may be left out
HELP
TOOL
  chmod +x "$BATS_TEST_TMPDIR/tool"
  mkdir -p "$BATS_TEST_TMPDIR/opt/weir/share/bash-completion/completions"
  "$root/scripts/completion" "$BATS_TEST_TMPDIR/tool" \
    >"$BATS_TEST_TMPDIR/opt/weir/share/bash-completion/completions/tool"
  dest=$BATS_TEST_TMPDIR
  offers() { typed "$@" | sed -n 's/^offer //p' | paste -sd ' '; }
  [ "$(offers tool --)" = "--output= --criterion= --class-weight= --format=\
 --encoding= --device= --p4info= --user= --default-class" ]
  [ "$(offers tool --criterion = '')" = "gini entropy" ]
  [ "$(offers tool --criterion =)" = "gini entropy" ]
  [ "$(offers tool --criterion = e)" = "entropy" ]
  [ "$(offers tool -w b)" = "balanced" ]
  [ "$(offers tool --format = '')" = "bmv2 p4runtime-json dpdk" ]
  [ "$(offers tool -e '')" = "range coded" ]
  [ -z "$(offers tool --user = '')" ]
  [ -z "$(offers tool --device = x)" ]
  [ -z "$(offers tool --output = f)" ]
  grep -q '^complete -o default ' "$dest/opt/weir/share/bash-completion/completions/tool"
}

@test "uninstall leaves nothing" {
  cp -R "$dest" "$BATS_TEST_TMPDIR/copy"
  touch "$BATS_TEST_TMPDIR/copy/opt/weir/bin/other"
  cd "$root"
  $make_install DESTDIR="$BATS_TEST_TMPDIR/copy" uninstall
  run -0 find "$BATS_TEST_TMPDIR/copy" -type f
  [ "$output" = "$BATS_TEST_TMPDIR/copy/opt/weir/bin/other" ]
  [ ! -e "$BATS_TEST_TMPDIR/copy/opt/weir/share/weir" ]
}

# no_libraries: in $without the options of make where no optional library has its header, and in $no the headers' place.
no_libraries() {
  no=$BATS_TEST_TMPDIR/no
  local b=$BATS_TEST_TMPDIR/build header
  mkdir -p "$no/pcap" "$no/fixbuf" "$no/hiredis"
  for header in pcap/pcap fixbuf/version hiredis/hiredis dnnl jansson; do
    echo "#error no $header here" >"$no/$header.h"
  done
  without=(-s -j2 BUILD="$b" BIN="$b/bin" CFLAGS="-O0 -I$no")
  cd "$root"
}

@test "a tool whose library is missing is left out and named" {
  no_libraries
  run -0 make "${without[@]}" left-out
  [ "$output" = "make: left out pcap2feat pcapshim trafgen verdicts: no libpcap (scripts/bootstrap installs libpcap-dev)
make: left out feat2redis redis2feat: no hiredis (scripts/bootstrap installs libhiredis-dev)
make: left out flow2ipfix: no libfixbuf (scripts/bootstrap installs libfixbuf-dev)
make: left out cnn-eval cnn-train seq-train: no oneDNN (scripts/bootstrap installs libdnnl-dev)
make: left out dt-import: no jansson (scripts/bootstrap installs libjansson-dev)" ]
  run -0 make -n "${without[@]}" all
  [ "$(grep -oE -- '-o [^ ]*/bin/[a-z0-9-]+' <<<"$output" | sed 's|.*/||' | sort | tr '\n' ' ')" = "$(
    printf '%s\n' "${tools[@]}" |
      grep -vxE 'pcap2feat|pcapshim|trafgen|verdicts|flow2ipfix|.*redis.*|cnn-.*|seq-train|dt-import' |
      sort | tr '\n' ' ')" ]
  echo '#error no libcsv here' >"$no/csv.h"
  run -2 make "${without[@]}"
  [[ "$output" == *"every tool needs libcsv-dev: install it, or let scripts/bootstrap do it"* ]]
}

@test "without them the others compile and link" {
  need_long
  no_libraries
  make "${without[@]}"
  "$BATS_TEST_TMPDIR/build/bin/dt-eval" --version
}
