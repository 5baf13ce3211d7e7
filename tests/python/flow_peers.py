#!/usr/bin/python3
"""Compares the flows of captures with those of nfpcapd and nfdump, argus and tshark, and explains what differs.

flow_peers.py [--cache=FOLDER] [--peers=nfdump,argus,tshark] [--most=N] CAPTURE-OR-FOLDER...

What is compared is a direction: protocol, sender, receiver and their ports. Weir's are those of pcap2feat --per=flow
--no-split; the peers' timeouts are as long as they let them be. Of each direction there are packets, bytes, the first
and the last packet's time, to the resolution that the peer keeps, and the number of flows that it is in.

Where they differ, the peer's rules (nfpcapd_rules, argus_rules, tshark_rules) say of each frame what the peer makes of
it. A difference is explained if they give just what the peer gave, and Weir's is just what its packet table has of the
direction; then each rule counts that took part. Prints what is not explained, then for each peer its counts and the
rules, each with the first frame that it was found in. Exit 1 if anything is unexplained. --cache keeps what the programs printed, for the next time."""
import argparse
import collections
import os
import sys

import argus_rules
import capture_frames
import nfpcapd_rules
import peer_records
import tshark_rules
from peer_records import Capture, Record

MS, US = 10**6, 10**3
NO_SPLIT = ["--no-split"]


def key_of(row):
    return (int(row["proto"]), row["src_ip"], int(row["src_port"]), row["dst_ip"], int(row["dst_port"]))


def directions(records):
    """By key: packets, bytes, first, last, flows."""
    found = {}
    for key, packets, size, first, last in records:
        if key in found:
            d = found[key]
            found[key] = (d[0] + packets, d[1] + size, min(d[2], first), max(d[3], last), d[4] + 1)
        else:
            found[key] = (packets, size, first, last, 1)
    return found


def of_packets(rows):
    """Weir's packets as records."""
    for row in rows.values():
        ts = peer_records.nanoseconds(row["ts"])
        yield key_of(row), 1, int(row["len"]), ts, ts


class Rules:
    """By direction, which rules took part in it and in which frame first."""

    def __init__(self):
        self.of = collections.defaultdict(dict)

    def add(self, key, rule, frame=None):
        self.of[key].setdefault(rule, frame)


class Side:
    """One peer's comparison of a capture: directions of Weir's flows, of its packets, of the peer, of the peer's rules;
    and these. Without `theirs` the peer does not open the capture."""

    def __init__(self, ours, packets=None, theirs=None, expected=None, rules=None):
        self.ours, self.packets, self.theirs, self.expected, self.rules = ours, packets, theirs, expected, rules

    def is_explained(self, key):
        mine, his = self.ours.get(key), self.theirs.get(key)
        packets = self.packets.get(key)
        own = mine[:4] == packets[:4] if mine and packets else mine == packets
        return own and his == self.expected.get(key) and bool(self.rules.of.get(key))


# --- nfdump


def portless(key):
    return (key[0], key[1], 0, key[3], 0) if key[0] in (1, 58, 47) else key


def in_ms(found):
    return {k: (d[0], d[1], d[2] // MS * MS, d[3] // MS * MS, d[4]) for k, d in found.items()}


def nfdump(capture):
    ours = directions(peer_records.weir_flows(capture, "whole", NO_SPLIT))
    records = peer_records.nfdump_records(capture)
    if records is None:
        return Side(ours)
    theirs = directions(r._replace(key=portless(r.key)) for r in records)
    rows = peer_records.weir_packets(capture, False)
    read = {f.number: f for f in capture_frames.frames(capture.path, libpcap=True)}
    reader, table, rules = nfpcapd_rules.Reader(), nfpcapd_rules.Table(3600, 3600), Rules()
    for frame in capture_frames.frames(capture.path):
        row = rows.get(frame.number)
        ts = peer_records.nanoseconds(row["ts"]) if row else frame.ts
        view, applied = None, {nfpcapd_rules.MIXED}
        if frame.number in read:
            view, applied = reader.view(read[frame.number], nfpcapd_rules.time_of(frame, ts))
            if len(read[frame.number].data) < len(frame.data):
                applied.add(nfpcapd_rules.SNAPLEN)
        if view:
            view.key = portless(view.key)
            table.add(view)
        mine = (key_of(row), int(row["len"]), ts // US * US) if row else None
        his = (view.key, view.bytes, view.ts) if view else None
        if mine != his:
            for key in {side[0] for side in (mine, his) if side}:
                for rule in applied:
                    rules.add(key, rule, frame.number)
        table.tick(frame, ts)
    side = Side(*(in_ms(d) for d in (ours, directions(of_packets(rows)), theirs, directions(table.finish()))), rules)
    nfdump_flows(side)
    return side


def nfdump_flows(side):
    """Rules that take no single frame: of times and numbers of flows."""
    for key in side.ours.keys() & side.theirs.keys():
        mine, his = side.ours[key], side.theirs[key]
        if mine[4] != his[4]:
            each = nfpcapd_rules.each_packet(key)
            side.rules.add(key, nfpcapd_rules.EACH if each else
                           nfpcapd_rules.VLANS if mine[4] > 1 else nfpcapd_rules.TICKS)
        if mine[:2] == his[:2] and mine[2:4] != his[2:4] and not side.rules.of[key]:
            side.rules.add(key, nfpcapd_rules.ORDER)


# --- argus


def of_argus(row):
    """A record of argus as one or two of one direction each; none of what is no IP."""
    if not row["proto"].isdigit() or int(row["proto"]) > 255 or [len(p) for p in row["saddr"].split(":")] == [2] * 6:
        return
    proto = int(row["proto"])
    ports = [int(row[p], 0) if proto in (6, 17) and row[p] else 0 for p in ("sport", "dport")]
    ends = [(row["saddr"], ports[0]), (row["daddr"], ports[1])]
    for way, (sender, receiver) in (("s", ends), ("d", ends[::-1])):
        if row[way + "pkts"] not in ("", "0"):
            times = [peer_records.nanoseconds(row[way + t] or "0") for t in ("stime", "ltime")]
            yield Record((proto, *sender, *receiver), int(row[way + "pkts"]), int(row[way + "bytes"]), *times)


def groupless(key):
    """Of IGMP argus does not show the group itself."""
    return (2, key[1], 0, "any", 0) if key[0] == 2 else key


def argus(capture):
    """Bytes of frames, not of IP packets: what else is in Weir's frames is added to its bytes."""
    flows = [r._replace(key=groupless(r.key)) for r in peer_records.weir_flows(capture, "whole", NO_SPLIT)]
    records, messages = peer_records.argus_rows(capture)
    if "ArgusOpenInputPacketFile" in messages or "terminated" in messages:
        return Side(directions(flows))
    rows = peer_records.weir_packets(capture, False)
    views, around, rules, at = argus_frames(capture, rows)
    packets = [(groupless(key), *rest) for key, *rest in of_packets(rows)]
    ours, packets = ({k: (d[0], d[1] + around[k], d[2] // US * US, d[3] // US * US, d[4]) for k, d in those.items()}
                     for those in (directions(flows), directions(packets)))
    theirs = directions(r._replace(key=groupless(r.key)) for row in records for r in of_argus(row))
    side = Side(ours, packets, theirs, directions(views), rules)
    for key in theirs:
        argus_loose(side, key, at)
    fragments_joined(side)
    return side


def argus_frames(capture, rows):
    """What argus makes of the frames, the bytes around Weir's packets by direction, the rules, the frames by time."""
    read = {f.number: f for f in capture_frames.frames(capture.path, libpcap=True)}
    reader, views, around, rules, at = argus_rules.Reader(), [], collections.Counter(), Rules(), argus_rules.Times()
    for frame in capture_frames.frames(capture.path):
        row = rows.get(frame.number)
        ts = (peer_records.nanoseconds(row["ts"]) if row else frame.ts) // US * US
        view, applied = None, {argus_rules.MIXED}
        if frame.number in read:
            view, applied = reader.view(read[frame.number], ts)
            if len(read[frame.number].data) < len(frame.data):
                applied.add(argus_rules.SNAPLEN)
        mine, his = row and groupless(key_of(row)), view and groupless(view.key)
        if view:
            views.append((his, 1, view.bytes, ts, ts))
        if row:
            around[mine] += argus_rules.counted(frame) - int(row["len"])
        elif not applied:
            applied = {argus_rules.NOISE}
        for key in {mine, his} - {None}:
            for rule in applied if mine != his else applied & argus_rules.FRAGMENTED:
                rules.add(key, rule, frame.number)
        at.add(frame, ts, row, (mine, his))
    return views, around, rules, at


def argus_loose(side, key, at):
    """Rules of times and numbers of flows; what of a direction such a rule leaves open is taken as argus has it."""
    mine, his, expected = side.ours.get(key), side.theirs[key], side.expected.get(key)
    if expected is None or mine is None and expected[:2] != his[:2]:
        frame = at.misread_frame(his[2:4])
        if mine is None and frame:
            side.rules.add(key, argus_rules.NOISE, frame)
            side.expected[key] = his
        return
    if mine and mine[:2] == his[:2]:
        for rule, frame in argus_rules.timing(mine, his, key, at):
            side.rules.add(key, rule, frame)
    loose = any(rule in argus_rules.LOOSE for rule in side.rules.of[key])
    times = his[2:4] if loose else expected[2:4]
    counted = side.rules.of[key] or mine and mine[4] == his[4]
    side.expected[key] = (*expected[:2], *times, his[4] if counted else expected[4])


def fragments_joined(side):
    """Which flow a later fragment counts for depends on the order; the sum of all between two hosts does not."""
    sums = [collections.Counter(), collections.Counter()]
    for found, those in zip(sums, (side.ours, side.theirs)):
        for key, d in those.items():
            found[key[0], key[1], key[3], "packets"] += d[0]
            found[key[0], key[1], key[3], "bytes"] += d[1]
    for key in side.ours.keys() | side.theirs.keys():
        hosts = (key[0], key[1], key[3])
        same = all(sums[0][(*hosts, what)] == sums[1][(*hosts, what)] for what in ("packets", "bytes"))
        if same and argus_rules.FRAGMENTS in side.rules.of[key]:
            side.expected[key] = side.theirs.get(key)


# --- tshark


def tshark(capture):
    """Packets only, of TCP and UDP; flows are not told apart by their VLAN or by connection."""
    frames, tables, _ = peer_records.tshark(capture)
    rows = peer_records.weir_packets(capture, False)
    ours, packets, expected, rules = collections.Counter(), collections.Counter(), collections.Counter(), Rules()
    for record in peer_records.weir_flows(capture, "whole", NO_SPLIT):
        if record.key[0] in (6, 17) and (record.key[2], record.key[4]) != (0, 0):  # later fragments have no ports
            ours[record.key] += record.packets
    for number, frame in frames.items():
        mine = key_of(rows[number]) if number in rows else None
        packets[mine] += mine in ours
        counted, applied = tshark_rules.view(frame, mine if mine in ours else None)
        expected.update(counted)
        for key, rule in applied.items():
            rules.add(key, rule, number)
    theirs = peer_records.conversations(tables)
    for key in ours.keys() | theirs.keys():  # rules that know only ports
        ports = (key[0], key[2], key[4])
        if ports in rules.of and ours[key] != theirs[key]:
            rules.of[key].update(rules.of[ports])
            expected[key] = theirs[key]
    return Side(*({k: (n,) for k, n in side.items() if n} for side in (ours, packets, theirs, expected)), rules)


# --- All of them


PEERS = {"nfdump": nfdump, "argus": argus, "tshark": tshark}


class Result:
    def __init__(self, peer):
        self.peer = peer
        self.count = collections.Counter()
        self.rules = {}  # name: directions, captures, the first capture, frame and direction

    def take(self, capture, side):
        if side.theirs is None:
            self.count["captures that it does not open"] += 1
            self.count["directions in those"] += len(side.ours)
            return []
        self.count["captures"] += 1
        unexplained = []
        for key in sorted(side.ours.keys() | side.theirs.keys(), key=str):
            mine, his = side.ours.get(key), side.theirs.get(key)
            self.count["directions"] += 1
            self.count["packets"] += mine[0] if mine else 0
            if mine == his:
                self.count["equal"] += 1
                continue
            if mine and his and mine[:4] == his[:4]:
                self.count["equal but for the number of flows"] += 1
            rules = side.rules.of.get(key)
            if side.is_explained(key):
                self.count["explained"] += 1
                for rule, frame in rules.items():
                    self.explained(rule, capture, frame, key)
            else:
                self.count["unexplained"] += 1
                unexplained.append((key, mine, his, side.expected.get(key), rules))
        return unexplained

    def explained(self, rule, capture, frame, key):
        entry = self.rules.setdefault(rule, [0, set(), (capture.name, frame, key)])
        entry[0] += 1
        entry[1].add(capture.name)

    def show(self):
        names = ("captures", "captures that it does not open", "directions in those", "directions", "packets", "equal",
                 "equal but for the number of flows", "explained", "unexplained")
        print("%s: %s" % (self.peer, ", ".join("%s %d" % (name, self.count[name]) for name in names)))
        for rule, (n, captures, (capture, frame, key)) in sorted(self.rules.items(), key=lambda r: -r[1][0]):
            where = "frame %d" % frame if frame else "%d %s.%d > %s.%d" % key
            print("%s\t%d\t%d\t%s\t%s, %s" % (self.peer, n, len(captures), rule, capture, where))


def captures_of(paths, cache):
    for path in paths:
        if os.path.isdir(path):
            files = sorted(os.path.join(folder, f) for folder, _, names in os.walk(path) for f in names
                           if "cap" in f or f.endswith(".snoop"))
        else:
            files = [path]
        root = os.path.dirname(os.path.abspath(path))
        for file in files:
            yield Capture(file, os.path.relpath(os.path.abspath(file), root), cache)


def main():
    a = argparse.ArgumentParser(allow_abbrev=False)
    a.add_argument("--cache")
    a.add_argument("--peers", default="nfdump,argus,tshark")
    a.add_argument("--most", type=int, default=20, help="unexplained directions to print of a peer")
    a.add_argument("paths", nargs="+")
    options = a.parse_args()
    results = [Result(peer) for peer in options.peers.split(",")]
    for capture in captures_of(options.paths, options.cache):
        for result in results:
            for key, mine, his, expected, rules in result.take(capture, PEERS[result.peer](capture)):
                if result.count["unexplained"] <= options.most:
                    print("%s %s %s: %s, %s has %s, by its rules %s, %s" % (
                        result.peer, capture.name, key, mine, result.peer, his, expected, rules))
    for result in results:
        result.show()
    return 1 if any(result.count["unexplained"] for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
