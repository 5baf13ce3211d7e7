#!/usr/bin/python3
"""The flow table of `pcap2feat --per=flow`, made once more and plainly from its packet table.

pcap2feat --fields=PACKET_FIELDS FILE... | flow_reference.py [OPTIONS] > flows.csv
pcap2feat --fields=PACKET_FIELDS FILE... | flow_reference.py [OPTIONS] --compare=flows.csv
flow_reference.py --packet-fields

The first writes every flow-level column. The second reads a flow table with columns of any choice and
order, and prints each value that differs, with the packets of its flow; exit 1 if any does; else it
prints the numbers of captures, flows and values compared. The third prints PACKET_FIELDS.

A flow is the list of its packets; every statistic is worked out of that list when the flow has ended,
in Python's integers. The rules are those of weir-features(7). Left out: --device, --flow, and whatever
already shapes the packet table (-f, --payload, --decap, labels)."""
import argparse
import csv
import ipaddress
import math
import struct
import sys
from fractions import Fraction

PACKET_FIELDS = ("file,frame,ts,flow,src_ip,dst_ip,src_port,dst_port,src_mac,dst_mac,vlan,proto,ip_version,len,"
                 "payload_len,ttl,dscp,tcp_flags,tcp_window,tcp_hdr_len,frag_offset").split(",")
FIN, SYN, RST, ACK = 1, 2, 4, 16
FLAGS = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"]
SECOND = 10**9

# --- XXH3, 64 bits, of 1 to 128 bytes

SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8"
    "fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364ea")
MASK = 2**64 - 1


def le(data, at, size=8):
    return int.from_bytes(data[at:at + size], "little")


def fold(a, b):
    product = a * b
    return product & MASK ^ product >> 64


def rotated(h, n):
    return (h << n | h >> 64 - n) & MASK


def avalanche(h):
    h ^= h >> 37
    h = h * 0x165667919E3779F9 & MASK
    return h ^ h >> 32


def xxh3_short(d):
    """1 to 16 bytes, without a seed."""
    n = len(d)
    if n > 8:
        low = le(d, 0) ^ le(SECRET, 24) ^ le(SECRET, 32)
        high = le(d, n - 8) ^ le(SECRET, 40) ^ le(SECRET, 48)
        swapped = int.from_bytes(low.to_bytes(8, "little"), "big")
        return avalanche(n + swapped + high + fold(low, high) & MASK)
    if n > 3:
        h = (le(d, n - 4, 4) + (le(d, 0, 4) << 32)) ^ le(SECRET, 8) ^ le(SECRET, 16)
        h ^= rotated(h, 49) ^ rotated(h, 24)
        h = h * 0x9FB21C651E98DF25 & MASK
        h ^= (h >> 35) + n
        h = h * 0x9FB21C651E98DF25 & MASK
        return h ^ h >> 28
    h = (d[0] << 16 | d[n >> 1] << 24 | d[-1] | n << 8) ^ le(SECRET, 0, 4) ^ le(SECRET, 4, 4)
    h ^= h >> 33
    h = h * 0xC2B2AE3D27D4EB4F & MASK
    h ^= h >> 29
    h = h * 0x165667B19E3779F9 & MASK
    return h ^ h >> 32


def xxh3(d, seed=0):
    n = len(d)
    if n <= 16:
        assert n > 0 and seed == 0
        return xxh3_short(d)
    assert n <= 128, "a shorter name, please"
    h = n * 0x9E3779B185EBCA87
    for i in range((n - 1) // 32, -1, -1):
        for at, key in ((16 * i, 32 * i), (n - 16 * (i + 1), 32 * i + 16)):
            h += fold(le(d, at) ^ le(SECRET, key) + seed & MASK, le(d, at + 8) ^ le(SECRET, key + 8) - seed & MASK)
    return avalanche(h & MASK)


# --- Packets and their keys


def nanoseconds(text):
    return int(Fraction(text) * SECOND)


class Packet:
    def __init__(self, row):
        self.row = row
        self.ts = nanoseconds(row["ts"])
        self.len = int(row["len"])
        self.payload = int(row["payload_len"]) if row["payload_len"] else None
        self.flags = int(row["tcp_flags"] or 0)
        self.l4 = int(row["tcp_hdr_len"] or 0)
        if row["proto"] == "17" and row["frag_offset"] == "0" and self.payload is not None:
            self.l4 = 8
        self.has_tcp = bool(row["tcp_hdr_len"]) and int(row["tcp_hdr_len"]) > 0
        self.sender = self.end(row["src_ip"], row["src_port"])
        self.receiver = self.end(row["dst_ip"], row["dst_port"])
        low, high = sorted((self.sender, self.receiver))
        vlan = int(row["vlan"]) if row["vlan"] else 0xFFFF
        self.key = (low[0] + high[0] + struct.pack("<HHH", low[1], high[1], vlan) +
                    bytes([int(row["proto"]), int(row["ip_version"])]))
        self.context = {}       # of its flow, as of it

    @staticmethod
    def end(address, port):
        return ipaddress.ip_address(address).packed.ljust(16, b"\0"), int(port)


def flow_id(file, key, first_ts):
    return "%016x" % xxh3(key + struct.pack("<Q", first_ts), xxh3(file.encode()))


# --- From packets to flows


class Flow:
    def __init__(self, packet, order):
        self.packets = []
        self.sender = packet.sender
        self.receiver = packet.receiver
        self.key = packet.key
        self.order = order      # how many flows began before
        self.start = packet.ts  # least time
        self.last = None        # the clock at the last packet
        self.met = None         # how many packets of all flows came up to it
        self.closing = None     # the clock at the packet that made it closing
        self.reason = None      # fin or rst
        self.fins = set()       # senders of a FIN
        self.given = False      # its row came with its Nth packet
        self.iat = []           # of both directions; the first has none


class Meter:
    """Flows of one input; .rows are (order of output, flow, its packets, reason) as they are found."""

    def __init__(self, options, parts=64):
        self.o = options
        self.parts = parts
        self.flows = {}
        self.clock = 0
        self.begun = 0
        self.met = 0
        self.rows = []

    def add(self, packet):
        self.clock = max(self.clock, packet.ts)
        flow = self.flows.get(packet.key)
        if flow and self.ended(flow, packet):
            flow = None
        if not flow:
            self.make_room(packet.key)
            flow = self.flows[packet.key] = Flow(packet, self.begun)
            self.begun += 1
        flow.packets.append(packet)
        flow.start = min(flow.start, packet.ts)
        flow.last = self.clock
        flow.met = self.met = self.met + 1
        if self.o.tcp_end and not flow.closing:
            self.tcp_end(flow, packet)
        if len(flow.packets) == self.o.first_packets:
            self.give(flow, "first", self.clock)
            flow.given = True
        return flow

    def make_room(self, key):
        """With --max-flows, each of the parts of all flows, by their keys' hash, has room for so many."""
        if not self.o.max_flows:
            return
        self.flows = {k: flow for k, flow in self.flows.items() if k != key and not self.timed_out(flow)}
        part = [k for k in self.flows if self.part(k) == self.part(key)]
        if len(part) == (self.o.max_flows + self.parts - 1) // self.parts:
            flow = self.flows.pop(min(part, key=lambda k: self.flows[k].met))
            if flow.closing is not None:
                self.give(flow, flow.reason, self.clock)
            else:
                self.give(flow, "cap", self.clock)

    def part(self, key):
        return xxh3(key) * self.parts >> 64

    def tcp_end(self, flow, packet):
        if packet.flags & FIN:
            flow.fins.add(packet.sender == flow.sender)
        if packet.flags & RST:
            flow.reason = "rst"
        elif len(flow.fins) == 2:
            flow.reason = "fin"
        if flow.reason:
            flow.closing = self.clock

    def timed_out(self, flow):
        """Gives the flow's row if the clock has passed its end."""
        if flow.closing is not None:
            if self.clock - flow.closing > self.o.linger:
                self.give(flow, flow.reason, flow.closing + self.o.linger)
                return True
        elif self.o.split and self.clock - flow.last > self.o.idle:
            self.give(flow, "idle", flow.last + self.o.idle)
            return True
        return False

    def ended(self, flow, packet):
        if self.timed_out(flow):
            return True
        if flow.closing is not None:
            if packet.flags & SYN and not packet.flags & ACK:
                self.give(flow, flow.reason, self.clock)
                return True
        elif self.o.split and packet.ts - flow.start > self.o.active:
            self.give(flow, "active", self.clock)
            return True
        return False

    def finish(self, reason):
        """The flows that are left at the end of the input; returns all rows in order."""
        for flow in self.flows.values():
            if self.timed_out(flow):
                continue
            if flow.closing is not None:
                self.give(flow, flow.reason, flow.closing + self.o.linger)
            else:
                self.give(flow, reason, math.inf)
        return [(*row[1:], row[0][0]) for row in sorted(self.rows, key=lambda row: row[0])]

    def give(self, flow, reason, found):
        if flow.given:
            return
        packets = list(flow.packets)
        start = min(p.ts for p in packets)
        if found < math.inf:
            found = min(found, MASK)
        self.rows.append(((found, start, flow.key, flow.order), packets, reason))


class Context:
    """What the hosts of a flow do, as of a packet: counted anew each time, over all that there is."""

    def __init__(self, options):
        self.o = options
        self.meter = Meter(options, 1)
        self.starts = []        # clock and flow

    @staticmethod
    def host(flow):
        return flow.sender[0], flow.key[36:38], flow.key[39:]

    @staticmethod
    def pair(flow):
        return flow.key[:32], flow.key[36:38], flow.key[39:]

    @classmethod
    def target(cls, flow):
        return cls.host(flow), flow.receiver, flow.key[38:]

    def goes_on(self, flow):
        clock = self.meter.clock
        if clock - flow.last > self.o.context:
            return False
        if flow.closing is not None:
            return clock - flow.closing <= self.o.linger
        return not self.o.split or clock - flow.last <= self.o.idle

    def add(self, packet):
        flow = self.meter.add(packet)
        clock = self.meter.clock
        if len(flow.packets) == 1:
            self.starts.append((clock, flow))
        self.starts = [s for s in self.starts if clock - s[0] <= self.o.context][-(self.o.max_flows or 10**6):]
        begun = [f for _, f in self.starts]
        on = [f for f in self.meter.flows.values() if self.goes_on(f)]
        times = [at for at, f in self.starts if self.target(f) == self.target(flow)]
        between = statistics("host_repeat_gap", [b - a for a, b in zip(times, times[1:])])
        packet.context = {
            "host_flows": sum(self.host(f) == self.host(flow) for f in on),
            "pair_flows": sum(self.pair(f) == self.pair(flow) for f in on),
            "host_starts": sum(self.host(f) == self.host(flow) for f in begun),
            "pair_starts": sum(self.pair(f) == self.pair(flow) for f in begun),
            "host_repeats": len(times),
            "host_repeat_gap_mean": between["host_repeat_gap_mean"],
            "host_repeat_gap_std": between["host_repeat_gap_std"]}


# --- From a flow's packets to its row


def gaps(packets):
    """Time since the latest of the packets before; 0 where time runs backwards."""
    found, latest = [], None
    for p in packets:
        if latest is not None:
            found.append(max(0, p.ts - latest))
        latest = p.ts if latest is None else max(latest, p.ts)
    return found


def statistics(name, values):
    if not values:
        return {name + "_" + s: "" for s in ("min", "mean", "max", "std")}
    n, total = len(values), sum(values)
    n2_variance = n * sum(v * v for v in values) - total * total
    return {name + "_min": min(values), name + "_mean": total // n, name + "_max": max(values),
            name + "_std": math.isqrt(n2_variance // (n * n))}


def histogram(name, values):
    row = {}
    low = 0
    for bin_, high in enumerate([16, 32, 64, 128, 256, 512, 1024, math.inf]):
        row["%s_hist_%d" % (name, bin_)] = sum(low <= v < high for v in values)
        low = high
    return row


def scope(packets):
    """What there is of both directions and of each."""
    times = [p.ts for p in packets]
    payloads = [p.payload for p in packets if p.payload is not None]
    row = {"packets": len(packets), "bytes": sum(p.len for p in packets),
           "duration": max(times) - min(times) if times else 0,
           "payload_bytes": sum(payloads), "payload_packets": sum(n > 0 for n in payloads), "tcp_flags_or": 0}
    row.update(statistics("len", [p.len for p in packets]))
    row.update(statistics("iat", gaps(packets)))
    row.update(statistics("payload", payloads))
    for bit, flag in enumerate(FLAGS):
        row[flag] = sum(p.flags >> bit & 1 for p in packets)
    for p in packets:
        row["tcp_flags_or"] |= p.flags
    row["l4_hdr_bytes"] = sum(p.l4 for p in packets)
    row["l4_hdr_min"] = min((p.l4 for p in packets if p.l4), default="")
    for name in ("bytes", "packets", "payload_bytes"):
        row[name + "_per_s"] = row[name] * SECOND // row["duration"] if row["duration"] else ""
    return row


def bursts(packets):
    runs = []
    latest = None
    for p in packets:
        if p.payload:
            if latest is None or p.ts - latest > SECOND:
                runs.append([])
            runs[-1].append(p)
            latest = p.ts if latest is None else max(latest, p.ts)
    runs = [run for run in runs if len(run) >= 3]
    row = {"bursts": len(runs), "burst_packets_max": "", "burst_bytes_max": "", "burst_duration_max": ""}
    if runs:
        row["burst_packets_max"] = max(len(run) for run in runs)
        row["burst_bytes_max"] = max(sum(p.payload for p in run) for run in runs)
        row["burst_duration_max"] = max(max(p.ts for p in run) - run[0].ts for run in runs)
    return row


def bulks(both, sender):
    """Runs of packets of the sender with a payload, ended by the other's payload or by a gap above 1 s."""
    runs, latest, mine = [], None, False
    for p in both:
        if not p.payload:
            continue
        if p.sender != sender:
            mine = False
            continue
        gap = 0 if latest is None else max(0, p.ts - latest)
        latest = p.ts if latest is None else max(latest, p.ts)
        if not mine or gap > SECOND:
            runs.append([])
            gap = 0
        runs[-1].append((p.payload, gap))
        mine = True
    runs = [run for run in runs if len(run) >= 4]
    row = {"bulks": len(runs), "bulk_packets_mean": "", "bulk_bytes_mean": "", "bulk_bytes_per_s": ""}
    if runs:
        total = sum(payload for run in runs for payload, _ in run)
        lasted = sum(gap for run in runs for _, gap in run)
        row["bulk_packets_mean"] = sum(len(run) for run in runs) // len(runs)
        row["bulk_bytes_mean"] = total // len(runs)
        row["bulk_bytes_per_s"] = total * SECOND // lasted if lasted else ""
    return row


def one_way(packets):
    """What there is of each direction only."""
    windows = [p.row["tcp_window"] for p in packets if p.has_tcp]
    ttls = [int(p.row["ttl"]) for p in packets]
    row = {"init_window": windows[0] if windows else "", "ttl_min": min(ttls, default=""),
           "ttl_max": max(ttls, default=""), "dscp_first": packets[0].row["dscp"] if packets else ""}
    row.update(histogram("payload", [p.payload for p in packets if p.payload]))
    row.update(histogram("iat", [gap // 10**6 for gap in gaps(packets)]))
    row.update(bursts(packets))
    syns = [p.len for p in packets if p.flags & SYN]
    row["syn_len"] = syns[0] if syns else ""
    row["start"] = seconds(min(p.ts for p in packets)) if packets else ""
    row["end"] = seconds(max(p.ts for p in packets)) if packets else ""
    return row


def whole(packets, forward, backward):
    """What there is of both directions only."""
    payloads = [p.payload for p in packets if p.payload is not None]
    return {"subflows": 1 + sum(gap > SECOND for gap in gaps(packets)),
            "down_up_permille": 1000 * len(backward) // len(forward) if forward else "",
            "payload_rms": math.isqrt(sum(n * n for n in payloads) // len(payloads)) if payloads else "",
            "payload_changes": sum(a != b for a, b in zip(payloads, payloads[1:]))}


def activity(packets, longest):
    """Spans of activity, and the gaps between them."""
    spans, idle = [], []
    begin = latest = packets[0].ts
    for p in packets[1:]:
        if p.ts - latest > longest:
            spans.append(latest - begin)
            idle.append(p.ts - latest)
            begin = p.ts
        latest = max(latest, p.ts)
    spans.append(latest - begin)
    return {**statistics("active", spans), **statistics("idle", idle)}


def sequences(packets, n, sender):
    row = {}
    iat = [0] + gaps(packets)
    for i in range(n):
        there = i < len(packets)
        row["len_%d" % (i + 1)] = packets[i].len if there else ""
        row["iat_%d" % (i + 1)] = iat[i] if there else ""
        row["dir_%d" % (i + 1)] = int(packets[i].sender == sender) if there else ""
        row["tcp_flags_%d" % (i + 1)] = packets[i].flags if there else ""
        known = there and packets[i].payload is not None
        row["payload_len_%d" % (i + 1)] = packets[i].payload if known else ""
    return row


def seconds(ns):
    return "%d.%09d" % divmod(ns, SECOND)


def row_of(packets, reason, found, options):
    first = packets[0]
    forward = [p for p in packets if p.sender == first.sender]
    backward = [p for p in packets if p.sender != first.sender]
    row = {name: first.row[name] for name in ("file", "src_ip", "dst_ip", "src_port", "dst_port", "src_mac",
                                              "dst_mac", "vlan", "proto", "ip_version")}
    row["flow"] = flow_id(row["file"], first.key, first.ts)
    row["start"] = seconds(min(p.ts for p in packets))
    row["end"] = seconds(max(p.ts for p in packets))
    row["end_reason"] = reason
    row["ended"] = seconds(found) if found < math.inf else ""
    row.update(scope(packets))
    row.update(whole(packets, forward, backward))
    ends = ((first.sender, "fwd_", forward), (None, "bwd_", backward))
    for sender, prefix, some in ends:
        for name, value in {**scope(some), **one_way(some)}.items():
            row[prefix + name] = value
        bulk_sender = sender or next((p.sender for p in some), None)
        for name, value in bulks(packets, bulk_sender).items():
            row[prefix + name] = value
        payload = row[prefix + "payload_bytes"]
        row[prefix + "subflow_packets_mean"] = len(some) // row["subflows"]
        row[prefix + "subflow_bytes_mean"] = payload // row["subflows"]
    row.update(activity(packets, options.activity))
    row.update(packets[-1].context)
    row.update(sequences(packets, options.first_packets, first.sender))
    return {name: str(value) for name, value in row.items()}


# --- Tables


def flow_rows(packet_rows, options):
    """Pairs of a row and its packets."""
    meter, context, file, firsts = Meter(options), Context(options), None, {}

    def finished(reason):
        return [(row_of(packets, why, found, options), packets) for packets, why, found in meter.finish(reason)]

    for row in packet_rows:
        if row["file"] != file:
            firsts = {}
            if file is not None and not options.continued:
                yield from finished("file")
                meter, context = Meter(options), Context(options)
            file = row["file"]
        packet = Packet(row)
        # At packet level nothing ends a flow; its identifier there tests flow_id here.
        assert row["flow"] == firsts.setdefault(packet.key, flow_id(file, packet.key, packet.ts)), row
        if options.context:
            context.add(packet)
        meter.add(packet)
    yield from finished("input" if options.continued else "file")


def show_packets(packets):
    for p in packets[:60]:
        print("    " + " ".join(p.row[name] or "-" for name in (
            "frame", "ts", "src_ip", "src_port", "dst_ip", "dst_port", "proto", "len", "payload_len", "tcp_flags")))
    if len(packets) > 60:
        print("    and %d more" % (len(packets) - 60))


def compare(path, expected, most):
    """Prints what differs; the number of rows or values that do, and the counts of what was compared."""
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as f:
        got = list(csv.DictReader(f, restkey="(too many)", restval="(missing)"))
    wrong = values = 0
    for i, (row, packets) in enumerate(expected):
        theirs = got[i] if i < len(got) else {}
        theirs = {name: value for name, value in theirs.items() if "." not in name}  # no facts in clear
        differ = [(name, row.get(name, "(no such column)"), theirs[name]) for name in theirs
                  if row.get(name) != theirs[name]]
        differ += [] if theirs else [("row", "there", "(missing)")]
        values += len(theirs)
        wrong += len(differ)
        if differ and most > 0:
            most -= 1
            print("row %d, %s, flow %s (%s), packets:" % (i + 1, row["file"], row["flow"], row["end_reason"]))
            show_packets(packets)
            for name, want, have in differ[:20]:
                print("  %s: expected '%s', got '%s'" % (name, want, have))
    if len(got) > len(expected):
        wrong += len(got) - len(expected)
        print("%d more rows than expected, first: %s" % (len(got) - len(expected), got[len(expected)]))
    if expected and got:
        for name in sorted(set(expected[0][0]) - set(got[0])):
            print("column %s is not there" % name)
            wrong += 1
    captures = len({row["file"] for row, _ in expected})
    print("%d captures, %d flows, %d values, %d differences" % (captures, len(expected), values, wrong))
    return wrong


def main():
    a = argparse.ArgumentParser(allow_abbrev=False)
    for name, default in (("idle", "30"), ("active", "300"), ("activity", "5")):
        a.add_argument("--" + name, type=nanoseconds, default=nanoseconds(default))
    a.add_argument("--linger", type=nanoseconds)
    a.add_argument("--context", type=nanoseconds, default=0)
    a.add_argument("--first-packets", type=int, default=0)
    a.add_argument("--max-flows", type=int, default=0)
    a.add_argument("--no-tcp-end", action="store_true")
    a.add_argument("--no-split", action="store_true")
    a.add_argument("--continue", dest="continued", action="store_true")
    a.add_argument("--packet-fields", action="store_true")
    a.add_argument("--compare")
    a.add_argument("--most", type=int, default=5, help="differing rows to print")
    options = a.parse_args()
    if options.packet_fields:
        print(",".join(PACKET_FIELDS))
        return 0
    if options.linger is None:
        options.linger = min(5 * SECOND, options.idle)
    options.split = not options.no_split
    options.tcp_end = options.split and not options.no_tcp_end
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
    expected = list(flow_rows(csv.DictReader(sys.stdin), options))
    if options.compare:
        return 1 if compare(options.compare, expected, options.most) else 0
    if expected:
        table = csv.DictWriter(sys.stdout, expected[0][0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(row for row, _ in expected)
    return 0


if __name__ == "__main__":
    sys.exit(main())
