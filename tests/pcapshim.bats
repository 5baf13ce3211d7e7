# pcapshim: packets that carry their time, and back.
load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# hex FILE FROM N: bytes of a file.
hex() {
  od -An -v -tx1 -j "$2" -N "$3" "$1" | tr -d ' \n'
}

@test "a shim stands after the addresses: type, time in ns, number; then what stood there" {
  make_capture one.pcap <<'END'
1.000000001 10.0.0.1 10.0.0.2 udp 1000 2000 4
1700000000.123456789 10.0.0.1 10.0.0.2 udp 1000 2000 4 vlan=7
END
  pcapshim one.pcap -w shimmed.pcap
  # The file's header, the packet's own, then the frame.
  [ "$(hex shimmed.pcap 0 24)" = "$(hex one.pcap 0 24)" ]
  [ "$(hex shimmed.pcap 24 16)" = 01000000010000003c0000003c000000 ]
  [ "$(hex shimmed.pcap 40 12)" = "$(hex one.pcap 40 12)" ]
  [ "$(hex shimmed.pcap 52 14)" = 88b5000000003b9aca0100000000 ]
  [ "$(hex shimmed.pcap 66 34)" = "$(hex one.pcap 52 34)" ]
  # 1700000000123456789 is 0x17979cfe3d85cd15. The VLAN tag comes after the shim.
  [ "$(hex shimmed.pcap $((100 + 16 + 12)) 18)" = 88b517979cfe3d85cd15000000018100"0007" ]
}

@test "in and out again is the same file, byte for byte" {
  local capture
  for capture in "$testdata"/lab/{web,dns,voice}.[12].pcap; do
    pcapshim "$capture" -w shimmed.pcap
    run -1 cmp -s "$capture" shimmed.pcap
    pcapshim -d shimmed.pcap | cmp - "$capture"
  done
}

@test "what the times of the packets have become does not matter: those of the shims come back" {
  make_capture one.pcap <<'END'
1.000000001 10.0.0.1 10.0.0.2 udp 1000 2000 4
3.999999999 10.0.0.1 10.0.0.2 udp 1000 2000 4
END
  pcapshim one.pcap >shimmed.pcap
  # Seconds of both packets become 0.
  printf '\0\0\0\0' | dd of=shimmed.pcap bs=1 seek=24 conv=notrunc status=none
  printf '\0\0\0\0' | dd of=shimmed.pcap bs=1 seek=100 conv=notrunc status=none
  pcapshim -d <shimmed.pcap | cmp - one.pcap
}

@test "a time that a pcap file can't hold is an error, not another time" {
  make_capture one.pcap <<'END'
4294967295.999999999 10.0.0.1 10.0.0.2 udp 1000 2000 4
END
  pcapshim one.pcap -w shimmed.pcap
  pcapshim -d shimmed.pcap | cmp - one.pcap
  # 4294967295.999999999 s are 0x3b9ac9ffffffffff ns; one more:
  printf '\x3b\x9a\xca\0\0\0\0\0' | dd of=shimmed.pcap bs=1 seek=54 conv=notrunc status=none
  fails "-w: a packet is of 4294967296 s after 1970, and a pcap file ends in 2106" pcapshim -d shimmed.pcap -w late.pcap
  [ ! -e late.pcap ]
}

@test "raw IP gets an Ethernet header without addresses" {
  make_capture raw.pcap raw <<'END'
1.000000001 10.0.0.1 10.0.0.2 udp 1000 2000 4
2 2001:db8::1 2001:db8::2 udp 1000 2000 4
END
  pcapshim raw.pcap -w shimmed.pcap
  [ "$(hex shimmed.pcap 40 28)" = 00000000000000000000000088b5000000003b9aca01000000000800 ]
  [ "$(hex shimmed.pcap $((40 + 60 + 16)) 28)" = 00000000000000000000000088b50000000077359400000000"0186dd" ]
  pcapshim -d shimmed.pcap -w back.pcap
  diff <(pcap2feat -q --first=zero --fields=ts,src_ip,dst_port,len raw.pcap) <(pcap2feat -q --first=zero --fields=ts,src_ip,dst_port,len back.pcap)
}

@test "what is neither Ethernet nor raw IP is left out and counted" {
  make_capture one.pcap <<'END'
1 10.0.0.1 10.0.0.2 udp 1000 2000 4
END
  # Link type 105: 802.11.
  printf '\151' | dd of=one.pcap bs=1 seek=20 conv=notrunc status=none
  run -0 --separate-stderr pcapshim one.pcap -w shimmed.pcap
  [ "$stderr" = "pcapshim: 1 packet skipped: neither Ethernet nor raw IP" ]
  [ "$(stat -c %s shimmed.pcap)" -eq 24 ]
  run -0 --separate-stderr pcapshim -q one.pcap -w shimmed.pcap
  [ -z "$stderr" ]
}

@test "frames that the capture cut keep their length; those cut in the Ethernet header are counted" {
  make_capture cut.pcap <<'END'
1 10.0.0.1 10.0.0.2 udp 1000 2000 400 cut=14
2 10.0.0.1 10.0.0.2 udp 1000 2000 400 cut=13
3 10.0.0.1 10.0.0.2 udp 1000 2000 400 cut=0
4 10.0.0.1 10.0.0.2 udp 1000 2000 400 cut=60
END
  run -0 --separate-stderr pcapshim cut.pcap -w shimmed.pcap
  [ "$stderr" = "pcapshim: 2 packets skipped: cut short in the Ethernet header" ]
  # 28 bytes of 442 + 14, and the place in the file stays the number: 0, then 3.
  [ "$(hex shimmed.pcap 32 8)" = 1c000000c8010000 ]
  [ "$(hex shimmed.pcap 62 4)" = 00000000 ]
  [ "$(hex shimmed.pcap $((40 + 28 + 16 + 22)) 4)" = 00000003 ]
}

@test "--cut makes frames that were captured in part whole ones; -v says how many were written" {
  make_capture cut.pcap <<'END'
1 10.0.0.1 10.0.0.2 udp 1000 2000 400 cut=60
2 10.0.0.1 10.0.0.2 udp 1000 2000 400
END
  run -0 --separate-stderr pcapshim -v --cut cut.pcap -w shimmed.pcap
  [ "$stderr" = "pcapshim: 2 packets written" ]
  # 60 + 14 of as many; 442 + 14 of as many.
  [ "$(hex shimmed.pcap 32 8)" = 4a0000004a000000 ]
  [ "$(hex shimmed.pcap $((40 + 74 + 8)) 8)" = c8010000c8010000 ]
}

@test "the largest frame that a capture may hold stays readable" {
  make_capture big.pcap <<'END'
1 10.0.0.1 10.0.0.2 99 0 0 65515
END
  need_python
  /usr/bin/python3 - <<'END'
import struct
frame = open("big.pcap", "rb").read()[40:].ljust(262144, b"\0")
with open("big.pcap", "r+b") as f:
    f.seek(32)
    f.write(struct.pack("<II", 262144, 262144) + frame)
END
  pcapshim big.pcap -w shimmed.pcap
  pcapshim -d shimmed.pcap -w back.pcap
  [ "$(hex back.pcap 32 8)" = f2ff030000000400 ]
  [ "$(hex shimmed.pcap 32 8)" = 000004000e000400 ]
}

@test "a capture cut in the middle is an error, and there is no output" {
  head -c -1 "$testdata/lab/dns.1.pcap" >cut.pcap
  run -1 --separate-stderr pcapshim cut.pcap -w shimmed.pcap
  [[ "$stderr" =~ ^"pcapshim: cut.pcap: frame "[0-9]+": the file ends in the middle of it"$ ]]
  [ ! -e shimmed.pcap ]
  run -1 --separate-stderr pcapshim -d cut.pcap -w shimmed.pcap
  [ ! -e shimmed.pcap ]
}

@test "without shims, -d passes on what is there and says so" {
  run -0 --separate-stderr pcapshim -d "$testdata/lab/dns.1.pcap" -w same.pcap
  [[ "$stderr" =~ ^"pcapshim: "[0-9]+" packets passed on without change: no shim"$ ]]
  cmp same.pcap "$testdata/lab/dns.1.pcap"
}

@test "the capture that is read is not the one that is written" {
  cp "$testdata/lab/dns.1.pcap" one.pcap
  refuses "--write: './one.pcap' is an input file" pcapshim one.pcap -w ./one.pcap
  cmp one.pcap "$testdata/lab/dns.1.pcap"
}

@test "half a shim is none" {
  make_capture one.pcap <<'END'
1 10.0.0.1 10.0.0.2 udp 1000 2000 40
END
  pcapshim one.pcap -w shimmed.pcap
  # A capture of 25 bytes of that frame, then of 26: the whole shim and nothing after it.
  local n
  for n in 25 26; do
    {
      head -c 32 shimmed.pcap
      # shellcheck disable=SC2059  # a byte
      printf "\\x$(printf %x "$n")\0\0\0\x60\0\0\0"
      tail -c +41 shimmed.pcap | head -c "$n"
    } >short.pcap
    run -0 --separate-stderr pcapshim -d short.pcap -w out.pcap
    [ "$n" -eq 26 ] || [ "$stderr" = "pcapshim: 1 packet passed on without change: no shim" ]
    [ "$n" -eq 25 ] || [ -z "$stderr" ]
  done
  [ "$(hex out.pcap 32 8)" = 0c00000052000000 ]
}
