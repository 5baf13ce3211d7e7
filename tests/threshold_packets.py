#!/usr/bin/env python3
"""threshold_packets.py MODEL OUT.pcap: packets whose lengths, inter-arrival times and length changes
lie at each threshold of a tree model, one below and one above; over IPv4 with options and fragments,
IPv6 with extension headers, VLAN tags; with equal times, times that run backwards, and the maxima."""

import struct
import sys


def thresholds(path):
    found = {}
    for line in open(path, encoding="utf-8"):
        words = line.split()
        if words and words[0] == "split":
            found.setdefault(words[2], set()).add(int(words[1]))
    return {name: sorted(values) for name, values in found.items()}


def ports(forward, flow):
    pair = (1024 + flow, 80)
    return struct.pack(">HH", *(pair if forward else pair[::-1]))


def udp(forward, flow, n):
    return ports(forward, flow) + struct.pack(">HH", n, 0)


def tcp(forward, flow, offset=5, flags=0x18):
    return ports(forward, flow) + struct.pack(">IIBBHHI", 1, 1, offset << 4, flags, 4096 + flow, 0, 0)[:16]


def ipv4(forward, flow, length, proto=17, options=b"", fragment=0, transport=None, ecn=0):
    ends = (bytes([10, 0, 0, 1]), bytes([10, 0, 1, 2]))
    src, dst = ends if forward else ends[::-1]
    ihl = 5 + len(options) // 4
    header = struct.pack(">BBHHHBBH", 0x40 | ihl, 0xB8 | ecn, length, 7, fragment, 64, proto, 0) + src + dst
    if transport is None:
        transport = udp(forward, flow, max(length - 4 * ihl, 0)) if fragment & 0x1FFF == 0 else b""
    return 0x0800, header + options + transport, length


def to_itself(packet):
    """The packet between two ports of one host."""
    kind, data, length = packet
    return kind, data[:12] + bytes([127, 0, 0, 1]) * 2 + data[20:], length


def ipv6(forward, flow, length, proto=17, before=b""):
    ends = (b"\x20\x01" + bytes(13) + b"\x01", b"\x20\x01" + bytes(13) + b"\x02")
    src, dst = ends if forward else ends[::-1]
    transport = udp(forward, flow, length - 40 - len(before))
    return 0x86DD, struct.pack(">IHBB", 0x6B800000, length - 40, proto, 61) + src + dst + before + transport, length


def frame(packet, tags=()):
    kind, data, length = packet
    head = bytes([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2])
    for tpid, vlan in tags:
        head += struct.pack(">HH", tpid, vlan)
    data = head + struct.pack(">H", kind) + data
    # Long ones are cut short: what a packet's length is, its header says.
    return data.ljust(min(len(head) + 2 + length, 200), b"\0")


def series(model):
    """(time step, frame) a packet."""
    for flow, make in enumerate((ipv4, ipv6)):
        last = 100
        yield 0, frame(make(True, flow, last))
        for name, values in model.items():
            for value in values:
                for at in (value - 1, value, value + 1):
                    step, length = 1000, 100
                    if name in ("iat", "dir_iat", "cap_iat"):
                        step = at
                    elif name == "len":
                        length = at
                    elif name.endswith("diffLen"):
                        length = last + at - 65535
                    if not 48 <= length <= 65535 or not 0 <= step < 1 << 50:
                        continue
                    last = length
                    yield step, frame(make(name != "iat" or at % 2 == 0, flow, length))
    yield from oddities()


def oddities():
    for forward in (True, False, True):
        yield 0, frame(ipv4(forward, 2, 65535))
        yield 1 << 49, frame(ipv4(forward, 2, 120, options=b"\x01" * 8))
        yield -5000, frame(ipv4(forward, 2, 120, fragment=0x2000))
        yield 3000, frame(ipv4(forward, 2, 120, fragment=0x2010))
        yield 3000, frame(ipv4(forward, 2, 120, fragment=0x0020))
        yield 10, frame(ipv4(forward, 3, 120, proto=6, transport=tcp(forward, 3)))
        yield 10, frame(ipv4(forward, 3, 45, proto=6, transport=tcp(forward, 3)))
        for offset in (0, 4, 6, 15):
            yield 10, frame(ipv4(forward, 3, 70, proto=6, transport=tcp(forward, 3, offset)))
        for bit in range(8):
            yield 10, frame(ipv4(forward, 3, 120, proto=6, transport=tcp(forward, 3, flags=1 << bit), ecn=bit % 4))
        yield 10, frame(ipv4(forward, 3, 120, fragment=0x4000, ecn=3))
        yield 10, frame(ipv4(forward, 3, 120, fragment=0x3FFF, options=b"\x01" * 40))
        yield 10, frame(ipv4(forward, 3, 120, 51, transport=b"\x11\x04\0\0" + bytes(20) + udp(forward, 3, 76)))
        yield 10, frame(ipv4(forward, 3, 120, proto=1, transport=b"\x08\x00"))
        for length in (0, 15, 20, 23, 24, 27, 28):
            yield 10, frame(ipv4(forward, 3, length))
        for back in (True, False, False, True):
            yield 10, frame(to_itself(ipv4(back, 6, 90)))
        yield 10, frame(ipv4(forward, 4, 90), [(0x8100, 5)])
        yield 10, frame(ipv4(forward, 4, 90), [(0x88A8, 6), (0x8100, 5)])
        hop_by_hop = b"\x11\x00" + bytes(6)
        yield 10, frame(ipv6(forward, 5, 130, 0, hop_by_hop))
        yield 10, frame(ipv6(forward, 5, 130, 0, b"\x2c\x00" + bytes(6) + b"\x11\x00\x00\x01\x00\x00\x00\x07"))
        yield 10, frame(ipv6(forward, 5, 130, 44, b"\x11\x00\x00\x81\x00\x00\x00\x07"))
        yield 10, frame(ipv6(forward, 5, 130, 44, b"\x11\x00\x00\x01\x00\x00\x00\x07"))
        yield 10, frame(ipv6(forward, 5, 130, 44, b"\x11\x00\xff\xf8\x00\x00\x00\x07"))
        kind, data, length = ipv6(forward, 5, 130)
        yield 10, frame((kind, b"\x6b\xb0" + data[2:], length))
        authentication = b"\x11\x04\x00\x00" + bytes(20)
        yield 10, frame(ipv6(forward, 5, 130, 51, authentication))
        yield 10, frame((0x0806, bytes(28), 28))


def main():
    now = 1_700_000_000 * 10**9
    with open(sys.argv[2], "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
        for step, data in series(thresholds(sys.argv[1])):
            now += step
            out.write(struct.pack("<IIII", now // 10**9, now % 10**9, len(data), len(data)) + data)


main()
