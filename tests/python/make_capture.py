#!/usr/bin/python3
"""Makes a pcap file (nanoseconds, Ethernet or raw IP) from a list of packets, for tests that know every byte.

Usage: make_capture.py FILE [raw] < LIST        One packet a line:

    TIME SRC DST PROTO SPORT DPORT PAYLOAD [KEY=VALUE...]
    TIME arp

TIME in seconds with up to 9 decimals, PROTO tcp, udp or a number, PAYLOAD in bytes (zeros) or, after
an x, in hex digits.
Keys: seq (of TCP), ttl, dscp, ecn, flags, window, vlan, smac, dmac, cut (bytes to keep), options (bytes of IPv4
options), offset (of TCP, words), fragment (the 16 bits of IPv4's header or of IPv6's fragment header,
which is there if they are not 0).
Checksums are left 0; lines that begin with # are comments.
"""
import ipaddress
import struct
import sys


def mac(text):
    return bytes(int(part, 16) for part in text.split(":"))


def transport(proto, sport, dport, payload, keys):
    body = bytes.fromhex(payload[1:]) if payload[0] == "x" else bytes(int(payload))
    if proto == 6:
        return struct.pack("!HHIIBBHHH", sport, dport, keys["seq"], 0, keys["offset"] << 4, keys["flags"],
                           keys["window"], 0, 0) + body
    if proto == 17:
        return struct.pack("!HHHH", sport, dport, 8 + len(body), 0) + body
    return body


def ip(src, dst, proto, body, keys):
    if src.version == 6:
        if keys["fragment"]:
            body = struct.pack("!BBHI", proto, 0, keys["fragment"], 7) + body
            proto = 44
        return struct.pack("!IHBB", 6 << 28 | keys["dscp"] << 22 | keys["ecn"] << 20, len(body), proto,
                           keys["ttl"]) + src.packed + dst.packed + body
    options = bytes(keys["options"])
    return struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, keys["dscp"] << 2 | keys["ecn"],
                       20 + len(options) + len(body), 0, keys["fragment"], keys["ttl"], proto,
                       0) + src.packed + dst.packed + options + body


def frame(fields):
    keys = {"ttl": 64, "dscp": 0, "flags": 0x10, "window": 1000, "vlan": None, "fragment": 0, "ecn": 0, "options": 0, "offset": 5, "seq": 0,
            "smac": "02:00:00:00:00:01", "dmac": "02:00:00:00:00:02", "cut": None}
    for field in fields[6:]:
        key, value = field.split("=")
        keys[key] = value if "mac" in key else int(value)
    ends = mac(keys["dmac"]) + mac(keys["smac"])
    if fields[0] == "arp":
        return ends + struct.pack("!H", 0x0806) + bytes(28), None
    src, dst = (ipaddress.ip_address(a) for a in fields[:2])
    proto = {"tcp": 6, "udp": 17}.get(fields[2]) or int(fields[2])
    body = transport(proto, int(fields[3]), int(fields[4]), fields[5], keys)
    tag = struct.pack("!HH", 0x8100, keys["vlan"]) if keys["vlan"] is not None else b""
    ethertype = struct.pack("!H", 0x86dd if src.version == 6 else 0x0800)
    return ends + tag + ethertype + ip(src, dst, proto, body, keys), keys["cut"]


def main():
    raw = sys.argv[2:] == ["raw"]
    with open("/dev/stdout" if sys.argv[1] == "-" else sys.argv[1], "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, 101 if raw else 1))
        for line in sys.stdin:
            fields = line.split()
            if not fields or fields[0].startswith("#"):
                continue
            seconds, _, decimals = fields[0].partition(".")
            data, cut = frame(fields[1:])
            data = data[14:] if raw else data
            kept = data if cut is None else data[:cut]
            out.write(struct.pack("<IIII", int(seconds), int(decimals.ljust(9, "0")), len(kept),
                                  len(data)) + kept)


main()
