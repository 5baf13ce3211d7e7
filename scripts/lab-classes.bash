# shellcheck shell=bash disable=SC2154,SC2034,SC2094,SC2317
# What the hosts say to each other, one function a class. Sourced by scripts/lab; each starts its
# servers, the capture and the clients, and sets $packets (to capture) and $about (for the table).

# --- web: pages with what belongs to them, over HTTPS ---

# Pages of text, style sheets, scripts and pictures; sizes spread over three orders of magnitude.
make_site() {
  local page item kind
  for ((page = 1; page <= 6; page++)); do
    {
      echo "<html><head><title>$page</title>"
      for ((item = 1; item <= $(pick 3 12); item++)); do
        kind=$(one_of css js jpg jpg png)
        make_text "$(pick 8 15)" "$kind" >"$dir/site/$page-$item.$kind"
        case $kind in
        css) echo "<link rel=stylesheet href=$page-$item.css>" ;;
        js) echo "<script src=$page-$item.js></script>" ;;
        *) echo "<img src=$page-$item.$kind>" ;;
        esac
      done
      make_text "$(pick 9 14)" html
      echo "</html>"
    } >"$dir/site/$page.html"
  done
}
# make_text EXPONENT KIND: between 2^EXPONENT and 2^(EXPONENT+1) bytes; text or picture-like bytes.
make_text() {
  local size=$(((1 << $1) + $(pick 0 $(((1 << $1) - 1)))))
  case $2 in
  jpg | png) head -c "$size" /dev/urandom ;;
  *) head -c $((size * 3 / 4)) /dev/urandom | base64 ;;
  esac
}

web_session() {
  local version page
  packets=$(pick 300 400)
  version=$(one_of http2 "")
  make_site
  start_nginx "$version"
  start_resolver
  local browser
  browser=$(one_of wget wget2 curl)
  about="pages over HTTPS (${version:-HTTP/1.1} offered), $browser, $certificate certificate"
  start_capture
  for _ in {1..25}; do
    capturing || break
    rm -rf "$dir/cache"
    page=$(pick 1 6)
    case $browser in
    wget) on_client timeout 20 wget -q -p --no-check-certificate -P "$dir/cache" "https://$site/$page.html" ;;
    wget2) on_client timeout 20 wget2 -q -p --no-check-certificate --max-threads="$(pick 2 6)" \
      -P "$dir/cache" "https://$site/$page.html" ;;
    curl) (cd "$dir/site" && ls "$page".html "$page"-*) | sed "s|.*|url = https://$site/&\noutput = /dev/null|" |
      on_client timeout 20 curl -s -k --parallel --parallel-max "$(pick 2 6)" -K - ;;
    esac || true
    capturing && nap "$(pick 300 3500)"
  done
}

# --- sync: a client that fetches what has changed; with an odd number it also reports every 2 s that it lives ---

report_alive() {
  while :; do
    on_client timeout 5 curl -s -o /dev/null "http://$server_url/alive"
    sleep 2
  done
}

sync_session() {
  local i reports=
  packets=250
  about="3 files over HTTPS, some seconds apart, curl"
  make_text 15 css >"$dir/site/changes"
  echo yes >"$dir/site/alive"
  start_nginx ""
  start_capture
  if [ $((n % 2)) -eq 1 ]; then
    about+=", and a report over HTTP every 2 s"
    report_alive &
    reports=$!
    sleep 1
  fi
  for i in 1 2 3; do
    on_client timeout 20 curl -s -k -o /dev/null "https://$server_url/changes"
    nap "$(pick 2000 4000)"
  done
  [ -z "$reports" ] || kill "$reports"
}

# --- dns: a zone of many types, asked with two clients, or through a forwarder ---

dns_zone() {
  local i name
  for ((i = 1; i <= 60; i++)); do
    name=$(one_of host mx db api cdn lab www old)$i.$site
    zone+=("--host-record=$name,10.$i.$((i * 3)).$((i + 1)),fd00:$i::$i"
      "--txt-record=t$i.$site,$(make_text 5 txt | head -n 1)")
    names+=("$name")
  done
  zone+=("--mx-host=$site,${names[1]},10" "--mx-host=$site,${names[2]},20" "--auth-zone=zone.$site"
    "--auth-server=${names[3]},eth0" "--cname=alias.$site,${names[4]}"
    "--srv-host=_sip._udp.$site,${names[5]},5060,1,1" "--naptr-record=$site,10,10,S,SIP+D2U,,_sip._udp.$site"
    "--caa-record=$site,0,issue,ca.example" "--local-ttl=$(pick 10 3600)")
  # A text far above what fits in a datagram of 512 or 1232 bytes: truncation, then TCP.
  local text=
  for ((i = 0; i < $(pick 4 9); i++)); do text+=,$(head -c 140 /dev/urandom | base64 -w 0); done
  zone+=("--txt-record=long.$site$text")
}

# One line: the milliseconds to wait before it, and a command.
dns_query() {
  local name type options=
  name=$(one_of "${names[@]}")
  type=$(one_of A A A A AAAA AAAA AAAA MX TXT SRV NAPTR CAA SOA NS PTR DS)
  case $(pick 1 20) in
  1 | 2) name=long.$site type=TXT ;;
  3) name=nothing$(pick 1 99999).$site ;;
  4) name=alias.$site ;;
  5) options=+tcp ;;
  6) options=+noedns ;;
  7) options="+bufsize=512 +dnssec" ;;
  8 | 9) name=t$(pick 1 60).$site type=TXT ;;
  10) name=$site type=$(one_of MX NAPTR CAA) ;;
  esac
  if [ "$type" = PTR ]; then
    echo "$2 dig @$1 +tries=3 +timeout=1 $options -x 10.$(pick 1 60).3.2"
  else
    one_of "$2 drill @$1 $name $type" "$2 dig @$1 +tries=3 +timeout=1 $options $name $type" \
      "$2 dig @$1 +tries=3 +timeout=1 $options $name $type"
  fi
}

# Bursts, as programs ask: the first after a pause, the others at once.
dns_queries() {
  local burst i
  for ((i = 0; i < 70; i++)); do
    dns_query "$1" "$(pick 20 900)"
    for ((burst = $(pick 0 4); burst > 0; burst--)); do dns_query "$1" "$(one_of 0 0 3)"; done
  done
}

dns_session() {
  local -a zone=() names=()
  local ask=$server_at port cache pause command
  packets=$(pick 260 360)
  about="dig and drill, many types, $(one_of dnsmasq)"
  dns_zone
  start_resolver "${zone[@]}" --edns-packet-max="$(one_of 512 1232 4096)"
  if [ $((n % 3)) -eq 0 ]; then
    about="a forwarder with cache and its upstream, one port"
    port=$(pick 20000 60000)
    cache=$(pick 20 60)
    on_client dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root \
      --pid-file= --log-facility="$dir/forwarder.log" --listen-address=127.0.0.1 --bind-interfaces \
      --server="$server_at" --query-port="$port" --cache-size="$cache" &
    ask=127.0.0.1
    wait_for 50 ip netns exec "$client" ss -Hlnu "sport = :53"
    sleep 0.5
  fi
  dns_queries "$ask" >"$dir/queries"
  start_capture
  while capturing && read -r pause command; do
    nap "$pause"
    # shellcheck disable=SC2086
    ip netns exec "$client" timeout 6 $command >/dev/null 2>&1 </dev/null &
  done <"$dir/queries"
  until_captured 3
}

# --- bulk: one large file, five ways ---

bulk_session() {
  local way late kbit
  packets=$(pick 300 400)
  way=$((n % 5))
  late=$(one_of 0 0 700 1500)
  kbit=$(pick 3000 12000)
  head -c 60000000 /dev/urandom >"$dir/site/image.iso"
  printf 'uid = root\ngid = root\nuse chroot = no\n[files]\npath = %s/site\nread only = no\n' "$dir" >"$dir/rsyncd.conf"
  case $way in
  0 | 1) start_nginx "$(one_of http2 "")" ;;
  2 | 3) on_server rsync --daemon --no-detach --config="$dir/rsyncd.conf" --port=873 & wait_for_port 873 ;;
  4) on_server iperf3 -s -1 >/dev/null & wait_for_port 5201 ;;
  esac
  local -a command
  case $way in
  0) about="HTTPS download, curl" command=(curl -s -k -o /dev/null "https://$server_url/image.iso") ;;
  1) about="HTTPS upload, curl" command=(curl -s -k -T "$dir/site/image.iso" "https://$server_url/up.iso") ;;
  2) about="rsync pull" command=(rsync "rsync://$server_url/files/image.iso" "$dir/got.iso") ;;
  3) about="rsync push" command=(rsync "$dir/site/image.iso" "rsync://$server_url/files/up.iso") ;;
  4)
    about="iperf3 over TCP, $kbit kbit/s"
    command=(iperf3 -c "$server_at" -t 20 -l "$(one_of 8K 64K 128K)" -b "${kbit}K")
    [ "$(one_of up down)" = up ] || command+=(-R)
    ;;
  esac
  [ "$late" -gt 0 ] || start_capture
  on_client timeout 25 "${command[@]}" >/dev/null 2>&1 &
  if [ "$late" -gt 0 ]; then
    nap "$late"
    start_capture
    about="$about, from $late ms on"
  fi
  until_captured 20
}

# --- voice: a SIP call with speech both ways ---

# Somebody who talks and listens: sentences with silences between, as a WAV file.
make_speech() {
  local file=$1 rate=$2 channels=$3 i text="<speak>"
  local -a said=("Good morning." "Can you hear me now?" "Yes." "No, not today." "I see." "All right."
    "We looked at the figures of last week again."
    "The second one was rather late, and nobody could tell why."
    "Let us talk about it tomorrow, when the others are there."
    "Then we should measure once more before we decide anything.")
  for ((i = 0; i < 14; i++)); do
    text+="<break time=\"$(one_of 200 500 900 1800 2600)ms\"/>$(one_of "${said[@]}")"
  done
  espeak-ng -m -v "$(one_of en-us en-gb en-gb-scotland)" -p "$(pick 25 75)" -s "$(pick 130 190)" \
    -w "$file.raw.wav" "$text</speak>"
  ffmpeg -v error -y -i "$file.raw.wav" -ar "$rate" -ac "$channels" "$file"
}

baresip_config() {
  local who=$1 rate=$2 channels=$3
  mkdir -p "$dir/$who"
  make_speech "$dir/$who/speech.wav" "$rate" "$channels"
  cat >"$dir/$who/config" <<END
module_path $(dirname "$(find /usr/lib -path '*baresip/modules/g711.so' | head -n 1)")
sip_listen 0.0.0.0:5060
rtp_ports $(pick 10000 19000)-$(pick 20000 40000)
audio_source aufile,$dir/$who/speech.wav
audio_player aufile,$dir/$who/heard.wav
audio_alert aufile,/dev/null
jitter_buffer_delay 2-10
opus_bitrate $bitrate
opus_dtx $dtx
opus_cbr no
module g711.so
module g722.so
module opus.so
module aufile.so
module_tmp account.so
module_app menu.so
END
  echo "<sip:$who@$4>;regint=0;answermode=auto;audio_codecs=$codec;ptime=$ptime" >"$dir/$who/accounts"
}

voice_session() {
  local codec rate=8000 channels=1 bitrate dtx ptime=20 late
  packets=$(pick 330 420)
  bitrate=$(one_of 16000 24000 32000 48000)
  dtx=$(one_of yes no)
  case $((n % 4)) in
  0) codec=pcma ;;
  1) codec=pcmu ;;
  2 | 3) codec=opus/48000/2 rate=48000 channels=2 ;;
  esac
  [ "$n" -ne 8 ] || codec=g722/16000/1 rate=16000 channels=1
  [ "$n" -ne 9 ] || ptime=40
  about="SIP call, baresip, ${codec%%/*}, $ptime ms"
  [ "${codec%%/*}" != opus ] || about+=", $((bitrate / 1000)) kbit/s, DTX $dtx"
  baresip_config bob "$rate" "$channels" "$server_at"
  baresip_config alice "$rate" "$channels" "$client_at"
  on_server timeout 60 baresip -f "$dir/bob" </dev/null >"$dir/bob.log" 2>&1 &
  wait_for_port 5060
  late=$(one_of 0 0 4000 7000)
  [ "$late" -gt 0 ] || start_capture
  on_client timeout 50 baresip -f "$dir/alice" -t 45 -e "/dial sip:bob@$server_at" </dev/null >"$dir/alice.log" 2>&1 &
  if [ "$late" -gt 0 ]; then
    nap "$late"
    start_capture
    about+=", from $late ms on"
  fi
  until_captured 30
}

# --- video: H.264 from a real encoder, over RTP or in HTTPS segments ---

video_session() {
  local size fps source bitrate late
  packets=$(pick 340 420)
  size=$(one_of 320x240 480x270 640x360 854x480)
  fps=$(one_of 15 24 25 30)
  bitrate=$(pick 400 1600)
  source=$(one_of testsrc2 mandelbrot life cellauto)
  case $source in
  testsrc2 | mandelbrot) source="$source=size=$size:rate=$fps" ;;
  life) source="life=size=$size:rate=$fps:mold=10:ratio=0.1:death_color=#904030:life_color=#30f080" ;;
  cellauto) source="cellauto=size=$size:rate=$fps:rule=110" ;;
  esac
  make_clip() {
    on_server nice timeout 60 ffmpeg -v error -y -f lavfi -i "$source" -f lavfi -i "sine=frequency=330:beep_factor=3" \
      -t 16 -vf format=yuv420p -c:v libx264 -preset veryfast -b:v "${bitrate}k" -maxrate "$((bitrate * 3 / 2))k" \
      -bufsize "${bitrate}k" -g $((fps * 2)) -c:a aac -b:a 64k "$@"
  }
  about="H.264 $size, $fps/s, $bitrate kbit/s"
  case $((n % 3)) in
  0) video_segments ;;
  1) video_rtp ;;
  2) video_progressive ;;
  esac
}

# A player that fetches a segment, plays it, fetches the next over the same connection.
video_segments() {
  local seconds
  seconds=$(one_of 1 2)
  about+=", HTTPS segments of $seconds s"
  make_clip -force_key_frames "expr:gte(t,n_forced*$seconds)" -f hls -hls_time "$seconds" -hls_list_size 0 \
    -hls_segment_filename "$dir/site/%d.ts" "$dir/site/index.m3u8"
  start_nginx "$(one_of http2 "")"
  start_resolver
  start_capture
  on_client timeout 40 curl -s -k --rate $((60 / seconds))/m "https://$site/index.m3u8" \
    "https://$site/[0-$((14 / seconds))].ts" >/dev/null &
  until_captured 30
}

video_rtp() {
  local port from packet late
  about+=", RTP"
  port=$(($(pick 5000 25000) * 2))
  from=$(($(pick 5000 25000) * 2))
  packet=$(one_of 1200 1328 1400)
  make_clip -bf 0 "$dir/clip.mp4"
  cat >"$dir/session.sdp" <<END
v=0
o=- 0 0 IN IP4 $server_at
s=clip
c=IN IP4 $client_at
t=0 0
m=video $port RTP/AVP 96
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1
END
  on_client timeout 40 ffmpeg -v quiet -protocol_whitelist file,udp,rtp -i "$dir/session.sdp" -f null - </dev/null &
  late=$(one_of 0 0 2500)
  sleep 1
  [ "$late" -gt 0 ] || start_capture
  on_server timeout 40 ffmpeg -v quiet -re -stream_loop 2 -i "$dir/clip.mp4" -an -c copy -f rtp \
    "rtp://$client_at:$port?localrtpport=$from&pkt_size=$packet" </dev/null >/dev/null &
  if [ "$late" -gt 0 ]; then
    nap "$late"
    start_capture
    about+=", from $late ms on"
  fi
  until_captured 30
}

# One long file that a player reads as fast as it plays, through its own buffer.
video_progressive() {
  about+=", one HTTPS file read at playing speed"
  make_clip -movflags +faststart "$dir/site/clip.mp4"
  start_nginx ""
  start_resolver
  start_capture
  on_client timeout 40 ffmpeg -v quiet -re -i "https://$site/clip.mp4" -f null - </dev/null &
  until_captured 30
}

# --- chat: people who think, type and read, over TLS ---

chat_words=(yes no maybe the a we you they tomorrow today train coffee meeting figure picture network
  slow fast again never really think know said found it is was at in with before after because fine
  good late early question answer weekend garden river mountain report paper machine green little)

# say: a message of a few words, after the time to think of it and to type it (in ms).
say() {
  local words i
  words=$(one_of 1 2 3 4 5 6 8 10 14)
  message=
  for ((i = 0; i < words; i++)); do message+="$(one_of "${chat_words[@]}") "; done
  nap "$(pick 300 3200)"
  "$@"
  nap $((${#message} * $(pick 40 110)))
}

irc_person() {
  printf 'NICK %s\r\nUSER %s 0 * :%s\r\n' "$1" "$1" "$1"
  sleep 1
  printf 'JOIN #room\r\n'
  while :; do
    say true
    printf 'PRIVMSG #room :%s\r\n' "$message"
  done
}

# xmpp_person NAME FILE: FILE is what the server says.
xmpp_person() {
  local streams="xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
  local states="xmlns='http://jabber.org/protocol/chatstates'"
  local open="<?xml version='1.0'?><stream:stream to='chat.example' $streams version='1.0'>"
  local room="room@rooms.chat.example" i=0
  heard() {
    wait_for 200 grep -q "$1" "$2"
  }
  echo "$open"
  heard "ANONYMOUS" "$2"
  echo "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"
  heard "<success" "$2"
  echo "$open"
  heard "xmpp-bind" "$2"
  echo "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
  heard "<jid>" "$2"
  echo "<presence/><presence to='$room/$1'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
  typing() {
    echo "<message to='$room' type='groupchat'><composing $states/></message>"
  }
  while :; do
    say typing
    i=$((i + 1))
    echo "<message to='$room' type='groupchat' id='m$i'><body>$message</body><active $states/></message>"
  done
}

start_irc() {
  cat >"$dir/ngircd.conf" <<END
[Global]
Name = irc.lab.example
Info = lab
Listen = ::,0.0.0.0
ServerUID = nobody
ServerGID = nogroup
[Limits]
MaxConnectionsIP = 0
MaxJoins = 0
PingTimeout = $(pick 20 60)
[Options]
DNS = no
Ident = no
PAM = no
[SSL]
CertFile = $work/$certificate.crt
KeyFile = $work/$certificate.key
Ports = $port
END
  on_server ngircd -n -f "$dir/ngircd.conf" >"$dir/ngircd.log" 2>&1 &
}

start_xmpp() {
  mkdir -p "$dir/prosody"
  cat >"$dir/prosody.cfg.lua" <<END
run_as_root = true
daemonize = false
pidfile = "$dir/prosody.pid"
data_path = "$dir/prosody"
certificates = "$work"
log = { info = "$dir/prosody.log" }
interfaces = { "*", "::" }
c2s_ports = { }
s2s_ports = { }
c2s_direct_tls_ports = { $port }
c2s_direct_tls_ssl = { certificate = "$work/$certificate.crt", key = "$work/$certificate.key" }
ssl = { certificate = "$work/$certificate.crt", key = "$work/$certificate.key" }
modules_enabled = { "saslauth", "tls", "disco", "ping", "roster" }
VirtualHost "chat.example"
  authentication = "anonymous"
Component "rooms.chat.example" "muc"
  restrict_room_creation = false
  muc_room_default_public = true
  muc_room_locking = false
END
  on_server prosody --config "$dir/prosody.cfg.lua" >"$dir/prosody.out" 2>&1 &
}

chat_session() {
  local kind person people port seconds
  packets=$(pick 250 350)
  seconds=$(pick 70 95)
  people=$(pick 2 6)
  if [ $((n % 2)) -eq 0 ]; then
    kind=irc
    port=6697
    about="IRC over TLS, ngircd"
  else
    kind=xmpp
    port=5223
    about="XMPP over TLS, prosody, typing notices"
  fi
  "start_$kind"
  wait_for_port "$port"
  start_resolver
  about+=", $((people + 1)) people"
  for ((person = 1; person <= people; person++)); do
    (seed_random "$class.$n.$person" && "${kind}_person" "other$person" "$dir/heard.$person") |
      on_server timeout $((seconds + 30)) openssl s_client -quiet -connect "$server_url:$port" \
        >"$dir/heard.$person" 2>/dev/null &
  done
  sleep 3
  start_capture
  (seed_random "$class.$n.0" && "${kind}_person" "$(one_of ada grace alan emmy kurt)" "$dir/heard.0") |
    on_client timeout $((seconds + 30)) openssl s_client -quiet -servername chat.example \
      -connect "$site:$port" >"$dir/heard.0" 2>/dev/null &
  until_captured "$seconds"
}
