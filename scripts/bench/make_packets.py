#!/usr/bin/python3
"""Writes a pcap file to standard output: PACKETS packets of FLOWS concurrent flows, TCP and UDP,
both directions, three sizes, a few microseconds apart. Usage: make_packets.py PACKETS FLOWS"""
import random
import struct
import sys

packets, flows = int(sys.argv[1]), int(sys.argv[2])
choose = random.Random(1)


def frame(flow, forward, size):
    client, server = (10 << 24) + flow, (192 << 24) + (168 << 16) + flow % 251
    tcp = flow % 4 != 0
    ends = (client, server, 1024 + flow % 60000, 443)
    src, dst, sport, dport = ends if forward else (ends[1], ends[0], ends[3], ends[2])
    head = struct.pack("!HHIIBBHHH", sport, dport, 1, 1, 0x50, 0x10, 500, 0, 0) if tcp else \
        struct.pack("!HHHH", sport, dport, size - 20, 0)
    ip = struct.pack("!BBHHHBBHII", 0x45, 0, size, 0, 0, 64, 6 if tcp else 17, 0, src, dst)
    return bytes(12) + b"\x08\x00" + ip + head + bytes(size - 20 - len(head))


out = sys.stdout.buffer
out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
kept, micros, chunk = {}, 1600000000000000, []
for number in range(packets):
    flow = int(choose.random() ** 2 * flows)  # some talk more than others
    key = (flow, choose.random() < 0.5, choose.choice((52, 200, 576)))
    if key not in kept:
        data = frame(*key)
        kept[key] = struct.pack("<II", len(data), len(data)) + data
    micros += choose.randrange(1, 20)
    chunk.append(struct.pack("<II", micros // 1000000, micros % 1000000) + kept[key])
    if len(chunk) == 10000:
        out.write(b"".join(chunk))
        chunk = []
out.write(b"".join(chunk))
