#!/usr/bin/python3
"""Makes a capture of report frames from a list, for tests that know every byte.

Usage: make_reports.py FILE MODEL < LIST        One report a line, as KEY=VALUE...

MODEL is the number by which the reports name their model. Keys, with what they are without:
class (0), seq (the line's place, from 0), ts (ns, 1000000000 a line), model, flags (0), ip (4), proto (17),
vlan (65535), sport (1000), dport (2000), src (10.0.0.1), dst (10.0.0.2), features (a list; empty),
n (as many as features), version (1), type (0x88b6), cut (bytes of the frame to keep).
"""
import ipaddress
import struct
import sys


def report(keys, place, model):
    def number(name, default):
        return int(keys.get(name, default), 0) if name in keys else default

    features = [int(v) for v in keys.get("features", "").split(",") if v]
    src, dst = (ipaddress.ip_address(keys.get(name, default)).packed.ljust(16, b"\0")
                for name, default in (("src", "10.0.0.1"), ("dst", "10.0.0.2")))
    fixed = struct.pack(
        "!BBHIQIBBBBHHHH", number("version", 1), number("n", len(features)), number("class", 0),
        number("seq", place), number("ts", (place + 1) * 10 ** 9), number("model", model),
        number("flags", 0), number("ip", 4), number("proto", 17), 0, number("vlan", 0xffff),
        number("sport", 1000), number("dport", 2000), 0)
    frame = bytes(12) + struct.pack("!H", number("type", 0x88b6)) + fixed + src + dst
    frame += b"".join(struct.pack("!Q", v) for v in features)
    return frame[:number("cut", len(frame))]


def main():
    with open(sys.argv[1], "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, 1))
        for place, line in enumerate(sys.stdin):
            keys = dict(field.split("=") for field in line.split())
            frame = report(keys, place, int(sys.argv[2], 0))
            out.write(struct.pack("<IIII", place, 0, len(frame), len(frame)) + frame)


main()
