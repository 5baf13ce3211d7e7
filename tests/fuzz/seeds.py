#!/usr/bin/python3
"""Makes the seeds of the fuzz targets decode and pcapng: one small frame or file for each thing
that the decoder and the readers know. The tests of captures use them as well.

Usage: seeds.py DIRECTORY    (tests/fuzz/corpus; seeds that the fuzzer found stay)
"""
import gzip
import pathlib
import struct
import subprocess
import sys

SRC4, DST4 = bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])
SRC6, DST6 = b"\xfd" + bytes(14) + b"\1", b"\xfd" + bytes(14) + b"\2"
MACS = b"\2\0\0\0\0\2" + b"\2\0\0\0\0\1"  # destination, source
SNAP = b"\xaa\xaa\3\0\0\0\x08\0"


def ipv4(proto, body, options=b"", fragment=0, length=None):
    header = 20 + len(options)
    if length is None:
        length = header + len(body)
    return struct.pack(">BBHHHBBH", 0x40 | header // 4, 0xb8, length, 7, fragment, 64, proto,
                       0) + SRC4 + DST4 + options + body


def ipv6(proto, body, length=None):
    if length is None:
        length = len(body)
    return struct.pack(">IHBB", 0x60000000 | 0x2e << 22, length, proto, 64) + SRC6 + DST6 + body


def udp(source, destination, body):
    return struct.pack(">HHHH", source, destination, 8 + len(body), 0) + body


def ethernet(kind, body):
    return MACS + struct.pack(">H", kind) + body


def tag(vlan, kind, body):
    return struct.pack(">HH", vlan, kind) + body


def wlan(control, body, fourth=b""):
    return control + b"\0\0" + MACS + body[:6] + b"\0\0" + fourth + body[6:]


SEGMENT = struct.pack(">HHIIBBHHH", 40000, 80, 1, 2, 0x50, 0x18, 1000, 0, 0) + b"x"
TCP4, TCP6 = ipv4(6, SEGMENT), ipv6(6, SEGMENT)
UDP4 = ipv4(17, udp(5000, 53, b"q"))
INNER = ethernet(0x0800, UDP4)
A3 = b"\2\0\0\0\0\3"

# name: link type, decapsulation, frame
FRAMES = {
    "ether-tcp": (1, 1, ethernet(0x0800, TCP4)),
    "ether-ip6": (1, 1, ethernet(0x86dd, TCP6)),
    "ether-options": (1, 1, ethernet(0x0800, ipv4(17, udp(1, 2, b""), b"\x94\4\0\0"))),
    "ether-fragment": (1, 1, ethernet(0x0800, ipv4(17, b"rest", fragment=185))),
    "ether-zero-length": (1, 0, ethernet(0x0800, ipv4(6, SEGMENT, length=0))),
    "ether-padding": (1, 0, ethernet(0x0800, ipv4(6, b"\1\2") + b"\0\x50\1\0" + bytes(20))),
    "ether-qinq": (1, 1, ethernet(0x88a8, tag(100, 0x8100, tag(7, 0x0800, UDP4)))),
    "ether-mpls": (1, 1, ethernet(0x8847, b"\0\1\0\x40\0\2\1\x40" + TCP4)),
    "ether-pseudowire": (1, 1, ethernet(0x8847, b"\0\2\1\x40" + bytes(4) + INNER)),
    "ether-pppoe": (1, 1, ethernet(0x8864, b"\x11\0\0\1" + struct.pack(">H", len(TCP4) + 2) +
                                   b"\0\x21" + TCP4)),
    "ether-snap": (1, 1, ethernet(8 + len(UDP4), SNAP + UDP4)),
    "ether-ah": (1, 1, ethernet(0x0800, ipv4(51, b"\6\4" + bytes(22) + SEGMENT))),
    "ether-macsec": (1, 1, ethernet(0x88e5, b"\x20\0" + bytes(12) + b"\x08\0" + UDP4 + bytes(16))),
    "ether-backbone": (1, 1, ethernet(0x88e7, bytes(4) + INNER)),
    "ether-vntag": (1, 1, ethernet(0x8926, bytes(4) + b"\x08\0" + UDP4)),
    "ip6-chain": (229, 1, ipv6(0, b"\x2b\0\1\4" + bytes(4) + b"\x3c\0" + bytes(6) + b"\x2c\0\1\4" +
                               bytes(4) + b"\x11\0\0\1" + bytes(4) + udp(9, 9, b"z"))),
    "ip6-later-fragment": (229, 1, ipv6(44, b"\x11\0\0\x50" + bytes(4) + udp(1, 2, b""))),
    "ip6-zero-length": (229, 0, ipv6(6, SEGMENT, length=0)),
    "raw": (12, 1, TCP4),
    "null": (0, 1, b"\2\0\0\0" + TCP4),
    "loop6": (108, 1, b"\0\0\0\x1e" + TCP6),
    "cooked": (113, 1, b"\0\0\0\1\0\6" + bytes(8) + b"\x08\0" + UDP4),
    "cooked2": (276, 1, b"\x08\0\0\0\0\0\0\1\0\1\0\6" + bytes(8) + UDP4),
    "ppp": (9, 1, b"\xff\3\0\x21" + TCP4),
    "hdlc": (50, 1, b"\x0f\0\x08\0" + TCP4),
    "chdlc": (104, 1, b"\x8f\0\x08\0" + UDP4),
    "wlan-qos": (105, 1, wlan(b"\x88\1", A3 + b"\0\0" + SNAP + UDP4)),
    "radiotap-padded": (127, 1, b"\0\0\x0c\0\2\0\0\0\x20\0\0\0" +
                        wlan(b"\x88\1", A3 + b"\0\0\0\0" + SNAP + UDP4)),
    "avs": (163, 1, struct.pack(">II", 0x80211001, 8) + wlan(b"\x08\2", bytes(6) + SNAP + UDP4)),
    "prism": (119, 1, bytes(144) + wlan(b"\x08\3", bytes(6) + SNAP + UDP4, bytes(6))),
    "ppi": (192, 1, b"\0\0\x08\0" + struct.pack("<I", 1) + INNER),
    "gre": (12, 1, ipv4(47, b"\xb0\0\x08\0" + bytes(12) + UDP4)),
    "gre-ethernet": (12, 1, ipv4(47, b"\0\0\x65\x58" + INNER)),
    "gre-keepalive": (12, 1, ipv4(47, bytes(4) + TCP4)),
    "gre-later-fragment": (12, 1, ipv4(47, b"\0\0\x08\0" + UDP4, fragment=10)),
    "gre-routes": (12, 1, ipv4(47, b"\x40\0\x08\0" + bytes(4) + b"\x08\0\0\4" + bytes(8) + UDP4)),
    "erspan2": (12, 1, ipv4(47, b"\x10\0\x88\xbe" + bytes(12) + INNER)),
    "erspan3": (12, 1, ipv4(47, b"\x10\0\x22\xeb" + bytes(15) + b"\1" + bytes(8) + INNER)),
    "pptp": (12, 1, ipv4(47, b"\x30\x81\x88\x0b" + struct.pack(">H", len(UDP4) + 4) + bytes(10) +
                         b"\xff\3\0\x21" + UDP4)),
    "pptp-ack": (12, 1, ipv4(47, b"\x20\x81\x88\x0b\0\0\0\1" + bytes(4))),
    "ipip": (12, 1, ipv4(4, UDP4)),
    "6in4": (12, 1, ipv4(41, TCP6)),
    "4in6": (229, 1, ipv6(4, TCP4)),
    "mpls-in-ip": (12, 1, ipv4(137, b"\0\1\1\x40" + TCP4)),
    "vxlan": (12, 1, ipv4(17, udp(1000, 4789, b"\x08" + bytes(7) + INNER))),
    "geneve": (12, 1, ipv4(17, udp(1000, 6081, b"\1\0\x65\x58\0\0\1\0" + bytes(4) + INNER))),
    "gtp": (12, 1, ipv4(17, udp(2152, 2152, b"\x34\xff" + struct.pack(">H", len(UDP4) + 8) +
                                bytes(4) + b"\0\0\0\x85\1\0\0\0" + UDP4))),
    "gtp-echo": (12, 1, ipv4(17, udp(2152, 2152, b"\x32\1\0\4" + bytes(8)))),
    "teredo": (12, 1, ipv4(17, udp(3544, 1, b"\0\1\0\0" + bytes(9) + b"\0\0" + bytes(6) +
                                   ipv6(59, b"")))),
}

MICROSECONDS = 1700000000123456


class Pcapng:
    """Blocks of a section in one byte order."""

    def __init__(self, order):
        self.order = order
        self.bytes = b""
        self.block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1))

    def block(self, kind, body):
        body += bytes(-len(body) % 4)
        length = struct.pack(self.order + "I", 12 + len(body))
        self.bytes += struct.pack(self.order + "I", kind) + length + body + length
        return self

    def option(self, code, value):
        return struct.pack(self.order + "HH", code, len(value)) + value + bytes(-len(value) % 4)

    def interface(self, link, snaplen=0, *options):
        return self.block(1, struct.pack(self.order + "HHI", link, 0, snaplen) +
                          b"".join(self.option(*o) for o in options))

    def packet(self, number, time, data, *options):
        head = struct.pack(self.order + "IIIII", number, time >> 32, time & 0xffffffff, len(data),
                           len(data))
        return self.block(6, head + data + bytes(-len(data) % 4) +
                          b"".join(self.option(*o) for o in options))

    def old_packet(self, number, time, data):
        return self.block(2, struct.pack(self.order + "HHIIII", number, 0, time >> 32,
                                         time & 0xffffffff, len(data), len(data)) + data)

    def simple_packet(self, data, kept=None):
        return self.block(3, struct.pack(self.order + "I", len(data)) + data[:kept])


def pcap(order, magic, link, *packets):
    return struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link) + b"".join(
        struct.pack(order + "IIII", 1700000000, 1, len(p), len(p)) + p for p in packets)


def files():
    one = Pcapng("<").interface(1).packet(0, MICROSECONDS, ethernet(0x0800, TCP4)).bytes
    us = pcap("<", 0xa1b2c3d4, 1, INNER, ethernet(0x0800, TCP4))
    mixed = Pcapng("<").interface(1, 96)
    mixed.interface(101, 0, (9, b"\x09"), (14, struct.pack("<q", -3600)), (0, b""))
    mixed.interface(276, 0, (9, b"\x94"))
    mixed.packet(1, MICROSECONDS * 1000, TCP4).packet(0, MICROSECONDS, ethernet(0x86dd, TCP6))
    mixed.simple_packet(INNER).old_packet(2, MICROSECONDS, b"\x08\0" + bytes(18) + UDP4)
    mixed.block(5, bytes(12)).block(0x7777, b"what")
    return {
        "simple.pcapng": one,
        "two.pcapng": Pcapng("<").interface(101).packet(0, MICROSECONDS, UDP4)
                      .packet(0, MICROSECONDS + 1, UDP4).bytes,
        "big-endian.pcapng": Pcapng(">").interface(1).packet(
            0, MICROSECONDS, ethernet(0x0800, TCP4), (1, b"note"), (0, b"")).bytes,
        "mixed.pcapng": mixed.bytes,
        "sections.pcapng": Pcapng("<").interface(1).packet(0, MICROSECONDS, INNER).bytes +
                           Pcapng(">").interface(101).packet(0, MICROSECONDS, UDP4).bytes,
        "simple-snaplen.pcapng": Pcapng("<").interface(1, 37).simple_packet(INNER, 37).bytes,
        "cut.pcapng": one[:-9],
        "length-13.pcapng": Pcapng("<").interface(1).bytes + struct.pack("<II", 6, 13) + bytes(8),
        "us.pcap": us,
        "ns-big-endian.pcap": pcap(">", 0xa1b23c4d, 101, UDP4),
        "cut.pcap": us[:-5],
        "members.gz": gzip.compress(us[:60], mtime=0) + gzip.compress(us[60:], mtime=0),
        "cut.gz": gzip.compress(one, mtime=0)[:-6],
        "frame.zst": subprocess.run(["zstd", "-c"], input=one, stdout=subprocess.PIPE,
                                    check=True).stdout,
        "text": b"no capture\n",
    }


def write(directory, name, data):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_bytes(data)


def main():
    root = pathlib.Path(sys.argv[1])
    for name, (link, decapsulate, frame) in FRAMES.items():
        write(root / "decode", name, struct.pack(">HB", link, decapsulate) + frame)
    for name, data in files().items():
        write(root / "pcapng", name, data)


main()
