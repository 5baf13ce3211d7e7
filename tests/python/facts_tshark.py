#!/usr/bin/python3
"""Compares the facts of flows with what tshark reads in the same captures, and explains what differs.

facts_tshark.py [--cache=FOLDER] [--most=N] CAPTURE-OR-FOLDER...

Of each fact the first of a conversation counts, whatever VLANs or connections it has. Frames with several IP
headers are left out. Prints what no rule explains; then how many values were compared, and each rule with the number of
values and captures that it explains and the first of them, with its frame. Exit 1 if anything is unexplained.
--cache keeps what the programs printed, for the next time."""
import argparse
import collections
import csv
import re
import sys

import capture_frames
import peer_records
from flow_peers import captures_of
from tshark_rules import SEPARATOR, several

COLUMNS = ["src_ip", "dst_ip", "src_port", "dst_port", "proto", "tls.sni", "tls.alpn", "tls.ja3", "tls.ja3s",
           "quic.sni", "quic.alpn", "dns.qname", "http.method", "http.host", "http.path", "http.referer",
           "http.user_agent", "http.status", "ssh.client", "ssh.server"]
FACTS = COLUMNS[5:]

# Rules.
CUT = "the frame was captured in part: Weir tells only what is there as a whole"
SNAPLEN = "packets longer than the file's header says are cut to that, as libpcap does"
FRAGMENTS = "in IP fragments, which Weir does not put together"
FIRST_LINE = "a first line without a target or a whole version, which is no request here"
DNS_PORT = "DNS on another port than 53, 5353 and 5355, or a message that is not sound"
INSIDE = "TLS inside OpenVPN or RDP over UDP"
PROXY = "TLS behind a PROXY header in the same segment"
INCOMPLETE = "a message whose rest (HTTP's body, TLS's record) is not there: tshark shows none of it"
PORT = "tshark takes the port for another protocol's, or knows none there"
SSDP = "SSDP, which was not asked of tshark"
NEGOTIATED = "a ClientHello behind the negotiation of a version, which tshark does not open"
NUL = "a byte 0, where tshark's value ends"


def key(src, dst, proto, sport, dport):
    return (proto,) + tuple(sorted([(src, int(sport)), (dst, int(dport))]))


def first(text):
    return text.split(SEPARATOR)[0]


def protocols(row):
    return row["frame.protocols"].split(":")


def facts_of(row):
    """What a frame says, by column; "" where it could say something and does not."""
    found = {}
    types = several(row, "tls.handshake.type")
    kind = "quic" if "quic" in protocols(row) else "tls"
    if types.count("1") == 1 and "2" not in types:
        found[kind + ".sni"] = first(row["tls.handshake.extensions_server_name"])
        found[kind + ".alpn"] = ";".join(several(row, "tls.handshake.extensions_alpn_str"))
        if kind == "tls":
            found["tls.ja3"] = first(row["tls.handshake.ja3"])
    if "2" in types and "1" not in types and kind == "tls":
        found["tls.ja3s"] = first(row["tls.handshake.ja3s"])
    if row["dns.flags.response"] and {"dns", "mdns", "llmnr"} & set(protocols(row)) and row["dns.qry.name"]:
        found["dns.qname"] = first(row["dns.qry.name"]).replace("<Root>", ".")
    if row["http.request.method"] and "rtsp" not in protocols(row):
        for column, field in (("method", "request.method"), ("host", "host"), ("path", "request.uri"),
                              ("referer", "referer"), ("user_agent", "user_agent")):
            found["http." + column] = first(row["http." + field])
    if row["http.response.code"]:
        found["http.status"] = first(row["http.response.code"])
    if row["ssh.protocol"]:
        # Who is the client is another question: both are compared as a set.
        found["ssh", row["ip.src"] or row["ipv6.src"], row["tcp.srcport"]] = first(row["ssh.protocol"])
    return found


class Conversation:
    def __init__(self):
        self.rows = []
        self.facts = {}  # by column: value, frame's row


def conversations(frames):
    """By key; and the number of frames that were left out."""
    found, left_out = collections.defaultdict(Conversation), 0
    for row in frames.values():
        proto = "tcp" if row["tcp.srcport"] else "udp"
        sport, dport = row[proto + ".srcport"], row[proto + ".dstport"]
        if sum(p in ("ip", "ipv6") for p in protocols(row)) != 1 or not sport or SEPARATOR in sport:
            left_out += 1
            continue
        ends = (row["ip.src"], row["ip.dst"]) if row["ip.src"] else (row["ipv6.src"], row["ipv6.dst"])
        conversation = found[key(*map(first, ends), "6" if proto == "tcp" else "17", sport, dport)]
        conversation.rows.append(row)
        for column, value in facts_of(row).items():
            conversation.facts.setdefault(column, (value, row))
    return found, left_out


def weir_facts(capture):
    """By key, the first value of each column."""
    text, _ = capture.kept("facts", lambda: peer_records.run(
        ["pcap2feat", "-q", "--per=flow", "--no-split", "--fields=" + ",".join(COLUMNS), capture.path]))
    found = {}
    for row in csv.DictReader(text.splitlines()):
        k = key(row["src_ip"], row["dst_ip"], row["proto"], row["src_port"], row["dst_port"])
        known = found.setdefault(k, row)
        for column in FACTS:
            known[column] = known[column] or row[column]
    return found


def fragmented(row):
    return "1" in several(row, "ip.flags.mf") or "ipv6.fraghdr" in protocols(row) or \
        any(offset not in ("", "0") for offset in several(row, "ip.frag_offset"))


def why_only_tshark(column, row, k):
    """The rule for a value that Weir does not have, or has otherwise, from tshark's row of its frame."""
    if row["frame.cap_len"] != row["frame.len"]:
        return CUT
    if fragmented(row):
        return FRAGMENTS
    if {"openvpn", "rdpudp"} & set(protocols(row)):
        return INSIDE
    if "proxy" in protocols(row):
        return PROXY
    if column == "dns.qname" and (not {53, 5353, 5355} & {k[1][1], k[2][1]} or row["_ws.malformed"]):
        return DNS_PORT
    if column.startswith("http.") and first(row["http.request.version"]) not in ("HTTP/1.0", "HTTP/1.1"):
        return FIRST_LINE
    return None


def waits(row):
    """A segment that tshark shows as nothing else than TCP, or without a record of TLS, waits for the rest."""
    names = protocols(row)
    return row["tcp.len"] not in ("", "0") and (
        names[-1] == "tcp" or names[-1] == "tls" and not row["tls.record.content_type"])


def why_only_weir(column, conversation, k):
    """The rule for a value that tshark does not have, from what it took the conversation for."""
    names = {name for row in conversation.rows for name in protocols(row)}
    wanted = column.split(".")[0]
    if wanted == "http" and k[0] == "17":
        return SSDP
    if wanted == "quic":
        return NEGOTIATED if "quic" in names else None
    others = names & {"irc", "tpkt", "sip", "ssh", "data"} - {wanted}
    waiting = any(waits(row) for row in conversation.rows)
    if wanted in names and not others - {"data"} and waiting:
        return INCOMPLETE
    if others or wanted not in names:
        return INCOMPLETE if wanted == "http" and not others and waiting else PORT
    return None


def plain(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), text)


def ssh_pair(row, conversation):
    """Both first lines, whoever sent them, and a frame that tshark read one in."""
    theirs = [fact for column, fact in conversation.facts.items() if isinstance(column, tuple)]
    ours = sorted({row["ssh.client"], row["ssh.server"]} - {""})
    cut = [r for _, r in theirs if r["frame.cap_len"] != r["frame.len"]]
    return ";".join(ours), ";".join(sorted({v for v, _ in theirs})), (cut or [r for _, r in theirs] or [None])[0]


class Result:
    def __init__(self, most):
        self.most = most
        self.count = collections.Counter()
        self.rules = {}

    def take(self, capture):
        frames, _, _ = peer_records.tshark(capture)
        if any(fragmented(row) for row in frames.values()):
            frames, _, _ = peer_records.tshark(capture, defragment=True)
        theirs, left_out = conversations(frames)
        self.count["captures"] += 1
        self.count["frames left out"] += left_out
        cut = {f.number: len(f.data) for f in capture_frames.frames(capture.path, libpcap=True)}
        for k, row in weir_facts(capture).items():
            conversation = theirs.get(k) or Conversation()
            for column in FACTS[:-2]:
                self.compare(capture, k, column, row[column], *conversation.facts.get(column, ("", None)),
                             conversation, cut)
            self.compare(capture, k, "ssh", *ssh_pair(row, conversation), conversation, cut)

    def compare(self, capture, k, column, ours, other, frame, conversation, cut):
        self.count["values"] += ours != "" or other != ""
        if ours == other or plain(ours) == other:
            return
        if "\\x00" in ours and ours.startswith(other):
            rule = NUL
        elif other:
            rule = why_only_tshark(column, frame, k)
            if not rule and cut.get(int(frame["frame.number"]), 0) < int(frame["frame.cap_len"]):
                rule = SNAPLEN
        else:
            rule = why_only_weir(column, conversation, k)
        frame = frame or (conversation.rows or [{"frame.number": "-"}])[0]
        where = "%s, frame %s" % (capture.name, frame["frame.number"])
        if rule:
            entry = self.rules.setdefault(rule, [0, set(), where])
            entry[0] += 1
            entry[1].add(capture.name)
            self.count["explained"] += 1
            return
        self.count["unexplained"] += 1
        if self.count["unexplained"] <= self.most:
            print("%s %s %s: '%s', tshark has '%s'" % (where, k, column, ours, other))

    def show(self):
        names = ("captures", "frames left out", "values", "explained", "unexplained")
        print("facts: " + ", ".join("%s %d" % (name, self.count[name]) for name in names))
        for rule, (n, captures, where) in sorted(self.rules.items(), key=lambda r: -r[1][0]):
            print("%d\t%d\t%s\t%s" % (n, len(captures), rule, where))


def main():
    a = argparse.ArgumentParser(allow_abbrev=False)
    a.add_argument("--cache")
    a.add_argument("--most", type=int, default=20, help="unexplained values to print")
    a.add_argument("paths", nargs="+")
    options = a.parse_args()
    result = Result(options.most)
    for capture in captures_of(options.paths, options.cache):
        result.take(capture)
    result.show()
    return 1 if result.count["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main())
