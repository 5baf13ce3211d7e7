# pcap2feat --device=MAC on real captures of things: the series is the rule in
# tests/python/device_series.py, row by row, and what has no row is counted as there.
load helper

setup() {
  need_data
  need_python struct
  cd "$BATS_TEST_TMPDIR" || return
  rule=$root/tests/python/device_series.py
  iot=$data/captures/iot
}

# each_device CAPTURE: every MAC address in it; sets devices and rows.
each_device() {
  local mac
  devices=0 rows=0
  for mac in $(/usr/bin/python3 "$rule" "$1"); do
    /usr/bin/python3 "$rule" "$1" "$mac" >expected 2>expected.log
    pcap2feat --device="$mac" "$1" >series 2>log
    { diff expected series && diff expected.log log; } || { echo "$1, $mac"; return 1; }
    devices=$((devices + 1))
    rows=$((rows + $(wc -l <series) - 1))
  done
}

# Every packet is in the series of its source and of its destination, less the first of each
# direction of each device.
@test "a phone, two radios and multicast (pcapng): 7 devices, 12 frames without IP" {
  each_device "$iot/alexa.ndpi-alexa-app.pcapng"
  [ "$devices $rows" = "7 602" ]
  pcap2feat -q --device=78:f8:82:d3:fb:c2 "$iot/alexa.ndpi-alexa-app.pcapng" >series
  [ "$(wc -l <series)" -eq 305 ]
}

@test "phasor measurement: 4 devices, 778 packets" {
  each_device "$iot/ieee-c37118.ndpi-ieee_c37118.pcap"
  [ "$devices $rows" = "4 1548" ]
}

@test "EtherNet/IP, recordings years apart: 6 devices, frames without IP" {
  each_device "$iot/ethernet-ip.sv-enip-keywords.pcap"
  [ "$devices $rows" = "6 1508" ]
}

@test "every Ethernet capture of things: broadcasts, hosts that talk to themselves, times that run back" {
  local capture captures=0 all_devices=0 all_rows=0
  while read -r capture; do
    /usr/bin/python3 "$rule" "$capture" >/dev/null 2>&1 || continue # another link type
    each_device "$capture"
    captures=$((captures + 1)) all_devices=$((all_devices + devices)) all_rows=$((all_rows + rows))
  done < <(printf '%s\n' "$iot"/* | some 4)
  [ "$captures $all_devices $all_rows" = "${WEIR_LONG:+30 86 6774}" ] || [ -z "${WEIR_LONG-}" ]
  [ "$captures" -ge 6 ] && [ "$all_rows" -gt 500 ]
}

@test "the rule and the series can differ: another device's is another" {
  /usr/bin/python3 "$rule" "$iot/ieee-c37118.ndpi-ieee_c37118.pcap" 00:30:a7:00:0d:3a >expected 2>log
  pcap2feat -q --device=00:09:6b:93:7b:83 "$iot/ieee-c37118.ndpi-ieee_c37118.pcap" >series
  run -1 cmp -s expected series
  # The other end of its cable sees the same packets the other way round.
  diff <(cut -d, -f 2- expected) <(cut -d, -f 2- series)
  diff <(tail -n +2 expected | cut -d, -f 1 | tr 01 10) <(tail -n +2 series | cut -d, -f 1)
}
