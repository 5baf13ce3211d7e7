# shellcheck shell=bash disable=SC2154,SC2034
# What every session of the lab needs: two hosts and a path between them, a capture, a few servers.
# Sourced by scripts/lab. Within a session: $dir (scratch), $client and $server (namespaces),
# $client_at and $server_at (addresses), $server_url (the same, as a URL has it), $site (a name).

# Random numbers that follow from a text; bash's own start anew in every subshell, so the state is
# a file.
seed_random() {
  random=$dir/random.$1
  printf '%s' "$1" | cksum | cut -d ' ' -f 1 >"$random"
}
# pick LOW HIGH: a number between the two, both included.
pick() {
  local state
  until read -r state <"$random"; do # another process may be about to write it
    [ -e "$random" ] || exit 1
    sleep 0.01
  done
  state=$(((state * 6364136223846793005 + 1442695040888963407) & 0x7fffffffffffffff))
  echo "$state" >"$random"
  echo $(($1 + (state >> 32) % ($2 - $1 + 1)))
}
one_of() {
  local -a choices=("$@")
  echo "${choices[$(pick 0 $(($# - 1)))]}"
}
nap() {
  sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
}

make_certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/O=Lab/CN=rsa.example" \
    -keyout "$work/rsa.key" -out "$work/rsa.crt" 2>/dev/null
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
    -subj "/O=Laboratory of networks/CN=ec.example" -keyout "$work/ec.key" -out "$work/ec.crt" \
    2>/dev/null
  chmod 644 "$work"/*.key
}

# Runs a command on a host; the client's names come from the session's resolver.
on_server() {
  ip netns exec "$server" "$@"
}
on_client() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  ip netns exec "$client" bash -c 'mount --bind "$0" /etc/resolv.conf && exec "$@"' \
    "$dir/resolv.conf" "$@"
}

# Two hosts with one interface each and a wire in a third namespace that delays what passes.
make_network() {
  local wire=$1-wire seed
  client=$1-client
  server=$1-server
  {
    flock 9 # namespaces that come and go at the same time disturb each other
    make_host "$wire" 4
    make_host "$client" "$family"
    make_host "$server" "$family"
    connect "$client" "$wire" "$client_at" "$server_at"
    connect "$server" "$wire" "$server_at" "$client_at"
  } 9>"$work/lock"
  seed=$(pick 1 1000000)
  ip netns exec "$wire" "$work/lab-path" client server "$delay_us" "$jitter_us" "$rate_kbit" \
    "$queue" "$loss_ppm" "$seed" &
}
make_host() {
  ip netns add "$1"
  ip -n "$1" link set lo up
  if [ "$2" -eq 4 ]; then
    ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  fi
}
# connect HOST WIRE ADDRESS PEER
connect() {
  local end=${1##*-} length=32
  [ "$family" -eq 4 ] || length="128 nodad"
  ip -n "$2" link add "$end" type veth peer name eth0 netns "$1"
  ip -n "$2" link set "$end" up
  # No offloads: the capture must show the packets of the wire.
  ip netns exec "$1" ethtool -K eth0 tx off tso off gso off gro off >/dev/null
  ip -n "$1" link set eth0 mtu "$mtu" up
  # shellcheck disable=SC2086
  ip -n "$1" addr add dev eth0 "$3"/$length
  ip -n "$1" route add "$4" dev eth0 src "$3"
}

# The path and the addresses of a session, from its random numbers.
choose_network() {
  family=4
  case $class in web | dns | bulk | chat) [ $((n % 4)) -eq 0 ] && family=6 ;; esac
  mtu=$(one_of 1500 1500 1500 1492 1420)
  delay_us=$(pick 4000 19000)
  jitter_us=$(pick 100 5000)
  rate_kbit=$(pick 2500 25000)
  queue=$(pick 20000 90000)
  loss_ppm=$(one_of 0 0 500 2000)
  if [ "$family" = 6 ]; then
    local net
    net=$(printf 'fd%02x:%x:%x' "$(pick 16 255)" "$(pick 4096 65535)" "$(pick 4096 65535)")
    client_at=$net:$(pick 1 99)::$(printf '%x' "$(pick 4096 65535)")
    server_at=$net:$(pick 100 199)::$(pick 2 99)
    server_url="[$server_at]"
  else
    client_at=$(one_of "192.168.$(pick 0 250)" "10.$(pick 0 99).$(pick 0 250)" \
      "172.$(pick 16 23).$(pick 0 250)").$(pick 2 250)
    server_at=$(one_of "10.$(pick 100 250).$(pick 0 250)" "172.$(pick 24 31).$(pick 0 250)").$(pick 2 250)
    server_url=$server_at
  fi
  site=$(one_of news shop wiki mail forum library museum).$(one_of north south east west).example
}

# wait_for TENTHS COMMAND…: waits so many tenths of a second for a command to succeed.
wait_for() {
  local tenths=$1
  shift
  while ! "$@" >/dev/null 2>&1; do
    [ "$tenths" -gt 0 ] || { echo "lab: $class.$n: waited in vain for: $*" >&2; return 1; }
    tenths=$((tenths - 1))
    sleep 0.1
  done
}
wait_for_port() {
  wait_for 80 eval "ip netns exec $server ss -Hlntu sport = :$1 | grep -q ."
}

# The capture: the first $packets packets from now on, at the client's interface; headers only.
start_capture() {
  ip netns exec "$client" "$bin/pcap2feat" -q -i eth0 -s 96 -n "$packets" -f 'ip or ip6 or arp' \
    -w "$dir/capture.pcap" >"$dir/capture.csv" &
  capture=$!
  wait_for 50 test -s "$dir/capture.csv" # the header line: it listens
}
capturing() {
  kill -0 "$capture" 2>/dev/null
}
# Lets the traffic go on for up to $1 seconds, until the capture is full.
until_captured() {
  local tenths=$(($1 * 10))
  while capturing && [ "$tenths" -gt 0 ]; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
}
stop_capture() {
  kill "$capture" 2>/dev/null || true
  wait "$capture" || true
}

# A resolver at the server's address that knows the site; more options: $@.
start_resolver() {
  on_server dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root \
    --pid-file= --log-facility="$dir/dnsmasq.log" --host-record="$site,$server_at" "$@" &
  wait_for_port 53
}

# An HTTPS server for $dir/site (http without TLS on port 80); $1: what its listen line adds.
start_nginx() {
  cat >"$dir/nginx.conf" <<END
daemon off; user root; worker_processes 1; pid $dir/nginx.pid; error_log $dir/nginx.log;
events { worker_connections 256; }
http {
  include /etc/nginx/mime.types; access_log off; gzip on; gzip_types text/css application/javascript;
  keepalive_timeout 30; client_max_body_size 1g; client_body_temp_path $dir/body;
  proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/fastcgi; uwsgi_temp_path $dir/uwsgi;
  scgi_temp_path $dir/scgi;
  ssl_certificate $work/$certificate.crt; ssl_certificate_key $work/$certificate.key;
  server {
    listen 80; listen [::]:80; listen 443 ssl $1; listen [::]:443 ssl $1;
    root $dir/site; dav_methods PUT;
  }
}
END
  on_server nginx -c "$dir/nginx.conf" 2>/dev/null &
  wait_for_port 443
}

# One session, named CLASS.N: everything it does follows from that name.
run_session() {
  trap - EXIT INT TERM
  class=${1%.*}
  n=${1#*.}
  dir=$work/$1
  mkdir -p "$dir/site"
  seed_random "$1"
  certificate=$(one_of rsa ec)
  about=
  choose_network
  printf 'nameserver %s\noptions timeout:1\n' "$server_at" >"$dir/resolv.conf"
  make_network "$prefix-$1"
  local status=0
  { "${class}_session" && stop_capture; } || status=1
  { flock 9 && remove_namespaces "$prefix-$1-"; } 9>"$work/lock"
  wait
  # 100 packets of at least 54 bytes and as many record headers of 16: fewer, and something went wrong.
  if [ "$status" -ne 0 ] || [ "$(stat -c %s "$dir/capture.pcap")" -lt 7000 ]; then
    return 1
  fi
  mv "$dir/capture.pcap" "$out/$1.pcap"
  describe_capture "$1"
  rm -rf "$dir"
}

# One row of the table in README.md, beside the captures.
describe_capture() {
  tcpdump -r "$out/$1.pcap" -tt -n 2>/dev/null | awk -v name="$1" -v about="$about" \
    -v path="$((delay_us * 2 / 1000 + jitter_us / 1000)) ms, $((rate_kbit / 1000)) Mbit/s, IPv$family" \
    'NR == 1 { first = $1 } { last = $1 }
     END { printf "| %s | %d | %.1f s | %s | %s |\n", name, NR, last - first, path, about }' \
    >"$work/$1.row"
}
