# shellcheck shell=bash
# A path for packets, and an XDP program that only passes them on: for scripts/latency and
# scripts/bench/xdp, which load this file. Sets scratch, space, near, iface, pins and empty; all goes
# away when the script ends.

scratch=$(mktemp -d)
space=weir-path-$$
near=wn$$  # the interface in the namespace $space-a
iface=wf$$ # the one in $space-b, where the program works
pins=/sys/fs/bpf/weir/$iface
empty=/sys/fs/bpf/weir-empty-$$

leave_path() {
  local job
  for job in $(jobs -p); do
    kill "$job" 2>/dev/null || true
  done
  for job in /run/netns/"$space"-*; do
    [ ! -e "$job" ] || ip netns del "${job##*/}"
  done
  rm -rf "$pins" "$empty" "/run/weir/$iface" "$scratch"
}
trap leave_path EXIT
trap 'exit 1' INT TERM

in_a() {
  nsenter --net="/run/netns/$space-a" "$@"
}

in_b() {
  nsenter --net="/run/netns/$space-b" "$@"
}

# load [options of xdp-run and dt2xdp]: a program made from a model, at $pins/prog.
load() {
  in_b xdp-run "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
}

# train FILE LEAVES [FIELDS]: a tree of the project's own captures.
train() {
  pcap2feat -q --label-from=filename "--fields=${3:-iat,len,diffLen},class" \
    "${BASH_SOURCE[0]%/*}"/../testdata/lab/*.pcap | dt-train -q --max-leaves="$2" -o "$1"
}

# make_space NAME…: namespaces of ours, without the kernel's own IPv6 messages, which would come between.
make_space() {
  local n
  for n; do
    ip netns add "$space-$n"
    nsenter --net="/run/netns/$space-$n" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
      echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
  done
}

make_path() {
  make_space a b
  ip link add "$near" netns "$space-a" type veth peer name "$iface" netns "$space-b"
  ip -n "$space-a" address add 192.0.2.1/24 dev "$near"
  ip -n "$space-b" address add 192.0.2.2/24 dev "$iface"
  ip -n "$space-a" link set "$near" up
  ip -n "$space-b" link set "$iface" up
}

make_empty() {
  mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
  printf '#include <linux/bpf.h>\n%s\n' \
    '__attribute__((section("xdp"), used)) int nothing(void *c) { return XDP_PASS; }' >"$scratch/empty.c"
  clang -target bpf -O2 "-I/usr/include/$(uname -m)-linux-gnu" -c "$scratch/empty.c" -o "$scratch/empty.o"
  bpftool prog load "$scratch/empty.o" "$empty"
}
