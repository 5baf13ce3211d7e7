#!/usr/bin/python3
"""Compares the facts of flows with what tshark reads in the same capture.

Usage: facts_tshark.py --fields            The fields that tshark shall print, one a line.
       facts_tshark.py --columns           The columns that pcap2feat shall print (with --no-split).
       facts_tshark.py TABLE < TSHARK      tshark -T fields -E separator=/t -E aggregator='|'.

Of each fact the first of a conversation counts. Frames with several IP headers are left out. Prints
what differs, a line each, then how many values were compared and how many differ; exit 1 if any do.
"""
import csv
import re
import sys

FIELDS = ["frame.number", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "udp.srcport",
          "udp.dstport", "tls.handshake.type", "tls.handshake.extensions_server_name",
          "tls.handshake.extensions_alpn_str", "tls.handshake.ja3", "tls.handshake.ja3s", "dns.qry.name",
          "dns.count.answers", "dns.flags.response", "http.request.method", "http.host", "http.request.uri",
          "http.referer", "http.user_agent", "http.response.code", "ssh.protocol", "quic.version", "frame.protocols"]
COLUMNS = ["src_ip", "dst_ip", "src_port", "dst_port", "proto", "tls.sni", "tls.alpn", "tls.ja3", "tls.ja3s",
           "quic.sni", "quic.alpn", "dns.qname", "http.method", "http.host", "http.path", "http.referer",
           "http.user_agent", "http.status", "ssh.client", "ssh.server"]
FACTS = COLUMNS[5:]


def key(src, dst, proto, sport, dport):
    return (proto,) + tuple(sorted([(src, int(sport)), (dst, int(dport))]))


def first(text):
    return text.split("|")[0]


def alpn(row):
    return row["tls.handshake.extensions_alpn_str"].replace("|", ";")


def facts_of(row, protocols):
    """What a frame says, by column; "" where it could say something and does not."""
    found = {}
    types = row["tls.handshake.type"].split("|")
    kind = "quic" if "quic" in protocols else "tls"
    if "1" in types and types.count("1") == 1 and "2" not in types:
        found[kind + ".sni"] = first(row["tls.handshake.extensions_server_name"])
        found[kind + ".alpn"] = alpn(row)
        if kind == "tls":
            found["tls.ja3"] = first(row["tls.handshake.ja3"])
    if "2" in types and "1" not in types and kind == "tls":
        found["tls.ja3s"] = first(row["tls.handshake.ja3s"])
    if row["dns.flags.response"] and {"dns", "mdns", "llmnr"} & set(protocols) and row["dns.qry.name"]:
        found["dns.qname"] = first(row["dns.qry.name"]).replace("<Root>", ".")
    if row["http.request.method"] and "http" in protocols + ["http"] and "rtsp" not in protocols:
        for column, field in (("method", "request.method"), ("host", "host"), ("path", "request.uri"),
                              ("referer", "referer"), ("user_agent", "user_agent")):
            found["http." + column] = first(row["http." + field])
    if row["http.response.code"]:
        found["http.status"] = first(row["http.response.code"])
    if row["ssh.protocol"]:
        found["ssh"] = first(row["ssh.protocol"])
    return found


def read_tshark(lines):
    expected, frames, left_out = {}, {}, 0
    for line in lines:
        values = line.rstrip("\n").split("\t")
        row = dict(zip(FIELDS, values))
        protocols = row["frame.protocols"].split(":")
        if len([p for p in protocols if p in ("ip", "ipv6")]) != 1:
            left_out += 1
            continue
        src, dst = row["ip.src"] or row["ipv6.src"], row["ip.dst"] or row["ipv6.dst"]
        proto = "6" if row["tcp.srcport"] else "17"
        sport = row["tcp.srcport"] or row["udp.srcport"]
        dport = row["tcp.dstport"] or row["udp.dstport"]
        if not sport or "|" in sport:
            left_out += 1
            continue
        k = key(src, dst, proto, sport, dport)
        for column, value in facts_of(row, protocols).items():
            if column == "ssh":
                column = ("ssh", src, sport)
            if expected.setdefault(k, {}).setdefault(column, value) is value:
                frames.setdefault((k, column), row["frame.number"])
    return expected, frames, left_out


def plain(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), text)


def main():
    if sys.argv[1] in ("--fields", "--columns"):
        print("\n".join(FIELDS) if sys.argv[1] == "--fields" else ",".join(COLUMNS))
        return 0
    expected, frames, left_out = read_tshark(sys.stdin)
    compared = wrong = 0
    seen = set()
    with open(sys.argv[1], newline="", encoding="utf-8", errors="surrogateescape") as f:
        for row in csv.DictReader(f):
            k = key(row["src_ip"], row["dst_ip"], row["proto"], row["src_port"], row["dst_port"])
            if k in seen:
                continue
            seen.add(k)
            want = expected.get(k, {})
            ssh = {row["ssh.client"], row["ssh.server"]} - {""}
            theirs = {v for c, v in want.items() if isinstance(c, tuple)}
            pairs = [(c, row[c], want.get(c, ""), frames.get((k, c), "-")) for c in FACTS if not c.startswith("ssh")]
            pairs.append(("ssh", ";".join(sorted(ssh)), ";".join(sorted(theirs)), "-"))
            for column, ours, other, frame in pairs:
                compared += ours != "" or other != ""
                if ours != other and plain(ours) != other:
                    wrong += 1
                    print("%s %s: ours '%s', tshark's '%s' (frame %s)" % (k, column, ours, other, frame))
    print("%d values, %d differences, %d frames left out" % (compared, wrong, left_out))
    return 1 if wrong else 0


sys.exit(main())
