#!/usr/bin/python3
"""Writes the packets of a table to a pcap file as a script with dpkt would: UDP over IPv4 with
random payload and checksums. Usage: dpkt_write.py TABLE FILE.pcap"""
import csv
import os
import socket
import sys

import dpkt

CLIENT, SERVER = socket.inet_aton("10.1.0.1"), socket.inet_aton("10.2.0.1")
MACS = b"\x02\0\0\0\0\1", b"\x02\0\0\0\0\2"

with open(sys.argv[1], newline="", encoding="ascii") as table, open(sys.argv[2], "wb") as capture:
    writer = dpkt.pcap.Writer(capture, nano=True)
    for row in csv.DictReader(table):
        forward = row["dir"] == "1"
        udp = dpkt.udp.UDP(sport=40000 if forward else 30000, dport=30000 if forward else 40000)
        udp.data = os.urandom(max(0, int(row["len"]) - 28))
        udp.ulen = len(udp)
        ip = dpkt.ip.IP(src=CLIENT if forward else SERVER, dst=SERVER if forward else CLIENT,
                        p=dpkt.ip.IP_PROTO_UDP, data=udp)
        ip.len = len(ip)
        frame = dpkt.ethernet.Ethernet(src=MACS[not forward], dst=MACS[forward], data=ip)
        writer.writepkt(bytes(frame), ts=float(row["ts"]))
