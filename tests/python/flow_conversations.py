#!/usr/bin/python3
"""tshark -q -z conv,tcp -z conv,udp ... | flow_conversations.py flows.csv

Compares the packets of each direction between two ends in a flow table (pcap2feat --per=flow --no-split
with proto, src_ip, dst_ip, src_port, dst_port, fwd_packets, bwd_packets) with those in tshark's tables
of conversations. tshark begins a TCP conversation anew where ports are used again, and knows no VLAN,
so both are added up by protocol and ends. Prints what differs, then counts; exit 1 if anything does."""
import collections
import csv
import re
import sys

LINE = re.compile(r"(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s+(\d+)\s.*?\s(?:bytes|kB|MB)\s+(\d+)\s")


def of_tshark(lines):
    packets = collections.Counter()
    proto = None
    for line in lines:
        if line.endswith(" Conversations\n"):
            proto = {"TCP": "6", "UDP": "17"}[line.split()[0]]
        found = LINE.match(line)
        if found:
            a, b = found.group(1, 2), found.group(3, 4)
            packets[proto, b, a] += int(found[5])
            packets[proto, a, b] += int(found[6])
        elif "<->" in line:
            sys.exit("not understood: " + line)
    return packets


def of_flows(path):
    packets = collections.Counter()
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            a, b = (row["src_ip"], row["src_port"]), (row["dst_ip"], row["dst_port"])
            # Ports 0: later fragments, of which tshark has no conversations.
            if row["proto"] in ("6", "17") and (row["src_port"], row["dst_port"]) != ("0", "0"):
                packets[row["proto"], a, b] += int(row["fwd_packets"])
                packets[row["proto"], b, a] += int(row["bwd_packets"])
    return packets


def main():
    ours, theirs = of_flows(sys.argv[1]), of_tshark(sys.stdin)
    wrong = 0
    for key in sorted(ours.keys() | theirs.keys()):
        if ours[key] != theirs[key]:
            wrong += 1
            print("%s %s.%s > %s.%s: %d, tshark %d" % (key[0], *key[1], *key[2], ours[key], theirs[key]))
    print("%d directions, %d packets, %d differences" % (len(ours.keys() | theirs.keys()), sum(ours.values()), wrong))
    return 1 if wrong else 0


sys.exit(main())
