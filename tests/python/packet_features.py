"""Computes the features of pcap2feat that look back, from its columns that do not, another way: by
grouping packets first. Reads the table file,frame,ts,len,src_ip,dst_ip,src_port,dst_port,proto,vlan
and prints file,frame,dir,iat,diffLen,dir_iat,dir_diffLen,cap_iat,cap_diffLen as --first=zero does.
"""
import collections
import csv
import sys


def main():
    rows = list(csv.DictReader(sys.stdin))
    series = collections.defaultdict(list)  # of a scope: the places of its packets in rows
    first_sender, direction = {}, []
    for place, row in enumerate(rows):
        src, dst = (row["src_ip"], row["src_port"]), (row["dst_ip"], row["dst_port"])
        flow = row["file"], frozenset((src, dst)), row["proto"], row["vlan"], ":" in src[0]
        direction.append(int(first_sender.setdefault(flow, src) == src))
        series["both", flow].append(place)
        series["same", flow, direction[-1]].append(place)
        series["capture", row["file"]].append(place)
    out = [{} for _ in rows]
    for scope, places in series.items():
        latest = 0
        for before, place in zip([None] + places, places):
            time = int(rows[place]["ts"].replace(".", ""))
            length = int(rows[place]["len"])
            out[place][scope[0]] = (0, 65535) if before is None else (
                min(max(time - latest, 0), 2**48 - 1), length - int(rows[before]["len"]) + 65535)
            latest = max(latest, time)
    print("file,frame,dir,iat,diffLen,dir_iat,dir_diffLen,cap_iat,cap_diffLen")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for row, way, values in zip(rows, direction, out):
        writer.writerow([row["file"], row["frame"], way, *values["both"], *values["same"],
                         *values["capture"]])


main()
