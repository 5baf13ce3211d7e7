#!/usr/bin/python3
"""What many write today: flow, iat, len and diffLen of each packet with dpkt."""
import sys

import dpkt

last = {}
with open(sys.argv[1], "rb") as capture:
    for ts, data in dpkt.pcap.Reader(capture):
        ip = dpkt.ethernet.Ethernet(data).data
        if not isinstance(ip, dpkt.ip.IP):
            continue
        ports = (ip.data.sport, ip.data.dport) if hasattr(ip.data, "sport") else (0, 0)
        ends = sorted(((ip.src, ports[0]), (ip.dst, ports[1])))
        key = (ends[0], ends[1], ip.p)
        if key in last:
            before, length = last[key]
            print(f"{hash(key):x},{int((ts - before) * 1e9)},{ip.len},{ip.len - length + 65535}")
        last[key] = (ts, ip.len)
